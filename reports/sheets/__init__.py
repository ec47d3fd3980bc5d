"""Map sheets: A3 pages with one map each, from declarations; sheets of planning units; the atlas of parcel reports."""

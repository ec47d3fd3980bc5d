"""Green buildings: the grade of every new parcel by rules that are rows, raised to targets, with other indicators."""

"""Reports: what leaves the program as a page, set by Typst from templates and data."""

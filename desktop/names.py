"""Names of what can be brought in and given out: tables and formats."""

from __future__ import annotations

# Tables that a planner brings; `building` and `parcel` have columns of their own, others keep theirs.
TABLES = (
    "building",
    "parcel",
    "water",
    "tree",
    "road",
    "metro",
    "underground_space",
    "protection_zone",
    "key_area",
    "planning_unit",
    "district",
    "geology",
    "borehole",
    "facility",
    "pv_asset",
    "metered",
)
# Formats of results for other programs.
EXPORTS = ("gpkg", "shp", "geojson", "tif", "csv", "xlsx", "html")
LAYER_EXPORTS = ("gpkg", "shp", "geojson", "csv", "xlsx")  # those that one layer can be written in
RASTER_EXPORTS = ("tif",)  # those that one raster can be written in

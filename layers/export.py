"""What Lütu writes for other programs: one function a format, all or nothing."""

from __future__ import annotations

from layers.export_raster import write_cog
from layers.export_shapefile import write_shapefile
from layers.export_table import write_csv
from layers.export_vector import write_geojson, write_geopackage
from layers.export_workbook import Origin, write_xlsx
from layers.qgis_style import Category, LayerStyle, Range

__all__ = [
    "Category",
    "LayerStyle",
    "Origin",
    "Range",
    "write_cog",
    "write_csv",
    "write_geojson",
    "write_geopackage",
    "write_shapefile",
    "write_xlsx",
]

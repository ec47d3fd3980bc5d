"""What QGIS sees in exported files, printed as JSON; run by the system's Python, never by that of the tests."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRasterLayer,
    QgsRenderContext,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize


def vector(source: str) -> dict[str, object]:
    layer = QgsVectorLayer(source, "layer", "ogr")
    renderer = layer.renderer()
    kind = renderer.type() if renderer else ""
    entries = {
        "graduatedSymbol": lambda: [(r.label(), r.lowerValue(), r.upperValue()) for r in renderer.ranges()],
        "categorizedSymbol": lambda: [(c.label(), c.value()) for c in renderer.categories()],
    }.get(kind, list)()
    symbols = renderer.symbols(QgsRenderContext()) if renderer else []
    return {
        "valid": layer.isValid(),
        "features": layer.featureCount(),
        "crs": layer.crs().authid(),
        "renderer": kind,
        "entries": entries,
        "colours": [symbol.color().name() for symbol in symbols],
        "symbol_layers": [[s.layerType() for s in symbol.symbolLayers()] for symbol in symbols],
        "titles": {field.name(): layer.attributeDisplayName(n) for n, field in enumerate(layer.fields())},
        "first": [str(value) for value in next(layer.getFeatures()).attributes()],
        "colours_on_picture": colours(layer),
    }


def colours(layer: QgsVectorLayer) -> int:
    """How many colours a picture of the layer has."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(layer.extent())
    settings.setOutputSize(QSize(200, 100))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    picture = job.renderedImage()
    return len({picture.pixel(x, y) for x in range(200) for y in range(100)})


def raster(path: str) -> dict[str, object]:
    layer = QgsRasterLayer(path, "raster")
    provider = layer.dataProvider()
    renderer = layer.renderer()
    return {
        "valid": layer.isValid(),
        "bands": layer.bandCount(),
        "name": layer.bandName(1),
        "crs": layer.crs().authid(),
        "nodata": provider.sourceNoDataValue(1),
        "renderer": renderer.type(),
        "entries": [c.label for c in renderer.classes()] if renderer.type() == "paletted" else [],
    }


def project(path: str, source: str) -> dict[str, object]:
    """Write a project of one layer and read it back."""
    QgsProject.instance().addMapLayer(QgsVectorLayer(source, "地块", "ogr"))
    written = QgsProject.instance().write(path)
    QgsProject.instance().clear()
    read = QgsProject.instance().read(path)
    layers = list(QgsProject.instance().mapLayers().values())
    return {
        "written": written,
        "read": read,
        "layers": [(layer.name(), layer.isValid(), layer.renderer().type()) for layer in layers],
    }


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], False)
    application.initQgis()
    styled = f"{folder / 'a.gpkg'}|layername=地块 装机"
    seen = {
        "capacity": vector(styled),
        "grade": vector(f"{folder / 'a.gpkg'}|layername=地块 适宜性"),
        "plain": vector(f"{folder / 'a.gpkg'}|layername=地块 单色"),
        "utf8": vector(str(folder / "utf8.shp")),
        "gbk": vector(str(folder / "gbk.shp")),
        "geojson": vector(str(folder / "a.geojson")),
        "raster": raster(str(folder / "a.tif")),
        "classes": raster(str(folder / "classes.tif")),
        "project": project(str(folder / "a.qgz"), styled),
    }
    Path(sys.argv[2]).write_text(json.dumps(seen, ensure_ascii=False), encoding="utf-8")
    QgsProject.instance().clear()
    application.exitQgis()

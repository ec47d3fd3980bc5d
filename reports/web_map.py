"""Maps to share: one HTML file that shows layers in any browser, without a network."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from cartography import colours
from cartography.classes import Classes, grades, graduated
from core.fields import fields
from core.jobs import Job
from core.look import LIGHT
from core.problems import Problem, Severity, UserError
from core.texts import language as language_of_the_moment
from core.texts import speaking, text
from core.units import count
from layers.city import City
from layers.export_files import replacing
from layers.export_vector import require_crs
from potential import Assessment
from reports.gathered import gathered
from reports.quantities import of_a_building, quantities
from reports.web_page import page
from reports.wording import title_of, value_said

WGS84 = 4326
DECIMALS_OF_DEGREES = 6  # about 10 cm
MOST_FEATURES = 6_000  # a browser on an office computer still pans smoothly
HIDDEN_FOR_ONE_SHOWN = 4  # what is switched off costs a larger file only
MOST_POINTS = 120_000  # some 3 MB
TOLERANCES_M = (0.3, 0.6, 1.2, 2.5, 5.0, 10.0)
ABOUT_A_PARCEL = ("name", "land_use_name", "grade", "reason", "buildings")
ABOUT_A_BUILDING = ("name", "use", "year_built", "height_m", "safety_state", "safety_reason")


@dataclass(frozen=True)
class MapLayer:
    """One layer of a shared map.

    Parameters
    ----------
    title : str
        What it is called, in the language of the map.
    frame : GeoDataFrame
        In any reference system.
    column : str
        Column that gives the colour.
    classes : Classes
        Colours of its values.
    columns : tuple of str
        Columns that a click shows; those with a name in the dictionary, with title and unit.
    opacity : float
        Of the fills, 0 to 1.
    shown : bool
        Whether it is switched on when the map opens.
    """

    title: str
    frame: gpd.GeoDataFrame
    column: str
    classes: Classes
    columns: tuple[str, ...] = ()
    opacity: float = 0.85
    shown: bool = True


def assessment_layers(city: City, assessment: Assessment) -> list[MapLayer]:
    """Parcels by their grade, and buildings by what they yield, as a potential found them.

    Titles are in the language of the moment; see `core.texts.speaking`.
    """
    found = []
    if "parcel" in city.tables and not city.tables["parcel"].empty:
        found.append(_parcels(city, assessment))
    details = assessment.details.get("building")
    if details is not None and "building" in city.tables:
        energies = quantities(details.columns).energies
        buildings = _joined(city.tables["building"], details)
        about = (*ABOUT_A_BUILDING, *(field.name for field in of_a_building(details.columns)))
        if energies:
            title = text(
                "{potential}: buildings by {what}", potential=title_of(assessment), what=energies[0].title
            )
            found.append(_by_number(title, buildings, energies[0].name, about))
    return found


def _parcels(city: City, assessment: Assessment) -> MapLayer:
    """Parcels by their grade, or by the first of their energies."""
    parcels = _joined(city.tables["parcel"], assessment.parcels)
    known = quantities(assessment.parcels.columns)
    spreads = [field for pair in known.spreads.values() for field in pair]
    numbers = [field.name for field in (*known.capacities, *known.energies, *spreads)]
    totals = [field.name for field in known.others if field.unit.endswith("/a")]
    about = tuple(dict.fromkeys((*ABOUT_A_PARCEL, *numbers, *totals)))
    if assessment.graded:
        title = text("{potential}: parcels by suitability", potential=title_of(assessment))
        return MapLayer(title, parcels, "grade", grades(), about)
    return _by_number(title_of(assessment), parcels, known.energies[0].name, about)


def write_assessment_map(
    path: Path,
    city: City,
    assessment: Assessment,
    *,
    lines: Sequence[str] = (),
    language: str | None = None,
    overwrite: bool = True,
    job: Job | None = None,
) -> list[Problem]:
    """Write what a potential found as a map to share; see `write_web_map`."""
    with speaking(language or language_of_the_moment()):
        return write_web_map(
            path,
            text("{city}: {potential}", city=city.name, potential=title_of(assessment)),
            assessment_layers(city, assessment),
            lines=lines,
            remarks=[text(remark) for remark in assessment.remarks],
            overwrite=overwrite,
            job=job,
        )


def write_web_map(
    path: Path,
    title: str,
    layers: Sequence[MapLayer],
    *,
    lines: Sequence[str] = (),
    remarks: Sequence[str] = (),
    language: str | None = None,
    most_features: int = MOST_FEATURES,
    overwrite: bool = True,
    job: Job | None = None,
) -> list[Problem]:
    """Write layers as one HTML file that a browser opens without a network and that asks for nothing.

    Parameters
    ----------
    path : Path
        The file, `.html`.
    title : str
        Stands over the map.
    layers : sequence of MapLayer
        From below to above. Beyond `most_features` those that follow the first start switched off, and are left out
        where the file would grow too large; the map says so. A first layer beyond it is gathered.
    lines : sequence of str
        Lines under the title: scenario, date.
    remarks : sequence of str
        What was assumed; stands under the legend.
    language : str, optional
        `zh` or `en`; the language of the moment where not given.
    most_features : int
        Most features of all layers together.
    overwrite : bool
        Whether a file that is there already may be replaced.
    job : Job, optional
        Reports progress and stops when asked; a stopped job leaves the old file as it was.

    Returns
    -------
    list of Problem
        Layers that were left out.

    Raises
    ------
    UserError
        If there is nothing to draw, a layer has no reference system, or the file cannot be written.
    """
    job = job or Job()
    filled = [layer for layer in layers if not _drawable(layer.frame).empty]
    if not filled:
        raise UserError(
            Problem("There is nothing to draw on the map.", "Choose layers with features, then write again.")
        )
    require_crs({layer.title: layer.frame for layer in filled})
    drawn, beyond = _fitting(filled, most_features)
    with speaking(language or language_of_the_moment()):
        left_out = [
            Problem(
                "{layer} is not on the map: {count} features are more than a browser shows smoothly.",
                "Choose a smaller part of the city to see it.",
                severity=Severity.NOTE,
                table=layer.title,
                layer=layer.title,
                count=count(len(layer.frame)),
            )
            for layer in beyond
        ]
        said: dict[str, Any] = {
            "language": {"zh": "zh-CN", "en": "en"}[language_of_the_moment()],
            "title": title,
            "lines": [*lines, *(problem.said() for problem in left_out)],
            "remarks": list(remarks),
            "remarksTitle": text("What was assumed"),
            "zoomIn": text("Zoom in"),
            "zoomOut": text("Zoom out"),
            "notice": html.escape(text("Not reviewed for publication")),
            "layers": [_said(layer) for layer in drawn],
        }
        shapes = [_features(layer) for layer in job.each(drawn, "Drawing the map to share")]
        shown = [layer.shown for layer in drawn]
        written = page(said, list(zip(shown, shapes, strict=True)), _bounds(drawn))
    with replacing(path, overwrite=overwrite) as place:
        place.write_text(written, encoding="utf-8")
    return left_out


def _fitting(layers: Sequence[MapLayer], most_features: int) -> tuple[list[MapLayer], list[MapLayer]]:
    """The layers that one file carries, and those it cannot; what shows at first is panned smoothly."""
    if len(layers[0].frame) > most_features:
        return [gathered(layers[0], most_features)], list(layers[1:])
    most = most_features * HIDDEN_FOR_ONE_SHOWN
    drawn: list[MapLayer] = []
    beyond: list[MapLayer] = []
    shown = whole = 0
    for layer in layers:
        features = len(layer.frame)
        if whole + features > most:
            beyond.append(layer)
            continue
        visible = layer.shown and shown + features <= most_features
        drawn.append(replace(layer, shown=visible))
        shown += features if visible else 0
        whole += features
    return drawn, beyond


def _by_number(title: str, frame: gpd.GeoDataFrame, column: str, columns: tuple[str, ...]) -> MapLayer:
    classes = graduated(frame[column], unit=fields()[column].unit)
    return MapLayer(title, frame, column, classes, columns)


def _joined(places: gpd.GeoDataFrame, results: pd.DataFrame) -> gpd.GeoDataFrame:
    """Places with the results about them; a result goes before a given column of the same name."""
    return places.drop(columns=places.columns.intersection(results.columns)).join(results)


def _drawable(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return frame[~(frame.geometry.isna() | frame.geometry.is_empty)]


def _said(layer: MapLayer) -> dict[str, Any]:
    """What the map says of a layer: legend, titles of columns, colours by class with missing ones first."""
    classes = layer.classes
    hatches = classes.hatches or ("",) * len(classes.colours)
    frame = _drawable(layer.frame)
    columns = _columns(layer)
    titles = [fields()[name].title if name in fields() else name for name in columns]
    return {
        "title": layer.title,
        "columns": titles,
        "column": columns.index(layer.column) if layer.column in columns else -1,
        "classes": [
            {"colour": colour, "hatch": _ink(hatch)}
            for colour, hatch in zip((classes.missing_colour, *classes.colours), ("", *hatches), strict=True)
        ],
        "legend": [
            {
                "label": entry.label,
                "colour": entry.colour,
                "hatch": _ink(entry.hatch),
                "features": count(entry.features),
            }
            for entry in classes.legend(frame[layer.column])
        ],
        "outline": LIGHT["muted"],
        "weight": 0.8,
        "opacity": layer.opacity,
    }


def _columns(layer: MapLayer) -> list[str]:
    """The columns that a click shows: those asked for that are there, and always the coloured one."""
    wanted = layer.columns if layer.column in layer.columns else (*layer.columns, layer.column)
    return [name for name in wanted if name in layer.frame]


def _ink(hatch: str) -> str:
    return colours.HATCH_INKS[colours.HATCHES.index(hatch)] if hatch else ""


def _features(layer: MapLayer) -> dict[str, Any]:
    """A layer as GeoJSON in longitude and latitude; properties are title `t`, class `c` and values `v`."""
    frame = _drawable(layer.frame)
    shapes = _simplified(frame).to_crs(WGS84)
    said = [_words(frame, name) for name in _columns(layer)]
    values = list(zip(*said, strict=True)) if said else [()] * len(frame)
    names = frame["name"] if "name" in frame else pd.Series(None, index=frame.index)
    numbers = layer.classes.numbers(frame[layer.column]) + 1
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {
                    "t": str(name) if isinstance(name, str) and name else str(key),
                    "c": int(number),
                    "v": list(row),
                },
                "geometry": _rounded(shapely.geometry.mapping(shape)),
            }
            for shape, key, name, number, row in zip(shapes, frame.index, names, numbers, values, strict=True)
        ],
    }


def _words(frame: gpd.GeoDataFrame, name: str) -> list[str]:
    """The values of a column as people read them; empty where missing."""
    known = fields().get(name)
    values = frame[name]
    if known is not None and known.type in ("number", "count"):
        return ["" if pd.isna(value) else value_said(known, float(value)) for value in values]
    return ["" if pd.isna(value) else known.shown(value) if known else str(value) for value in values]


def _simplified(frame: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Shapes with fewer points, as coarse as the size of the file asks."""
    metres = frame.geometry.force_2d()
    if not frame.crs.is_projected:
        metres = metres.to_crs(frame.estimate_utm_crs())
    for tolerance in TOLERANCES_M:
        simple = metres.simplify(tolerance)
        if int(shapely.get_num_coordinates(simple.to_numpy()).sum()) <= MOST_POINTS:
            break
    return simple


def _rounded(geometry: dict[str, Any]) -> dict[str, Any]:
    def rounded(part: Any) -> Any:
        if isinstance(part[0], (int, float)):
            return [round(value, DECIMALS_OF_DEGREES) for value in part]
        return [rounded(inner) for inner in part]

    return {"type": geometry["type"], "coordinates": rounded(geometry["coordinates"])}


def _bounds(layers: Sequence[MapLayer]) -> list[list[float]]:
    """South-west and north-east corner of all that is drawn. [°]"""
    boxes = [_drawable(layer.frame).to_crs(WGS84).total_bounds for layer in layers]
    west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
    return [[float(south), float(west)], [float(north), float(east)]]

"""Plan layers for other GIS and CAD: the tables of a plan on their shapes, potentials and exclusion areas, all styled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from cartography.classes import Classes, categories, grades, graduated
from core.fields import fields
from core.jobs import Job
from core.look import LIGHT
from core.problems import Problem, Severity, UserError
from core.texts import language as language_of_the_moment
from core.texts import speaking, text
from layers.city import City
from layers.export import write_geojson, write_geopackage, write_shapefile
from layers.export_dxf import DrawingLayer, write_dxf
from layers.export_files import make_folder, replacing
from layers.export_shapefile import LEFT_BY_OTHERS
from layers.qgis_style import Category, LayerStyle
from plans import Part
from potential import Assessment
from reports.gis_style import layer_style
from reports.parcel import file_names
from reports.sheets.declared import palettes, table_named
from reports.sheets.material import of_each
from reports.wording import title_of

FORMATS = ("gpkg", "shp", "geojson", "dxf")
# Whose shapes a table of a plan is laid on, by the name of its index or of one of its columns.
OWNERS = {
    "parcel_id": "parcel",
    "building_id": "building",
    "planning_unit_id": "planning_unit",
    "planning_unit": "planning_unit",
    "district_id": "district",
    "district_code": "district",
}
# What a reader of a parcel, unit or building also wants to see beside the plan's own columns.
BESIDE = {
    "parcel": (
        "name", "land_use_code", "land_use_name", "plot_area_m2", "far", "gfa_m2", "status", "investor",
        "planning_unit", "district_name",
    ),
    "building": ("name", "use", "year_built", "gfa_m2", "parcel_id"),
    "planning_unit": ("name", "unit_type", "district_name", "plot_area_m2"),
    "district": ("name", "district_name"),
}  # fmt: skip
SHARED = ("grade", "reason", "missing_data", "safety_state", "safety_reason", "safety_checks")
EXCLUSIONS = ("protection_zone", "underground_space", "metro", "key_area")
ABOUT_EXCLUSIONS = ("name", "kind", "zone_level", "status", "protection_m", "depth_top_m", "depth_bottom_m")
STYLED_BY = (
    "green_grade", "family", "plan_leading_family", "phase_year", "grade", "unit_type", "retrofit_package",
    "priority", "technology",
)  # fmt: skip
FAMILY = "family"
SEVERAL = "parcel_ids"  # a column of works that lie on several parcels
SUMMED = ("capex_yuan", "saved_kgce_per_year", "avoided_tco2_per_year")


@dataclass(frozen=True, eq=False)
class PlanLayer:
    """One layer: its name in files, its title, its rows, and how it is drawn; without shapes, a plain table."""

    name: str
    title: str
    frame: pd.DataFrame
    style: LayerStyle | None = None
    labels: tuple[str, ...] = ()

    @property
    def spatial(self) -> bool:
        """Whether it has shapes."""
        return isinstance(self.frame, gpd.GeoDataFrame)


def plan_layers(city: City, assessments: Mapping[str, Assessment], plan: Part) -> list[PlanLayer]:
    """The layers of a plan, titles and words in the language of the moment.

    Every table of the plan is laid on the parcels, buildings, units or districts that its index names; one with
    a column of such ids becomes points in them; any other stays a plain table. With them come the choices summed
    by parcel, what the potentials found of parcels, and the areas that exclude or limit.
    """
    layers = []
    choice = plan.tables.get("choice")
    if choice is not None and not choice.empty and "parcel" in city.tables:
        layers.append(_layer("plan_parcel", text("Choices by parcel"), city, "parcel", by_parcel(choice)))
    for name, table in plan.tables.items():
        if len(table):
            layers.append(_plan_table(name, table, city))
    if "parcel" in city.tables:
        layers += _potentials(city, assessments)
    layers += _exclusions(city)
    return layers


def write_plan_layers(
    city: City,
    assessments: Mapping[str, Assessment],
    plan: Part,
    folder: Path,
    formats: Sequence[str] = ("gpkg",),
    *,
    encoding: str = "UTF-8",
    language: str | None = None,
    overwrite: bool = True,
    job: Job | None = None,
) -> tuple[list[Path], list[Problem]]:
    """Write the layers of a plan; all files take their places together, or none does.

    Parameters
    ----------
    city : City
    assessments : Mapping of str to Assessment
        By name.
    plan : Part
        With any of the tables of a plan.
    folder : Path
        Where the files go; made if it is not there.
    formats : sequence of str
        Of `FORMATS`: one GeoPackage, a Shapefile or GeoJSON a layer, one drawing.
    encoding : str
        Of Shapefiles, `UTF-8` or `GBK`.
    language : str, optional
        Of titles and words, `zh` or `en`; the language of the moment where not given.
    overwrite : bool
        Whether files that are there already may be replaced.
    job : Job, optional
        Reports progress and stops when asked; a stopped job leaves the old files as they were.

    Returns
    -------
    list of Path
        The files written, without those beside Shapefiles.
    list of Problem
        What a format cannot hold.

    Raises
    ------
    UserError
        A format is not known, there is nothing to write, or a file cannot be written.
    """
    job = job or Job()
    _refuse_unknown(formats)
    with speaking(language or language_of_the_moment()):
        layers = plan_layers(city, assessments, plan)
        if not any(layer.spatial for layer in layers):
            raise UserError(
                Problem(
                    "There is nothing of the plan to write as layers.",
                    "Import parcels and make a plan first.",
                )
            )
        make_folder(folder)
        stem, names = layer_names(city, layers)
        main = folder / f"{stem}.{formats[0]}"
        spatial = [layer for layer in layers if layer.spatial]
        left = [f"_{names[one.name]}{end}" for one in spatial for end in LEFT_BY_OTHERS if "shp" in formats]
        _refuse_present(folder, stem, names.values(), formats, overwrite)
        problems: list[Problem] = []
        with replacing(main, stale=tuple(left)) as place:
            for form in job.each(list(formats), "Exporting"):
                problems += _written(form, layers, names, place.parent, stem, encoding)
            files = sorted(path.name for path in place.parent.iterdir())
        endings = tuple(f".{form}" for form in formats)
        return [folder / name for name in files if name.endswith(endings)], problems


def layer_names(city: City, layers: Sequence[PlanLayer]) -> tuple[str, dict[str, str]]:
    """What the files begin with, and what each layer is called in them, in the language of the moment."""
    stem = Path(file_names([f"{city.name}_{text('plan layers')}"])[0]).stem
    called = _unlike(layer.title for layer in layers)
    return stem, dict(zip([layer.name for layer in layers], called, strict=True))


def drawing_layers(layers: Sequence[PlanLayer], names: Mapping[str, str]) -> dict[str, DrawingLayer]:
    """The layers that go into the drawing, by their names there: all with shapes but the potentials."""
    return {
        names[layer.name]: DrawingLayer(layer.frame, layer.style or LayerStyle(), layer.labels)
        for layer in layers
        if layer.spatial and not layer.name.startswith("potential_")
    }


def by_parcel(choice: pd.DataFrame) -> pd.DataFrame:
    """The choices of a plan summed by parcel.

    Parameters
    ----------
    choice : DataFrame
        With `parcel_id`, `family`, `planned_kw`, `kwh_per_year` and money and savings.

    Returns
    -------
    DataFrame, indexed by parcel_id
        Capacity and energy of every family, money and savings of all, the family that replaces most, all
        families and the first year.
    """
    groups = choice.groupby("parcel_id")
    found = {
        f"plan_{family}_{ending}": rows.groupby("parcel_id")[column].sum()
        for family, rows in choice.groupby(FAMILY)
        for ending, column in (("kw", "planned_kw"), ("kwh_per_year", "kwh_per_year"))
        if f"plan_{family}_{ending}" in fields()
    }
    summed = pd.DataFrame(found).fillna(0.0)
    for column in SUMMED:
        if column in choice:
            summed[f"plan_{column}"] = groups[column].sum()
    if "saved_kgce_per_year" in choice:
        largest = choice.sort_values("saved_kgce_per_year", ascending=False, kind="stable")
        summed["plan_leading_family"] = largest.drop_duplicates("parcel_id").set_index("parcel_id")[FAMILY]
    summed["plan_families"] = groups[FAMILY].agg(lambda words: "; ".join(dict.fromkeys(words)))
    if "phase_year" in choice:
        summed["plan_first_year"] = groups["phase_year"].min()
    return summed.rename_axis("parcel_id")


def _plan_table(name: str, table: pd.DataFrame, city: City) -> PlanLayer:
    title = table_named("plan", name).said()
    owner = OWNERS.get(str(table.index.name), "")
    if owner in city.tables:
        return _layer(f"plan_{name}", title, city, owner, table)
    for column in OWNERS:
        if column in table.columns and OWNERS[column] in city.tables:
            return _points(f"plan_{name}", title, city.tables[OWNERS[column]], table, column)
    if SEVERAL in table.columns and "parcel" in city.tables:
        return _joined(f"plan_{name}", title, city.tables["parcel"], table)
    return PlanLayer(f"plan_{name}", title, table)


def _joined(name: str, title: str, parcels: gpd.GeoDataFrame, table: pd.DataFrame) -> PlanLayer:
    """A table whose rows name several parcels, on all of them together."""
    each = of_each(table[[SEVERAL]].assign(row=np.arange(len(table))), SEVERAL)
    shapes = parcels.geometry.reindex(each[SEVERAL].to_numpy()).to_numpy()
    whole = [shapely.union_all(shapes[rows]) for rows in each.reset_index().groupby("row").indices.values()]
    frame = gpd.GeoDataFrame(table, geometry=whole, crs=parcels.crs)
    style, column = style_of(frame, list(table.columns))
    return PlanLayer(name, title, frame, style, _labels(frame, column))


def _layer(name: str, title: str, city: City, owner: str, table: pd.DataFrame) -> PlanLayer:
    """A table on the shapes of its owners, with some of their own columns."""
    shapes = city.tables[owner]
    beside = [column for column in BESIDE.get(owner, ()) if column in shapes and column not in table]
    rows = shapes[[*beside, shapes.geometry.name]].loc[shapes.index.isin(table.index)]
    frame = rows.join(pd.DataFrame(table))
    style, column = style_of(frame, list(table.columns))
    return PlanLayer(name, title, frame, style, _labels(frame, column))


def _points(name: str, title: str, shapes: gpd.GeoDataFrame, table: pd.DataFrame, column: str) -> PlanLayer:
    """A table with the ids of shapes as points in them; several in one shape stand in the same place."""
    places = shapes.geometry.representative_point().reindex(table[column].to_numpy())
    frame = gpd.GeoDataFrame(table, geometry=places.to_numpy(), crs=shapes.crs)
    style, _ = style_of(frame, list(table.columns))
    return PlanLayer(name, title, frame, style)


def style_of(frame: gpd.GeoDataFrame, columns: Iterable[str]) -> tuple[LayerStyle | None, str]:
    """How a layer is drawn: by the first of its columns that has colours of its own; and that column."""
    wanted = [column for column in STYLED_BY if column in set(columns)]
    for column in wanted:
        values = frame[column]
        if not values.notna().any():
            continue
        palette = _palette(column, values)
        if palette is not None:
            return palette, column
        if pd.api.types.is_numeric_dtype(values.dtype):
            classes = (
                _years(values) if column.endswith("year") else graduated(values, method="natural_breaks")
            )
            return layer_style(column, classes), column
        return layer_style(column, categories(values)), column
    return LayerStyle(colour=LIGHT["accent_soft"], outline=LIGHT["accent"]), ""


def _palette(column: str, values: pd.Series[Any]) -> LayerStyle | None:
    """The palette of the sheets whose words these are."""
    present = {str(value) for value in values.dropna().unique()}
    for palette in palettes().values():
        keys = {one.key for one in palette}
        if present and present - {"none"} <= keys and present & keys:
            entries = tuple(
                Category(one.key, one.colour, one.words.said(), bool(one.hatch)) for one in palette
            )
            return LayerStyle(column, categories=entries)
    return None


def _years(values: pd.Series[Any]) -> Classes:
    years = sorted({int(year) for year in values.dropna()})
    return graduated(
        values, method="manual", breaks=[year + 0.5 for year in years[:-1]], ramp="viridis_reversed"
    )


def _labels(frame: gpd.GeoDataFrame, column: str) -> tuple[str, ...]:
    index = str(frame.index.name or "")
    return tuple(name for name in (index, column) if name)


def _potentials(city: City, assessments: Mapping[str, Assessment]) -> list[PlanLayer]:
    """What each potential found of parcels, without months."""
    layers = []
    parcels = city.tables["parcel"]
    for name, made in assessments.items():
        columns = [one for one in made.parcels.columns if "_month_" not in str(one)]
        found = made.parcels[columns].rename(columns={word: f"{name}_{word}" for word in SHARED})
        if found.empty:
            continue
        beside = [one for one in ("name", "planning_unit") if one in parcels and one not in found]
        frame = parcels[[*beside, parcels.geometry.name]].join(found, how="inner")
        style, _ = _potential_style(frame, f"{name}_grade" if made.graded else "", list(found.columns))
        layers.append(PlanLayer(f"potential_{name}", title_of(made), frame, style, ()))
    return layers


def _potential_style(
    frame: gpd.GeoDataFrame, graded: str, columns: list[str]
) -> tuple[LayerStyle | None, str]:
    if graded in frame:
        return layer_style(graded, grades()), graded
    energy = next((one for one in columns if one.endswith("_kwh_per_year")), "")
    if energy:
        return layer_style(energy, graduated(frame[energy], method="natural_breaks")), energy
    return None, ""


def _exclusions(city: City) -> list[PlanLayer]:
    """Areas that exclude or limit, each kind of table a layer, hatched."""
    layers = []
    limits = {one.key: one for one in palettes()["limits"]}
    for table in EXCLUSIONS:
        frame = city.tables.get(table)
        if frame is None or frame.empty:
            continue
        kept = [one for one in ABOUT_EXCLUSIONS if one in frame]
        style = LayerStyle(colour=LIGHT["deep"], outline=LIGHT["deep"])
        if "kind" in frame and frame["kind"].isin(limits).any():
            seen = [limits[kind] for kind in dict.fromkeys(frame["kind"]) if kind in limits]
            entries = tuple(Category(one.key, one.colour, one.words.said(), True) for one in seen)
            style = LayerStyle("kind", categories=entries)
        frame = frame[[*kept, frame.geometry.name]]
        layers.append(PlanLayer(f"limit_{table}", table_named("city", table).said(), frame, style, ("name",)))
    return layers


def _written(
    form: str, layers: Sequence[PlanLayer], names: Mapping[str, str], folder: Path, stem: str, encoding: str
) -> list[Problem]:
    """Write one format into a folder."""
    spatial = [layer for layer in layers if layer.spatial]
    if form == "gpkg":
        frames = {names[layer.name]: layer.frame for layer in layers}
        styles = {names[layer.name]: layer.style for layer in spatial if layer.style is not None}
        return write_geopackage(folder / f"{stem}.gpkg", frames, styles)
    if form == "dxf":
        return write_dxf(folder / f"{stem}.dxf", drawing_layers(layers, names))
    problems: list[Problem] = []
    for layer in spatial:
        path = folder / f"{stem}_{names[layer.name]}.{form}"
        if form == "shp":
            problems += write_shapefile(path, layer.frame, encoding, layer.style)
        else:
            problems += write_geojson(path, layer.frame, layer.style)
    without = [layer.title for layer in layers if not layer.spatial]
    if without:
        problems.append(
            Problem(
                "The tables {tables} have no place on the map and are not written as {form}.",
                "Write a GeoPackage to have them too.",
                severity=Severity.NOTE,
                tables=", ".join(without),
                form=form,
            )
        )
    return problems


def _unlike(titles: Iterable[str]) -> list[str]:
    """Titles as names of layers and files, none like another."""
    return [Path(name).stem for name in file_names([title.replace("/", "-") for title in titles])]


def _refuse_unknown(formats: Sequence[str]) -> None:
    unknown = [form for form in formats if form not in FORMATS]
    if unknown or not formats:
        raise UserError(
            Problem(
                "{forms} is not a format.",
                "Choose from: {known}.",
                forms=", ".join(unknown) or "—",
                known=", ".join(FORMATS),
            )
        )


def _refuse_present(
    folder: Path, stem: str, names: Iterable[str], formats: Sequence[str], overwrite: bool
) -> None:
    """Refuse where files are there that may not be replaced."""
    wanted = [folder / f"{stem}.{form}" for form in formats if form in ("gpkg", "dxf")]
    wanted += [
        folder / f"{stem}_{name}.{form}" for form in formats if form in ("shp", "geojson") for name in names
    ]
    present = [path for path in wanted if path.exists() and not overwrite]
    if present:
        raise UserError(
            *(
                Problem(
                    "{file} is there already.",
                    "Allow it to be replaced, or choose another name.",
                    file=path.name,
                )
                for path in present
            )
        )

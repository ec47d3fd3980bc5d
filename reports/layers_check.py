"""The check of plan layers: every value of GeoPackage, Shapefiles, GeoJSON and drawing, read back, against the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import ezdxf
import numpy as np
import pandas as pd
import pyogrio

from core.problems import Problem, UserError
from core.texts import LANGUAGES, speaking, text
from layers.city import City
from layers.export_columns import EXACT_IN_A_DOUBLE, plain, short_names, unique_names, with_index
from layers.export_dxf import MOST_ATTACHED, attached_values, attached_word, drawn_rows, name_in_drawing
from layers.export_shapefile import fitting
from layers.export_vector import GEOMETRY, columns
from plans import Part
from potential import Assessment
from reports.checked import Checked, differs, or_unreadable
from reports.plan_layers import PlanLayer, drawing_layers, layer_names, plan_layers

# How far a number read back may be off, as a share of it: a GeoPackage keeps every bit, the other formats are texts of
# 15 digits; below 1e-12 of its unit a Shapefile, which keeps 15 places behind the point, has no digits left.
EXACT, FIFTEEN_DIGITS = 0.0, 1e-12
SMALLEST = 1e-12
IN_A_DRAWING = ("CIRCLE", "LWPOLYLINE")
DRAWING_BROKEN = (OSError, ezdxf.DXFError, ValueError)  # also values attached in a way that is not ours


@dataclass(frozen=True)
class LayerFiles:
    """What the layers of a plan are checked against."""

    city: City
    assessments: Mapping[str, Assessment]
    plan: Part

    def checked(self, folder: Path) -> Iterator[tuple[Path, Checked]]:
        """Each file of plan layers in a folder, in whichever language, with what was compared."""
        for spoken in LANGUAGES:
            with speaking(spoken):
                made = plan_layers(self.city, self.assessments, self.plan)
                stem, names = layer_names(self.city, made)
                yield from _files(folder, stem, made, names)


def _files(
    folder: Path, stem: str, made: Sequence[PlanLayer], names: Mapping[str, str]
) -> Iterator[tuple[Path, Checked]]:
    package, drawing = folder / f"{stem}.gpkg", folder / f"{stem}.dxf"
    if package.is_file():
        frames = {names[one.name]: one.frame for one in made}
        yield package, or_unreadable(partial(_package, package, frames))
    spatial = {names[one.name]: one.frame for one in made if one.spatial}
    for ending, check in ((".shp", _shapefile), (".geojson", _geojson)):
        there = {name: folder / f"{stem}_{name}{ending}" for name in spatial}
        if not any(path.is_file() for path in there.values()):
            continue
        for name, path in there.items():
            if path.is_file():
                yield path, or_unreadable(partial(check, path, spatial[name]))
            else:
                yield path, Checked(0, (differs(path, name, "", _rows_said(len(spatial[name]))),))
    if drawing.is_file():
        yield drawing, or_unreadable(partial(_drawing, drawing, made, names))


def _package(path: Path, layers: Mapping[str, pd.DataFrame]) -> Checked:
    """A GeoPackage: every layer and table of the plan."""
    try:
        listed = {str(name) for name, _ in pyogrio.list_layers(path)}
    except pyogrio.errors.DataSourceError as why:
        raise _cannot_be_read(path) from why
    found = Checked()
    for name, frame in layers.items():
        if name not in listed:
            found += Checked(0, (differs(path, name, "", _rows_said(len(frame))),))
            continue
        flat = plain(with_index(frame))
        wanted = flat[columns(flat)].rename(columns=unique_names(columns(flat), {GEOMETRY, "fid"}))
        found += _table(path, name, _read(path, name), wanted, EXACT)
    return found


def _shapefile(path: Path, frame: pd.DataFrame) -> Checked:
    """A Shapefile, its short names led back to those of the plan."""
    page = path.with_suffix(".cpg")
    encoding = "GBK" if page.is_file() and page.read_text(encoding="ascii").strip() == "936" else "UTF-8"
    flat = plain(with_index(frame), whole_numbers_up_to=EXACT_IN_A_DOUBLE)
    full = {short: name for name, short in short_names(columns(flat), encoding).items()}
    wanted = fitting(flat, encoding)
    return _table(path, "", _read(path, None).rename(columns=full), wanted[columns(wanted)], FIFTEEN_DIGITS)


def _geojson(path: Path, frame: pd.DataFrame) -> Checked:
    """A GeoJSON file."""
    flat = plain(with_index(frame), whole_numbers_up_to=EXACT_IN_A_DOUBLE)
    return _table(path, "", _read(path, None), flat[columns(flat)], FIFTEEN_DIGITS)


def _read(path: Path, layer: str | None) -> pd.DataFrame:
    try:
        return pd.DataFrame(pyogrio.read_dataframe(path, layer=layer, read_geometry=False))
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as why:
        raise _cannot_be_read(path) from why


def _cannot_be_read(path: Path) -> UserError:
    return UserError(Problem("{file} cannot be read.", "Write the layers anew.", file=path.name))


def _drawing(path: Path, made: Sequence[PlanLayer], names: Mapping[str, str]) -> Checked:
    """A drawing: the values attached to its shapes, layer by layer."""
    layers = drawing_layers(made, names)
    try:
        rows = _attached_rows(path, layers)
    except DRAWING_BROKEN as why:
        raise _cannot_be_read(path) from why
    found = Checked()
    for name, layer in layers.items():
        flat = plain(with_index(layer.frame))
        shown = drawn_rows(layer) if len(flat) else []
        wanted = pd.DataFrame(flat[columns(flat)[:MOST_ATTACHED]][np.array(shown, dtype=bool)])
        for column in columns(wanted):
            if not pd.api.types.is_numeric_dtype(wanted[column].dtype):
                wanted[column] = wanted[column].map(attached_word, na_action="ignore")
        there = pd.DataFrame(rows[name], columns=columns(wanted))
        found += _table(path, name, there, wanted, FIFTEEN_DIGITS)
    return found


def _attached_rows(path: Path, layers: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Values attached to the shapes of a drawing, by the layer of the plan they are of."""
    called = {name_in_drawing(name): name for name in layers}
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in layers}
    for shape in ezdxf.readfile(path).modelspace():
        if shape.dxftype() in IN_A_DRAWING and (values := attached_values(shape)):
            begins = [one for one in called if shape.dxf.layer.startswith(one)]
            if begins:
                rows[called[max(begins, key=len)]].append(values)
    return rows


def _table(path: Path, layer: str, found: pd.DataFrame, wanted: pd.DataFrame, share: float) -> Checked:
    """The rows of a layer against those of the plan, in order: how many, and every value."""
    if len(found) != len(wanted):
        return Checked(0, (differs(path, layer, _rows_said(len(found)), _rows_said(len(wanted))),))
    ids = wanted.iloc[:, 0].astype(str).to_numpy() if wanted.shape[1] else np.array([])
    whole = Checked()
    for name in wanted.columns:
        values = found[name] if name in found else pd.Series([None] * len(wanted), dtype=object)
        where = [f"{layer} {one} {name}".strip() for one in ids]
        whole += _column(
            path, where, values.reset_index(drop=True), wanted[name].reset_index(drop=True), share
        )
    return whole


def _column(
    path: Path, where: Sequence[str], found: pd.Series[Any], wanted: pd.Series[Any], share: float
) -> Checked:
    """A column against that of the plan; times of day are not looked at."""
    if pd.api.types.is_datetime64_any_dtype(wanted.dtype):
        return Checked()
    if pd.api.types.is_numeric_dtype(wanted.dtype) and not pd.api.types.is_bool_dtype(wanted.dtype):
        there = pd.to_numeric(found, errors="coerce").to_numpy(float, na_value=np.nan)
        here = wanted.to_numpy(float, na_value=np.nan)
        wrong = ~np.isclose(there, here, rtol=share, atol=SMALLEST, equal_nan=True)
        numbers = int((~np.isnan(here)).sum())
        said = [(f"{there[n]:.15g}", f"{here[n]:.15g}") for n in np.flatnonzero(wrong)]
    else:
        words = [[_plain_word(one) for one in series] for series in (found, wanted)]
        wrong = np.array([a != b for a, b in zip(*words, strict=True)], dtype=bool)
        numbers = 0
        said = [(words[0][n], words[1][n]) for n in np.flatnonzero(wrong)]
    problems = tuple(
        differs(path, where[int(n)], *("" if one == "nan" else one for one in pair))
        for n, pair in zip(np.flatnonzero(wrong), said, strict=True)
    )
    return Checked(numbers, problems)


def _plain_word(value: Any) -> str:
    """A word as all formats give it back: nothing for a missing one, flags as numbers."""
    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, bool | np.bool_) or value in ("True", "False"):
        return str(int(value in (True, "True")))
    return str(value).removesuffix(".0").rstrip()


def _rows_said(count: int) -> str:
    return text("{count} rows", count=count)

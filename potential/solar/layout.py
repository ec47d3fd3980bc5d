"""Layout: modules drawn one by one on the roof of a building, in rows or flush, beside what the coefficients give."""

from __future__ import annotations

from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from core.problems import Problem, UserError
from layers.city import City
from potential.solar.grids import Fitted, Grid, fitted, places
from potential.solar.roofs import ridge_azimuth
from potential.solar.rows import SOUTH_DEG, gap_for_loss, light_on_rows, norm_gap
from standards import Number, Taken
from sun.sky import SkyTable

PITCHES = ("gb50797", "loss")
ORIENTATIONS = ("portrait", "landscape", "best")


@dataclass(frozen=True)
class LayoutSettings:
    """How modules are to be laid out.

    Parameters
    ----------
    pitch : str
        `gb50797`, or `loss` for the pitch at which the row in front takes no more than `most_loss` of the year.
    most_loss : float, optional
        None takes the value of the standards.
    orientation : str
        `portrait` (long side up the slope), `landscape`, or `best`, whichever holds more.
    """

    pitch: str = field(default="gb50797", metadata={"choices": PITCHES})
    most_loss: float | None = field(default=None, metadata={"low": 0.001, "high": 0.5})
    orientation: str = field(default="best", metadata={"choices": ORIENTATIONS})


@dataclass(frozen=True)
class LayoutRules:
    """Numbers of a layout; lengths in m, `used` lists each with its source."""

    module_m: tuple[float, float]
    kwp_per_m2: float
    module_gap_m: float
    path_m: float
    block_m: float
    aisle_m: float
    flush_rows: int
    most_loss: float
    module_tilt_deg: float
    used: tuple[Number, ...]

    @classmethod
    def of(cls, city: City, settings: LayoutSettings, module_tilt_deg: float | None = None) -> LayoutRules:
        """The numbers in force in a city; the tilt of rows on level roofs is that of the standards if None."""
        taken = Taken(city.standards)

        def rule(name: str, case: str) -> float:
            return taken.number("module_layout", rule=name, case=case)

        tilt = taken.parameter("module_tilt", "flat roof") if module_tilt_deg is None else module_tilt_deg
        loss = settings.most_loss
        if loss is None:
            loss = rule("row_loss", "most in a year to the row in front")
        return cls(
            module_m=(
                taken.parameter("module_length", "72 cells"),
                taken.parameter("module_width", "72 cells"),
            ),
            kwp_per_m2=taken.parameter("module_power_density", "per m2 module") / 1000,
            module_gap_m=rule("module_gap", "between modules side by side"),
            path_m=taken.number("pv_safety_rules", rule_id="S20"),
            block_m=taken.number("pv_safety_rules", rule_id="S21"),
            aisle_m=taken.number("pv_safety_rules", rule_id="S22"),
            flush_rows=int(rule("flush_rows", "between maintenance aisles")),
            most_loss=loss,
            module_tilt_deg=tilt,
            used=tuple(taken.used),
        )

    @property
    def module_kwp(self) -> float:
        """Capacity of one module. [kWp]"""
        return self.module_m[0] * self.module_m[1] * self.kwp_per_m2


@dataclass(frozen=True)
class Laid:
    """Modules of one plane.

    Parameters
    ----------
    modules : Fitted
        Corners, rows and columns.
    tilt_deg, azimuth_deg : float
        Of the modules; azimuth true. [°]
    gap_m : float
        Between rows in plan. [m]
    pitch_m : float
        From row to row in plan. [m]
    row_loss : float
        Share of a year's light that the row in front takes; 0 for flush modules.
    yield_ratio : float
        Yield of a kilowatt against that of the assessment, which has rows facing south at GB 50797.
    portrait : bool
        Whether the long side runs up the slope.
    """

    modules: Fitted
    tilt_deg: float
    azimuth_deg: float
    gap_m: float
    pitch_m: float
    row_loss: float
    yield_ratio: float
    portrait: bool


@dataclass(frozen=True)
class Layout:
    """The layout of a building.

    Parameters
    ----------
    modules : GeoDataFrame, indexed by `module_id`
        Outline of every module in plan, with plane, row, tilt, azimuth and capacity.
    planes : DataFrame, indexed by `roof_plane_id`
        Count, `layout_kwp`, `layout_kwh_per_year`, pitch, loss and azimuth of each plane that carries modules.
    kwp, kwh_per_year : float
        Of the layout.
    area_kwp : float
        What the coefficients give on the same usable area.
    coefficient_kwp, coefficient_kwh_per_year : float
        What the assessment gives, which keeps a share of the roof for other uses.
    """

    modules: gpd.GeoDataFrame
    planes: pd.DataFrame
    kwp: float
    kwh_per_year: float
    area_kwp: float
    coefficient_kwp: float
    coefficient_kwh_per_year: float


def layout_of(
    footprint: shapely.Geometry,
    planes: gpd.GeoDataFrame,
    rooms: gpd.GeoDataFrame,
    sky: SkyTable,
    cover: tuple[float, float],
    settings: LayoutSettings,
    rules: LayoutRules,
    *,
    latitude: float,
    convergence_deg: float,
) -> Layout:
    """Modules on the usable parts of a building's planes.

    Level planes carry rows, facing due south or along the axes of the building, whichever yields more; sloping planes
    carry flush modules in their own axes.

    Parameters
    ----------
    footprint : Polygon or MultiPolygon
        Of the building; gives its axes.
    planes, rooms : GeoDataFrame
        Rows of `roof_plane` and `roof_usable` of the building.
    sky : SkyTable
        Light of the year by direction.
    cover : tuple of float
        Share of a roof that the coefficients cover with modules, of level and of sloping roofs.
    settings : LayoutSettings
        Pitch and orientation.
    rules : LayoutRules
        Numbers in force.
    latitude, convergence_deg : float
        True azimuth less grid azimuth. [°]
    """
    axis = float(ridge_azimuth(np.array([footprint], dtype=object))[0]) + convergence_deg
    laid = {}
    for name, row in rooms.iterrows():
        tilt, azimuth = float(row["plane_tilt_deg"]), float(row["plane_azimuth_deg"])
        if tilt > 0:
            tried = _flush(row.geometry, tilt, azimuth, settings, rules, convergence_deg)
        else:
            facings = {SOUTH_DEG, SOUTH_DEG + (axis - SOUTH_DEG + 45.0) % 90.0 - 45.0}
            tried = [
                one
                for facing in sorted(facings)
                for one in _in_rows(row.geometry, facing, sky, settings, rules, latitude, convergence_deg)
            ]
        laid[name] = max(tried, key=lambda one: len(one.modules.row) * one.yield_ratio)
    table = _table(planes, laid, rules)
    tilts = rooms["plane_tilt_deg"].to_numpy(dtype=float)
    covered = np.where(tilts > 0, cover[1], cover[0]) / np.cos(np.radians(tilts))
    return Layout(
        modules=_modules(laid, planes, rules),
        planes=table,
        kwp=round(float(table["layout_kwp"].sum()), 2),
        kwh_per_year=float(table["layout_kwh_per_year"].sum()),
        area_kwp=round(
            float((shapely.area(rooms.geometry.to_numpy()) * covered).sum()) * rules.kwp_per_m2, 2
        ),
        coefficient_kwp=round(float(planes["pv_kwp"].sum()), 2),
        coefficient_kwh_per_year=float(planes["pv_kwh_per_year"].sum()),
    )


def _sizes(settings: LayoutSettings, rules: LayoutRules) -> list[tuple[bool, float, float]]:
    """Orientations to try: whether upright, length up the slope, width along the row."""
    length, width = rules.module_m
    both = [(True, length, width), (False, width, length)]
    return [one for one in both if settings.orientation in ("best", "portrait" if one[0] else "landscape")]


def _in_rows(
    room: shapely.Geometry,
    facing_deg: float,
    sky: SkyTable,
    settings: LayoutSettings,
    rules: LayoutRules,
    latitude: float,
    convergence_deg: float,
) -> list[Laid]:
    """Rows on a level plane, in each orientation. Between rows there is room to walk at least."""
    tilt = rules.module_tilt_deg
    if settings.pitch == "loss":
        ratio = gap_for_loss(sky, tilt, facing_deg, rules.most_loss)
    else:
        ratio = norm_gap(latitude, facing_deg)
    if not np.isfinite(ratio):
        raise UserError(
            Problem(
                "So far north rows shade each other all day at the winter solstice.",
                "Take the pitch by the yearly loss instead.",
            )
        )
    behind, alone = light_on_rows(sky, tilt, SOUTH_DEG, norm_gap(latitude, SOUTH_DEG))
    assessed = float(np.minimum(behind, alone).sum())
    found = []
    for upright, length, width in _sizes(settings, rules):
        height, depth = length * np.sin(np.radians(tilt)), length * np.cos(np.radians(tilt))
        gap = max(ratio * height, rules.path_m)
        behind, alone = light_on_rows(sky, tilt, facing_deg, gap / max(height, 1e-9))
        extent = _extent(room)
        grid = Grid(
            places(extent, width, rules.module_gap_m, block_m=rules.block_m, aisle_m=rules.aisle_m),
            places(extent, depth, gap, block_m=rules.block_m, aisle_m=rules.aisle_m),
            width,
            depth,
        )
        found.append(
            Laid(
                fitted(room, facing_deg - convergence_deg, grid),
                tilt,
                facing_deg % 360.0,
                gap,
                gap + depth,
                max(0.0, 1.0 - float(behind.sum() / alone.sum())),
                float(behind.sum()) / assessed,
                upright,
            )
        )
    return found


def _flush(
    room: shapely.Geometry,
    tilt_deg: float,
    azimuth_deg: float,
    settings: LayoutSettings,
    rules: LayoutRules,
    convergence_deg: float,
) -> list[Laid]:
    """Flush modules on a sloping plane, in each orientation; lengths up the slope are shorter in plan."""
    shrink = np.cos(np.radians(tilt_deg))
    extent = _extent(room)
    found = []
    for upright, length, width in _sizes(settings, rules):
        depth, gap = length * shrink, rules.module_gap_m * shrink
        rows = places(
            extent,
            depth,
            gap,
            block_m=rules.block_m * shrink,
            aisle_m=rules.aisle_m * shrink,
            group=rules.flush_rows,
            path_m=rules.path_m * shrink,
        )
        columns = places(extent, width, rules.module_gap_m, block_m=rules.block_m, aisle_m=rules.aisle_m)
        modules = fitted(room, azimuth_deg - convergence_deg, Grid(columns, rows, width, depth))
        found.append(Laid(modules, tilt_deg, azimuth_deg, gap, gap + depth, 0.0, 1.0, upright))
    return found


def _extent(room: shapely.Geometry) -> float:
    """Length that reaches over a polygon in any direction, with one place of the grid to slide."""
    west, south, east, north = shapely.bounds(room)
    return float(np.hypot(east - west, north - south))


def _table(planes: gpd.GeoDataFrame, laid: dict[object, Laid], rules: LayoutRules) -> pd.DataFrame:
    """Figures of every plane that was laid out."""
    chosen = planes.loc[list(laid)]
    count = np.array([len(one.modules.row) for one in laid.values()], dtype=int)
    ratio = np.array([one.yield_ratio for one in laid.values()], dtype=float)
    kwh_per_kwp = (chosen["pv_kwh_per_year"] / chosen["pv_kwp"].where(chosen["pv_kwp"] > 0)).fillna(0.0)
    kwp = count * rules.module_kwp
    return pd.DataFrame(
        {
            "modules": count,
            "layout_kwp": np.round(kwp, 2),
            "layout_kwh_per_year": np.round(kwp * kwh_per_kwp.to_numpy() * ratio),
            "module_azimuth_deg": [round(one.azimuth_deg, 1) for one in laid.values()],
            "row_pitch_m": [round(one.pitch_m, 3) for one in laid.values()],
            "row_loss": [round(one.row_loss, 4) for one in laid.values()],
            "upright": [one.portrait for one in laid.values()],
            "pv_kwp": chosen["pv_kwp"].to_numpy(),
        },
        index=pd.Index(list(laid), name="roof_plane_id", dtype=object),
    )


def _modules(laid: dict[object, Laid], planes: gpd.GeoDataFrame, rules: LayoutRules) -> gpd.GeoDataFrame:
    """Outline of every module, row by row."""
    parts = []
    for name, one in laid.items():
        rows = np.unique(one.modules.row, return_inverse=True)[1]
        parts.append(
            gpd.GeoDataFrame(
                {
                    "building_id": planes.loc[name, "building_id"],
                    "roof_plane_id": name,
                    "module_row": rows + 1,
                    "module_tilt_deg": one.tilt_deg,
                    "module_azimuth_deg": round(one.azimuth_deg, 1),
                    "module_kwp": round(rules.module_kwp, 3),
                },
                geometry=shapely.polygons(one.modules.corners),
                crs=planes.crs,
                index=pd.Index([f"{name}-{number + 1}" for number in range(len(rows))], name="module_id"),
            )
        )
    parts = [part for part in parts if len(part)]
    if not parts:
        empty: dict[str, list[str]] = {"building_id": [], "roof_plane_id": [], "module_row": []}
        return gpd.GeoDataFrame(empty, geometry=[], crs=planes.crs, index=pd.Index([], name="module_id"))
    return gpd.GeoDataFrame(pd.concat(parts), crs=planes.crs)

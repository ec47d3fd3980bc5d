"""The aquifer under every parcel: from rasters, geology and pumping tests nearby, which go before the rest."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.problems import Problem, UserError
from layers.city import City
from potential.groundwater.well_numbers import DAY_S
from potential.places import raster_at
from standards import Taken

Floats = NDArray[np.float64]

RASTERS = (
    "aquifer_thickness_m",
    "hydraulic_conductivity_m_per_day",
    "water_table_depth_m",
    "hydraulic_gradient",
    "flow_direction_deg",
    "ground_temp_c",
)
OPTIONAL_RASTER = "ground_capacity_mj_per_m3k"
GEOLOGY = (
    "reinjection_share",
    "specific_yield_m3_per_day_m",
    "porosity",
    "water_level_fall_m_per_year",
    "dissolved_solids_g_per_l",
    "ground_capacity_mj_per_m3k",
    "sand_content",
    "turbidity_mg_per_l",
    "chloride_mg_per_l",
    "sulfate_mg_per_l",
    "iron_mg_per_l",
    "hydrogen_sulfide_mg_per_l",
)
TESTED = (
    "aquifer_thickness_m",
    "hydraulic_conductivity_m_per_day",
    "specific_yield_m3_per_day_m",
    "reinjection_share",
    *GEOLOGY[6:],
)  # what a pumping test says goes before maps
EXCLUDED = "exclude"


@dataclass(frozen=True)
class Aquifer:
    """What is known of the aquifer under every parcel.

    Parameters
    ----------
    values : DataFrame, by parcel
        Columns of `RASTERS` and `GEOLOGY`, in the units of their names; NaN where not known.
    lithology : ndarray of str, (parcels,)
        Empty where no geology is given.
    takes_none : ndarray of bool, (parcels,)
        Whether the lithology takes no water back.
    ratio : ndarray, (parcels,)
        What a well takes back over what it yields; NaN where nothing tells.
    tested : ndarray of bool, (parcels,)
        Whether a pumping test is near.
    capacity : ndarray, (parcels,)
        Volumetric heat of the aquifer. [J/(m³·K)]
    """

    values: pd.DataFrame
    lithology: NDArray[np.object_]
    takes_none: NDArray[np.bool_]
    ratio: Floats
    tested: NDArray[np.bool_]
    capacity: Floats

    def value(self, name: str) -> Floats:
        """One column."""
        found: Floats = self.values[name].to_numpy(dtype=float)
        return found

    @property
    def conductivity(self) -> Floats:
        """[m/s]"""
        return self.value("hydraulic_conductivity_m_per_day") / DAY_S


def aquifer_under(city: City, parcels: gpd.GeoDataFrame, taken: Taken) -> Aquifer:
    """What rasters, geology and pumping tests say of the ground under parcels.

    Raises
    ------
    UserError
        Where the conductivity is so small everywhere that it must be in another unit, or a gradient is negative.
    """
    check_units(city, taken)
    index = parcels.index
    values = pd.DataFrame({name: raster_at(city, name, parcels) for name in RASTERS}, index=index)
    geology = _geology_at(city, parcels)
    for name in GEOLOGY:
        values[name] = pd.to_numeric(geology[name], errors="coerce") if name in geology else np.nan
    heat = raster_at(city, OPTIONAL_RASTER, parcels)
    values[OPTIONAL_RASTER] = np.where(np.isfinite(heat), heat, values[OPTIONAL_RASTER])
    lithology = geology["lithology"].fillna("").astype(str).to_numpy(dtype=object)
    tests = _nearest_tests(city, parcels, taken)
    tested = tests["hydraulic_conductivity_m_per_day"].notna().to_numpy()
    for name in TESTED:
        values[name] = tests[name].where(tests[name].notna(), values[name])
    porosity = taken.number("groundwater_heat", item="aquifer", case="porosity")
    values["porosity"] = values["porosity"].where(values["porosity"] > 0, porosity)
    takes_none, ratio = _reinjection(lithology, values["reinjection_share"].to_numpy(dtype=float), taken)
    return Aquifer(values, lithology, takes_none, ratio, tested, _capacity(values, lithology, taken))


def check_units(city: City, taken: Taken) -> None:
    """Refuse rasters whose numbers cannot be in the units of their names."""
    least = taken.number("groundwater_heat", item="aquifer", case="least_conductivity")
    problems = []
    raster = city.rasters.get("hydraulic_conductivity_m_per_day")
    if raster is not None:
        most = float(np.nanmax(raster.values)) if np.isfinite(raster.values).any() else np.nan
        if 0 < most < least:
            problems.append(
                Problem(
                    "The hydraulic conductivity is nowhere above {most} m/d; no aquifer is so tight.",
                    "Give it in metres a day: values in m/s must be multiplied by 86,400.",
                    most=f"{most:.2g}",
                )
            )
    tests = _tests(city)
    tight = tests.index[(tests["hydraulic_conductivity_m_per_day"] < least).to_numpy()] if len(tests) else ()
    if len(tight):
        problems.append(
            Problem(
                "Pumping tests say that the ground conducts less than {least} m/d.",
                "Give their hydraulic conductivity in metres a day: values in m/s must be multiplied by 86,400.",
                table="borehole",
                rows=tuple(tight),
                least=f"{least:g}",
            )
        )
    gradient = city.rasters.get("hydraulic_gradient")
    if gradient is not None and (gradient.values < 0).any():
        problems.append(
            Problem(
                "The hydraulic gradient is below zero in places.",
                "Give its size, and where the water flows to as the direction of flow.",
            )
        )
    if problems:
        raise UserError(*problems)


def _geology_at(city: City, parcels: gpd.GeoDataFrame) -> pd.DataFrame:
    """Row of the geology in the middle of every parcel."""
    geology = city.tables.get("geology")
    if geology is None or geology.empty or parcels.empty:
        return pd.DataFrame({"lithology": pd.Series(dtype=object)}).reindex(parcels.index)
    middle = parcels.geometry.representative_point()
    parcel, row = geology.sindex.query(middle, predicate="intersects")
    first = pd.Series(row, index=parcel).groupby(level=0).min()
    found = pd.DataFrame(geology.drop(columns="geometry")).iloc[first.to_numpy()]
    found.index = parcels.index[first.index.to_numpy()]
    return found.reindex(columns=["lithology", *(name for name in GEOLOGY if name in found)]).reindex(
        parcels.index
    )


def _tests(city: City) -> gpd.GeoDataFrame:
    """Pumping tests that say how well the ground conducts."""
    holes = city.tables.get("borehole")
    name = "hydraulic_conductivity_m_per_day"
    if holes is None or "kind" not in holes or name not in holes:
        return gpd.GeoDataFrame({name: []}, geometry=[], crs=city.crs)
    conducts = pd.to_numeric(holes[name], errors="coerce") > 0
    return holes[((holes["kind"] == "pumping") & conducts).to_numpy()]


def _nearest_tests(city: City, parcels: gpd.GeoDataFrame, taken: Taken) -> pd.DataFrame:
    """What the nearest pumping test says, NaN where none is near."""
    empty = pd.DataFrame({name: np.full(len(parcels), np.nan) for name in TESTED}, index=parcels.index)
    tests = _tests(city)
    if tests.empty or parcels.empty:
        return empty
    reach = taken.number("groundwater_heat", item="aquifer", case="test_distance")
    parcel, hole = tests.sindex.nearest(parcels.geometry, max_distance=reach, return_all=False)
    for name in TESTED:
        if name in tests:
            said = pd.to_numeric(tests[name], errors="coerce").to_numpy(dtype=float)
            values = np.full(len(parcels), np.nan)
            values[parcel] = said[hole]
            empty[name] = values
    return empty


def _reinjection(
    lithology: NDArray[np.object_], given: Floats, taken: Taken
) -> tuple[NDArray[np.bool_], Floats]:
    """Whether nothing is taken back, and the ratio: as tested or mapped, else the default of the lithology."""
    rows = taken.standards.table("groundwater_lithology").set_index("lithology")["reinjection_row"]
    table = taken.standards.table("groundwater_reinjection").set_index("lithology")
    defaults = pd.to_numeric(table["default"], errors="coerce")
    none, ratio = np.zeros(len(lithology), dtype=bool), given.copy()
    for kind in sorted(set(lithology) - {""}):
        row, here = str(rows.get(kind, "")), lithology == kind
        if row not in table.index:
            continue
        if table.loc[row, "admission"] == EXCLUDED:
            none |= here
        elif np.isfinite(defaults[row]) and np.isnan(given[here]).any():
            default = taken.number("groundwater_reinjection", lithology=row)
            ratio[here & np.isnan(given)] = default
    return none, ratio


def _capacity(values: pd.DataFrame, lithology: NDArray[np.object_], taken: Taken) -> Floats:
    """Volumetric heat of the ground, as mapped, else of its lithology, else of medium sand. [J/(m³·K)]"""
    table = taken.standards.table("ground_properties").set_index("lithology")
    found = values[OPTIONAL_RASTER].to_numpy(dtype=float).copy()
    for kind in sorted(set(lithology)):
        row = (
            kind
            if kind in table.index and np.isfinite(table.loc[kind, "c_default_mj_m3k"])
            else "medium_sand"
        )
        lacking = (lithology == kind) & ~(found > 0)
        if lacking.any():
            found[lacking] = taken.number("ground_properties", lithology=row, column="c_default_mj_m3k")
    return found * 1e6

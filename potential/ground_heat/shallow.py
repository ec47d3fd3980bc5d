"""Shallow ground heat: closed loops in boreholes for every parcel, in balance with the ground over the years."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.jobs import Job
from layers.city import City
from potential import Assessment, Potential
from potential.ground_heat.draws import Draws
from potential.ground_heat.field_sizing import Ground, first_holes, heat_in_draws, size_fields
from potential.ground_heat.fields import Run
from potential.ground_heat.ground_data import CAPACITY, CONDUCTIVITY, RESISTANCE, TEMPERATURE, ground_data
from potential.ground_heat.layout import layout
from potential.ground_heat.loads import Loads
from potential.ground_heat.loop_numbers import LoopNumbers
from potential.ground_heat.loop_results import (
    HOURS_PER_MONTH,
    PREFIX,
    W_PER_KW,
    capacities,
    field_shapes,
    field_table,
    given_cold,
    given_heat,
    loop_columns,
    option_rows,
    verdicts,
)
from potential.ground_heat.usable import UsableGround, usable_ground
from potential.heat_load import HeatLoad
from potential.heat_results import HeatGiven, heat_columns, heat_totals
from potential.heat_worth import HeatWorth
from standards import Taken

NAME = "shallow"
J_PER_MJ = 1e6
AUXILIARY, RECHARGE = "auxiliary", "solar_recharge"  # remedies where heating leads; the setting `remedy`


@dataclass(frozen=True)
class ShallowSettings:
    """What a planner may set.

    Parameters
    ----------
    spacing_m, hole_depth_m : float
        Spacing of boreholes, depth of their feet below the ground. [m]
    u_tube : str
        `single_u` or `double_u`.
    antifreeze : bool
        Whether the fluid may be colder than water allows.
    under_slabs : bool
        Whether new buildings may stand on boreholes.
    remedy : str
        Where heating leads: `auxiliary`, another source of heat for the rest, or `solar_recharge` of the ground.
    run_years : int
        Years over which the ground must keep within its limits.
    draws : int
        How often uncertain numbers are drawn anew.
    electricity_basis : str
        Basis on which electricity counts as coal.
    """

    spacing_m: float = field(default=5.0, metadata={"low": 3.0, "high": 10.0})
    hole_depth_m: float = field(default=100.0, metadata={"low": 20.0, "high": 200.0})
    u_tube: str = field(default="double_u", metadata={"choices": ("single_u", "double_u")})
    antifreeze: bool = False
    under_slabs: bool = True
    remedy: str = field(default=AUXILIARY, metadata={"choices": (AUXILIARY, RECHARGE)})
    run_years: int = field(default=25, metadata={"low": 10, "high": 50})
    draws: int = field(default=32, metadata={"low": 16, "high": 256})
    electricity_basis: str = field(
        default="elec_equivalent", metadata={"choices": ("elec_equivalent", "elec_calorific")}
    )


def assess(city: City, demand: Any, settings: ShallowSettings, job: Job) -> Assessment:
    """Closed loops for every parcel of a city.

    Parameters
    ----------
    city : City
        With the table `parcel`; the ground from rasters, `geology` or response tests in `borehole`; what stands in the
        way from `building`, `tree`, `metro`, `underground_space`, `protection_zone`, `water` and `road`.
    demand : Demand
        What buildings need.
    settings : ShallowSettings
        What the planner set.
    job : Job
        Reports progress and stops when asked.

    Returns
    -------
    Assessment
        `details` has `borefield` (the holes of every parcel), `usable_ground` (where holes may stand),
        `ground_loss` (what took ground, by reason) and `ground_field` (what follows a field through its years).
    """
    taken = Taken(city.standards)
    numbers = LoopNumbers.of(taken, u_tube=settings.u_tube, antifreeze=settings.antifreeze)
    worth = HeatWorth.of(city, taken, settings.electricity_basis)
    parcels = city.tables["parcel"]
    heat = HeatLoad.of(demand, parcels.index, ("heat",))
    cold = HeatLoad.of(demand, parcels.index, ("cold",))
    usable = usable_ground(city, settings.spacing_m, taken, job, under_slabs=settings.under_slabs)
    standing = layout(usable.shapes, settings.spacing_m, job)
    known = ground_data(city, parcels)
    ground = _ground(known.values, usable, settings, numbers)
    whole = np.diff(standing.start)
    room = np.floor(whole * usable.parcels["usable_ground_share"].to_numpy() + 1e-9).astype(np.int64)
    run = Run(settings.run_years, numbers.peak_s, numbers.margin_k)
    sized = size_fields(
        first_holes(standing, room),
        ground,
        _loads(heat, cold, numbers),
        run,
        numbers,
        job,
        by_recharge=settings.remedy == RECHARGE,
    )
    could, heat_kwh = given_heat(sized, heat, numbers)
    cold_kwh = given_cold(sized, cold, numbers)
    heat_kw, cold_kw = capacities(sized, heat, cold, numbers)
    covers = (_share(heat_kwh, heat), _share(cold_kwh, cold))
    cover = _share(heat_kwh + cold_kwh, heat, cold)
    gfa = demand.parcels["gfa_m2"].reindex(parcels.index).fillna(0.0).to_numpy(dtype=float)
    served_m2 = gfa * np.nan_to_num(np.maximum(np.nan_to_num(covers[0]), np.nan_to_num(covers[1])))
    job.say("Drawing uncertain ground", 0.0, force=True)
    draws = Draws.of(numbers.spreads, settings.draws)
    in_draws = heat_in_draws(sized, run, draws, could.sum(axis=1), job)
    given = HeatGiven(
        kw=heat_kw,
        kwh=heat_kwh,
        power_kwh=heat_kwh.sum(axis=1) / numbers.cop,
        kwh_in_draws=in_draws,
        capex_yuan=served_m2 * numbers.yuan_per_m2,
        cold_kw=cold_kw,
        cold_kwh=cold_kwh.sum(axis=1),
    )
    judged = verdicts(city, parcels, heat, cold, known, usable, room, sized, np.nan_to_num(cover), numbers)
    frame = pd.DataFrame(
        {
            **judged.columns(),
            **heat_columns(PREFIX, given, worth),
            **loop_columns(sized, room, known, usable, served_m2, covers, numbers),
        },
        index=parcels.index,
    )
    return Assessment(
        name=NAME,
        parcels=frame,
        options=option_rows(frame, numbers),
        details=MappingProxyType(
            {
                "borefield": field_shapes(sized, frame, parcels.crs),
                "usable_ground": _ground_shapes(usable, frame, parcels.crs),
                "ground_loss": usable.losses().rename_axis("ground_loss_id"),
                "ground_field": field_table(sized, parcels.index),
            }
        ),
        totals=MappingProxyType(
            {"ghe_length_m": float(frame["ghe_length_m"].sum()), **heat_totals(PREFIX, frame, in_draws)}
        ),
        numbers=tuple(taken.used),
        remarks=_remarks(usable, settings, int(known.tested.sum())),
    )


SHALLOW = Potential(
    name=NAME,
    title="Shallow ground heat",
    tables=("parcel",),
    rasters=(),
    standards=(
        "ground_loops",
        "drilling_limits",
        "geothermal_rules",
        "heat_source_efficiency",
        "heat_supply",
        "costs",
        "energy_conversion",
        "grid_factors",
    ),
    settings=ShallowSettings,
    assess=assess,
    uses_demand=True,
)


def _ground(values: Any, usable: UsableGround, settings: ShallowSettings, numbers: LoopNumbers) -> Ground:
    head = np.maximum(usable.parcels["slab_depth_m"].to_numpy(dtype=float), numbers.head_m)
    resistance = values[RESISTANCE]
    return Ground(
        conductivity=values[CONDUCTIVITY],
        capacity=values[CAPACITY] * J_PER_MJ,
        temperature=values[TEMPERATURE],
        resistance=np.where(np.isnan(resistance), numbers.resistance, resistance),
        head=head,
        length=np.maximum(settings.hole_depth_m - head, 1.0),
    )


def _loads(heat: HeatLoad, cold: HeatLoad, numbers: LoopNumbers) -> Loads:
    return Loads.of_building(
        heat.kwh * W_PER_KW / HOURS_PER_MONTH,
        cold.kwh * W_PER_KW / HOURS_PER_MONTH,
        heat.peak_kw * W_PER_KW,
        cold.peak_kw * W_PER_KW,
        cop=numbers.cop,
        eer=numbers.eer,
    )


def _share(given_kwh: NDArray[np.float64], *needs: HeatLoad) -> NDArray[np.float64]:
    need = sum(one.kwh.sum(axis=1) for one in needs)
    with np.errstate(divide="ignore", invalid="ignore"):
        share: NDArray[np.float64] = np.where(need > 0, given_kwh.sum(axis=1) / need, np.nan)
    return share


def _ground_shapes(usable: UsableGround, frame: pd.DataFrame, crs: Any) -> gpd.GeoDataFrame:
    some = frame["usable_ground_m2"].to_numpy() > 0
    columns = pd.concat(
        [
            usable.parcels[["drilling_reasons", "drilling_conditions"]],
            frame[["usable_ground_m2", "ghe_holes_most"]],
        ],
        axis=1,
    )
    return gpd.GeoDataFrame(columns[some], geometry=usable.shapes[some], crs=crs)


def _remarks(usable: UsableGround, settings: ShallowSettings, tested: int) -> tuple[str, ...]:
    said = [
        "Boreholes are sized for the loads on the ground, month by month over the years; watts per metre are never used.",
        "Loads of heating and cooling follow from the demand of buildings; hot water is left to other sources.",
        "Groundwater flow would help the field; it is not counted.",
    ]
    if usable.missing:
        said.append(
            "Of layers that are not given, nothing was taken away: metro, underground space, zones or trees."
        )
    if not tested:
        said.append("No thermal response test is known: ground properties are screening values.")
    if settings.under_slabs:
        said.append("New buildings may stand on boreholes that are drilled with them.")
    return tuple(said)

"""Results of closed loops: columns, grades and options of every parcel, and the shapes of their holes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.city import City
from potential import Grade
from potential.ground_heat.balance import Remedy, ratio
from potential.ground_heat.field_sizing import Sized
from potential.ground_heat.fields import Limit, Run
from potential.ground_heat.flags import WORDS, Flag
from potential.ground_heat.ground_data import NEEDED, GroundData
from potential.ground_heat.loads import MONTHS
from potential.ground_heat.loop_numbers import LoopNumbers
from potential.ground_heat.usable import UsableGround
from potential.heat_load import HeatLoad
from potential.places import raster_at
from potential.verdicts import Verdicts

PREFIX = "ghe"
J_PER_KWH = 3.6e6
W_PER_KW = 1000.0
S_PER_HOUR = 3600.0
HOURS_PER_MONTH = 730.0
NOTHING_M2 = 1.0
# Reasons that close ground by law or for safety; what else takes ground is want of room.
BY_LAW = (
    "land closed to drilling", "heritage protection", "buried relics", "drinking water protection",
    "ecological red line", "ground fissure", "fault", "karst caves", "landfill", "contaminated ground", "shallow gas",
    "metro protection", "railway protection",
)  # fmt: skip
LIMITS = {
    int(Limit.NONE): "",
    int(Limit.WARM): "fluid too warm in summer",
    int(Limit.COLD): "fluid too cold in winter",
}
REMEDIES = {
    int(Remedy.NONE): "",
    int(Remedy.REJECT): "cooling tower or hot water",
    int(Remedy.HEAT): "another source of heat or solar recharge",
}


def given_heat(
    sized: Sized, heat: HeatLoad, numbers: LoopNumbers
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Heat of each month that the balanced loads would give, and that the fields do give, (parcels, 12). [kWh]"""
    loads = sized.balanced.loads
    could = loads.extraction * HOURS_PER_MONTH / W_PER_KW / (1 - 1 / numbers.cop)
    could = np.minimum(could, heat.kwh)
    return could, could * sized.share[:, None]


def given_cold(sized: Sized, cold: HeatLoad, numbers: LoopNumbers) -> NDArray[np.float64]:
    """Cold of each month that the fields take up, (parcels, 12); what recharges the ground is no cold. [kWh]"""
    could = sized.balanced.loads.injection * HOURS_PER_MONTH / W_PER_KW / (1 + 1 / numbers.eer)
    return np.minimum(could, cold.kwh) * sized.share[:, None]


def capacities(
    sized: Sized, heat: HeatLoad, cold: HeatLoad, numbers: LoopNumbers
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Power of heating and of cooling, (parcels,). [kW]"""
    loads = sized.balanced.loads
    warm = loads.extraction_peak.max(axis=1, initial=0.0) / W_PER_KW / (1 - 1 / numbers.cop)
    cool = loads.injection_peak.max(axis=1, initial=0.0) / W_PER_KW / (1 + 1 / numbers.eer)
    most_warm, most_cool = heat.peak_kw.max(axis=1, initial=0.0), cold.peak_kw.max(axis=1, initial=0.0)
    return np.minimum(warm, most_warm) * sized.share, np.minimum(cool, most_cool) * sized.share


def loop_columns(
    sized: Sized,
    room: NDArray[np.int64],
    ground: GroundData,
    usable: UsableGround,
    served_m2: NDArray[np.float64],
    covers: tuple[NDArray[np.float64], NDArray[np.float64]],
    numbers: LoopNumbers,
) -> dict[str, Any]:
    """What a field is, how warm and cold it becomes, and what stands beside it; temperatures are without neighbours."""
    found, loads, count = sized.found, sized.balanced.loads.times(sized.share), sized.count
    there = count > 0

    def where(values: Any, digits: int) -> NDArray[np.float64]:
        return np.where(there, np.asarray(values, dtype=float), np.nan).round(digits)

    extraction, injection = loads.extraction, loads.injection
    undisturbed = np.asarray(sized.fields.temperature, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        balance = ratio(loads)
    month_kwh = HOURS_PER_MONTH / W_PER_KW
    auxiliary = np.where(there & sized.remedied, sized.share, 0.0)
    return {
        "usable_ground_m2": usable.parcels["usable_ground_m2"].round(0),
        f"{PREFIX}_holes_most": room,
        f"{PREFIX}_holes": count,
        f"{PREFIX}_length_m": np.round(count * np.asarray(sized.fields.length)),
        f"{PREFIX}_hole_depth_m": where(np.asarray(sized.fields.length) + np.asarray(sized.fields.head), 1),
        f"{PREFIX}_served_m2": np.round(served_m2),
        f"{PREFIX}_heat_cover": np.where(np.isnan(covers[0]), np.nan, covers[0].round(3)),
        f"{PREFIX}_cold_cover": np.where(np.isnan(covers[1]), np.nan, covers[1].round(3)),
        f"{PREFIX}_extraction_to_injection": np.where(there & np.isfinite(balance), balance, np.nan).round(3),
        f"{PREFIX}_drift_k": where(found.drift_last * sized.share, 2),
        f"{PREFIX}_fluid_min_c": where(undisturbed + (found.fluid_min - undisturbed) * sized.share, 2),
        f"{PREFIX}_fluid_max_c": where(undisturbed + (found.fluid_max - undisturbed) * sized.share, 2),
        f"{PREFIX}_limit": _said(found.limit, LIMITS, there),
        f"{PREFIX}_limit_year": np.where(there, found.limit_year, 0),
        f"{PREFIX}_neighbours_k": where(sized.neighbours_k, 2),
        f"{PREFIX}_remedy": _said(sized.balanced.remedy, REMEDIES, auxiliary > 0),
        f"{PREFIX}_remedy_kwh_per_year": np.round(sized.balanced.auxiliary_j / J_PER_KWH * auxiliary),
        f"{PREFIX}_remedy_kw": np.round(sized.balanced.auxiliary_w / W_PER_KW * auxiliary, 1),
        f"{PREFIX}_duties": duties(served_m2, numbers),
        f"{PREFIX}_evidence": ground.evidence,
        **{f"{PREFIX}_extraction_kwh_month_{m + 1:02d}": np.round(extraction[:, m] * month_kwh) for m in range(MONTHS)},
        **{f"{PREFIX}_injection_kwh_month_{m + 1:02d}": np.round(injection[:, m] * month_kwh) for m in range(MONTHS)},
    }  # fmt: skip


def _said(keys: NDArray[np.int64], words: Mapping[int, str], rows: NDArray[np.bool_]) -> NDArray[np.object_]:
    """The word of every key, in some rows alone."""
    return np.array(
        [words[int(key)] if row else "" for key, row in zip(keys, rows, strict=True)], dtype=object
    )


def duties(served_m2: NDArray[np.float64], numbers: LoopNumbers) -> NDArray[np.object_]:
    """What GB 55015 asks for by the floor area served, joined by `; `."""
    said = []
    for area in served_m2:
        words = []
        if area >= numbers.test_m2:
            words.append("thermal response test")
        if area >= numbers.simulation_m2:
            words += ["four test holes", "simulation of ten years"]
        elif area >= numbers.two_holes_m2:
            words.append("two test holes")
        said.append("; ".join(words))
    return np.array(said, dtype=object)


def verdicts(
    city: City,
    parcels: gpd.GeoDataFrame,
    heat: HeatLoad,
    cold: HeatLoad,
    ground: GroundData,
    usable: UsableGround,
    room: NDArray[np.int64],
    sized: Sized,
    cover: NDArray[np.float64],
    numbers: LoopNumbers,
) -> Verdicts:
    """Grade every parcel: law first, then room, data and need, then what the field carries for how long."""
    found = Verdicts(len(parcels))
    found.clear(parcels)
    known, wants = heat.known & cold.known, heat.wants | cold.wants
    found.lack(~known, "heat_kwh_per_year")
    found.judge(known & ~wants, Grade.UNSUITABLE, "no need of heat or cold known")
    taken = usable.taken_m2
    most = taken.to_numpy().argmax(axis=1) if taken.shape[1] else np.zeros(len(parcels), dtype=int)
    largest = np.array(taken.columns, dtype=object)[most]
    none = usable.parcels["usable_ground_m2"].to_numpy(dtype=float) < NOTHING_M2
    for reason in pd.unique(largest):
        here = none & (largest == reason)
        found.judge(here, Grade.FORBIDDEN if reason in BY_LAW else Grade.UNSUITABLE, str(reason))
    for name in NEEDED:
        found.lack(~none & np.isnan(ground.values[name]), name)
    fields = sized.found
    found.judge(~none & (room == 0), Grade.UNSUITABLE, "no room for boreholes")
    near = (sized.refused & int(Flag.NEAR_LIMIT)) > 0
    found.judge(near & (room > 0), Grade.UNSUITABLE, WORDS[Flag.NEAR_LIMIT])
    there = (sized.count > 0) & known & wants
    drift = np.abs(np.nan_to_num(fields.drift_last)) * sized.share
    found.judge(there & (drift > numbers.drift_fail_k), Grade.UNSUITABLE, "ground drifts beyond the limit")
    short = there & (cover < numbers.cover_fairly)
    found.judge(there & (cover <= 0), Grade.UNSUITABLE, "field carries nothing")
    found.judge(short & (cover < numbers.cover_conditional), Grade.CONDITIONAL, "field covers a part")
    found.judge(short & (cover >= numbers.cover_conditional), Grade.FAIRLY_SUITABLE, "field covers a part")
    found.judge(there & sized.remedied, Grade.FAIRLY_SUITABLE, "needs a remedy for the heat balance")
    found.judge(there & (drift > numbers.drift_warning_k), Grade.FAIRLY_SUITABLE, "ground drifts")
    quaternary = raster_at(city, "quaternary_m", parcels)
    found.judge(there & (quaternary < numbers.quaternary_m), Grade.FAIRLY_SUITABLE, "thin Quaternary")
    conditions = usable.parcels["drilling_conditions"].astype(str).tolist()
    for words in {word for said in conditions for word in str(said).split("; ") if word}:
        under = np.array([words in str(said).split("; ") for said in conditions])
        found.judge(there & under, Grade.CONDITIONAL, words)
    return found


def option_rows(frame: pd.DataFrame, numbers: LoopNumbers) -> pd.DataFrame:
    """The option of each parcel that has one: a closed loop up to its capacity."""
    able = frame[frame[f"{PREFIX}_heat_kw"] + frame[f"{PREFIX}_cold_kw"] > 0]
    kw = able[[f"{PREFIX}_heat_kw", f"{PREFIX}_cold_kw"]].max(axis=1).to_numpy(dtype=float)
    return pd.DataFrame(
        {
            "parcel_id": able.index,
            "technology": "closed_loop_heat_pump",
            "most_kw": kw,
            "kwh_per_kw": able[f"{PREFIX}_heat_kwh_per_year"].to_numpy() / kw,
            "capex_yuan": able[f"{PREFIX}_capex_yuan"].to_numpy(),
            "opex_yuan_per_year": np.round(able[f"{PREFIX}_capex_yuan"].to_numpy() * numbers.upkeep),
            "avoided_tco2_per_year": able[f"{PREFIX}_avoided_tco2_per_year"].to_numpy(),
        },
        index=pd.RangeIndex(len(able), name="option_id"),
    )


def field_shapes(sized: Sized, frame: pd.DataFrame, crs: Any) -> gpd.GeoDataFrame:
    """The holes of every field, one row a parcel."""
    here = np.flatnonzero(sized.count > 0)
    start, points = sized.layout.start, sized.layout.points
    shapes = [shapely.MultiPoint(points[start[n] : start[n + 1]]) for n in here]
    names = ["ghe_holes", "ghe_length_m", "ghe_heat_kw", "ghe_cold_kw", "ghe_drift_k", "grade"]
    return gpd.GeoDataFrame(frame.iloc[here][names], geometry=shapes, crs=crs)


def field_table(sized: Sized, run: Run, index: pd.Index) -> pd.DataFrame:
    """Everything that is needed to follow each field through its years, in the units of tables."""
    fields, here = sized.fields, sized.count > 0
    peaks = sized.balanced.loads.times(sized.share)
    columns = {
        "ghe_rows_long": fields.n1,
        "ghe_rows_short": fields.n2,
        "ghe_holes": sized.count,
        "ghe_spacing_m": fields.spacing,
        "ghe_active_m": fields.length,
        "ghe_head_m": fields.head,
        "ghe_radius_m": np.full(len(index), fields.radius),
        "borehole_resistance_mk_per_w": fields.resistance,
        "ground_conductivity_w_per_mk": fields.conductivity,
        "ground_capacity_mj_per_m3k": np.asarray(fields.capacity) / 1e6,
        "ground_temp_c": fields.temperature,
        "ghe_lowest_c": fields.fluid_min,
        "ghe_highest_c": fields.fluid_max,
        "ghe_years": np.full(len(index), run.years),
        "ghe_peak_h": np.full(len(index), run.peak_s / S_PER_HOUR),
        "ghe_extraction_peak_kw": peaks.extraction_peak.max(axis=1, initial=0.0) / W_PER_KW,
        "ghe_injection_peak_kw": peaks.injection_peak.max(axis=1, initial=0.0) / W_PER_KW,
    }
    frame = pd.DataFrame(
        {name: np.asarray(values, dtype=float) for name, values in columns.items()}, index=index
    )
    return frame[here]

"""Judging water as a source: the grade of every parcel, what keeps it from a better one, and what is missing."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from potential import Grade
from potential.heat_load import HeatLoad
from potential.surface_water.numbers import WaterNumbers
from potential.surface_water.serving import Side
from potential.surface_water.sources import EXCLUDED, MISSING, SEWAGE, WaterSources
from potential.verdicts import Verdicts

ALL_OF_IT = 0.999  # share from which a need counts as served


def verdicts(
    heat: HeatLoad,
    cold: HeatLoad,
    links: pd.DataFrame,
    turned: pd.DataFrame,
    warm: Side,
    cool: Side,
    sources: WaterSources,
    numbers: WaterNumbers,
    lacking: list[str],
) -> Verdicts:
    """Grade every parcel.

    Parameters
    ----------
    heat, cold : HeatLoad
        What parcels want.
    links, turned : DataFrame
        All links within reach, and those that serve in their order.
    warm, cool : Side
        Heat and cold that they give.
    sources : WaterSources
        Sources.
    numbers : WaterNumbers
        Limits.
    lacking : list of str
        Tables of sources that the city lacks.
    """
    count = len(heat.kwh)
    found = Verdicts(count)
    given_heat, given_cold = warm.kwh.sum(axis=1), cool.kwh.sum(axis=1)
    something = (given_heat > 0) | (given_cold > 0)
    found.lack(~heat.known, "heat_kwh_per_year")
    no_need = heat.known & ~heat.wants & ~cold.wants
    found.judge(no_need, Grade.UNSUITABLE, "no need of heat or cold known")
    _judge_nothing(found, ~something & ~no_need & heat.known, heat, cold, links, warm, cool, sources, lacking)
    _judge_something(found, something, heat, turned, warm, cool, sources, numbers)
    return found


def _judge_nothing(
    found: Verdicts,
    nothing: NDArray[np.bool_],
    heat: HeatLoad,
    cold: HeatLoad,
    links: pd.DataFrame,
    warm: Side,
    cool: Side,
    sources: WaterSources,
    lacking: list[str],
) -> None:
    """Where nothing is served: excluded, not known, too far, too high, too cold, or given to others."""
    count = len(nothing)
    parcel, source = links["parcel"].to_numpy(), links["source"].to_numpy()
    state, said = sources.table["state"].to_numpy()[source], sources.table["said"].to_numpy()[source]

    def some(rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.bincount(parcel[rows], minlength=count) > 0

    reached, open_to = some(np.ones(len(links), dtype=bool)), some(state != EXCLUDED)
    for words in np.unique(said[state == EXCLUDED]):
        rows = (state == EXCLUDED) & (said == words)
        found.judge(nothing & some(rows) & ~open_to, Grade.FORBIDDEN, str(words))
    for name in np.unique(said[state == MISSING]):
        found.lack(nothing & some((state == MISSING) & (said == name)), str(name))
    usable = links["usable"].to_numpy()
    lift = links["lift_m"].to_numpy()
    table = sources.table
    level = table["level_m"].to_numpy()[source]
    found.lack(nothing & some(usable & np.isnan(lift) & np.isnan(level)), "surface_level_m")
    found.lack(nothing & some(usable & np.isnan(lift) & ~np.isnan(level)), "terrain")
    for name in lacking:
        found.lack(nothing, name)
    able = links["able"].to_numpy()
    found.judge(nothing & ~reached, Grade.UNSUITABLE, "no water within reach")
    found.judge(
        nothing & some(usable & ~able & ~np.isnan(lift)) & ~some(able), Grade.UNSUITABLE, "lift too high"
    )
    wanted = ((heat.peak_kw[parcel] > 0) & (warm.budget_kw[source] > 0)).any(axis=1)
    budget = wanted | ((cold.peak_kw[parcel] > 0) & (cool.budget_kw[source] > 0)).any(axis=1)
    found.judge(nothing & some(able & budget), Grade.UNSUITABLE, "water is given to others")
    found.judge(nothing & some(able) & ~some(able & budget), Grade.UNSUITABLE, "water too small or too cold")


def _judge_something(
    found: Verdicts,
    something: NDArray[np.bool_],
    heat: HeatLoad,
    turned: pd.DataFrame,
    warm: Side,
    cool: Side,
    sources: WaterSources,
    numbers: WaterNumbers,
) -> None:
    """Where something is served: how much of the need, in which months, from how far, and what is still to be shown."""
    count = len(something)
    parcel, source = turned["parcel"].to_numpy(), turned["source"].to_numpy()
    gives = (warm.kw.sum(axis=1) + cool.kw.sum(axis=1)) > 0

    def some(rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.bincount(parcel[rows & gives], minlength=count) > 0

    need, given = heat.kwh.sum(axis=1), warm.kwh.sum(axis=1)
    cover = np.divide(given, need, out=np.ones(count), where=need > 0)
    highest = np.argmax(heat.peak_kw, axis=1)
    rows = np.arange(count)
    wanted, missing = warm.wanted_kw[rows, highest], warm.unserved_kw[rows, highest]
    short = something & (missing > (1 - ALL_OF_IT) * wanted)
    # In the hardest month a source has nothing at all, or has it but others come first.
    frozen = ~some(warm.budget_kw[source, highest[parcel]] > 0)
    found.judge(short & frozen, Grade.CONDITIONAL, "water too cold in the coldest months")
    rest = short & ~frozen
    found.judge(rest & (cover < numbers.cover_conditional), Grade.CONDITIONAL, "shared water covers a part")
    fairly = rest & (cover >= numbers.cover_conditional) & (cover < numbers.cover_fairly)
    found.judge(fairly, Grade.FAIRLY_SUITABLE, "shared water covers a part")
    kind = sources.table["kind"].to_numpy()[source]
    found.judge(
        something & some(~np.isin(kind, SEWAGE)), Grade.FAIRLY_SUITABLE, "assessment of the water needed"
    )
    ships = sources.table["navigable"].to_numpy(dtype=bool)[source]
    found.judge(something & some(ships), Grade.CONDITIONAL, "permit of the waterway needed")
    found.judge(something & some(turned["long"].to_numpy()), Grade.FAIRLY_SUITABLE, "long pipe")
    found.judge(something & some(turned["high"].to_numpy()), Grade.FAIRLY_SUITABLE, "high lift")

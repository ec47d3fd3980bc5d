"""Sets of options: steps of size, one source of heat with hot water from sun or air beside it, and nothing chosen at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.problems import Problem, UserError
from plans.options.offers import AMOUNTS, Offers
from plans.options.technologies import ELECTRICITY, HEAT, HOT_WATER
from standards import Taken

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
NOTHING = -1
KW_DIGITS = 1  # capacities of assessments are whole tenths of a kilowatt
ROUNDED = 1e-3  # energies of assessments are whole kilowatt-hours, so that sums may differ by a little
SCALED = (*AMOUNTS, "gross_yuan_per_year")


@dataclass(frozen=True)
class Sets:
    """What parcels may choose among, decision after decision.

    What does not touch each other is decided apart: panels of each class by themselves, for roofs were divided before,
    and heat with hot water together. All bundles of a parcel are thereby open, and none need be listed.

    Parameters
    ----------
    items : DataFrame
        One technology at one size on one parcel: `offer`, parcel_id, technology, family, service, approved, `share` of
        the largest size, and `AMOUNTS`.
    decision : list of str
        Name of every decision, `parcel_id/technology` or `parcel_id/heat`.
    start : ndarray of int64, shape (decisions + 1,)
        Where the options of every decision begin.
    first, second : ndarray of int64, shape (options,)
        Rows of `items` that an option consists of; -1 for nothing.
    """

    items: pd.DataFrame
    decision: list[str]
    start: Places
    first: Places
    second: Places

    def of_items(self, values: Floats) -> Floats:
        """Amounts of options from those of items, (options,)."""
        padded = np.append(values, 0.0)  # the last one is nothing
        found: Floats = padded[self.first] + padded[self.second]
        return found

    def keeping(self, kept: NDArray[np.bool_]) -> Sets:
        """The same with some options alone; every decision must keep one."""
        which = np.repeat(np.arange(len(self.decision)), np.diff(self.start))[kept]
        counts = np.bincount(which, minlength=len(self.decision))
        start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return Sets(self.items, self.decision, start, self.first[kept], self.second[kept])


def sized(offers: Offers, taken: Taken) -> pd.DataFrame:
    """Items: every offer in steps of size; what rounds to nothing is left out."""
    steps = sorted(
        taken.number("programme_rules", item="size_step", case=case) for case in ("small", "large", "whole")
    )
    frame = offers.frame
    kw = frame["planned_kw"].to_numpy(dtype=float)
    parts = [sized_to(frame, np.round(kw * step, KW_DIGITS)) for step in steps]
    items = pd.concat(parts)
    items = items[items["planned_kw"] > 0].drop_duplicates(["offer", "planned_kw"], keep="last")
    return items.sort_values(["offer", "share"], kind="stable").reset_index(drop=True)


def sized_to(frame: pd.DataFrame, kw: Floats) -> pd.DataFrame:
    """Offers at a size; everything goes with the capacity."""
    whole = frame["planned_kw"].to_numpy(dtype=float)
    share = kw / whole
    names = [name for name in SCALED if name != "planned_kw"]
    scaled = {name: np.where(kw == whole, frame[name], frame[name] * share) for name in names}
    keep = frame[["parcel_id", "technology", "family", "service", "approved"]]
    return keep.assign(offer=frame.index.astype(str), share=share, **scaled, planned_kw=kw).reset_index(
        drop=True
    )


def sets_of(items: pd.DataFrame, demand: pd.DataFrame, taken: Taken) -> Sets:
    """Options of all decisions.

    Heat of a parcel is one source of heat and one of hot water, or either, or none; hot water from sun or air is never
    more than is needed, and both together never more than heat and hot water. Where too many are left, steps of size
    go first.
    """
    most = int(taken.number("programme_rules", item="options", case="most"))
    panels = items.index[items["service"] == ELECTRICITY]
    power = pd.DataFrame(
        {"decision": items.loc[panels, "offer"].astype(object), "first": panels, "second": NOTHING}
    )
    heat = _heat(items, demand, most)
    options = pd.concat([power, heat], ignore_index=True)
    names = options["decision"].drop_duplicates()
    nothing = pd.DataFrame({"decision": names, "first": NOTHING, "second": NOTHING})
    options = pd.concat([nothing, options], ignore_index=True)
    options = options.sort_values(["decision", "first", "second"], kind="stable")
    decision, counts = np.unique(options["decision"].to_numpy(dtype=str), return_counts=True)
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Sets(
        items,
        [str(name) for name in decision],
        start,
        options["first"].to_numpy(dtype=np.int64),
        options["second"].to_numpy(dtype=np.int64),
    )


def _heat(items: pd.DataFrame, demand: pd.DataFrame, most: int) -> pd.DataFrame:
    """Sources of heat, of hot water, and of both."""
    rooms = items[items["service"] == HEAT]
    water = items[items["service"] == HOT_WATER]
    one = pd.DataFrame(
        {
            "parcel_id": pd.concat([rooms["parcel_id"], water["parcel_id"]]),
            "first": [*rooms.index, *water.index],
            "second": NOTHING,
            "kind": [*(rooms["share"] < 1.0).astype(int), *(water["share"] < 1.0).astype(int)],
        }
    )
    left = rooms[["parcel_id", "kwh_per_year", "share"]].assign(first=rooms.index)
    right = water[["parcel_id", "kwh_per_year", "share"]].assign(second=water.index)
    both = left.merge(right, on="parcel_id", suffixes=("", "_water"))
    need = demand[["heat", "hot_water"]].sum(axis=1).reindex(both["parcel_id"]).to_numpy(dtype=float)
    both = both[(both["kwh_per_year"] + both["kwh_per_year_water"]).to_numpy() <= need * (1.0 + ROUNDED)]
    # Whole sizes first, then steps of one source alone, then steps of one of two, then of both.
    steps = (both["share"] < 1.0).astype(int) + (both["share_water"] < 1.0).astype(int)
    both["kind"] = np.where(steps > 0, steps + 1, 0)
    found = pd.concat([one, both[["parcel_id", "first", "second", "kind"]]], ignore_index=True)
    found["decision"] = found["parcel_id"].astype(str) + "/" + HEAT
    kinds = found.groupby(["decision", "kind"]).size().groupby(level=0).cumsum()
    summed = kinds.reindex(pd.MultiIndex.from_frame(found[["decision", "kind"]])).to_numpy()
    kept = (found["kind"] == 0).to_numpy() | (summed < most)
    return found.loc[kept, ["decision", "first", "second"]]


def only(sets: Sets, wanted: pd.DataFrame) -> Sets:
    """Sets in which decided offers keep one option.

    Parameters
    ----------
    sets : Sets
        With the sizes of decided offers among their items.
    wanted : DataFrame
        By offer: `planned_kw`; 0 for never.
    """
    items = sets.items
    fixed = items["offer"].map(wanted["planned_kw"]).to_numpy(dtype=float)
    right = np.isclose(items["planned_kw"].to_numpy(dtype=float), fixed)
    decided = ~np.isnan(fixed)
    bad = np.append(decided & ~right, False)
    kept = ~(bad[sets.first] | bad[sets.second])
    good = np.append(decided & right, False)
    has = good[sets.first].astype(int) + good[sets.second]
    which = np.repeat(np.arange(len(sets.decision)), np.diff(sets.start))
    offer = np.append(pd.factorize(items["offer"])[0], NOTHING)
    asked = pd.DataFrame({"decision": np.tile(which, 2), "item": np.concatenate([sets.first, sets.second])})
    asked = asked[good[asked["item"]]]
    asked["offer"] = offer[asked["item"]]
    needed = asked.drop_duplicates(["decision", "offer"]).groupby("decision").size()
    kept &= has == needed.reindex(range(len(sets.decision)), fill_value=0).to_numpy()[which]
    empty = np.bincount(which[kept], minlength=len(sets.decision)) == 0
    if empty.any():
        raise UserError(
            Problem(
                "The choices made for these parcels cannot stand together.",
                "Fix one source of heat at most, with hot water that is still needed.",
                table="choice",
                rows=tuple(np.array(sets.decision, dtype=object)[empty]),
            )
        )
    return sets.keeping(kept)

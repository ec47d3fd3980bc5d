"""New buildings: when they are finished, by which code they are built, and what of them is green or ultra-low."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.city import City
from plans.period import Period
from plans.stock import EXISTING, NEW, NOT_CIVIL, RESIDENTIAL, Stock
from standards import Taken

Numbers = NDArray[np.float64]
COLD_ZONES = ("1", "2")
GRADES = ("none", "basic", "one_star", "two_star", "three_star")
STARS = GRADES[2:]
LABELS = {"basic": "basic", "one": "one_star", "two": "two_star", "three": "three_star"}
STATUSES = ("existing", "granted", "approved", "planned")


@dataclass(frozen=True)
class NewBuild:
    """New buildings of a plan, by row of the stock.

    Parameters
    ----------
    finished : ndarray
        Year in which a row is finished, (n,); before all years where what stands has none.
    last : int
        Year in which the last planned parcel is finished; the base year where none is planned.
    design : ndarray
        Design energy over that of the 2016 standards, (n,); 1 of what is older than the first code of the table.
    code : ndarray
        The same if it followed only the code in force at the base year, (n,).
    new : ndarray of bool
        Planned rows.
    grade : ndarray
        Grade of each row as a word of `GRADES`, (n,).
    prefabricated : ndarray of bool
        (n,)
    ultra_low_m2 : ndarray
        Ultra-low and nearly zero energy floor area, (n,). [m²]
    """

    finished: Numbers
    last: int
    design: Numbers
    code: Numbers
    new: NDArray[np.bool_]
    grade: NDArray[np.object_]
    prefabricated: NDArray[np.bool_]
    ultra_low_m2: Numbers

    def ratio(self, year: int) -> Numbers:
        """Energy for heating and cooling of each row over what the model, which knows the code of today, says."""
        return np.where(self.new & (self.finished <= year), self.design / self.code, 1.0)


def new_build_of(
    city: City, stock: Stock, grade: pd.DataFrame | None, period: Period, taken: Taken
) -> NewBuild:
    """New buildings of a city.

    Parameters
    ----------
    city : City
        With parcels and their `status`; buildings with labels where known.
    stock : Stock
        Buildings and planned parcels.
    grade : DataFrame, optional
        Table of grades by parcel: `green_grade` or `grade`, and where known `prefabricated` and `ultra_low_energy_m2`.
    period : Period
        Years of the plan.
    taken : Taken
        Reads and remembers numbers.
    """
    frame = stock.frame
    new = (frame["stock_kind"] == NEW).to_numpy()
    finished = _finished(city, frame, period, taken)
    civil = new & (frame["civil"] != NOT_CIVIL).to_numpy()
    given = pd.DataFrame(index=frame.index) if grade is None else grade.reindex(frame["parcel_id"])
    given = given.set_axis(frame.index)
    of = _building_columns(city, frame)
    area = frame["gfa_m2"].to_numpy(dtype=float)
    ultra = np.where(of["ultra_low_energy"], area, 0.0)
    if "ultra_low_energy_m2" in given:
        planned = (
            pd.to_numeric(given["ultra_low_energy_m2"], errors="coerce").fillna(0.0).to_numpy(dtype=float)
        )
        ultra = np.where(new, np.minimum(planned, area), ultra)
    prefabricated = of["prefabricated"]
    if "prefabricated" in given:
        prefabricated = np.where(new, given["prefabricated"].fillna(False).astype(bool), prefabricated)
    words = of["grade"]
    name = "green_grade" if "green_grade" in given else "grade"
    if name in given:
        words = np.where(new, given[name].fillna("none").astype(str), words)
    housing = (frame["civil"] == RESIDENTIAL).to_numpy()
    code = _by_code(city, housing, np.full(len(frame), float(period.base_year)), taken)
    design = _by_code(city, housing, finished, taken)
    low = taken.number("energy_plan_rules", item="design_energy", case="ultra-low energy")
    share = np.divide(ultra, area, out=np.zeros_like(area), where=area > 0)
    design = design * (1.0 - share) + np.minimum(low, design) * share
    last = int(finished[civil].max()) if civil.any() else period.base_year
    return NewBuild(
        finished, last, design, code, new, np.asarray(words, dtype=object),
        np.asarray(prefabricated, dtype=bool), ultra,
    )  # fmt: skip


def _finished(city: City, frame: pd.DataFrame, period: Period, taken: Taken) -> Numbers:
    """Year in which every row is finished: as built, or so many years after the base year by the state of the parcel."""
    parcels = city.tables.get("parcel")
    status = (
        frame["parcel_id"].map(parcels["status"].astype(object))
        if parcels is not None and "status" in parcels
        else pd.Series("planned", index=frame.index)
    )
    words = [one for one in STATUSES if one != "existing"]
    delay = {one: taken.number("energy_plan_rules", item="completion", case=one) for one in words}
    planned = period.base_year + status.map(delay).fillna(delay["planned"]).to_numpy(dtype=float)
    built = frame["year_built"].to_numpy(dtype=float)
    standing = np.where(np.isnan(built), -np.inf, built)
    return np.where(frame["stock_kind"] == EXISTING, standing, planned)


def _building_columns(city: City, frame: pd.DataFrame) -> dict[str, NDArray[np.generic]]:
    """Labels of standing buildings; planned ones have none."""
    buildings = city.tables.get("building")

    def flag(name: str) -> NDArray[np.bool_]:
        if buildings is None or name not in buildings:
            return np.zeros(len(frame), dtype=bool)
        return np.asarray(buildings[name].reindex(frame.index).fillna(False), dtype=bool)

    words = pd.Series("none", index=frame.index, dtype=object)
    if buildings is not None and "green_star" in buildings:
        words = buildings["green_star"].astype(object).reindex(frame.index).map(LABELS).fillna("none")
    return {
        "prefabricated": flag("prefabricated"),
        "ultra_low_energy": flag("ultra_low_energy"),
        "grade": words.to_numpy(dtype=object),
    }


def _by_code(city: City, housing: NDArray[np.bool_], year: Numbers, taken: Taken) -> Numbers:
    """Design energy over that of the 2016 standards by the code in force in a year; 1 before the first of the table.

    A code saves so much against the 1980s; the first of the table saves what GB 55015 2.0.1 says against 2016.
    """
    zone = str(city.facts.get("climate_zone") or "")
    group = "cold" if zone[:1] in COLD_ZONES else "other"
    table = taken.standards.table("new_build_steps")
    found = np.ones(len(year))
    for use_class, here in (("residential", housing), ("public", ~housing)):
        rows = table[(table["use_class"] == use_class) & (table["zone_group"] == group)].sort_values(
            "from_year"
        )
        steps = []
        for first in rows["from_year"]:
            row = taken.standards.number(
                "new_build_steps",
                column="saving_share",
                use_class=use_class,
                zone_group=group,
                from_year=first,
            )
            taken.used.append(row)
            steps.append((float(first), row.value))
        cut = taken.number(
            "gb55015_baselines", clause="2.0.1", building_type=use_class, quantity="design_energy_reduction",
            column="value",
        )  # fmt: skip
        for first, saving in steps:
            ratio = (1.0 - cut / 100.0) * (1.0 - saving) / (1.0 - steps[0][1])
            found = np.where(here & (year >= first), ratio, found)
    return found

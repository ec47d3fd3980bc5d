"""Accounts: targets, money, shared resources and the grid as sums over items, each with its price ceiling and rank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from core.problems import Problem, Severity
from layers.city import City
from plans.allocation import Account
from plans.indicator_inputs import GROSS
from plans.options.offers import Offers
from plans.options.settings import Bought, ProgrammeSettings
from plans.options.technologies import counted, technologies
from plans.stock import NOT_CIVIL, RURAL, civil_of
from potential import Assessment
from standards import Taken

Floats = NDArray[np.float64]
BUDGET = "budget"
CITY_WIDE = ("city", "")
SHARE = "share"
DRAWN_DIGITS = 1  # draws of assessments are rounded to so many digits


@dataclass
class Ledger:
    """Accounts as they are gathered, with what every item gives to each.

    Parameters
    ----------
    items : int
        How many items there are.
    accounts : list of Account
        What must be reached or not passed.
    gains : list of ndarray
        What every item gives to each account, (items,).
    indicator : list of str
        Indicator of the account where it is a target.
    unit : list of str
        Unit of each account.
    kind : list of str
        Accounts of one kind measure the same, each in an area of its own.
    drawing : set of str
        Offers that draw from a resource that could be drawn beyond what there is.
    """

    items: int
    accounts: list[Account] = field(default_factory=list)
    gains: list[Floats] = field(default_factory=list)
    indicator: list[str] = field(default_factory=list)
    unit: list[str] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)
    drawing: set[str] = field(default_factory=set)

    def add(self, account: Account, gain: Floats, unit: str, indicator: str = "", kind: str = "") -> None:
        """One more account."""
        self.kind.append(kind or f"{indicator or account.name}/{account.at_least}")
        self.accounts.append(account)
        self.gains.append(gain)
        self.unit.append(unit)
        self.indicator.append(indicator)

    def measures(self) -> Floats:
        """What every item gives by kind of account, the more the better, (items, kinds)."""
        found: dict[str, Floats] = {}
        for account, gain, kind in zip(self.accounts, self.gains, self.kind, strict=True):
            found[kind] = found.get(kind, np.zeros(len(gain))) + account.sign * gain
        return np.column_stack([*found.values()]) if found else np.zeros((self.items, 0))

    def matrix(self, first: NDArray[np.int64], second: NDArray[np.int64]) -> csr_array:
        """What every option, of two items at most, gives to every account, (options, accounts)."""
        rows = [np.flatnonzero(gain) for gain in self.gains]
        places = np.concatenate([*rows, np.zeros(0, np.int64)])
        columns = np.repeat(np.arange(len(rows)), [len(one) for one in rows])
        values = np.concatenate(
            [*(gain[one] for gain, one in zip(self.gains, rows, strict=True)), np.zeros(0)]
        )
        of_items = csr_array((values, (places, columns)), shape=(self.items + 1, len(rows)))
        return csr_array(of_items[first] + of_items[second])  # the last row is that of nothing


@dataclass(frozen=True)
class Goals:
    """What accounts are drawn up from.

    Parameters
    ----------
    targets : DataFrame
        Table `target`: indicator, area_kind, area_id, year, operator, value in base units.
    year : int
        Whose targets count.
    bought : Bought or None
        Energy of urban civil buildings without the plan; without it targets of 替代率 are left out.
    """

    targets: pd.DataFrame
    year: int
    bought: Bought | None


def ledger(
    city: City,
    assessments: Mapping[str, Assessment],
    offers: Offers,
    items: pd.DataFrame,
    goals: Goals,
    settings: ProgrammeSettings,
    taken: Taken,
) -> tuple[Ledger, list[Problem]]:
    """All accounts of a choice.

    Parameters
    ----------
    city : City
        With parcels, and districts where their grid is known.
    assessments : Mapping of str to Assessment
        They say how much of each shared resource there is.
    offers, items : Offers, DataFrame
        What may be chosen.
    goals : Goals
        Targets of the year.
    settings : ProgrammeSettings
        Budget, and how rates are counted.
    taken : Taken
        Reads and remembers numbers.
    """
    book = Ledger(len(items))
    problems: list[Problem] = []
    _targets(book, problems, city, items, goals, settings, taken)
    ceiling = taken.number("programme_rules", item="price", case="ceiling")
    if settings.budget_yuan is not None:
        rank = int(taken.number("programme_rules", item="rank", case="budget"))
        capex = items["capex_yuan"].to_numpy(dtype=float)
        book.add(Account(BUDGET, False, settings.budget_yuan, ceiling, rank), capex, "yuan")
    rank = int(taken.number("programme_rules", item="rank", case="shared resource"))
    _resources(book, assessments, offers, items, ceiling, rank, taken)
    _grid(book, city, items, ceiling, rank, taken)
    return book, problems


def counting(city: City, items: pd.DataFrame, settings: ProgrammeSettings) -> NDArray[np.bool_]:
    """Items that count in 替代率: of technologies that count, on urban land of civil use."""
    parcels = city.tables["parcel"]
    use = items["parcel_id"].map(parcels["use"].astype(object)).fillna("unknown")
    civil = (civil_of(use, city.standards) != NOT_CIVIL).to_numpy()
    if settings.count_factory_power:
        civil |= (items["family"] == "pv").to_numpy()
    rural = np.zeros(len(items), dtype=bool)
    if "settlement" in parcels:
        rural = (items["parcel_id"].map(parcels["settlement"].astype(object)) == RURAL).to_numpy()
    tells = items["technology"].map(counted(technologies(city.standards), settings)).to_numpy(dtype=bool)
    found: NDArray[np.bool_] = civil & ~rural & tells
    return found


def measured(items: pd.DataFrame, row: pd.Series, counts: NDArray[np.bool_]) -> Floats:
    """What every item gives to the indicator of a row of the table `plan_accounts`, (items,)."""
    gain = items[str(row["measure"])].to_numpy(dtype=float)
    families = str(row["families"]).split()
    if families:
        gain = np.where(items["family"].isin(families), gain, 0.0)
    if row["form"] == SHARE:
        gain = np.where(counts, gain, 0.0)
    return np.where(items["approved"], gain, 0.0)


def needed_kgce(rate: float, bought: Bought, form: str) -> float:
    """Coal that must be replaced for a rate, with what is replaced already. [kgce]

    What is bought and what is replaced together stay the same E: gross R / E, net R / (E - R).
    """
    whole = bought.bought_kgce + bought.replaced_kgce
    return rate * whole if form == GROSS else rate * whole / (1.0 + rate)


def _targets(
    book: Ledger,
    problems: list[Problem],
    city: City,
    items: pd.DataFrame,
    goals: Goals,
    settings: ProgrammeSettings,
    taken: Taken,
) -> None:
    rules = taken.standards.table("plan_accounts").set_index("indicator")
    factor = taken.number("programme_rules", item="price", case="ceiling")
    rows = goals.targets
    rows = rows[rows["indicator"].isin(rules.index) & (rows["year"].astype(int) == goals.year)]
    counts = counting(city, items, settings)
    for (indicator, kind, area), same in rows.groupby(["indicator", "area_kind", "area_id"], sort=False):
        row = rules.loc[indicator]
        for operator, group in same.groupby("operator", sort=False):
            at_least = operator == ">="
            value = float(group["value"].max() if at_least else group["value"].min())
            gain = np.where(within(city, items, str(kind), str(area)), measured(items, row, counts), 0.0)
            if row["form"] == SHARE:
                if goals.bought is None or kind != "city":
                    problems.append(_unknown_energy(tuple(group.index)))
                    continue
                value = needed_kgce(value, goals.bought, settings.rate_form) - goals.bought.replaced_kgce
            name = str(indicator) if kind == "city" else f"{indicator}/{area}"
            name = name if at_least else f"{name}/most"
            ceiling = factor * _usual_cost(items, gain)
            book.add(
                Account(name, at_least, value, ceiling, int(row["rank"])),
                gain,
                str(row["unit"]),
                str(indicator),
            )


def _unknown_energy(rows: tuple[object, ...]) -> Problem:
    return Problem(
        "How much must be replaced for these targets is not known.",
        "Draw up the baseline, and set targets of replacement for the whole city; they are left out.",
        severity=Severity.WARNING,
        table="target",
        rows=rows,
    )


def within(city: City, items: pd.DataFrame, kind: str, area: str) -> NDArray[np.bool_]:
    """Items on parcels of an area; districts by code or name."""
    if kind == "city":
        return np.ones(len(items), dtype=bool)
    parcels = city.tables["parcel"]
    names = ["planning_unit"] if kind == "unit" else ["district_code", "district_name"]
    found = np.zeros(len(items), dtype=bool)
    for name in names:
        if name in parcels:
            found |= (items["parcel_id"].map(parcels[name].astype(object)).astype(str) == area).to_numpy()
    return found


def _usual_cost(items: pd.DataFrame, gain: Floats) -> float:
    """Mean yearly cost, before what is saved, of a unit of an account by what serves it; 1 where nothing does."""
    serves = gain > 0
    whole = float(gain[serves].sum())
    return float(items.loc[serves, "gross_yuan_per_year"].sum()) / whole if whole > 0 else 1.0


def _resources(
    book: Ledger,
    assessments: Mapping[str, Assessment],
    offers: Offers,
    items: pd.DataFrame,
    ceiling: float,
    rank: int,
    taken: Taken,
) -> None:
    """A cap for every resource that parcels share and that could be drawn beyond what there is."""
    draws = offers.draws
    if draws.empty:
        return
    table = _available(assessments, draws, taken)
    yearly = float(items["gross_yuan_per_year"].mean())
    for (resource, place), rows in draws.groupby(["resource", "resource_id"], sort=False):
        drawn = rows.set_index("offer")["drawn"]
        # What assessments drew is rounded for every offer.
        slack = len(rows) * 10.0**-DRAWN_DIGITS / 2
        there = max(table.get((resource, place), 0.0), 0.0) + slack
        gain = np.nan_to_num(items["offer"].map(drawn).to_numpy(dtype=float)) * items["share"].to_numpy()
        if float(drawn.sum()) <= there:
            continue  # all together stay within it, so it cannot bind
        book.drawing |= set(drawn.index)
        price = ceiling * yearly / max(float(drawn.mean()), 10.0**-DRAWN_DIGITS)
        book.add(Account(f"{resource}/{place}", False, there, price, rank), gain, "", kind=str(resource))


def _available(
    assessments: Mapping[str, Assessment], draws: pd.DataFrame, taken: Taken
) -> dict[tuple[str, str], float]:
    """How much of each shared resource there is: as the assessment says, else what it gave out."""
    given = draws.groupby(["resource", "resource_id"])["drawn"].sum()
    found = {(str(kind), str(place)): float(value) for (kind, place), value in given.items()}
    for row in taken.standards.table("shared_resources").itertuples():
        one = assessments.get(str(row.assessment))
        if one is None or not row.available_column or row.detail not in one.details:
            continue
        there = pd.to_numeric(one.details[row.detail][row.available_column], errors="coerce").dropna()
        found |= {(str(row.resource), str(place)): float(value) for place, value in there.items()}
    return found


def _grid(book: Ledger, city: City, items: pd.DataFrame, ceiling: float, rank: int, taken: Taken) -> None:
    """A cap on the panels of each district by the transformers of its grid, less what is connected."""
    districts = city.tables.get("district")
    parcels = city.tables["parcel"]
    if districts is None or "transformer_kva" not in districts or "district_code" not in parcels:
        return
    most = taken.number("programme_rules", item="grid", case="pv_share")
    factor = taken.number("programme_rules", item="grid", case="power_factor")
    panels = np.where(items["family"] == "pv", items["planned_kw"], 0.0)
    code = items["parcel_id"].map(parcels["district_code"].astype(object)).astype(str)
    usual = _usual_cost(items, panels)
    for place, row in districts.iterrows():
        kva = float(row["transformer_kva"])
        if not kva > 0:
            continue
        connected = float(row["pv_connected_kw"]) if "pv_connected_kw" in row else 0.0
        room = kva * factor * most - (connected if connected > 0 else 0.0)
        here = (code == str(row.get("district_code", place))).to_numpy()
        gain = np.where(here, panels, 0.0)
        account = Account(f"grid/{place}", False, max(room, 0.0), ceiling * usual, rank)
        book.add(account, gain, "kW", kind="grid")

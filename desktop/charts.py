"""Charts: what the window draws of a city and its plan for some rows, each with its table of values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.look import LIGHT
from core.texts import text, word
from core.units import MISSING, percent, quantity
from desktop.chart_scope import BUILDING, CITY, DISTRICT, PARCEL, UNIT, Scope
from plans import Part
from plans.decomposition import area_targets
from plans.indicators import reached
from potential import Assessment
from reports import plots
from reports.axes import Key
from reports.heat_charts import Temperatures, demand_and_supply, field_temperatures, ground_balance
from reports.heat_figures import years_of_field

MONTHS, HOURS = 12, 24
W_PER_KW = 1000.0
LEAST_SAID = 1e-9  # a share that is written as none, though it is some
MOST_FIELDS = 2000  # fields of boreholes of which the course over the years is found
GENERATED = (
    ("rooftop", "pv_kwh", "Roofs"),
    ("facade", "facade_kwh", "Walls"),
    ("ancillary", "ancillary_kwh", "Ancillary structures"),
    ("municipal", "municipal_kwh", "Municipal facilities"),
)
NEEDED = (
    ("heat_kwh", "Heating", "bad"),
    ("hot_water_kwh", "Hot water", "sun"),
    ("cold_kwh", "Cooling", "water"),
)
TECHNOLOGY, MEASURE = "technology", "measure"

Picture = Callable[[float, float], str]
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Content:
    """What charts are drawn from: results by name, and the plan where there is one."""

    assessments: Mapping[str, Assessment]
    plan: Part | None = None


@dataclass(frozen=True)
class Chart:
    """A chart: `picture` draws it as SVG into a width and height [mm]; None where there is nothing, `note` says why.

    `table` has the values that are drawn, a column a heading, in the language of the moment.
    """

    title: str
    picture: Picture | None = None
    table: pd.DataFrame = field(default_factory=pd.DataFrame)
    note: str = ""


def electricity_months(content: Content, scope: Scope, option: str = "") -> Chart:
    """Electricity needed month by month, and what roofs, walls and structures could give."""
    title = text("Electricity by month")
    need = months_of(content.assessments.get("demand"), "electricity_kwh", scope)
    if need is None:
        return Chart(title, note=_assess("Assess the demand first."))
    supply = {}
    for name, base, words in GENERATED:
        found = months_of(content.assessments.get(name), base, scope)
        if found is not None and found.sum() > 0:
            supply[text(words)] = list(found)
    table = _by_month(
        {f"{text('Demand')} (kWh)": need, **{f"{name} (kWh)": np.array(row) for name, row in supply.items()}}
    )
    return Chart(
        title,
        lambda width, height: demand_and_supply(list(need), supply, width_mm=width, height_mm=height),
        table,
        text("What could be made is the whole potential, not the plan."),
    )


def heat_months(content: Content, scope: Scope, option: str = "") -> Chart:
    """Heat, hot water and cold needed month by month."""
    title = text("Heat and cold by month")
    rows = [
        (text(words), months_of(content.assessments.get("demand"), base, scope), LIGHT[colour])
        for base, words, colour in NEEDED
    ]
    known = [
        plots.Series(words, list(values), colour) for words, values, colour in rows if values is not None
    ]
    if not known:
        return Chart(title, note=_assess("Assess the demand first."))
    table = _by_month({f"{one.title} (kWh)": np.array(one.values) for one in known})
    return Chart(
        title,
        lambda width, height: plots.month_columns(known, "kWh", width_mm=width, height_mm=height),
        table,
    )


def typical_day(content: Content, scope: Scope, option: str = "1") -> Chart:
    """Electricity of the mean workday, the mean holiday and of roofs, hour by hour; `option` is the month."""
    month = int(option or 1)
    title = text("Typical day of electricity")
    found: list[plots.Series] = []
    demand, roofs = (content.assessments.get(name) for name in ("demand", "rooftop"))
    days = demand.details.get("parcel_day") if demand is not None and scope.table == PARCEL else None
    if days is not None:
        mine = days[
            (days["carrier"] == "electricity") & (days["month"] == month) & days.index.isin(scope.ids)
        ]
        for kind, words, colour in (("workday", "Workday", "ink"), ("holiday", "Holiday", "muted")):
            rows = mine[mine["day_kind"] == kind]
            if len(rows):
                found.append(plots.Series(text(words), list(_hours(rows, "demand_kw_hour_")), LIGHT[colour]))
    suns = roofs.details.get(f"{scope.table}_day") if roofs is not None else None
    if suns is not None:
        rows = suns[(suns["month"] == month) & suns.index.isin(scope.ids)]
        if len(rows):
            made = _hours(rows, "pv_wh_hour_") / W_PER_KW
            found.append(plots.Series(text("Roofs"), list(made), LIGHT["sun"]))
    if not found:
        return Chart(title, note=_assess("Assess the demand and the roofs first."))
    table = pd.DataFrame({text("Hour"): range(HOURS), **{f"{one.title} (kW)": one.values for one in found}})
    note = (
        ""
        if scope.table == PARCEL
        else text("Demand by the hour is known of parcels, not of single buildings.")
    )
    return Chart(
        title,
        lambda width, height: plots.day_curves(found, "kW", width_mm=width, height_mm=height),
        table,
        note,
    )


def ground_heat(content: Content, scope: Scope, option: str = "") -> Chart:
    """Heat taken from the ground and given to it in a year."""
    title = text("Heat balance of the ground")
    made = content.assessments.get("shallow")
    taken = months_of(made, "ghe_extraction_kwh", scope)
    put = months_of(made, "ghe_injection_kwh", scope)
    if made is None or taken is None or put is None:
        return Chart(title, note=_parcels_only(scope) or _assess("Assess heat from shallow ground first."))
    if not taken.sum() + put.sum() > 0:
        return Chart(title, note=text("Nothing is taken from the ground here."))
    aid = float(made.parcels["ghe_remedy_kwh_per_year"].reindex(scope.ids).sum())
    alone = len(scope.ids) == 1  # what evens out one field says nothing of the sum of several
    remedy = (text("evened out by other means"), aid) if alone and aid > 0 else None
    note = ""
    if not alone and aid > 0:
        note = text("{amount} are evened out by other means, field by field.", amount=quantity(aid, "kWh/a"))
    table = _by_month({f"{text('Extraction')} (kWh)": taken, f"{text('Injection')} (kWh)": put})

    def picture(width: float, height: float) -> str:
        return ground_balance(
            float(taken.sum()), float(put.sum()), remedy=remedy, width_mm=width, height_mm=min(height, 34.0)
        )

    return Chart(title, picture, table, note)


def ground_years(content: Content, scope: Scope, option: str = "") -> Chart:
    """Fluid and ground of the fields of boreholes over the years: the middle of all fields and the band of most."""
    title = text("Temperatures of the ground over the years")
    made = content.assessments.get("shallow")
    fields = made.details.get("ground_field") if made is not None else None
    if made is None or fields is None or scope.table != PARCEL:
        return Chart(title, note=_parcels_only(scope) or _assess("Assess heat from shallow ground first."))
    mine = fields[fields.index.isin(scope.ids)]
    mine = mine[mine["ghe_years"] == mine["ghe_years"].max()] if len(mine) else mine
    if mine.empty:
        return Chart(title, note=text("There is no field of boreholes here."))
    if len(mine) > MOST_FIELDS:  # evenly over the city; more would change no line that can be seen
        mine = mine.iloc[np.linspace(0, len(mine) - 1, MOST_FIELDS).astype(int)]
    rows = made.parcels.loc[mine.index]
    loads = zip(_year(rows, "ghe_extraction_kwh"), _year(rows, "ghe_injection_kwh"), strict=True)
    found = [years_of_field(mine.iloc[n], taken, put) for n, (taken, put) in enumerate(loads)]
    warm, cold, wall = (np.array(values, dtype=float) for values in zip(*found, strict=True))
    several = len(mine) > 1
    curves = [
        _temperatures(text(words), values, LIGHT[colour], several)
        for words, values, colour in (
            ("Warmest fluid", warm, "bad"),
            ("Ground at the boreholes", wall, "deep"),
            ("Coldest fluid", cold, "water"),
        )
    ]
    limits = []
    if not several:
        limits = [
            (text("Upper limit"), float(mine["ghe_highest_c"].iloc[0])),
            (text("Lower limit"), float(mine["ghe_lowest_c"].iloc[0])),
        ]
    years = {f"{one.title} (°C)": one.middle for one in curves}
    table = pd.DataFrame({text("Year of use"): range(1, warm.shape[1] + 1), **years})
    return Chart(
        title,
        lambda width, height: field_temperatures(curves, limits, width_mm=width, height_mm=height),
        table,
        text("The middle of {count} fields, and where eight of ten lie.", count=len(mine)) if several else "",
    )


def carbon_cost(content: Content, scope: Scope, option: str = TECHNOLOGY) -> Chart:
    """What a tonne of carbon costs, cheapest first: technologies of the plan, or each measure (`option`)."""
    title = text("Cost of avoided carbon")
    choice = content.plan.tables.get("choice") if content.plan is not None else None
    if choice is None:
        return Chart(title, note=_assess("Make the plan first."))
    if scope.table != PARCEL:
        return Chart(title, note=_parcels_only(scope))
    mine = choice if scope.whole else choice[choice["parcel_id"].isin(scope.ids)]
    names = list(dict.fromkeys(choice["technology"]))
    colours = {name: plots.COLOURS[number % len(plots.COLOURS)] for number, name in enumerate(names)}
    if option == MEASURE:
        rows = mine[["technology", "parcel_id", "avoided_tco2_per_year", "cost_yuan_per_year"]]
        titles = [
            f"{word(str(one))} · {place}"
            for one, place in zip(rows["technology"], rows["parcel_id"], strict=True)
        ]
    else:
        sums = mine.groupby("technology", sort=False)[["avoided_tco2_per_year", "cost_yuan_per_year"]].sum()
        rows = sums.reset_index()
        titles = [word(str(one)) for one in rows["technology"]]
    avoided = rows["avoided_tco2_per_year"].to_numpy(dtype=float)
    cost = rows["cost_yuan_per_year"].to_numpy(dtype=float)
    good = (avoided > 0) & np.isfinite(cost)
    if not good.any():
        return Chart(title, note=text("Nothing was chosen here that avoids carbon."))
    steps = [
        plots.Step(said, float(less), float(paid / less), colours[name])
        for said, less, paid, name, known in zip(titles, avoided, cost, rows["technology"], good, strict=True)
        if known
    ]
    steps.sort(key=lambda step: step.yuan_per_tco2)
    used = [name for name in names if name in set(rows["technology"][good])]
    keys = [Key(word(str(name)), colours[name]) for name in used]
    table = pd.DataFrame(
        {
            text("Measure"): [step.title for step in steps],
            text("Avoided (tCO2/a)"): [step.avoided_tco2 for step in steps],
            text("Added up (tCO2/a)"): np.cumsum([step.avoided_tco2 for step in steps]),
            text("Cost (CNY/tCO2)"): [step.yuan_per_tco2 for step in steps],
        }
    )
    left_out = int((~good).sum())
    note = text("Yearly net cost of the plan; below zero it earns.")
    if left_out:
        note += " " + text("{count} measures avoid nothing and are left out.", count=left_out)
    return Chart(
        title,
        lambda width, height: plots.abatement(steps, keys=keys, width_mm=width, height_mm=height),
        table,
        note,
    )


def targets(content: Content, scope: Scope, option: str = "") -> Chart:
    """What each target of the city, a district or a unit asks for, what the plan reaches, and the gap."""
    title = text("Targets and gaps")
    plan = content.plan
    if plan is None or "reached" not in plan.tables:
        return Chart(title, note=_assess("Make the plan first."))
    if scope.kind not in (CITY, DISTRICT, UNIT):
        return Chart(
            title, note=text("Targets are set for the city, districts and units; choose one of them.")
        )
    target = plan.tables["target"]
    met = plan.tables["reached"]
    if scope.kind != CITY:
        target = area_targets(target, plan.tables["decomposition"])
        target = target[(target["area_kind"] == scope.kind) & (target["area_id"].astype(str) == scope.area)]
        met = reached(plan.tables["indicator"], target)
    if met.empty:
        return Chart(title, note=text("No target is set here that the plan can be measured by."))
    last = met.assign(target_unit=target["target_unit"].reindex(met.index))
    last = last[last["year"] == last.groupby("indicator")["year"].transform("max")]
    last = last.drop_duplicates(["indicator", "operator", "value"])
    rows = [_gauge(row) for _, row in last.iterrows()]
    in_unit = np.where(last["target_unit"] == "%", 100.0, 1.0)  # shares are stored from 0 to 1
    table = pd.DataFrame(
        {
            text("Target"): [row.title for row in rows],
            text("Asked for"): last["value"].to_numpy() * in_unit,
            text("Reached"): last["indicator_value"].to_numpy() * in_unit,
            text("Margin"): last["target_margin"].to_numpy() * in_unit,
            text("Unit"): last["target_unit"].to_numpy(),
        }
    )
    note = (
        ""
        if scope.whole or scope.kind != CITY
        else text("Targets count the whole city, whatever the filter.")
    )
    return Chart(title, lambda width, height: plots.gauges(rows, width_mm=width), table, note)


CHARTS: Mapping[str, Callable[[Content, Scope, str], Chart]] = MappingProxyType(
    {
        "electricity_months": electricity_months,
        "heat_months": heat_months,
        "typical_day": typical_day,
        "ground_heat": ground_heat,
        "ground_years": ground_years,
        "carbon_cost": carbon_cost,
        "targets": targets,
    }
)


def months_of(made: Assessment | None, base: str, scope: Scope) -> Values | None:
    """Sums of the twelve months over the rows of a scope; None where they are not known. [unit of the column]"""
    if made is None:
        return None
    names = _month_names(base)
    if scope.whole and set(names) <= set(made.totals):
        return np.array([made.totals[name] for name in names], dtype=float)
    frame = made.parcels if scope.table == PARCEL else made.details.get(BUILDING)
    if frame is None or not set(names) <= set(frame.columns):
        return None
    return np.asarray(frame.loc[frame.index.isin(scope.ids), names].sum().to_numpy(dtype=float))


def _month_names(base: str) -> list[str]:
    return [f"{base}_month_{month:02d}" for month in range(1, MONTHS + 1)]


def _year(rows: pd.DataFrame, base: str) -> Values:
    """The months of many rows, shape (rows, 12)."""
    return rows[_month_names(base)].fillna(0.0).to_numpy(dtype=float)


def _hours(rows: pd.DataFrame, begins: str) -> Values:
    names = [f"{begins}{hour:02d}" for hour in range(HOURS)]
    return np.asarray(rows[names].sum().to_numpy(dtype=float))


def _by_month(columns: Mapping[str, Values]) -> pd.DataFrame:
    return pd.DataFrame({text("Month"): range(1, MONTHS + 1), **columns})


def _temperatures(title: str, values: Values, colour: str, several: bool) -> Temperatures:
    low, middle, high = np.quantile(values, (0.1, 0.5, 0.9), axis=0)
    if not several:
        return Temperatures(title, list(middle), colour=colour)
    return Temperatures(title, list(middle), list(low), list(high), colour)


def _gauge(row: pd.Series) -> plots.Gauge:
    unit, at_least = str(row["target_unit"]), row["operator"] == ">="
    asked, found, met = float(row["value"]), float(row["indicator_value"]), bool(row["target_met"])
    sign = "≥" if at_least else "≤"
    gap = abs(float(row["target_margin"]))
    said = amount_said(gap, unit)
    if met:
        words = text("{amount} to spare", amount=said)
    elif said in (amount_said(0.0, unit), percent(LEAST_SAID)):
        words = text("just missed")
    else:
        words = text("short by {amount}", amount=said) if at_least else text("over by {amount}", amount=said)
    return plots.Gauge(
        f"{word(str(row['indicator']))} {int(row['year'])}",
        found / asked if asked else float("nan"),
        text("reached {amount}", amount=amount_said(found, unit)),
        f"{sign} {amount_said(asked, unit)}",
        words,
        met,
    )


def amount_said(value: float, unit: str) -> str:
    """An amount of a target with its unit; shares in per cent."""
    if value != value:
        return MISSING
    return percent(value) if unit == "%" else quantity(value, unit.replace("m2", "m²"))


def _assess(words: str) -> str:
    return text("There is nothing to show yet.") + " " + text(words)


def _parcels_only(scope: Scope) -> str:
    return "" if scope.table == PARCEL else text("This is known of parcels, not of single buildings.")

"""The review of the period before: what the city reached in its five years beside the country's base values and targets."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.problems import Problem, Severity
from layers.city import City
from plans import Part
from plans.baseline import Baseline
from plans.energy_path import Outlook, outlook
from plans.figures import Figure, Figures
from plans.indicator_inputs import CITY, IndicatorSettings
from plans.indicator_sums import inputs_in
from plans.indicator_values import values_of
from plans.indicators import UNITS
from plans.new_build import GRADES
from plans.targets import base_amount, read_targets
from standards import Number, Taken

# Indicators of the review, with the row of the country in 2020 that stands beside each.
COUNTRY = {
    "renewable_substitution_rate": "renewable_substitution_rate",
    "green_building_share_new": "green_share_new",
    "prefabricated_share": "prefabricated_share_new",
    "ultra_low_energy_area": "ultra_low_area",
    "retrofit_area_residential": "retrofit_residential",
    "retrofit_area_public": "retrofit_public",
    "energy_saving_share_stock": "energy_saving_share_stock",
    "green_area_total": "green_area_total",
    "energy_saving_area_total": "energy_saving_area_total",
}
OTHERS = (
    "retrofit_area",
    "pv_capacity_added",
    "geothermal_area_added",
    "electricity_share",
    "operation_energy_total",
)
STOCK_UNITS = {
    "energy_saving_share_stock": ("%", "state"),
    "green_area_total": ("m²", "state"),
    "energy_saving_area_total": ("m²", "state"),
}
PLAN_BEFORE = "14FYP"
REPORTED, REGISTER = "reported", "register"


def review(
    city: City,
    base: Baseline,
    settings: IndicatorSettings,
    taken: Taken,
    own: pd.DataFrame | None = None,
) -> Part:
    """The table 完成情况 of the period that ends with the base year.

    Parameters
    ----------
    city : City
        With a building register: year, retrofit year, label, prefabricated, ultra-low energy, as far as known.
    base : Baseline
        The baseline.
    settings : IndicatorSettings
        How indicators are counted.
    taken : Taken
        Reads and remembers numbers.
    own : DataFrame, optional
        Values that the city reported itself: `indicator`, `area_kind`, `area_id`, `year`, `value` (base unit). Those of
        the years at which a period ends stand in place of what the building register tells.

    Returns
    -------
    Part
        Table `review` by indicator: the city's value of the period that ends with the base year and of the five years
        before, each with its origin (`reported` or `register`), the country's value in 2020 and its target, all in the
        base unit; table `review_year` by indicator and year with what the city reported of the years up to the base
        year. Values per city and per country are not compared where they are amounts.
    """
    plan = outlook(city, base, None, None, None, taken)
    length = plan.period.target_year - plan.period.from_year + 1
    ends = {"city_value": plan.period.base_year, "city_before_value": plan.period.base_year - length}
    columns = {name: _values(plan, year, settings, taken) for name, year in ends.items()}
    reported = _reported(own, plan.period.base_year)
    country, numbers = _country(taken)
    targets, _ = read_targets(city.standards, (PLAN_BEFORE,), "", plan.period.base_year - length)
    goal = targets.set_index("indicator")
    rows = []
    for name in (*COUNTRY, *OTHERS):
        unit, kind = UNITS.get(name) or STOCK_UNITS[name]
        rows.append(
            {
                "indicator": name,
                "indicator_unit": unit,
                "indicator_kind": kind,
                **{
                    key: value
                    for column, values in columns.items()
                    for key, value in _best(reported, name, ends[column], column, values[name]).items()
                },
                "country_value": country.get(name, float("nan")),
                "country_target": float(goal["value"].get(name, np.nan)),
                "year": plan.period.base_year,
            }
        )
    table = pd.DataFrame(rows).set_index("indicator", drop=False).rename_axis("review_id")
    figures = _figures(table, numbers)
    remarks = (
        "The review counts what the building register knows; buildings without a year or label count as old and unlabelled.",
        "Panels whose year is not registered are left out of the review.",
    )
    tables = {"review": table, "review_year": reported}
    return Part(tables, figures, tuple(numbers.values()), remarks, _problems(table))


def _reported(own: pd.DataFrame | None, base_year: int) -> pd.DataFrame:
    """What the city reported of its indicators up to the base year, a row an indicator and year, in their order."""
    names = ["indicator", "indicator_unit", "year", "value"]
    if own is None or own.empty:
        return pd.DataFrame(columns=names, index=pd.Index([], name="review_year_id"))
    units = {name: unit for name, (unit, _) in (UNITS | STOCK_UNITS).items()}
    rows = own[(own["area_kind"] == CITY) & (own["year"] <= base_year) & own["indicator"].isin(list(units))]
    rows = rows.assign(indicator_unit=rows["indicator"].map(units), year=rows["year"].astype(int))
    rows = rows.sort_values(["indicator", "year"], kind="stable")
    index = pd.Index(
        [f"{name}/{year}" for name, year in zip(rows["indicator"], rows["year"], strict=True)], dtype=object
    )
    return rows[names].set_axis(index, axis=0).rename_axis("review_year_id")


def _best(
    reported: pd.DataFrame, indicator: str, year: int, column: str, value: float
) -> dict[str, float | str]:
    """The reported value of a year, else what the register tells, with where it comes from."""
    origin = column.removesuffix("value") + "origin"
    row = f"{indicator}/{year}"
    if row in reported.index:
        return {column: float(reported["value"].loc[row]), origin: REPORTED}
    return {column: value, origin: "" if np.isnan(value) else REGISTER}


def _values(plan: Outlook, year: int, settings: IndicatorSettings, taken: Taken) -> dict[str, float]:
    """The city's values of the five years that end with a year."""
    (inputs,) = inputs_in(plan, None, year, taken, (CITY,))
    of = {
        name: value
        for (name, basis), value in values_of(inputs, plan.base.factors, settings).items()
        if basis in ("", settings.electricity_basis.removeprefix("elec_"))
        or basis == f"{settings.rate_form} {settings.electricity_basis.removeprefix('elec_')}"
    }
    if year != plan.period.base_year:  # what was bought and made then is not known
        of |= {
            one: float("nan")
            for one in ("renewable_substitution_rate", "electricity_share", "operation_energy_total")
        }
    of["geothermal_area_added"] = float("nan")
    return of | _stock(plan, year, taken)


def _stock(plan: Outlook, year: int, taken: Taken) -> dict[str, float]:
    """Green and energy-saving floor area of the stock in a year: labelled, and built or refitted under an energy code."""
    frame, built = plan.base.stock.frame, plan.new_build
    stands = plan.base.stock.mask(urban=True, kind="existing") & (built.finished <= year)
    area = frame["gfa_m2"].to_numpy(dtype=float)
    first = taken.number("energy_plan_rules", item="energy_saving", case="first code")
    saving = stands & (frame["vintage_from"].to_numpy(dtype=float) >= first)
    green = stands & np.isin(built.grade, GRADES[1:])
    whole = float(area[stands].sum())
    return {
        "green_area_total": float(area[green].sum()),
        "energy_saving_area_total": float(area[saving].sum()),
        "energy_saving_share_stock": float(area[saving].sum()) / whole if whole > 0 else float("nan"),
    }


def _country(taken: Taken) -> tuple[dict[str, float], dict[str, Number]]:
    """The country's values of 2020 in base units, and their rows."""
    values, numbers = {}, {}
    for name, key in COUNTRY.items():
        number = taken.standards.number("national_base_2020", column="value", key=key)
        values[name], _ = base_amount(number.value, number.unit, taken.standards)
        numbers[name] = number
    return values, numbers


def _figures(table: pd.DataFrame, numbers: dict[str, Number]) -> Figures:
    figures = []
    for name, row in table.iterrows():
        unit = str(row["indicator_unit"])
        figures.append(
            Figure(
                f"review.{name}.city",
                _TITLES[str(name)],
                float(row["city_value"]),
                unit,
                origin="review.city_value",
            )
        )
        if name in numbers:
            figures.append(
                Figure(
                    f"review.{name}.country", _COUNTRY_TITLES[str(name)], float(row["country_value"]), unit,
                    origin="review.country_value", numbers=(numbers[str(name)],),
                )
            )  # fmt: skip
    return Figures.of(figures)


def _problems(table: pd.DataFrame) -> tuple[Problem, ...]:
    unknown = table.index[table["city_value"].isna()]
    if not len(unknown):
        return ()
    return (
        Problem(
            "Some values of the period before are not known.",
            "Bring the values that the city reported, or register what was built.",
            severity=Severity.NOTE,
            table="review",
            rows=tuple(unknown),
        ),
    )


_TITLES = {
    "renewable_substitution_rate": "Renewable substitution rate of the city in the base year",
    "green_building_share_new": "Green share of what the city built in the period before",
    "prefabricated_share": "Prefabricated share of what the city built in the period before",
    "ultra_low_energy_area": "Ultra-low energy buildings of the city in the period before",
    "retrofit_area_residential": "Housing that the city retrofitted in the period before",
    "retrofit_area_public": "Public buildings that the city retrofitted in the period before",
    "energy_saving_share_stock": "Energy-saving share of the urban civil stock of the city",
    "green_area_total": "Green buildings of the city in all",
    "energy_saving_area_total": "Energy-saving buildings of the city in all",
    "retrofit_area": "Buildings that the city retrofitted in the period before",
    "pv_capacity_added": "Capacity of panels that the city added in the period before",
    "geothermal_area_added": "Floor area that the city newly served by geothermal heat in the period before",
    "electricity_share": "Share of electricity in building energy of the city in the base year",
    "operation_energy_total": "Energy of building operation of the city in the base year",
}
_COUNTRY_TITLES = {
    "renewable_substitution_rate": "Renewable substitution rate of the country in 2020",
    "green_building_share_new": "Green share of new buildings of the country in 2020",
    "prefabricated_share": "Prefabricated share of new buildings of the country in 2020",
    "ultra_low_energy_area": "Ultra-low energy buildings of the country, 2016 to 2020",
    "retrofit_area_residential": "Housing retrofitted in the country, 2016 to 2020",
    "retrofit_area_public": "Public buildings retrofitted in the country, 2016 to 2020",
    "energy_saving_share_stock": "Energy-saving share of the urban civil stock of the country in 2020",
    "green_area_total": "Green buildings of the country in 2020",
    "energy_saving_area_total": "Energy-saving buildings of the country in 2020",
}

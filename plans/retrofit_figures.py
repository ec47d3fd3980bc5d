"""Figures of retrofit: areas, savings, carbon and cost of housing, of public buildings and of both."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from plans.figures import Figure, Figures
from standards import Number

COUNTERS = ("residential", "public")
# Of each sum: key, titles of housing, of public buildings and of both, unit, column of the table.
SUMS = (
    ("area", ("Housing retrofitted", "Public buildings retrofitted", "Existing buildings retrofitted"), "m²", "gfa_m2"),
    (
        "electricity",
        (
            "Electricity saved by retrofit of housing",
            "Electricity saved by retrofit of public buildings",
            "Electricity saved by retrofit",
        ),
        "kWh/a",
        "retrofit_saved_electricity_kwh_per_year",
    ),
    (
        "heat",
        (
            "Network heat saved by retrofit of housing",
            "Network heat saved by retrofit of public buildings",
            "Network heat saved by retrofit",
        ),
        "kWh/a",
        "retrofit_saved_heat_kwh_per_year",
    ),
    (
        "gas",
        (
            "Gas saved by retrofit of housing",
            "Gas saved by retrofit of public buildings",
            "Gas saved by retrofit",
        ),
        "kWh/a",
        "retrofit_saved_gas_kwh_per_year",
    ),
    (
        "coal",
        (
            "Coal equivalent saved by retrofit of housing",
            "Coal equivalent saved by retrofit of public buildings",
            "Coal equivalent saved by retrofit",
        ),
        "kgce/a",
        "retrofit_saved_kgce_per_year",
    ),
    (
        "carbon",
        (
            "CO2 avoided by retrofit of housing",
            "CO2 avoided by retrofit of public buildings",
            "CO2 avoided by retrofit",
        ),
        "tCO2/a",
        "retrofit_avoided_tco2_per_year",
    ),
    (
        "cost",
        (
            "Investment of retrofit of housing",
            "Investment of retrofit of public buildings",
            "Investment of retrofit",
        ),
        "yuan",
        "retrofit_capex_yuan",
    ),
    (
        "money",
        (
            "Energy cost saved by retrofit of housing",
            "Energy cost saved by retrofit of public buildings",
            "Energy cost saved by retrofit",
        ),
        "yuan/a",
        "retrofit_saved_yuan_per_year",
    ),
)  # fmt: skip
RANGES = (
    ("coal", "low", "Coal equivalent saved by retrofit, low", "kgce/a", "retrofit_saved_low_kgce_per_year"),
    (
        "coal",
        "high",
        "Coal equivalent saved by retrofit, high",
        "kgce/a",
        "retrofit_saved_high_kgce_per_year",
    ),
    ("cost", "low", "Investment of retrofit, low", "yuan", "retrofit_capex_low_yuan"),
    ("cost", "high", "Investment of retrofit, high", "yuan", "retrofit_capex_high_yuan"),
)
COUNTS = (
    "Number of houses retrofitted",
    "Number of public buildings retrofitted",
    "Number of buildings retrofitted",
)
REQUIRED = (
    "Target of retrofit of housing",
    "Target of retrofit of public buildings",
    "Target of retrofit of existing buildings",
)
PAYBACKS = (
    "Payback of retrofit of housing",
    "Payback of retrofit of public buildings",
    "Payback of retrofit",
)
BY_AREA = (
    "Investment of retrofit of housing by floor area",
    "Investment of retrofit of public buildings by floor area",
    "Investment of retrofit by floor area",
)


def retrofit_figures(
    table: pd.DataFrame, required_m2: Mapping[str, float], numbers: tuple[Number, ...]
) -> Figures:
    """The figures of the table `retrofit`."""
    chosen = table[table["retrofit_chosen"]]
    found = [_summed(key, titles, unit, column, chosen, numbers) for key, titles, unit, column in SUMS]
    flat = [figure for group in found for figure in group]
    for place, counter in enumerate((*COUNTERS, "total")):
        rows = chosen if counter == "total" else chosen[chosen["retrofit_class"] == counter]
        flat.append(
            Figure(
                f"retrofit.count.{counter}",
                COUNTS[place],
                float(len(rows)),
                "n",
                origin="retrofit.retrofit_chosen",
            )
        )
        if counter in required_m2:
            flat.append(
                Figure(
                    f"retrofit.required.{counter}",
                    REQUIRED[place],
                    float(required_m2[counter]),
                    "m²",
                    origin="target.value",
                )
            )
    flat += [
        Figure(
            f"retrofit.{key}.total.{end}",
            title,
            float(chosen[column].sum()),
            unit,
            formula="Sum of the buildings chosen, at the end of the range of every measure.",
            numbers=numbers,
            origin=f"retrofit.{column}",
        )
        for key, end, title, unit, column in RANGES
    ]
    flat += _ratios({figure.key: figure for figure in flat})
    flat.append(
        Figure(
            "retrofit.demolition",
            "Energy that illegal and dangerous buildings no longer use once demolished",
            float(table["demolition_saved_kwh_per_year"].sum()),
            "kWh/a",
            origin="retrofit.demolition_saved_kwh_per_year",
        )
    )
    return Figures.of(flat)


def _summed(
    key: str,
    titles: tuple[str, ...],
    unit: str,
    column: str,
    chosen: pd.DataFrame,
    numbers: tuple[Number, ...],
) -> list[Figure]:
    """Both counters and their sum."""
    parts = [
        Figure(
            f"retrofit.{key}.{counter}",
            titles[place],
            float(chosen.loc[chosen["retrofit_class"] == counter, column].sum()),
            unit,
            formula="Sum of the buildings chosen of this counter.",
            numbers=numbers,
            origin=f"retrofit.{column}",
        )
        for place, counter in enumerate(COUNTERS)
    ]
    total = Figure(
        f"retrofit.{key}.total",
        titles[-1],
        sum(part.value for part in parts),
        unit,
        formula="Housing and public buildings together.",
        inputs=tuple(part.key for part in parts),
    )
    return [*parts, total]


def _ratios(known: Mapping[str, Figure]) -> list[Figure]:
    """Payback and cost by area of every counter."""
    found = []
    for place, counter in enumerate((*COUNTERS, "total")):
        cost, money, area = (known[f"retrofit.{key}.{counter}"] for key in ("cost", "money", "area"))
        found.append(
            Figure(
                f"retrofit.payback.{counter}",
                PAYBACKS[place],
                cost.value / money.value if money.value > 0 else float("nan"),
                "a",
                formula="Investment over the energy cost saved in a year.",
                inputs=(cost.key, money.key),
            )
        )
        found.append(
            Figure(
                f"retrofit.cost_per_area.{counter}",
                BY_AREA[place],
                cost.value / area.value if area.value > 0 else float("nan"),
                "yuan/m²",
                formula="Investment over floor area.",
                inputs=(cost.key, area.key),
            )
        )
    return found

"""Quantities: which columns of an assessment are capacity, energy or months, told by the dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.fields import Field, fields

POWER = ("kW", "kWp")
ENERGY = ("kWh/a",)
# Energies that say nothing of what a source gives in a year: means of a life, medians of draws, needs, what is saved
# elsewhere, what it takes.
NO_YIELD = ("_mean_", "_p50_", "hot_water_", "_saved_", "_electricity_", "_auxiliary_")
_MONTH = re.compile(r"^(?P<base>.+)_month_(?P<month>\d\d)$")
_SPREAD = re.compile(r"^(?P<before>.*?)_?(?P<level>p10|p90)_(?P<after>.+)$")

# Columns of a table of buildings: units in this order, and how many of each at most.
_OF_A_BUILDING = (("m²", 2), ("kWp", 1), ("kW", 1), ("kWh/a", 1), ("kWh/kWp", 1))


@dataclass(frozen=True)
class Quantities:
    """Columns of an assessment's table by what they say.

    Parameters
    ----------
    capacities, energies : tuple of Field
        Power and yearly energy, as computed with the usual inputs.
    spreads : dict of str to (Field, Field)
        P90 and P10 of an energy, by the energy's name.
    months : dict of str to tuple of 12 Field
        Months by what their names begin with.
    others : tuple of Field
        All other numbers.
    """

    capacities: tuple[Field, ...]
    energies: tuple[Field, ...]
    spreads: dict[str, tuple[Field, Field]]
    months: dict[str, tuple[Field, ...]]
    others: tuple[Field, ...]


def quantities(columns: Iterable[str]) -> Quantities:
    """The numbers among some columns by what they say; columns the dictionary does not know are left out."""
    known = [fields()[name] for name in columns if name in fields()]
    numbers = [field for field in known if field.type in ("number", "count")]
    months: dict[str, dict[str, Field]] = {}
    levels: dict[str, dict[str, Field]] = {}
    plain = []
    for field in numbers:
        if found := _MONTH.match(field.name):
            months.setdefault(found["base"], {})[found["month"]] = field
        elif found := _SPREAD.match(field.name):
            base = "_".join(part for part in (found["before"], found["after"]) if part)
            levels.setdefault(base, {})[found["level"]] = field
        else:
            plain.append(field)
    return Quantities(
        capacities=tuple(field for field in plain if field.unit in POWER),
        energies=tuple(field for field in plain if _is_yield(field)),
        spreads={base: (pair["p90"], pair["p10"]) for base, pair in levels.items() if len(pair) == 2},
        months={
            base: tuple(year[month] for month in sorted(year))
            for base, year in months.items()
            if len(year) == 12
        },
        others=tuple(field for field in plain if field.unit not in POWER and not _is_yield(field)),
    )


def _is_yield(field: Field) -> bool:
    return field.unit in ENERGY and not any(part in field.name for part in NO_YIELD)


def of_a_building(columns: Iterable[str]) -> list[Field]:
    """The few numbers by which buildings are compared: areas, power, energy, yield and losses."""
    found = quantities(columns)
    plain = (*found.others, *found.capacities, *found.energies)
    chosen = [field for unit, most in _OF_A_BUILDING for field in [f for f in plain if f.unit == unit][:most]]
    return chosen + [field for field in plain if field.name.endswith("_loss")]


def yearly_title(base: str) -> str:
    """Title of the year whose months begin with a name."""
    name = f"{base}_per_year"
    return fields()[name].title if name in fields() else base


def is_share(field: Field) -> bool:
    """Whether a number is a share from 0 to 1, which people read in per cent."""
    return field.type == "number" and not field.unit and field.low == 0 and (field.high or 9) <= 1.5

"""One number with its source, as it goes into results and documents."""

from __future__ import annotations

from dataclasses import dataclass

from core.texts import language, text
from core.units import given, unit_said

YEARS = ("year", "a")
FIRST_YEAR = 1000  # from here on it is a year of the calendar, and no number of years
PART = " / "  # between the parts of the key of a number


@dataclass(frozen=True)
class Number:
    """One number with where it comes from.

    `low` and `high` are the published range, None where there is none. `assumption` says that nobody
    published it; documents count and print such numbers. `local` says that the project's own table gave it.
    """

    table: str
    key: str
    value: float
    low: float | None
    high: float | None
    unit: str
    source: str
    note: str
    assumption: bool
    local: bool = False

    @property
    def table_said(self) -> str:
        """Name of the table in the language of the moment."""
        return _plain(text(self.table))

    @property
    def key_said(self) -> str:
        """Key in the language of the moment, part by part, each once."""
        return PART.join(dict.fromkeys(self._part_said(part) for part in self.key.split(PART)))

    @property
    def unit_said(self) -> str:
        """Unit as it is printed."""
        return unit_said(self.unit)

    @property
    def quantity_said(self) -> str:
        """The number with its unit; a year of the calendar is no quantity of years, which only Chinese says alike."""
        unit = "" if self._is_year(self.value) and language() == "en" else self.unit_said
        return f"{self.said(self.value)} {unit}".strip()

    def said(self, value: float) -> str:
        """A value of this number, such as the lower end of its range, as it was given; years take no separator."""
        return f"{value:.0f}" if self._is_year(value) else given(value)

    @property
    def note_said(self) -> str:
        """Note in the language of the moment, empty where there is none."""
        return text(self.note) if self.note else ""

    def _is_year(self, value: float) -> bool:
        return self.unit in YEARS and value >= FIRST_YEAR

    def _part_said(self, part: str) -> str:
        """A part of the key; a word that means something else in other tables has a sentence of its own."""
        own = f"{self.table}{PART}{part}"
        said = text(own)
        if said != own:
            return said
        from standards.place_names import place_said  # late: it stands on the tables

        return unit_said(part) if part == self.unit else _plain(place_said(text(part)))


def _plain(name: str) -> str:
    return name.replace("_", " ")

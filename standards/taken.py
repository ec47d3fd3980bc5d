"""Numbers taken: reads numbers from the tables and remembers each with its source."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from standards.library import Standards
from standards.numbers import Number


@dataclass
class Taken:
    """Reads numbers from the tables and remembers each with its source."""

    standards: Standards
    used: list[Number] = field(default_factory=list)

    def number(self, table: str, **keys: str) -> float:
        """One number of a table."""
        found = self.standards.number(table, **keys)
        if "column" in keys:  # one of several numbers of a row: its key says which
            found = replace(found, key=f"{found.key} / {keys['column']}")
        self.used.append(found)
        return found.value

    def parameter(self, name: str, case: str) -> float:
        """One number of the table of PV parameters."""
        return self.number("pv_parameters", parameter=name, case=case)

"""Problems: what is wrong, what to do, and in which rows; said to the user all at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.texts import language, text

MOST_ROWS_SAID = 5


class Severity(StrEnum):
    """How much a problem hinders the work."""

    ERROR = "error"  # nothing can be computed from these rows until it is mended
    WARNING = "warning"  # the result stands, but the user should know
    NOTE = "note"  # something was repaired or assumed


@dataclass(frozen=True)
class Problem:
    """Something the user can put right.

    Parameters
    ----------
    message, remedy : str
        What is wrong and what to do, one English sentence each with `{placeholders}`.
    severity : Severity
        How much it hinders the work.
    table : str
        Table the rows belong to; empty when the problem is of no table.
    rows : tuple
        Index values of the rows concerned.
    values : Mapping
        What fills the placeholders.
    """

    message: str
    remedy: str
    severity: Severity = Severity.ERROR
    table: str = ""
    rows: tuple[Any, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)

    def __init__(
        self,
        message: str,
        remedy: str,
        *,
        severity: Severity = Severity.ERROR,
        table: str = "",
        rows: tuple[Any, ...] = (),
        **values: Any,
    ) -> None:
        for name, value in (
            ("message", message),
            ("remedy", remedy),
            ("severity", severity),
            ("table", table),
            ("rows", tuple(rows)),
            ("values", values),
        ):
            object.__setattr__(self, name, value)

    def said(self) -> str:
        """The whole problem in the language of the moment, with its first rows."""
        what = text(self.message, **self.values)
        remedy = text(self.remedy, **self.values)
        if not self.rows:
            return f"{what}{_gap()}{remedy}"
        shown = [str(row) for row in self.rows[:MOST_ROWS_SAID]]
        left = len(self.rows) - len(shown)
        rows = text(", ").join(shown)
        if left:
            rows = text("{rows} and {count} more", rows=rows, count=left)
        return f"{what}{_gap()}{remedy}{_gap()}{text('({rows})', rows=rows)}"

    def __str__(self) -> str:
        return self.said()


def _gap() -> str:
    """What stands between two sentences: nothing in Chinese, a space in English."""
    return "" if language() == "zh" else " "


class UserError(Exception):
    """Raised with the problems that stop the work; shown to the user, never a crash."""

    def __init__(self, *problems: Problem) -> None:
        if not problems:
            raise ValueError("a UserError needs at least one problem")
        self.problems = problems
        super().__init__(*problems)

    def __str__(self) -> str:
        return "\n".join(problem.said() for problem in self.problems)

"""Problem records: problems as a project keeps them, and back, in the language of whoever reads them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.fields import FieldTitle
from core.problems import Problem, Severity
from core.texts import Phrase
from standards.place_names import PlaceName

PLACES = ("city", "station")  # values that are places of the climate tables


def problem_record(problem: Problem) -> dict[str, Any]:
    """A problem as JSON."""
    return {
        "message": problem.message,
        "remedy": problem.remedy,
        "severity": str(problem.severity),
        "table": problem.table,
        "rows": [str(row) for row in problem.rows],
        "values": {key: _kept(value) for key, value in problem.values.items()},
    }


def problem_from(record: Mapping[str, Any]) -> Problem:
    """A problem from JSON."""
    return Problem(
        record["message"],
        record["remedy"],
        severity=Severity(record["severity"]),
        table=record["table"],
        rows=tuple(record["rows"]),
        **{key: _said_again(key, value) for key, value in record["values"].items()},
    )


def _kept(value: Any) -> str | dict[str, str]:
    """A value of a sentence as JSON; phrases keep their English key, titles the name of their field."""
    if isinstance(value, FieldTitle):
        return {"field": str(value)}
    plain = isinstance(value, PlaceName) or not isinstance(
        value, Phrase
    )  # a place has the same name in every record
    return str(value) if plain else {"phrase": str(value)}


def _said_again(key: str, value: str | dict[str, str]) -> str:
    if isinstance(value, str):
        return PlaceName(value) if key in PLACES else value
    return FieldTitle(value["field"]) if "field" in value else Phrase(value["phrase"])

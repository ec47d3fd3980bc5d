"""Words: what people type on the command line, turned into values."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from typing import TYPE_CHECKING, Any

from core.fields import fields as dictionary
from core.problems import Problem, UserError

if TYPE_CHECKING:
    from potential import Potential

YES = {"1", "true", "yes", "是", "有"}
NO = {"0", "false", "no", "否", "无"}
NOTHING = {"", "-", "none", "null", "无值"}


def parsed_value(field: str, word: str) -> Any:
    """A value of a column from a word; UserError where the column does not allow it."""
    known = dictionary().get(field)
    if word.strip().lower() in NOTHING:
        return None
    if known is None or known.type in ("text", "phrase"):
        if known is not None and known.choices and word not in known.choices:
            raise _refused(field, word, ", ".join(known.choices))
        return word
    if known.type == "flag":
        return _flag(field, word)
    low = -math.inf if known.low is None else known.low
    high = math.inf if known.high is None else known.high
    allowed = known.unit or "0, 1, 2 …"
    if known.low is not None or known.high is not None:
        allowed = f"{low:g} … {high:g} {known.unit}".strip()
    return _number(field, word, low, high, whole=known.type == "count", allowed=allowed)


def number_typed(word: str) -> float:
    """A number from a word; UserError where it is none."""
    try:
        number = float(word.strip())
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UserError(Problem("{words} is not a number.", "Type a number.", words=word.strip() or "—"))
    return number


def settings_by_potential(
    chosen: Sequence[Potential], words: Iterable[str]
) -> Mapping[str, Mapping[str, Any]]:
    """Settings from words like `cell_m=2`, for each of the potentials that knows them.

    Raises
    ------
    UserError
        With every word that no potential knows or that is out of limits.
    """
    values: dict[str, dict[str, Any]] = {potential.name: {} for potential in chosen}
    problems: list[Problem] = []
    for word in words:
        name, sign, value = (part.strip() for part in word.partition("="))
        knowing = [one for one in chosen if name in _settings(one)]
        if not sign or not knowing:
            every = dict.fromkeys(key for one in chosen for key in _settings(one))
            problems.append(
                Problem(
                    "{word} is not a setting of {name}.",
                    "Write name=value with one of: {names}.",
                    word=word,
                    name=", ".join(one.name for one in chosen),
                    names=", ".join(every),
                )
            )
            continue
        for potential in knowing:
            try:
                values[potential.name][name] = _setting(_settings(potential)[name], value)
            except UserError as error:
                problems += error.problems
    if problems:
        raise UserError(*{problem.said(): problem for problem in problems}.values())
    return values


def parsed_settings(potential: Potential, words: Iterable[str]) -> Mapping[str, Any]:
    """Settings of one potential from words like `cell_m=2`."""
    return settings_by_potential([potential], words)[potential.name]


def _settings(potential: Potential) -> dict[str, Field[Any]]:
    return {item.name: item for item in fields(potential.settings)}


def _setting(item: Field[Any], word: str) -> Any:
    """The value of one setting, within the limits that its metadata states."""
    if word.lower() in NOTHING:
        if item.default is None:
            return None
        raise _refused(item.name, word, str(item.default))
    if isinstance(item.default, bool):
        return _flag(item.name, word)
    choices = item.metadata.get("choices", ())
    if isinstance(item.default, str):
        if choices and word not in choices:
            raise _refused(item.name, word, ", ".join(choices))
        return word
    low, high = item.metadata.get("low", -math.inf), item.metadata.get("high", math.inf)
    example = "1" if item.default is MISSING or item.default is None else str(item.default)
    allowed = f"{low:g} … {high:g}" if math.isfinite(low) and math.isfinite(high) else example
    return _number(item.name, word, low, high, whole=isinstance(item.default, int), allowed=allowed)


def _number(field: str, word: str, low: float, high: float, *, whole: bool, allowed: str) -> float | int:
    """A number within limits; never infinite, and without decimals where it counts something."""
    try:
        number = float(word)
    except ValueError as error:
        raise _refused(field, word, allowed) from error
    if not (low <= number <= high and math.isfinite(number)) or (whole and number != int(number)):
        raise _refused(field, word, allowed)
    return int(number) if whole else number


def _flag(field: str, word: str) -> bool:
    plain = word.strip().lower()
    if plain in YES | NO:
        return plain in YES
    raise _refused(field, word, "yes, no")


def _refused(field: str, word: str, allowed: str) -> UserError:
    return UserError(
        Problem(
            "{word} is not a value of {field}.",
            "Give one of these: {allowed}.",
            word=word,
            field=field,
            allowed=allowed,
        )
    )

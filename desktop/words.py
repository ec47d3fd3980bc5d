"""Words: what people type on the command line, turned into values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import MISSING, fields
from typing import Any

from core.fields import fields as dictionary
from core.problems import Problem, UserError
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
    try:
        number = float(word)
    except ValueError as error:
        raise _refused(field, word, known.unit or "0, 1, 2 …") from error
    low = float("-inf") if known.low is None else known.low
    high = float("inf") if known.high is None else known.high
    if not low <= number <= high:
        raise _refused(field, word, f"{low:g} … {high:g} {known.unit}".strip())
    return int(number) if known.type == "count" else number


def parsed_settings(potential: Potential, words: Iterable[str]) -> dict[str, Any]:
    """Settings of a potential from words like `cell_m=2`."""
    known = {item.name: item for item in fields(potential.settings)}
    values = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign or name not in known:
            raise UserError(
                Problem(
                    "{word} is not a setting of {name}.",
                    "Write name=value with one of: {names}.",
                    word=word,
                    name=potential.name,
                    names=", ".join(known),
                )
            )
        values[name] = _of_kind(name, value, known[name].default)
    return values


def _of_kind(name: str, word: str, default: Any) -> Any:
    if word.strip().lower() in NOTHING:
        return None
    if isinstance(default, bool):
        return _flag(name, word)
    if isinstance(default, str):
        return word
    try:
        return int(word) if isinstance(default, int) else float(word)
    except ValueError as error:
        example = "1" if default is MISSING or default is None else str(default)
        raise _refused(name, word, example) from error


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

"""Plan words: settings of a plan as people type them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import pandas as pd

from core.problems import Problem, UserError
from core.texts import text, word
from standards import Standards

MORE = 0.02  # share beyond what is asked for that is worth a word
SETS = {  # of targets, as people call them
    "14FYP": "14th Five-Year Plan of building energy and green buildings",
    "peak_53": "Carbon peak plan of urban and rural construction",
    "local": "Targets of the city",
}
YES, NO = ("yes", "true", "1", "是"), ("no", "false", "0", "否")


def choices_of(standards: Standards) -> dict[str, tuple[tuple[str, str], ...]]:
    """Words of the settings of a plan that stand in tables, with what they are called."""
    from plans.plan import known_sets  # late: it takes a while to import

    rules = standards.table("grade_rules")
    coal = standards.table("energy_conversion")
    regions = dict.fromkeys(str(one) for one in coal.loc[coal["item"] == "elec_equivalent", "applies_to"])
    return {
        "target_sets": tuple((one, set_said(one)) for one in known_sets(standards)),
        "switches": tuple((str(row["rule_id"]), _rule_said(row)) for _, row in rules.iterrows()),
        "coal_region": tuple((one, word(one)) for one in regions),
    }


def set_said(name: str) -> str:
    """What a set of targets is called."""
    return text(SETS[name]) if name in SETS else word(name)


def beyond_said(account: pd.Series[Any], objective: str) -> str:
    """Why a plan gives more of a target than is asked for; empty where it does not, or a limit is meant.

    Parameters
    ----------
    account : Series
        Row of the table `account` of a plan.
    objective : str
        What the plan makes best.
    """
    required, reached = float(account["required"]), float(account["reached"])
    if not account["at_least"] or reached <= required * (1 + MORE):
        return ""
    return text(
        "More than is asked for: the objective “{objective}” chooses this for its own worth. Objective and limits are "
        "settings of the plan.",
        objective=word(objective),
    )


def _rule_said(row: Any) -> str:
    """A rule by its number and reason, and whether its table has it on."""
    state = text("switched on") if row["enabled_by_default"] == "yes" else text("switched off")
    return f"{row['rule_id']} {text(str(row['reason']))} ({text('in the table: {state}', state=state)})"


def settings_of_words(pairs: Sequence[str]) -> dict[str, Any]:
    """Settings from `name=value`; lists are parted by commas.

    Raises
    ------
    UserError
        There is no such setting, or the value does not suit it.
    """
    from plans.plan import PlanSettings  # late: it takes a while to import

    known = {one.name: one for one in fields(PlanSettings)}
    found: dict[str, Any] = {}
    problems = []
    for pair in pairs:
        name, sign, words = pair.partition("=")
        if name not in known or not sign:
            problems.append(
                Problem(
                    "There is no setting {name} of a plan.",
                    "Choose one of: {names}.",
                    name=name,
                    names=", ".join(known),
                )
            )
            continue
        try:
            found[name] = _switches(words) if name == "switches" else _value(known[name].default, words)
        except ValueError:
            problems.append(
                Problem(
                    "{words} is no value of {name}.",
                    "Look at the help of the settings.",
                    words=words,
                    name=name,
                )
            )
            continue
        low, high = (known[name].metadata.get(one, math.nan) for one in ("low", "high"))
        number = found[name]
        if not math.isnan(low) and isinstance(number, int | float) and not low <= number <= high:
            problems.append(
                Problem(
                    "{words} is no value of {name}.", "Give a number from {low} to {high}.", words=words, name=name,
                    low=f"{low:g}", high=f"{high:g}",
                )
            )  # fmt: skip
        choices = known[name].metadata.get("choices", ())
        if choices and found[name] not in choices:
            problems.append(
                Problem(
                    "{words} is no value of {name}.", "Choose one of: {names}.", words=words, name=name,
                    names=", ".join(map(str, choices)),
                )
            )  # fmt: skip
    if problems:
        raise UserError(*problems)
    return found


def _value(default: Any, words: str) -> Any:
    """A word as the kind of value that a setting has."""
    if default is None and words.strip().lower() in ("", "none", "无"):
        return None
    if isinstance(default, bool):
        if words.lower() not in (*YES, *NO):
            raise ValueError(words)
        return words.lower() in YES
    if isinstance(default, tuple):
        return tuple(one.strip() for one in words.split(",") if one.strip())
    if isinstance(default, int):
        return int(words)
    if isinstance(default, float) or default is None:
        return float(words)
    return words


def _switches(words: str) -> dict[str, bool]:
    """Rules turned on or off: `G6:yes,G7:no`."""
    found = {}
    for part in (one.strip() for one in words.split(",") if one.strip()):
        rule, _, state = part.partition(":")
        found[rule.strip()] = _value(True, state.strip())
    return found

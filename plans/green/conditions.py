"""Conditions of rules: what a row of a table asks of parcels, read from text and answered for all of them at once."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from difflib import get_close_matches

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.fields import field
from core.problems import Problem, UserError

USE = "use"
THRESHOLD = "threshold"
NEAR, SOME = 3, 8  # names that are offered for one that is not known
_TERM = re.compile(r"(!?)\s*([a-z][a-z0-9_]*)\s*(?:(>=|<=|>|<|=)\s*(\S+))?")
_COMPARED: dict[str, Callable[[NDArray[np.float64], float], NDArray[np.bool_]]] = {
    ">": np.greater,
    ">=": np.greater_equal,
    "<": np.less,
    "<=": np.less_equal,
    "=": np.equal,
}


def holds(rule: str, test: str, facts: pd.DataFrame, threshold: float = math.nan) -> NDArray[np.bool_]:
    """For which parcels a condition holds.

    Parameters
    ----------
    rule : str
        What the rule is called in messages.
    test : str
        Alternatives parted by `|` of terms joined by `&`. A term is a flag of the facts (`civil`), its
        contrary (`!civil`), a comparison (`residential_m2 > threshold`) or uses (`use=hotel,education`, any
        share of the parcel). Empty holds nowhere.
    facts : DataFrame
        Flags and numbers of every parcel, and a flag `use_<name>` for each use.
    threshold : float
        What the word `threshold` stands for.

    Returns
    -------
    ndarray of bool
        One value for each row of the facts; a number that is not known fulfils nothing.

    Raises
    ------
    UserError
        The condition names a fact that is not known, or cannot be read.
    """
    found = np.zeros(len(facts), dtype=bool)
    for alternative in filter(None, (part.strip() for part in test.split("|"))):
        every = np.ones(len(facts), dtype=bool)
        for term in alternative.split("&"):
            every &= _term(rule, term.strip(), facts, threshold)
        found |= every
    return found


def _term(rule: str, term: str, facts: pd.DataFrame, threshold: float) -> NDArray[np.bool_]:
    """Where one term holds."""
    read = _TERM.fullmatch(term)
    if read is None:
        raise UserError(_unread(rule, term, facts))
    contrary, name, sign, value = read.groups()
    if name == USE and sign == "=":
        answer = _uses(rule, value.split(","), facts)
    elif name not in facts.columns:
        raise UserError(_unread(rule, term, facts))
    elif sign:
        limit = threshold if value == THRESHOLD else _number(rule, term, value, facts)
        if math.isnan(limit):
            raise UserError(
                Problem(
                    "Rule {rule} compares with a threshold but has none.",
                    "Enter the threshold in its row, or correct the condition.",
                    rule=rule,
                )
            )
        answer = np.asarray(_COMPARED[sign](facts[name].to_numpy(float), limit), dtype=bool)
    elif facts[name].dtype != bool:
        raise UserError(_unread(rule, term, facts))
    else:
        answer = facts[name].to_numpy(bool)
    return np.logical_not(answer) if contrary else answer


def _uses(rule: str, names: list[str], facts: pd.DataFrame) -> NDArray[np.bool_]:
    """Where a parcel has any share of one of these uses."""
    unknown = [name for name in names if name not in field(USE).choices]
    if unknown:
        raise UserError(_unread(rule, ",".join(unknown), facts))
    columns = [f"{USE}_{name}" for name in names if f"{USE}_{name}" in facts.columns]
    return np.asarray(facts[columns].to_numpy(bool).any(axis=1), dtype=np.bool_)


def _number(rule: str, term: str, word: str, facts: pd.DataFrame) -> float:
    try:
        return float(word)
    except ValueError as error:
        raise UserError(_unread(rule, term, facts)) from error


def _unread(rule: str, term: str, facts: pd.DataFrame) -> Problem:
    """What cannot be read, with names that may have been meant: those like it, else some of all."""
    words = re.findall(r"[a-z][a-z0-9_]*", term)
    near = [one for word in words for one in get_close_matches(word, list(map(str, facts.columns)), NEAR)]
    return Problem(
        "The condition “{term}” of rule {rule} is not understood.",
        "Write names of facts with !, &, | and comparisons, for instance: {names}.",
        rule=rule,
        term=term,
        names=", ".join(dict.fromkeys(near)) or ", ".join(map(str, facts.columns[:SOME])),
    )

"""Shortfalls: shares that cannot be reached and what limits them, and buildings that miss the star they should have."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from core.fields import FieldTitle
from core.problems import Problem, Severity
from core.units import percent
from plans.green.balancing import Gap
from plans.green.grades import BASIC, ONE_STAR

TABLES = {"planning_unit": "planning_unit", "district_code": "district", "city": ""}


def shortfalls(gaps: Mapping[str, list[Gap]]) -> list[Problem]:
    """What the user should know of every share that is not reached.

    Parameters
    ----------
    gaps : Mapping of str to list of Gap
        By the column of the share.
    """
    found = []
    for column, table in TABLES.items():
        here = {name: [gap for gap in short if gap.column == column] for name, short in gaps.items()}
        empty = sorted({gap.group for short in here.values() for gap in short if gap.limit == "no_area"})
        if empty:
            found.append(
                Problem(
                    "Nothing is built new in {count} areas with targets of green building; these targets rest.",
                    "Take the targets back, or plan parcels there.",
                    severity=Severity.NOTE,
                    table=table,
                    rows=tuple(filter(None, empty)),
                    count=len(empty),
                )
            )
        for name, short in here.items():
            fixed = [gap for gap in short if gap.limit == "fixed"]
            if fixed:
                found.append(_missed(name, fixed, table))
    return found


def _missed(name: str, fixed: list[Gap], table: str) -> Problem:
    worst = min(fixed, key=lambda gap: gap.reached - gap.share)
    return Problem(
        "{title}: only {reached} of the {share} wanted is reached; all other parcels are approved or set by hand.",
        "Lower the target, or open these parcels to a higher grade.",
        severity=Severity.WARNING,
        table=table,
        rows=tuple(filter(None, (gap.group for gap in fixed))),
        title=FieldTitle(name),
        reached=_said(worst.reached),
        share=_said(worst.share),
    )


def exceptions(new: pd.DataFrame) -> list[Problem]:
    """New civil parcels without a grade, and buildings without the star that the policy asks of them."""
    rows = new.index[new["star_required"] & (new["level"] < ONE_STAR)]
    bare = new.index[new["civil"] & (new["level"] < BASIC)]
    found = []
    if len(bare):
        found.append(
            Problem(
                "{count} new civil parcels have no grade.",
                "Switch on a rule that holds for them, or correct the grade set by hand.",
                severity=Severity.WARNING,
                table="parcel",
                rows=tuple(bare),
                count=len(bare),
            )
        )
    if rows.empty:
        return found
    return [
        *found,
        Problem(
            "{count} public welfare buildings with government funds or large public buildings have no star.",
            "Raise them to one star at least, or say why the place has not the conditions for it.",
            severity=Severity.WARNING,
            table="parcel",
            rows=tuple(rows),
            count=len(rows),
        ),
    ]


def _said(share: float) -> str:
    return percent(None if math.isnan(share) else share)

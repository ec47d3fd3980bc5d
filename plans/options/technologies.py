"""Technologies: what each is by the table of technologies, and refusal of any that the table does not know."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from core.problems import Problem, UserError
from plans.indicator_inputs import IndicatorSettings
from potential import Assessment
from standards import Standards

ELECTRICITY, HEAT, HOT_WATER = "electricity", "heat", "hot_water"
SERVICES = (ELECTRICITY, HEAT, HOT_WATER)
ALWAYS = "always"


def technologies(standards: Standards) -> pd.DataFrame:
    """All technologies by their key, as the table `technologies` has them.

    Raises
    ------
    UserError
        A row of the table has a service that no plan knows, or no life.
    """
    table = standards.table("technologies").set_index("technology")
    wrong = ~table["service"].isin(SERVICES) | ~(pd.to_numeric(table["life_years"], errors="coerce") > 0)
    if wrong.any():
        raise UserError(
            Problem(
                "Technologies have no known service or no life.",
                "Enter electricity, heat or hot_water, and a life in years, in the table of technologies.",
                table="technologies",
                rows=tuple(table.index[wrong]),
            )
        )
    return table


def offered(assessments: Mapping[str, Assessment], table: pd.DataFrame) -> pd.DataFrame:
    """The options of all assessments in one table, with the name of the assessment.

    Raises
    ------
    UserError
        An assessment offers a technology that the table does not know.
    """
    rows = [one.options.assign(assessment=name) for name, one in assessments.items() if not one.options.empty]
    if not rows:
        return pd.DataFrame(columns=["parcel_id", "technology", "assessment"])
    found = pd.concat(rows, ignore_index=True)
    unknown = sorted(set(found["technology"]) - set(table.index))
    if unknown:
        raise UserError(
            Problem(
                "The table of technologies does not know {technologies}.",
                "Add a row for each to the table of technologies.",
                technologies=", ".join(unknown),
                table="technologies",
                rows=tuple(unknown),
            )
        )
    return found


def counted(table: pd.DataFrame, settings: IndicatorSettings) -> pd.Series:
    """Whether each technology counts in 替代率: always, or where the setting that its row names says so."""
    return table["counts_in_substitution"].map(
        lambda word: word == ALWAYS or bool(getattr(settings, str(word), False))
    )

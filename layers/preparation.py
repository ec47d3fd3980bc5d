"""Preparation: from the given data of a project to a City fit for computing, with every problem found on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import pandas as pd

from core.jobs import Job
from core.problems import Problem, Severity, UserError
from layers.checks import fit_city, in_order
from layers.city import City
from layers.contents import Inputs, load_given, load_rasters, make_city
from layers.corrections import REMOVED, row_states
from layers.geometry import layer_title


def prepare(inputs: Inputs, job: Job) -> tuple[City, list[Problem]]:
    """The City of a project's given data, with corrections laid over it.

    Shapes are repaired, parts of buildings laid out, buildings joined with parcels and cut to them, and
    missing values completed; each step says what it did and to which rows.

    Parameters
    ----------
    inputs : Inputs
        Given tables, rasters, weather and facts of a project at one moment.
    job : Job
        Reports progress and stops when asked.

    Returns
    -------
    City
        Fit for computing.
    list of Problem
        Everything found, errors first.

    Raises
    ------
    UserError
        Where no table was given.
    """
    if not inputs.tables:
        raise UserError(Problem("The project has no data.", "Import building footprints and parcels."))
    given = make_city(inputs, load_given(inputs, job), load_rasters(inputs, job))
    tables, problems = fit_city(given, job)
    found = in_order([*lost_corrections(inputs.overlay, given.tables), *problems])
    return replace(given, tables=MappingProxyType(tables)), found


def lost_corrections(overlay: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """A warning for each table where people corrected rows that it does not hold any more.

    Parameters
    ----------
    overlay : DataFrame
        Cells that people changed: `table_name`, `row_id`, `field`, `value`.
    tables : Mapping of str to DataFrame
        Given tables by their id.
    """
    problems = []
    for table, frame in tables.items():
        cells = overlay[overlay["table_name"] == table]
        removed = {row for row, state in row_states(cells).items() if state == REMOVED}
        lost = sorted(set(cells["row_id"]) - set(frame.index) - removed)
        if lost:
            problems.append(
                Problem(
                    "Corrections of {count} rows are not used: the table “{layer}” does not hold these rows any more.",
                    "If the file was imported anew under other ids, make these corrections again.",
                    severity=Severity.WARNING,
                    table=table,
                    rows=tuple(lost),
                    count=len(lost),
                    layer=layer_title(table),
                )
            )
    return problems

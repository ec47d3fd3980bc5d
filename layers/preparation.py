"""Preparation: from the given data of a project to a City fit for computing, with every problem found on the way."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

from core.jobs import Job
from core.problems import Problem, UserError
from layers.checks import fit_city
from layers.city import City
from layers.contents import Inputs, load_given, load_rasters, make_city


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
    return replace(given, tables=MappingProxyType(tables)), problems

"""Course: the temperatures of one field month by month through all its years, for a chart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from potential.ground_heat.fields import TEMPERATURE, Fields, Numbers, Run
from potential.ground_heat.g_table import load as table_of_program
from potential.ground_heat.loads import Loads
from potential.ground_heat.temperatures import MONTHS, whole_course


@dataclass(frozen=True)
class Course:
    """Temperatures of one field; every array is (12 years,), January of the first year first.

    Parameters
    ----------
    wall : ndarray
        Of the walls at the end of the month. [°C]
    after_injection, after_extraction : ndarray
        Mean fluid after the peak of the month; the wall where there is no such peak. [°C]
    flags : int
        `Flag` of the table.
    """

    wall: Numbers
    after_injection: Numbers
    after_extraction: Numbers
    flags: int


def course(field: Fields, loads: Loads, run: Run) -> Course:
    """Every month of every year of one field, each load superposed exactly.

    Parameters
    ----------
    field : Fields
        One field: numbers, or arrays of one.
    loads : Loads
        Of one parcel.
    run : Run
        How long and how finely.

    Returns
    -------
    Course
        The temperatures.
    """
    row, months = field.laid_out(1)[0], np.empty((MONTHS * run.years, 3))
    flags = whole_course(
        table_of_program(), row[:TEMPERATURE], loads.net[0], loads.extraction_peak[0], loads.injection_peak[0],
        run.years, run.month_s, run.peak_s, months,
    )  # fmt: skip
    wall, warm, cold = (row[TEMPERATURE] + months).T
    return Course(wall, warm, cold, flags)

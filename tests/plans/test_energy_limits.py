"""Limits of energy use rest on enough buildings, or on the national standard."""

from __future__ import annotations

import numpy as np
import pytest

from core.fields import fields
from plans.energy_limits import energy_limits
from tests.plans.small_city import city, demand


def schools(count: int, **columns):
    here = city([{"use": "education"}] * count)
    return energy_limits(here, demand(here, **columns))


def test_quartiles_of_twenty_schools_are_their_limits() -> None:
    """Meters of 20, 21 … 39 kWh/m²: the quartiles of 20 to 39 are 24.75 and 34.25."""
    part = schools(20, metered_electricity_kwh_per_year=np.arange(20, 40) * 1000.0, cold_kwh_per_year=0.0)
    row = part.tables["energy_limit"].loc["education"]
    assert row["guide_kwh_per_m2"] == pytest.approx(24.75, abs=0.06)
    assert row["limit_kwh_per_m2"] == pytest.approx(34.25, abs=0.06)


def test_five_schools_of_twenty_are_over_the_upper_quartile() -> None:
    part = schools(20, metered_electricity_kwh_per_year=np.arange(20, 40) * 1000.0, cold_kwh_per_year=0.0)
    assert part.figures["limits.over.count"].value == 5
    assert part.tables["over_limit"].index[0] == "B19"
    assert not part.problems


def test_nineteen_schools_are_too_few() -> None:
    part = schools(19)
    assert part.tables["energy_limit"].at["education", "limit_origin"] == "too few buildings"
    assert np.isnan(part.tables["energy_limit"].at["education", "limit_kwh_per_m2"])
    assert part.problems[0].rows == ("education",)


def test_one_office_is_judged_by_the_standard() -> None:
    """Metered 90 kWh/m² against 65: 38 % over."""
    here = city([{"use": "business_office"}])
    frame = demand(
        here, metered_electricity_kwh_per_year=90_000.0, limit_kwh_per_m2=65.0, guide_kwh_per_m2=55.0
    )
    part = energy_limits(here, frame)
    row = part.tables["over_limit"].loc["B0"]
    assert row["limit_excess_share"] == pytest.approx(90 / 65 - 1, abs=0.001)
    assert row["limit_state"] == "over_limit"


def test_an_office_modelled_a_little_above_is_to_be_metered_first() -> None:
    """30,000 / 3.8 of cooling and 62,000 of light and equipment: 69.9 kWh/m², above 65 by less than models err."""
    here = city([{"use": "business_office"}])
    frame = demand(here, electricity_kwh_per_year=62_000.0, limit_kwh_per_m2=65.0, guide_kwh_per_m2=55.0)
    part = energy_limits(here, frame)
    assert part.tables["over_limit"].at["B0", "used_kwh_per_m2"] == pytest.approx(69.9, abs=0.05)
    assert part.tables["over_limit"].at["B0", "limit_state"] == "unclear"
    assert part.figures["limits.over.count"].value == 0


def test_housing_has_no_such_limit() -> None:
    here = city([{"use": "residential"}, {"use": "hotel"}])
    assert list(energy_limits(here, demand(here)).tables["energy_limit"].index) == ["hotel"]


def test_every_column_is_in_the_dictionary() -> None:
    known = fields()
    for table in schools(20).tables.values():
        assert [name for name in table if name not in known] == []

"""The made-up city shows every grade, each for its reason."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pyproj import CRS

import sample_city
from core.jobs import Job
from demand import Demand
from layers.city import City
from potential import Assessment
from potential.groundwater.groundwater import GroundwaterSettings, assess
from tests.potential.groundwater.plain import need

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def made() -> Assessment:
    sample = sample_city.generate()
    tables = {name: table.set_crs(4545, allow_override=True) for name, table in sample.tables.items()}
    city = City(
        "青禾市", CRS.from_epsg(4545), tables, MappingProxyType(dict(sample.rasters)), facts=sample.facts
    )
    return assess(city, by_floor_area(city), GroundwaterSettings(), Job())


def by_floor_area(city: City) -> Demand:
    """40 W of heat and 50 W of cold for each square metre of floor."""
    one = need(city, heat_kw=40.0, cold_kw=50.0)
    gfa = city.tables["parcel"]["gfa_m2"].fillna(0).to_numpy(dtype=float)
    columns = [name for name in one.parcels if name != "gfa_m2"]
    parcels = one.parcels.assign(gfa_m2=gfa)
    parcels[columns] = one.parcels[columns].to_numpy() * (gfa / 1000)[:, None]
    scaled: dict[str, Any] = {
        name: days * (gfa / 1000).astype(np.float32)[:, None, None, None] for name, days in one.days.items()
    }
    return Demand(pd.DataFrame(), parcels, scaled)


def test_all_states_occur_for_right_reasons(made: Assessment) -> None:
    rows = made.parcels
    assert set(rows["grade"]) >= {
        "suitable",
        "fairly_suitable",
        "conditional",
        "unsuitable",
        "forbidden",
        "needs_survey",
    }
    lacking = rows[rows["grade"] == "needs_survey"]
    assert set(lacking["missing_data"]) == {"hydraulic_conductivity_m_per_day"}
    suitable = rows[rows["grade"] == "suitable"]
    assert (suitable["gw_evidence"] == "surveyed").all()
    assert (suitable["gw_heat_kw"] > 0).all()
    forbidden = rows[rows["grade"] == "forbidden"]
    assert forbidden["reason"].str.contains("State Council Decree 748|DZ/T 0225").all()
    assert (
        rows.loc[~rows["grade"].isin(["suitable", "fairly_suitable", "conditional"]), "gw_heat_kw"] == 0
    ).all()


def test_the_aquifer_is_not_overdrawn_though_parcels_alone_could_take_more(made: Assessment) -> None:
    tubes = made.details["aquifer"]
    assert (tubes["gw_given_m3_per_day"] <= tubes["gw_through_m3_per_day"] * 1.001 + 0.1).all()
    assert made.totals["gw_unserved_kw"] > made.totals["gw_heat_kw"]


def test_wells_stand_in_their_parcels_and_not_in_buildings(made: Assessment) -> None:
    wells = made.details["well"]
    assert (wells["kind"] == "injection").sum() >= 2 * (wells["kind"] == "production").sum()
    assert len(wells) == made.totals["gw_production_wells"] + made.totals["gw_injection_wells"]

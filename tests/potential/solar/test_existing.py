"""What systems in use leave of the potential of a roof."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS
from shapely.geometry import box

from core.jobs import Job
from layers.city import City
from layers.weather_stations import weather_for
from potential import Assessment
from potential.solar.existing import with_existing
from potential.solar.rooftop import RooftopSettings, assess

QINGHE = CRS.from_epsg(4545)
X, Y = 500_000.0, 3_797_000.0


def city(*systems: dict[str, Any]) -> City:
    """Two schools of 40 m by 20 m, B0 on the parcel P1 and B1 on P2, with what stands on their roofs."""
    plots = [box(X + x - 10, Y - 10, X + x + 50, Y + 40) for x in (0, 80)]
    roofs = [box(X + x, Y, X + x + 40, Y + 20) for x in (0, 80)]
    known = {"height_m": 12.0, "use": "education", "roof_type": "flat", "year_built": 2010}
    buildings = gpd.GeoDataFrame(
        {"parcel_id": ["P1", "P2"]},
        geometry=roofs,
        crs=QINGHE,
        index=pd.Index(["B0", "B1"], name="building_id"),
    ).assign(**known)
    parcels = gpd.GeoDataFrame(geometry=plots, crs=QINGHE, index=pd.Index(["P1", "P2"], name="parcel_id"))
    tables = {"building": buildings, "parcel": parcels}
    if systems:
        frame = gpd.GeoDataFrame(list(systems), geometry=[roofs[0].centroid] * len(systems), crs=QINGHE)
        names = [f"S{number}" for number in range(len(systems))]
        tables["pv_asset"] = frame.set_index(pd.Index(names, name="pv_asset_id"))
    return City("测试市", QINGHE, tables, facts={"province": "陕西"})


def system(building: str, kwp: float, state: str = "operating") -> dict[str, Any]:
    return {"building_id": building, "installed_kwp": kwp, "asset_state": state}


def rooftop(made: City) -> Assessment:
    shone = replace(made, weather=weather_for("西安"))
    return assess(shone, None, RooftopSettings(cell_m=2.0, azimuths=36, bands=12), Job())


@pytest.fixture(scope="module")
def bare() -> Assessment:
    return rooftop(city())


@pytest.fixture(scope="module")
def built() -> Assessment:
    return rooftop(city(system("B0", 20.0), system("B0", 5.5, "stopped"), system("B1", 9_999.0)))


def test_a_roof_has_left_what_the_systems_in_use_do_not_take(bare: Assessment, built: Assessment) -> None:
    row = built.details["building"].loc["B0"]
    assert row["pv_kwp"] == bare.details["building"].loc["B0", "pv_kwp"] > 20
    assert row["pv_existing_kwp"] == 20.0
    assert row["pv_remaining_kwp"] == pytest.approx(row["pv_kwp"] - 20.0)


def test_a_roof_that_carries_more_than_its_potential_has_nothing_left_and_no_option(
    built: Assessment,
) -> None:
    assert built.details["building"].loc["B1", "pv_remaining_kwp"] == 0
    assert list(built.options["parcel_id"]) == ["P1"]


def test_the_option_costs_and_avoids_in_proportion_to_what_is_left(
    bare: Assessment, built: Assessment
) -> None:
    whole, left = (
        bare.options.set_index("parcel_id").loc["P1"],
        built.options.set_index("parcel_id").loc["P1"],
    )
    share = left["most_kw"] / whole["most_kw"]
    assert left["most_kw"] == built.parcels.loc["P1", "pv_remaining_kwp"]
    assert left["capex_yuan"] == pytest.approx(share * whole["capex_yuan"], abs=1)
    assert left["avoided_tco2_per_year"] == pytest.approx(share * whole["avoided_tco2_per_year"], abs=1e-3)


def test_without_a_register_all_is_left(bare: Assessment) -> None:
    assert (bare.details["building"]["pv_existing_kwp"] == 0).all()
    assert bare.totals["pv_remaining_kwp"] == bare.totals["pv_kwp"]


def test_parcels_add_up_to_the_city(built: Assessment) -> None:
    for name in ("pv_existing_kwp", "pv_remaining_kwp"):
        assert round(built.parcels[name].sum(), 1) == built.totals[name]


@settings(max_examples=25, deadline=None)
@given(kwp=st.floats(0, 1e5), used=st.floats(0, 1e5), more=st.floats(0, 1e5))
def test_more_in_use_never_leaves_more_and_never_less_than_nothing(
    kwp: float, used: float, more: float
) -> None:
    found = pd.DataFrame({"pv_kwp": [kwp]}, index=["B0"])
    left = [
        float(with_existing(found, city(system("B0", one)))["pv_remaining_kwp"].iloc[0])
        for one in (used, used + more)
    ]
    assert kwp + 0.05 >= left[0] >= left[1] >= 0

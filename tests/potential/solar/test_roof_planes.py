"""Layers of roof planes: their outlines cover the roofs, and their figures add up to those of the buildings."""

from __future__ import annotations

from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from core.jobs import Job
from layers.city import City, Raster
from layers.weather_stations import weather_for
from potential import Assessment
from potential.solar.plane_results import shared_out
from potential.solar.rooftop import RooftopSettings, assess
from tests.sun.measured import CRS_M, X, Y

SETTINGS = RooftopSettings(azimuths=36, bands=12)


def town(measured: bool) -> City:
    """A flat, a pitched and a metal roof of 30 m by 20 m; the pitched one is a gable of 30° in the surface."""
    shapes = [box(X + 60 * k, Y, X + 60 * k + 30, Y + 20) for k in range(3)]
    frame = gpd.GeoDataFrame(
        {
            "height_m": [12.0, 6.0, 9.0],
            "use": ["education", "residential", "industry"],
            "roof_type": ["flat", "pitched", "metal"],
            "year_built": 2018,
            "parcel_id": "P1",
        },
        geometry=shapes,
        crs=CRS_M,
        index=pd.Index(["B0", "B1", "B2"], name="building_id"),
    )
    parcel = gpd.GeoDataFrame(
        {"name": ["P1"]}, geometry=[box(X - 50, Y - 50, X + 300, Y + 100)], crs=CRS_M, index=["P1"]
    ).rename_axis("parcel_id")
    rasters = {}
    if measured:
        transform = Affine(1.0, 0, X - 20, 0, -1.0, Y + 40)
        rows, columns = np.mgrid[0:60, 0:190]
        x, y = transform @ (columns + 0.5, rows + 0.5)
        rises = (12.0, 6 + np.tan(np.radians(30)) * (10 - np.abs(y - Y - 10)), 9 + 0.1 * (x - X - 120))
        heights = np.zeros(x.shape)
        for shape, rise in zip(shapes, rises, strict=True):
            heights = np.where(shapely.contains_xy(shape, x, y), rise, heights)
        rasters["surface"] = Raster(heights.astype(np.float32), transform, CRS_M)
    return City(
        "测试市",
        CRS_M,
        MappingProxyType({"building": frame, "parcel": parcel}),
        MappingProxyType(rasters),
        weather=weather_for("西安"),
        facts={"province": "陕西"},
    )


@pytest.fixture(scope="module", params=[False, True], ids=["drawn", "measured"])
def made(request: pytest.FixtureRequest) -> Assessment:
    return assess(town(request.param), None, SETTINGS, Job())


def test_planes_add_up_to_their_buildings_to_the_last_digit(made: Assessment) -> None:
    planes, buildings = made.details["roof_plane"], made.details["building"]
    sums = planes.groupby("building_id")[["pv_kwp", "pv_kwh_per_year", "plane_usable_m2"]].sum()
    assert sums["pv_kwp"].round(2).tolist() == buildings["pv_kwp"].tolist()
    assert sums["pv_kwh_per_year"].tolist() == buildings["pv_kwh_per_year"].tolist()
    assert sums["plane_usable_m2"].round(1).tolist() == buildings["roof_usable_m2"].tolist()


def test_outlines_have_the_area_of_their_planes_and_do_not_overlap(made: Assessment) -> None:
    planes = made.details["roof_plane"]
    assert isinstance(planes, gpd.GeoDataFrame)
    assert planes.geometry.area.to_numpy() == pytest.approx(planes["plane_m2"].to_numpy(), rel=0.02)
    assert planes.geometry.union_all().area == pytest.approx(planes["plane_m2"].sum(), rel=0.02)
    assert planes.geometry.is_valid.all()
    assert planes.index.is_unique
    assert planes.index.name == "roof_plane_id"


def test_usable_parts_lie_inside_the_set_back(made: Assessment) -> None:
    parts = made.details["roof_usable"]
    assert isinstance(parts, gpd.GeoDataFrame)
    assert set(parts.index) <= set(made.details["roof_plane"].index)
    flat = parts.geometry.loc["B0-1"]
    assert flat.area == pytest.approx((30 - 2.2) * (20 - 2.2), rel=0.02)
    assert box(X + 1.1, Y + 1.1, X + 28.9, Y + 18.9).buffer(0.02).covers(flat)


def test_of_a_pitched_roof_the_half_that_faces_north_has_no_usable_part(made: Assessment) -> None:
    planes = made.details["roof_plane"]
    north = planes.index[(planes["building_id"] == "B1") & ~planes["plane_azimuth_deg"].between(90, 270)]
    assert len(north) == 1
    assert north[0] not in made.details["roof_usable"].index


def test_a_surface_shows_its_own_slopes_and_a_footprint_those_of_its_type() -> None:
    drawn, shown = (assess(town(one), None, SETTINGS, Job()).details["roof_plane"] for one in (False, True))
    assert drawn.groupby("building_id")["plane_tilt_deg"].max().tolist() == [0.0, 25.0, 5.0]
    assert shown.groupby("building_id")["plane_tilt_deg"].max().tolist() == pytest.approx(
        [0, 30, 5.7], abs=0.1
    )
    assert shown["plane_measured"].all()
    assert not drawn["plane_measured"].any()
    assert drawn["plane_residual_m"].isna().all()


def test_cells_coarser_than_a_metre_fall_back_to_footprints_and_say_so() -> None:
    city = town(True)
    grid = city.rasters["surface"]
    coarse = Raster(grid.values[::2, ::2], grid.transform @ Affine.scale(2.0), grid.crs)
    coarse_city = City(
        city.name, city.crs, city.tables, {"surface": coarse}, weather=city.weather, facts=city.facts
    )
    made = assess(coarse_city, None, SETTINGS, Job())
    assert not made.details["roof_plane"]["plane_measured"].any()
    assert any("too coarse for roof planes" in said for said in made.remarks)


@given(
    values=st.lists(st.floats(0, 1000), min_size=1, max_size=30),
    total=st.integers(0, 100_000),
    owners=st.integers(1, 5),
)
def test_shares_add_up_to_the_total_exactly(values: list[float], total: int, owners: int) -> None:
    owner = np.arange(len(values)) % owners
    totals = np.full(owners, float(total))
    shares = shared_out(np.array(values), owner, totals, 1.0)
    sums = np.bincount(owner, weights=values, minlength=owners)
    whole = np.bincount(owner, weights=shares, minlength=owners)
    assert (whole == np.where(sums > 0, total, 0)).all()
    assert (
        np.abs(shares - np.array(values) / np.where(sums > 0, sums, 1)[owner] * total) <= 1.0 + 1e-6
    ).all()

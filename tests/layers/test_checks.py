"""Everything wrong with a city is said at once, before any long run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from affine import Affine
from pyproj import CRS

from core.problems import Severity
from layers.checks import check_city, fit_city
from layers.city import City, Raster

ZONE = CRS.from_epsg(4549)
EAST, NORTH = 500_000.0, 3_450_000.0


def box(west: float, south: float, east: float, north: float) -> Any:
    return shapely.box(EAST + west, NORTH + south, EAST + east, NORTH + north)


def table(shapes: list[Any], crs: Any = ZONE, **columns: Any) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=crs)


def city(**more: Any) -> City:
    """A city of two houses on one parcel, with nothing wrong but the weather that is missing."""
    tables = {
        "building": table(
            [box(10, 10, 30, 30), box(50, 10, 70, 30)],
            building_id=["A", "B"],
            use=["residential"] * 2,
            height_m=[18.0, 18.0],
        ),
        "parcel": table([box(0, 0, 100, 100)], parcel_id=["P"], land_use_code=["R2"]),
    }
    return City("x", ZONE, tables | more.pop("tables", {}), **more)


def found(problems: list[Any], words: str) -> Any:
    return next(problem for problem in problems if words in problem.said())


def test_a_sound_city_has_neither_errors_nor_warnings_but_for_the_weather():
    graver = [problem for problem in check_city(city()) if problem.severity is not Severity.NOTE]
    assert [problem.said() for problem in graver] == [
        "The city has no weather. Import an EPW file or choose the nearest city."
    ]


def test_an_empty_city_lacks_buildings_and_parcels():
    problems = check_city(City("x", ZONE))
    assert [problem.table for problem in problems if problem.severity is Severity.ERROR] == [
        "building",
        "parcel",
    ]


def test_errors_come_first():
    order = [problem.severity for problem in check_city(city(tables={"water": table([])}))]
    assert order == sorted(order, key=[Severity.ERROR, Severity.WARNING, Severity.NOTE].index)


def test_several_things_wrong_are_all_said():
    bad = table(
        [box(10, 10, 30, 30), box(20, 10, 40, 30), None],
        building_id=["A", "A", "C"],
        height_m=[-3.0, 12.0, 9.0],
    )
    problems = check_city(city(tables={"building": bad}))
    for words in ("outside 0 to 1000", "got a suffix", "has no shape", "overlap", "of zero or less"):
        assert found(problems, words)


def test_a_table_in_another_reference_system_is_an_error():
    other = table([shapely.box(0, 0, 9, 9)], crs=CRS.from_epsg(32651))
    assert found(check_city(city(tables={"water": other})), "WGS 84 / UTM zone 51N").table == "water"


def test_parcels_far_from_the_buildings_are_an_error():
    far = table([box(50_000, 0, 50_100, 100)], parcel_id=["P"], land_use_code=["R2"])
    assert found(check_city(city(tables={"parcel": far})), "50 km away").severity is Severity.ERROR


def test_plot_areas_in_mu_are_recognised():
    in_mu = table([box(0, 0, 100, 100)], parcel_id=["P"], land_use_code=["R2"], plot_area_m2=[15.0])
    assert found(check_city(city(tables={"parcel": in_mu})), "seems to be in 亩")


def test_a_plot_area_a_fifth_too_large_is_named():
    large = table([box(0, 0, 100, 100)], parcel_id=["P"], land_use_code=["R2"], plot_area_m2=[12_000.0])
    assert found(check_city(city(tables={"parcel": large})), "differs by more than 10 %").rows == ("P",)


def test_a_facility_that_names_an_unknown_parcel_is_named():
    facility = table([box(1, 1, 2, 2)], facility_id=["F"], parcel_id=["Q"])
    assert found(check_city(city(tables={"facility": facility})), "does not hold").rows == ("F",)


def raster(east: float, crs: CRS = ZONE) -> Raster:
    values = np.linspace(0.0, 9.0, 40_000, dtype="float32").reshape(200, 200)
    return Raster(values, Affine(1, 0, EAST + east, 0, -1, NORTH + 150), crs)


def test_a_terrain_that_covers_half_the_buildings_is_a_warning():
    problem = found(check_city(city(rasters={"terrain": raster(40.0)})), "“Ground level” has no values")
    assert (problem.severity, problem.rows) == (Severity.WARNING, ("A",))


def test_a_terrain_elsewhere_is_an_error():
    problem = found(check_city(city(rasters={"terrain": raster(9_000.0)})), "“Ground level” has no values")
    assert problem.severity is Severity.ERROR


def test_a_raster_in_another_reference_system_is_an_error():
    other = raster(0.0, CRS.from_epsg(32651))
    assert (
        found(check_city(city(rasters={"terrain": other})), "The raster “Ground level” is in").severity
        is Severity.ERROR
    )


def test_cells_too_fine_for_the_city_are_said_before_the_run():
    far = table([box(0, 0, 9, 9), box(90_000, 0, 90_009, 90_000)], height_m=[9.0, 9.0])
    assert found(check_city(city(tables={"building": far})), "cells of 4.6 m or more")


def test_a_table_in_degrees_does_not_stop_the_check_of_the_others():
    degrees = table([shapely.box(117.0, 31.0, 117.1, 31.1)], crs=ZONE, parcel_id=["P"])
    tables, problems = fit_city(city(tables={"parcel": degrees}))
    assert found(problems, "look like degrees").table == "parcel"
    assert tables["building"]["floors_above"].to_list() == [6, 6]


def test_the_given_tables_are_not_changed():
    given = city()
    before = {name: frame.copy() for name, frame in given.tables.items()}
    check_city(given)
    assert all(frame.equals(before[name]) for name, frame in given.tables.items())


def test_fitting_a_fit_city_changes_nothing():
    once, _ = fit_city(city(tables={"building": table([box(-30, 10, 70, 30)], building_id=["A"])}))
    twice, _ = fit_city(City("x", ZONE, once))
    for name in once:
        assert (
            once[name]
            .drop(columns="given_id")
            .equals(twice[name][once[name].columns].drop(columns="given_id"))
        )


def test_lujiazui_is_checked_with_no_error(shared: Path):
    folder = shared / "data/cn_shanghai_wuhan_osm"
    names = {"id": "building_id", "height": "height_m", "min_height": "min_height_m"}
    tables = {
        "building": gpd.read_file(folder / "shanghai_buildings.gpkg").to_crs(ZONE).rename(columns=names),
        "parcel": gpd.read_file(folder / "shanghai_landuse.gpkg")
        .to_crs(ZONE)
        .rename(columns={"id": "parcel_id"}),
    }
    fit, problems = fit_city(City("上海", ZONE, tables))
    assert not [problem for problem in problems if problem.severity is Severity.ERROR]
    buildings = fit["building"]
    assert buildings.index.is_unique
    assert buildings[["height_m", "floors_above", "use", "gfa_m2", "year_built"]].notna().all().all()
    ground = shapely.union_all(buildings.geometry.to_numpy()).area
    assert ground <= buildings["roof_m2"].sum() <= 1.04 * ground  # two tiles cut some buildings twice


@pytest.mark.parametrize(("province", "said"), [("陕西省", 0), ("西藏", 0), ("Hubei", 1), ("", 1)])
def test_a_province_without_a_factor_of_its_grid_is_said(province, said):
    problems = check_city(replace(city(), facts={"province": province}))
    assert sum("whole country" in problem.message for problem in problems) == said

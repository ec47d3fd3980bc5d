"""A city of six parcels in two units with the tables of a plan, small enough to add up by hand."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from pyproj import CRS
from shapely import LineString, box

from layers.city import City
from plans import Part
from potential import Assessment

EAST, NORTH = 500_000.0, 3_795_000.0
IDS = [f"QH-{number:04d}" for number in range(1, 7)]
ONE_WORD = ["QH-0001", "QH-0002", "QH-0003", "QH-0004"]


def city() -> City:
    """Six parcels of 1 ha in two rows, a unit for each row, a river between them, a road and a building on each."""
    crs = CRS(4545)
    plots = [
        box(
            EAST + 120 * (n % 3),
            NORTH + 200 * (n // 3),
            EAST + 120 * (n % 3) + 100,
            NORTH + 200 * (n // 3) + 100,
        )
        for n in range(6)
    ]
    parcel = gpd.GeoDataFrame(
        {
            "name": ["青禾中学", "市民中心", "青禾医院", "云庭苑", "滨河商场", "河畔公园"],
            "land_use_code": ["080403", "0801", "0806", "070102", "0901", "1401"],
            "use": ["education", "government_office", "health", "residential", "retail", "green"],
            "plot_area_m2": 10_000.0,
            "far": [1.2, 2.0, 1.8, 2.5, 2.0, 0.0],
            "status": ["planned", "planned", "planned", "planned", "existing", "existing"],
            "investor": ["government"] * 3 + ["private"] * 3,
            "planning_unit": ["A01"] * 3 + ["A02"] * 3,
            "district_name": "古城区",
        },
        index=pd.Index(IDS, name="parcel_id"),
        geometry=plots,
        crs=crs,
    )
    building = gpd.GeoDataFrame(
        {
            "parcel_id": IDS[:5],
            "use": parcel["use"].iloc[:5].to_numpy(),
            "gfa_m2": 5000.0,
            "year_built": [1975, 1995, 2003, 2018, 2022],
            "green_star": ["none", "one", "two", "none", "none"],
        },
        index=pd.Index([f"{id_}-01" for id_ in IDS[:5]], name="building_id"),
        geometry=[plot.centroid.buffer(20, cap_style="square") for plot in plots[:5]],
        crs=crs,
    )
    units = gpd.GeoDataFrame(
        {
            "name": ["南岸单元", "北岸单元"],
            "unit_type": ["leading", "basic"],
            "plot_area_m2": [36_000.0, 36_000.0],
        },
        index=pd.Index(["A01", "A02"], name="planning_unit_id"),
        geometry=[
            box(EAST - 10, NORTH - 10, EAST + 350, NORTH + 130),
            box(EAST - 10, NORTH + 170, EAST + 350, NORTH + 310),
        ],
        crs=crs,
    )
    water = gpd.GeoDataFrame(
        {"name": ["青川河"], "kind": ["river"]},
        index=pd.Index(["W-1"], name="water_id"),
        geometry=[box(EAST - 500, NORTH + 130, EAST + 900, NORTH + 170)],
        crs=crs,
    )
    road = gpd.GeoDataFrame(
        {"name": ["人民路"], "kind": ["arterial"], "width_m": [20.0]},
        index=pd.Index(["R-1"], name="road_id"),
        geometry=[LineString([(EAST - 500, NORTH - 20), (EAST + 900, NORTH - 20)])],
        crs=crs,
    )
    zone = gpd.GeoDataFrame(
        {"name": ["禁采区"], "kind": ["groundwater_ban"]},
        index=pd.Index(["BH-1"], name="protection_zone_id"),
        geometry=[box(EAST, NORTH, EAST + 100, NORTH + 100)],
        crs=crs,
    )
    tables = {
        "parcel": parcel,
        "building": building,
        "planning_unit": units,
        "water": water,
        "road": road,
        "protection_zone": zone,
    }
    return City("青禾市", crs, tables)


def assessments() -> dict[str, Assessment]:
    """Roofs: capacity and grade of every parcel."""
    parcels = pd.DataFrame(
        {
            "grade": ["suitable", "suitable", "conditional", "fairly_suitable", "forbidden", ""],
            "reason": "",
            "pv_kwp": [100.0, 200.0, 300.0, 400.0, 0.0, 0.0],
            "pv_kwh_per_year": [110e3, 220e3, 330e3, 440e3, 0.0, 0.0],
        },
        index=pd.Index(IDS, name="parcel_id"),
    )
    return {"rooftop": Assessment("rooftop", parcels, pd.DataFrame(), {}, {})}


def plan() -> Part:
    """Grades of the four new parcels, five choices, and the years."""
    grade = pd.DataFrame(
        {
            "green_grade": ["two_star", "two_star", "three_star", "basic"],
            "rule_id": ["G2", "G4", "G2", "G1"],
            "voluntary": [False, False, True, False],
            "prefabricated": [True, False, True, False],
        },
        index=pd.Index(ONE_WORD, name="parcel_id"),
    )
    rows = [
        ("QH-0001", "rooftop_pv", "pv", 80.0, 88e3, 320e3, 26e3, 2027),
        ("QH-0001", "ground_loop", "shallow_ground", 500.0, 700e3, 900e3, 40e3, 2026),
        ("QH-0002", "rooftop_pv", "pv", 150.0, 165e3, 600e3, 49e3, 2026),
        ("QH-0002", "facade_pv", "pv", 20.0, 15e3, 110e3, 4e3, 2028),
        ("QH-0004", "air_source", "air", 900.0, 1200e3, 1500e3, 60e3, 2028),
    ]
    columns = [
        "parcel_id",
        "technology",
        "family",
        "planned_kw",
        "kwh_per_year",
        "capex_yuan",
        "saved_kgce_per_year",
        "phase_year",
    ]
    choice = pd.DataFrame(rows, columns=columns)
    choice.index = pd.Index(choice["parcel_id"] + "/" + choice["technology"], name="choice_id")
    phase = choice.groupby("phase_year")[["capex_yuan"]].sum()
    unit = pd.DataFrame({"gfa_m2": [50e3, 20e3]}, index=pd.Index(["A01", "A02"], name="planning_unit"))
    return Part(tables={"grade": grade, "choice": choice, "phase": phase, "unit": unit})

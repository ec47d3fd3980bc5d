"""What the walls of a small city can give, from areas to sums."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from affine import Affine
from pyproj import CRS
from shapely.geometry import box

from core.fields import fields
from core.jobs import Cancelled, Job
from core.problems import UserError
from layers.city import City, Raster
from layers.weather_stations import weather_for
from potential import Assessment
from potential.records import from_record, to_record
from potential.solar import facade as facade_module
from potential.solar.facade import FACADE, FacadeSettings, assess
from potential.solar.facade_numbers import FacadeNumbers
from potential.solar.facade_results import wall_results
from standards import Standards
from sun.walls import Walls

QINGHE = CRS.from_epsg(4545)
X, Y = 500_000.0, 3_797_000.0
SETTINGS = FacadeSettings(azimuths=36, bands=12)
SUMMED = [
    "facade_mean_kwh_per_year",
    "facade_capex_yuan",
    "facade_kwp",
    "facade_kwh_per_year",
    "facade_saved_kgce_per_year",
    "facade_avoided_tco2_per_year",
    "facade_m2",
]
MONTHS = [f"facade_kwh_month_{month:02d}" for month in range(1, 13)]


def building(x: float, y: float, **known: Any) -> dict[str, Any]:
    """A building of 30 m by 20 m, 12 m high, a school of 2010, unless said otherwise."""
    usual: dict[str, Any] = {
        "geometry": box(X + x, Y + y, X + x + 30, Y + y + 20),
        "height_m": 12.0,
        "floors_above": 4,
        "use": "education",
        "roof_type": "flat",
        "year_built": 2010,
        "parcel_id": "P1",
    }
    return usual | known


@pytest.fixture(scope="module")
def make() -> Callable[..., City]:
    weather = weather_for("西安")

    def city(*rows: dict[str, Any]) -> City:
        frame = gpd.GeoDataFrame(list(rows), crs=QINGHE)
        frame.index = pd.Index([f"B{number}" for number in range(len(rows))], name="building_id")
        names = sorted({str(row["parcel_id"]) for row in rows} | {"P0"})
        parcels = gpd.GeoDataFrame(
            {"name": names},
            geometry=[box(X - 50, Y - 50, X + 500, Y + 500)] * len(names),
            crs=QINGHE,
            index=pd.Index(names, name="parcel_id"),
        )
        tables = {"building": frame, "parcel": parcels[parcels.index != "nowhere"]}
        return City("测试市", QINGHE, tables, weather=weather, facts={"province": "陕西"})

    return city


@pytest.fixture(scope="module")
def town(make: Callable[..., City]) -> tuple[City, Assessment]:
    city = make(
        building(0, 0),
        building(60, 0, use="retail"),
        building(120, 0, use="industry", height_m=9.0, floors_above=1, parcel_id="P2"),
        building(0, 60, parcel_id="P2", structural_check="passed"),
        building(60, 60, heritage=True),
        building(120, 60, parcel_id="nowhere"),
    )
    return city, assess(city, None, SETTINGS, Job())


def of_buildings(assessment: Assessment) -> pd.DataFrame:
    return assessment.details["building"]


def walls_of_building(assessment: Assessment, name: str) -> pd.DataFrame:
    """By their direction in whole degrees."""
    walls = assessment.details["wall"]
    walls = walls[walls["building_id"] == name]
    return walls.set_index(walls["wall_azimuth_deg"].round().astype(int)).sort_index()


def test_a_wall_of_a_government_office_gives_what_is_reckoned_by_hand(make: Callable[..., City]) -> None:
    """South wall of 75 m by 20 m, window ratio 0.4, use factor 0.5, 0.15 kWp/m², 900 kWh/m², performance ratio 0.75:
    67.5 kWp and 45.56 MWh, the worked example of planning practice."""
    city = make(building(0, 0, use="government_office"))
    numbers = replace(
        FacadeNumbers.of(city, SETTINGS.electricity_basis),
        window_ratio={("government_office", "south"): 0.4},
        use_factor=0.5,
        kwp_per_module_m2=0.15,
    )
    wall = {"building": 0, "x0": X, "y0": Y, "x1": X + 75, "y1": Y, "azimuth_deg": 180.0, "length_m": 75.0}
    table = pd.DataFrame(
        [wall | {"bottom_m": 0.0, "top_m": 20.0, "levels": 5, "storey_m": 4.0, "hangs": False}]
    )
    none = np.zeros(0)
    walls = Walls(table, none.astype(np.int64), none, none, none.astype(np.float32))
    light = {f"light_{month:02d}": 75.0 for month in range(1, 13)}
    storey = {"wall": 0, "area_m2": 300.0, "lit_m2": 300.0, "irradiation": 900.0, "open": 900.0} | light
    levels = pd.DataFrame([storey | {"level": level} for level in range(5)])
    states = pd.DataFrame({"safety_state": ["to_check"]})
    made = wall_results(walls, levels, np.full((1, 12), 0.75), city.tables["building"], states, numbers).iloc[
        0
    ]
    assert made["kwp"] == pytest.approx(67.5)
    assert sum(made[f"kwh_{month:02d}"] for month in range(1, 13)) == pytest.approx(45_562.5)


def test_all_walls_count_as_area_and_all_but_the_north_carry_modules(town: tuple[City, Assessment]) -> None:
    """By hand: 100 m round and 12 m high; of the southern 360 m² 0.4 is window, of the others a quarter."""
    row = of_buildings(town[1]).loc["B0"]
    assert row["facade_m2"] == 1200
    assert sorted(walls_of_building(town[1], "B0").index) == [90, 180, 270]
    modules = 0.5 * (360 * 0.6 + 2 * 240 * 0.75)
    assert row["facade_usable_m2"] == pytest.approx(modules, abs=0.5)
    assert row["facade_kwp"] == pytest.approx(modules * 0.125, abs=0.05)


def test_the_ground_floor_of_a_shop_is_window(town: tuple[City, Assessment]) -> None:
    """By hand: as the school beside it but for the lowest of four storeys, of which 0.8 is window on every side."""
    south = walls_of_building(town[1], "B1").loc[180, "facade_usable_m2"]
    assert south == pytest.approx(0.5 * 90 * (3 * 0.6 + 0.2), abs=0.1)


def test_shops_above_the_ground_have_no_ground_floor(make: Callable[..., City]) -> None:
    hanging = building(0, 0, use="retail", min_height_m=3.0, floors_above=3, height_m=12.0)
    south = walls_of_building(assess(make(hanging), None, SETTINGS, Job()), "B0").loc[180]
    assert south["wall_height_m"] == 9.0
    assert south["facade_usable_m2"] == pytest.approx(0.5 * 270 * 0.6, abs=0.1)


def test_a_south_wall_gives_more_than_east_and_west_and_these_much_the_same(
    make: Callable[..., City],
) -> None:
    walls = walls_of_building(assess(make(building(0, 0)), None, SETTINGS, Job()), "B0")
    east, south, west = walls["facade_irradiation_kwh_per_m2"]
    assert south > 1.1 * max(east, west)
    assert east == pytest.approx(west, rel=0.05)


def test_a_kilowatt_on_a_wall_gives_what_the_planning_ratio_says(town: tuple[City, Assessment]) -> None:
    """Yield over irradiation of a wall lies about the planning value of facades, 0.70 to 0.75; the chain says 0.76
    in Xi'an, as it counts an open rack."""
    walls = town[1].details["wall"]
    ratio = walls["facade_kwh_per_year"] / walls["facade_kwp"] / walls["facade_irradiation_kwh_per_m2"]
    assert ratio.between(0.70, 0.82).all()


def test_a_street_darkens_the_foot_of_a_wall_more_than_its_top(make: Callable[..., City]) -> None:
    made = assess(make(building(0, 0), building(0, -35, height_m=12.0)), None, SETTINGS, Job())
    south = walls_of_building(made, "B0").loc[180, "facade_irradiation_kwh_per_m2"]
    storeys = made.details["wall_level"]
    wall = made.details["wall"].index[(made.details["wall"]["wall_azimuth_deg"] - 180).abs() < 1]
    of_wall = storeys[storeys["wall_id"] == wall[0]]
    light = of_wall.sort_values("wall_level")["facade_irradiation_kwh_per_m2"]
    assert light.is_monotonic_increasing and light.iloc[-1] > 1.1 * light.iloc[0]
    assert south == pytest.approx(light.mean(), rel=1e-3)  # equal storeys
    assert of_buildings(made).loc["B0", "facade_shading_loss"] > 0


def test_storeys_with_too_little_sun_carry_nothing(make: Callable[..., City]) -> None:
    """Nine metres from a slab of 60 m the southern wall of a school is dark; its storeys are listed with no lit area."""
    made = assess(
        make(building(0, 0), building(-30, -29, height_m=60.0, geometry=box(X - 60, Y - 29, X + 90, Y - 9))),
        None,
        SETTINGS,
        Job(),
    )
    assert 180 not in walls_of_building(made, "B0").index
    assert of_buildings(made).loc["B0", "facade_irradiation_kwh_per_m2"] < 600


def test_touching_buildings_show_only_what_stands_above_the_other(make: Callable[..., City]) -> None:
    made = assess(make(building(0, 0), building(30, 0, height_m=18.0, floors_above=6)), None, SETTINGS, Job())
    assert of_buildings(made)["facade_m2"].tolist() == [1200 - 240, 1800 - 240]


def test_a_wall_of_an_existing_building_never_passes_unchecked(town: tuple[City, Assessment]) -> None:
    frame = of_buildings(town[1])
    assert frame["safety_state"].tolist() == ["to_check"] * 3 + ["passed", "excluded", "to_check"]
    assert frame.loc["B0", "reason"].endswith("structural check missing")
    assert "structural check missing" not in frame.loc["B3", "reason"]


def test_a_heritage_building_carries_nothing_and_says_why(town: tuple[City, Assessment]) -> None:
    row = of_buildings(town[1]).loc["B4"]
    assert (row["facade_kwp"], row["facade_kwh_per_year"]) == (0.0, 0.0)
    assert (row["grade"], row["reason"]) == ("forbidden", "heritage or historic building")


def test_an_asbestos_roof_does_not_forbid_the_walls(make: Callable[..., City]) -> None:
    row = of_buildings(assess(make(building(0, 0, asbestos_roof=True)), None, SETTINGS, Job())).iloc[0]
    assert row["safety_state"] == "to_check" and row["facade_kwp"] > 0


def test_months_add_up_to_the_year_to_the_last_digit(town: tuple[City, Assessment]) -> None:
    frame = of_buildings(town[1])
    assert (frame[MONTHS].sum(axis=1) == frame["facade_kwh_per_year"]).all()
    assert (town[1].parcels[MONTHS].sum(axis=1) == town[1].parcels["facade_kwh_per_year"]).all()


def test_buildings_parcels_and_city_add_up_to_the_last_digit(town: tuple[City, Assessment]) -> None:
    made = town[1]
    frame = of_buildings(made)
    for name in SUMMED:
        by_parcel = frame.groupby("parcel_id")[name].sum()
        for parcel, value in made.parcels[name].items():
            assert value == pytest.approx(by_parcel.get(parcel, 0.0), abs=1e-6)
        outside = frame.loc[frame["parcel_id"] == "nowhere", name].sum()
        assert made.totals[name] == pytest.approx(made.parcels[name].sum() + outside, abs=1e-6)
    assert made.totals["outside_facade_kwp"] == frame.loc["B5", "facade_kwp"]


def test_p90_lies_below_and_p10_above_the_middle(town: tuple[City, Assessment]) -> None:
    able = of_buildings(town[1]).query("facade_kwp > 0")
    assert (able["facade_p90_kwh_per_year"] < able["facade_kwh_per_year"]).all()
    assert (able["facade_p10_kwh_per_year"] > able["facade_kwh_per_year"]).all()


def test_a_parcel_without_buildings_gives_nothing_and_has_no_grade(town: tuple[City, Assessment]) -> None:
    row = town[1].parcels.loc["P0"]
    assert (row["buildings"], row["facade_kwp"], row["grade"], row["reason"]) == (0, 0.0, "", "no building")


def test_options_offer_the_capacity_of_every_parcel_at_the_price_of_facades(
    town: tuple[City, Assessment],
) -> None:
    """7 yuan per watt."""
    made = town[1]
    able = made.parcels.index[made.parcels["facade_kwp"] > 0]
    assert sorted(made.options["parcel_id"]) == sorted(able)
    assert (made.options["technology"] == "facade_pv").all()
    assert (made.options["opex_yuan_per_year"] == (made.options["most_kw"] * 50).round()).all()
    assert made.options["capex_yuan"].tolist() == pytest.approx((made.options["most_kw"] * 7000).tolist())


def test_a_kilowatt_hour_of_walls_costs_investment_upkeep_and_inverters_over_what_the_life_gives(
    town: tuple[City, Assessment],
) -> None:
    """7,000 yuan a kilowatt, 50 a year, 150 in year 11; 97 % of the yield and 0.7 % less every year; at 6 %."""
    row = of_buildings(town[1]).loc["B0"]
    worth = 1.06 ** -np.arange(1.0, 26.0)
    spent = 7000 + 50 * worth.sum() + 150 * worth[10]
    given = row["facade_yield_kwh_per_kwp"] * ((0.97 - 0.007 * np.arange(25)) @ worth)
    assert row["facade_lcoe_yuan_per_kwh"] == pytest.approx(spent / given, rel=1e-3)
    assert row["facade_mean_kwh_per_year"] == round(row["facade_kwh_per_year"] * 0.886)


def test_every_column_is_in_the_dictionary_and_every_number_has_a_source(
    town: tuple[City, Assessment],
) -> None:
    frames = [town[1].parcels, *town[1].details.values()]
    assert {column for frame in frames for column in frame.columns} - {"geometry"} <= set(fields())
    assert {frame.index.name for frame in frames} <= set(fields())
    assert all(number.source for number in town[1].numbers)


def test_the_tables_that_are_read_are_those_that_are_declared(town: tuple[City, Assessment]) -> None:
    assert {number.table for number in town[1].numbers} | {
        "facade_grades",
        "use_profiles",
        "safety_conditions",
    } == set(FACADE.standards)
    assert set(FACADE.standards) <= set(Standards().names())
    assert FACADE.settings() == FacadeSettings()


def test_walls_have_lines_of_their_length_and_storeys_that_add_up_to_them(
    town: tuple[City, Assessment],
) -> None:
    walls, storeys = town[1].details["wall"], town[1].details["wall_level"]
    assert walls.geometry.length.tolist() == pytest.approx(walls["length_m"].tolist(), abs=0.06)
    area = storeys.groupby("wall_id")["facade_m2"].sum().reindex(walls.index)
    assert area.tolist() == pytest.approx(walls["facade_m2"].tolist(), abs=1.0)
    assert walls.index.is_unique and storeys.index.is_unique


def test_where_there_are_too_many_storeys_walls_keep_their_sums(
    make: Callable[..., City], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facade_module, "MOST_STOREYS_KEPT", 3)
    made = assess(make(building(0, 0)), None, SETTINGS, Job())
    assert "wall_level" not in made.details and len(made.details["wall"]) == 3
    assert "There are too many storeys to list; walls keep their sums." in made.remarks


def test_a_record_gives_back_the_assessment(town: tuple[City, Assessment]) -> None:
    again = from_record(to_record(town[1]))
    pd.testing.assert_frame_equal(again.parcels, town[1].parcels)
    assert again.totals == town[1].totals


def test_a_tower_of_six_hundred_metres_has_a_storey_for_every_floor_and_is_conditional_at_best(
    make: Callable[..., City],
) -> None:
    made = assess(
        make(building(0, 0, height_m=600.0, floors_above=150, use="business_office")), None, SETTINGS, Job()
    )
    assert made.details["wall_level"]["wall_level"].max() == 150
    row = of_buildings(made).iloc[0]
    assert row["facade_m2"] == 100 * 600
    assert row["grade"] in ("conditional", "unsuitable")


def test_a_city_of_one_shed_has_walls_too_small_for_modules(make: Callable[..., City]) -> None:
    shed = building(0, 0, geometry=box(X, Y, X + 3, Y + 3), height_m=2.5, floors_above=1, use="utility")
    row = of_buildings(assess(make(shed), None, SETTINGS, Job())).iloc[0]
    assert (row["facade_m2"], row["facade_kwp"], row["grade"]) == (30, 0.0, "unsuitable")
    assert row["reason"] == "no sunny wall left"


def test_buildings_without_height_have_no_walls_and_it_is_said(make: Callable[..., City]) -> None:
    made = assess(make(building(0, 0, height_m=np.nan), building(60, 0)), None, SETTINGS, Job())
    row = of_buildings(made).loc["B0"]
    assert (row["facade_m2"], row["facade_kwp"], row["grade"]) == (0.0, 0.0, "unsuitable")
    assert "Buildings without height have no walls; heights or storeys would give them." in made.remarks


def test_a_city_whose_buildings_all_lack_height_gives_nothing(make: Callable[..., City]) -> None:
    made = assess(make(building(0, 0, height_m=np.nan)), None, SETTINGS, Job())
    assert made.totals["facade_kwp"] == 0.0
    assert made.options.empty and made.details["wall"].empty and made.details["wall_level"].empty


@pytest.mark.parametrize("cell_m", [0.5, 2.5])
def test_cells_of_another_size_change_little(make: Callable[..., City], cell_m: float) -> None:
    city = make(building(0, 0), building(0, -45, height_m=24.0), building(50, 5, height_m=18.0))
    usual = of_buildings(assess(city, None, SETTINGS, Job()))["facade_irradiation_kwh_per_m2"]
    other = of_buildings(assess(city, None, replace(SETTINGS, cell_m=cell_m), Job()))[
        "facade_irradiation_kwh_per_m2"
    ]
    assert other.tolist() == pytest.approx(usual.tolist(), rel=0.02)


def test_without_parcels_buildings_are_assessed_all_the_same(make: Callable[..., City]) -> None:
    city = make(building(0, 0))
    made = assess(
        replace(city, tables=MappingProxyType({"building": city.tables["building"]})), None, SETTINGS, Job()
    )
    assert made.parcels.empty and made.options.empty
    assert made.totals["outside_facade_kwp"] == made.totals["facade_kwp"] > 0


def test_a_measured_surface_gives_the_walls_of_a_drawn_one(make: Callable[..., City]) -> None:
    """A block of 12 m measured at half a metre, with a hole in the measurement beside it."""
    city = make(building(0, 0))
    transform = Affine(0.5, 0, X - 20, 0, -0.5, Y + 40)
    rows, columns = np.mgrid[0:120, 0:140]
    east, north = transform @ (columns + 0.5, rows + 0.5)
    inside = (east > X) & (east < X + 30) & (north > Y) & (north < Y + 20)
    heights = np.where(inside, 12.0, 0.0).astype(np.float32)
    heights[90:95, 20:25] = np.nan
    ground = np.zeros_like(heights)
    surface = {"surface": Raster(heights, transform, QINGHE), "terrain": Raster(ground, transform, QINGHE)}
    drawn = of_buildings(assess(city, None, SETTINGS, Job())).iloc[0]
    seen = replace(city, rasters=MappingProxyType(surface))
    row = of_buildings(assess(seen, None, replace(SETTINGS, cell_m=0.5), Job())).iloc[0]
    assert row["facade_m2"] == drawn["facade_m2"]
    assert row["facade_kwh_per_year"] == pytest.approx(drawn["facade_kwh_per_year"], rel=1e-3)


def test_mountains_beyond_the_surface_darken_southern_walls(make: Callable[..., City]) -> None:
    """Terrain that reaches 8 km beyond the only building, with a ridge of 900 m from 3 km to the south on."""
    city = make(building(0, 0))
    rows = (np.arange(320)[:, None] + 0.5) * 50 - 8_000
    ridge = np.repeat(np.where(rows > 3_000, 900.0, 0.0), 320, axis=1).astype(np.float32)

    def south(heights: np.ndarray[Any, np.dtype[np.float32]]) -> float:
        terrain = Raster(heights, Affine(50.0, 0.0, X - 8_000, 0.0, -50.0, Y + 8_000), QINGHE)
        made = assess(replace(city, rasters=MappingProxyType({"terrain": terrain})), None, SETTINGS, Job())
        return float(walls_of_building(made, "B0").loc[180, "facade_irradiation_kwh_per_m2"])

    level = south(np.zeros_like(ridge))
    assert south(ridge) < 0.95 * level


def test_missing_buildings_and_weather_are_said_together(make: Callable[..., City]) -> None:
    city = make(building(0, 0))
    bare = replace(city, tables=MappingProxyType({"parcel": city.tables["parcel"]}), weather=None)
    with pytest.raises(UserError) as refused:
        assess(bare, None, SETTINGS, Job())
    assert len(refused.value.problems) == 2


def test_a_cancelled_assessment_gives_nothing(make: Callable[..., City]) -> None:
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        assess(make(building(0, 0)), None, SETTINGS, job)

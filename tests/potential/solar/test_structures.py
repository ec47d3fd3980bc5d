"""What ancillary structures and municipal facilities can carry, by hand; nothing counts twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from pyproj import CRS
from shapely.geometry import Point, box

from core.fields import fields
from core.jobs import Job
from layers.city import City
from layers.weather_stations import weather_for
from potential import Assessment
from potential.solar import ancillary, municipal
from potential.solar.ancillary import AncillarySettings
from potential.solar.classes import SolarClass, solar_classes
from potential.solar.municipal import MunicipalSettings
from potential.solar.roof_pv import roof_pv
from potential.solar.rooftop import RooftopSettings
from standards import Standards

QINGHE = CRS.from_epsg(4545)
X, Y = 500_000.0, 3_797_000.0
COARSE = {"cell_m": 2.0, "azimuths": 36, "bands": 12}
Make = Callable[..., City]


def building(x: float, y: float, wide: float = 30, deep: float = 20, **known: Any) -> dict[str, Any]:
    """A school building of 12 m with a flat roof on the parcel P1, unless said otherwise."""
    usual: dict[str, Any] = {
        "geometry": box(X + x, Y + y, X + x + wide, Y + y + deep),
        "name": "教学楼",
        "height_m": 12.0,
        "use": "education",
        "roof_type": "flat",
        "year_built": 2010,
        "parcel_id": "P1",
    }
    return usual | known


def parcel(name: str, x: float, **known: Any) -> dict[str, Any]:
    """A parcel of 200 m by 100 m, for a shop unless said otherwise."""
    usual = {"id": name, "geometry": box(X + x, Y, X + x + 200, Y + 100), "use": "retail"}
    return usual | known


def facility(kind: str, x: float, y: float, **known: Any) -> dict[str, Any]:
    return {"kind": kind, "geometry": Point(X + x, Y + y), **known}


def table(rows: Sequence[dict[str, Any]], ids: str, prefix: str) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(list(rows), crs=QINGHE)
    names = frame.pop("id") if "id" in frame else [f"{prefix}{number}" for number in range(len(frame))]
    return frame.set_index(pd.Index(list(names), name=ids))


@pytest.fixture(scope="module")
def make() -> Make:
    weather = weather_for("西安")

    def city(
        buildings: Sequence[dict[str, Any]],
        parcels: Sequence[dict[str, Any]] = (),
        facilities: Sequence[dict[str, Any]] = (),
    ) -> City:
        tables = {"building": table(buildings, "building_id", "B")}
        if parcels:
            tables["parcel"] = table(parcels, "parcel_id", "P")
        if facilities:
            tables["facility"] = table(facilities, "facility_id", "F")
        return City("测试市", QINGHE, tables, weather=weather, facts={"province": "陕西"})

    return city


def ancillary_of(city: City) -> Assessment:
    return ancillary.assess(city, None, AncillarySettings(**COARSE), Job())


def municipal_of(city: City) -> Assessment:
    return municipal.assess(city, None, MunicipalSettings(**COARSE), Job())


def shop(**known: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The shop P03 of the worked example: 9,000 m² of roof on a plot of 20,000 m²."""
    return [building(0, 0, 90, 100, use="retail", parcel_id="P03")], [parcel("P03", 0, **known)]


# Canopies


def test_two_hundred_stalls_carry_446_kilowatts(make: Make) -> None:
    """200 x 12.5 m² x 0.85 x 0.21 kWp/m² = 446.25 kWp, P03 of the worked example."""
    made = ancillary_of(make(*shop(parking_stalls=200)))
    assert made.parcels.loc["P03", "ancillary_kwp"] == pytest.approx(446.25, abs=0.051)
    assert made.details["canopy"].loc["P03-C", "ancillary_m2"] == pytest.approx(2125, abs=0.5)


def test_stalls_under_the_ground_carry_nothing(make: Make) -> None:
    """3,000 m² in the open are 100 stalls of 30 m²."""
    made = ancillary_of(make(*shop(parking_stalls=200, parking_roofless_m2=3_000.0)))
    assert made.details["canopy"].loc["P03-C", "parking_stalls"] == 100
    none = ancillary_of(make(*shop(parking_stalls=200, parking_roofless_m2=0.0)))
    assert none.totals["ancillary_kwp"] == 0


def test_stalls_find_room_on_open_ground_only(make: Make) -> None:
    """0.6 of the 11,000 m² beside the shop hold 220 stalls of 30 m²."""
    made = ancillary_of(make(*shop(parking_stalls=5_000)))
    assert made.details["canopy"].loc["P03-C", "parking_stalls"] == 220
    built_over = [building(0, 0, 200, 100, parcel_id="P03")], [parcel("P03", 0, parking_stalls=50)]
    assert ancillary_of(make(*built_over)).details["canopy"].empty


def test_canopies_cover_no_building(make: Make) -> None:
    city = make(*shop(parking_stalls=200))
    ground = ancillary_of(city).details["canopy"].geometry.iloc[0]
    assert ground.intersection(city.tables["building"].geometry.iloc[0]).area == pytest.approx(0.0, abs=1e-6)
    assert ground.area == pytest.approx(11_000)


def test_a_tower_in_the_south_takes_sun_from_a_canopy(make: Make) -> None:
    buildings, parcels = shop(parking_stalls=200)
    tower = building(90, -40, 110, 20, height_m=80.0, parcel_id=None)
    alone, beside = ancillary_of(make(buildings, parcels)), ancillary_of(make([*buildings, tower], parcels))
    assert beside.totals["ancillary_kwp"] == alone.totals["ancillary_kwp"]
    assert beside.totals["ancillary_kwh_per_year"] < 0.9 * alone.totals["ancillary_kwh_per_year"]


# Municipal facilities


@pytest.mark.parametrize(
    ("kind", "size", "kwp"),
    [
        ("sewage_works", {"sewage_m3_per_day": 80_000.0}, 3_600.0),  # 45 kWp for 1,000 m³/d
        ("sewage_works", {"sewage_m3_per_day": 80_000.0, "canopy_area_m2": 10_000.0}, 1_200.0),
        ("water_works", {"canopy_area_m2": 21_000.0}, 2_646.0),  # rows on a flat roof: 0.6 x 210 W/m²
        ("bus_depot", {"canopy_area_m2": 9_473.0}, 1_136.8),  # 120 W/m² of site
        (
            "noise_barrier",
            {"length_m": 640.0, "height_m": 4.0, "azimuth_deg": 88.0},
            384.0,
        ),  # 2,560 m² x 0.15
        ("swap_station", {"canopy_area_m2": 380.0}, 64.6),
        ("street_lamp", {"lamps": 250.0}, 25.0),
    ],
)
def test_a_facility_carries_what_its_size_allows(
    kind: str, size: dict[str, float], kwp: float, make: Make
) -> None:
    made = municipal_of(make([building(0, 0)], [parcel("P1", 0)], [facility(kind, 300, 50, **size)]))
    row = made.details["facility"].iloc[0]
    assert row["municipal_kwp"] == pytest.approx(kwp, abs=0.051)
    assert row["safety_state"] == "to_check"
    assert (made.totals["outside_municipal_kwp"], made.totals["outside_rows"]) == (row["municipal_kwp"], 1)


def test_modules_of_a_barrier_stand_on_the_side_nearer_to_south(make: Make) -> None:
    def year(azimuth: float) -> float:
        size = {"length_m": 100.0, "height_m": 4.0, "azimuth_deg": azimuth}
        made = municipal_of(
            make([building(0, 0)], [parcel("P1", 0)], [facility("noise_barrier", 300, 50, **size)])
        )
        return float(made.totals["municipal_kwh_per_year"])

    assert year(0.0) == year(180.0) > year(92.0) == year(272.0)


def test_a_facility_of_unknown_size_has_no_grade_and_says_so(make: Make) -> None:
    made = municipal_of(make([building(0, 0)], [parcel("P1", 0)], [facility("heat_station", 300, 50)]))
    row = made.details["facility"].iloc[0]
    assert (row["municipal_kwp"], row["grade"], row["reason"]) == (0, "", "size not known")


def test_facilities_that_carry_no_modules_are_no_municipal_pv(make: Make) -> None:
    made = municipal_of(make([building(0, 0)], [parcel("P1", 0)], [facility("biomass", 10, 50)]))
    assert made.details["facility"].empty


# Nothing twice


def test_a_public_car_park_is_municipal_and_its_stalls_are_not_counted_again(make: Make) -> None:
    """The point lies on the shop's parcel, which it does not name."""
    park = facility("car_park", 150, 50, canopy_area_m2=6_000.0)
    city = make(*shop(parking_stalls=200), [park])
    assert municipal_of(city).parcels.loc["P03", "municipal_kwp"] == 720.0
    assert ancillary_of(city).totals["ancillary_kwp"] == 0


def test_a_public_car_park_of_unknown_size_leaves_the_stalls_of_its_parcel(make: Make) -> None:
    city = make(*shop(parking_stalls=200), [facility("car_park", 150, 50)])
    assert ancillary_of(city).totals["ancillary_kwp"] == pytest.approx(446.25, abs=0.051)


def test_stalls_on_municipal_ground_are_municipal(make: Make) -> None:
    """Without an area 2.23 kWp a stall, with it 0.12 kWp/m²."""
    depot = parcel("D", 0, use="depot_parking", parking_stalls=100)
    city = make([building(0, 0, parcel_id=None)], [depot])
    assert municipal_of(city).details["facility"].loc["D-P", "municipal_kwp"] == 223.0
    assert ancillary_of(city).totals["ancillary_kwp"] == 0
    open_air = make([building(0, 0, parcel_id=None)], [depot | {"parking_roofless_m2": 3_000.0}])
    assert municipal_of(open_air).details["facility"].loc["D-P", "municipal_kwp"] == 360.0


def test_a_depot_that_is_facility_and_parcel_counts_once(make: Make) -> None:
    depot = parcel("D", 0, use="depot_parking", parking_stalls=100, parking_roofless_m2=3_000.0)
    inside = facility("bus_depot", 100, 50, canopy_area_m2=5_000.0)
    made = municipal_of(make([building(250, 0, parcel_id=None)], [depot], [inside]))
    assert list(made.details["facility"].index) == ["F0"]
    assert made.parcels.loc["D", "municipal_kwp"] == 600.0


def test_every_building_is_of_one_class_and_roofs_of_all_classes_add_up(make: Make) -> None:
    city = make(
        [
            building(0, 0),
            building(40, 0, 8, 6, name="北门门卫房", height_m=4.0),
            building(60, 0, 20, 10, name="自行车棚", height_m=3.0, roof_type="metal"),
            building(220, 0, name="污水厂综合楼", use="business_office", parcel_id="W"),
            building(260, 0, 8, 6, name="门卫房", height_m=4.0, parcel_id="W"),
        ],
        [parcel("P1", 0, use="education"), parcel("W", 210, use="utility")],
    )
    classes = solar_classes(city)
    assert list(classes) == ["roof", "ancillary", "ancillary", "municipal", "municipal"]
    assert set(classes) == {str(one) for one in SolarClass}
    whole = roof_pv(city, RooftopSettings(**COARSE), Job()).buildings
    parts = ancillary_of(city), municipal_of(city)
    kwp = sum(made.totals[f"{made.name}_kwp"] for made in parts)
    assert kwp + whole.loc["B0", "pv_kwp"] == pytest.approx(whole["pv_kwp"].sum())
    ids = [set(made.details["building"].index) for made in parts]
    assert not ids[0] & ids[1]


# Sums and what is not known


@pytest.fixture(scope="module")
def town(make: Make) -> tuple[Assessment, Assessment]:
    city = make(
        [
            building(0, 0),
            building(60, 30, 20, 10, name="车棚", height_m=3.0),
            building(220, 0, use="utility", parcel_id="W"),
            building(700, 0, 20, 10, name="门卫房", parcel_id=None),
        ],
        [
            parcel("P1", 0, use="education", parking_stalls=33),
            parcel("W", 210, use="utility", parking_roofless_m2=777.0),
            parcel("S", 420, parking_stalls=71),
        ],
        [
            facility("footbridge", 205, 50, canopy_area_m2=423.0),
            facility("sewage_works", 300, 60, sewage_m3_per_day=12_345.0),
        ],
    )
    return ancillary_of(city), municipal_of(city)


def test_parcels_and_what_lies_outside_add_up_to_the_city_to_the_last_digit(
    town: tuple[Assessment, Assessment],
) -> None:
    for made in town:
        for name in (f"{made.name}_kwp", f"{made.name}_kwh_per_year"):
            inside, outside = made.parcels[name].sum(), made.totals[f"outside_{name}"]
            assert round(inside + outside, 3) == made.totals[name] > 0
            assert outside > 0
        months = [f"{made.name}_kwh_month_{month:02d}" for month in range(1, 13)]
        assert (made.parcels[months].sum(axis=1) == made.parcels[f"{made.name}_kwh_per_year"]).all()
        assert sum(made.totals[name] for name in months) == made.totals[f"{made.name}_kwh_per_year"]


def test_the_likely_yield_lies_between_p90_and_p10(town: tuple[Assessment, Assessment]) -> None:
    for made in town:
        low, middle, high = (made.totals[f"{made.name}_{name}kwh_per_year"] for name in ("p90_", "", "p10_"))
        assert 0 < low < middle < high


def test_options_offer_each_parcel_its_capacity_roofs_at_the_price_of_roofs_and_the_rest_of_canopies(
    town: tuple[Assessment, Assessment],
) -> None:
    """3.05 and 4.5 yuan a watt."""
    for made, technology, open_air in zip(
        town, ("canopy_pv", "municipal_pv"), ("canopy", "facility"), strict=True
    ):
        options = made.options.set_index("parcel_id")
        able = made.parcels[made.parcels[f"{made.name}_kwp"] > 0]
        assert set(options["technology"]) == {technology}
        assert (options["most_kw"] == able[f"{made.name}_kwp"]).all()
        parts = [
            (made.details[rows].groupby("parcel_id")[f"{made.name}_kwp"].sum() * price).round()
            for rows, price in (("building", 3050), (open_air, 4500))
        ]
        by_hand = parts[0].add(parts[1], fill_value=0.0).reindex(options.index)
        assert options["capex_yuan"].tolist() == pytest.approx(by_hand.tolist(), abs=2)
        assert (options["lcoe_yuan_per_kwh"] > 0).all()


def test_more_stalls_never_give_less(make: Make) -> None:
    found = [ancillary_of(make(*shop(parking_stalls=number))).totals for number in (1, 2, 50, 300)]
    for name in ("ancillary_kwp", "ancillary_kwh_per_year"):
        assert all(one[name] < other[name] for one, other in pairwise(found))


def test_without_facilities_and_parking_both_classes_are_zero_and_say_what_would_tell(make: Make) -> None:
    city = make([building(0, 0)], [parcel("P1", 0, use="education")])
    for made, reason, word in (
        (ancillary_of(city), "no ancillary structure known", "stalls"),
        (municipal_of(city), "no municipal facility known", "layer of facilities"),
    ):
        assert made.totals[f"{made.name}_kwp"] == made.totals[f"{made.name}_kwh_per_year"] == 0
        assert made.parcels.loc["P1", "reason"] == reason
        assert made.options.empty
        assert any(word in remark for remark in made.remarks)


def test_without_parcels_guard_houses_and_bridges_still_count(make: Make) -> None:
    house = building(0, 0, 20, 10, name="门卫房", parcel_id=None)
    city = make([house], (), [facility("footbridge", 100, 0, canopy_area_m2=420.0)])
    assert ancillary_of(city).totals["ancillary_kwp"] > 0
    assert municipal_of(city).totals["municipal_kwp"] == pytest.approx(50.4)


def test_every_column_is_in_the_dictionary_and_every_table_is_declared(
    town: tuple[Assessment, Assessment],
) -> None:
    for made, declared in zip(town, (ancillary.ANCILLARY, municipal.MUNICIPAL), strict=True):
        frames = [made.parcels, *made.details.values()]
        assert {column for frame in frames for column in frame.columns} - {"geometry"} <= set(fields())
        assert {frame.index.name for frame in frames} <= set(fields())
        assert set(declared.standards) <= set(Standards().names())
        assert {number.table for number in made.numbers} <= set(declared.standards)

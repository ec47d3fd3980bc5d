"""What the roofs of a small city can give, from shapes to sums."""

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
from shapely.affinity import rotate
from shapely.geometry import box

from core.jobs import Cancelled, Job
from core.problems import UserError
from demand.electricity import Electricity
from layers.city import City, Raster
from layers.weather_stations import weather_for
from potential import Assessment
from potential.records import from_record, to_record
from potential.solar.rooftop import ROOFTOP, RooftopSettings, assess
from potential.solar.typical_days import DAYS, HOUR_COLUMNS
from standards import Standards
from sun.sky import sky_table
from sun.sweep import plane_irradiation

QINGHE = CRS.from_epsg(4545)
X, Y = 500_000.0, 3_797_000.0
SETTINGS = RooftopSettings(azimuths=36, bands=12)
SUMMED = [
    "pv_kwp",
    "pv_kwh_per_year",
    "pv_mean_kwh_per_year",
    "pv_capex_yuan",
    "saved_kgce_per_year",
    "avoided_tco2_per_year",
    "roof_m2",
]


def building(x: float, y: float, **known: Any) -> dict[str, Any]:
    """A building of 30 m by 20 m, 12 m high, a school with a flat roof of 2010, unless said otherwise."""
    usual: dict[str, Any] = {
        "geometry": box(X + x, Y + y, X + x + 30, Y + y + 20),
        "height_m": 12.0,
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


def of_buildings(assessment: Assessment) -> pd.DataFrame:
    return assessment.details["building"]


@pytest.fixture(scope="module")
def town(make: Callable[..., City]) -> tuple[City, Assessment]:
    city = make(
        building(0, 0),
        building(60, 0, roof_type="pitched", use="rural_house", height_m=6.0),
        building(120, 0, roof_type="metal", use="industry", height_m=9.0, parcel_id="P2", year_built=2018),
        building(0, 60, parcel_id="P2", structural_check="passed"),
        building(60, 60, heritage=True),
        building(120, 60, parcel_id="nowhere"),
    )
    return city, assess(city, None, SETTINGS, Job())


def test_a_roof_alone_receives_the_global_irradiation(make: Callable[..., City]) -> None:
    made = assess(make(building(0, 0)), None, SETTINGS, Job())
    row = of_buildings(made).iloc[0]
    assert row["irradiation_kwh_per_m2"] == pytest.approx(1312, rel=2e-3)
    assert row["shading_loss"] == pytest.approx(0.0, abs=1e-3)


def test_a_flat_roof_carries_what_set_back_obstructions_and_row_spacing_leave(
    town: tuple[City, Assessment],
) -> None:
    """By hand: 30 x 20 m less 1.1 m on each side, 0.56 of it free, rows at 15° and 34.3° N, 210 W/m²."""
    row = of_buildings(town[1]).loc["B0"]
    usable = (30 - 2.2) * (20 - 2.2) * 0.56
    tilt, slope = np.radians(15), np.tan(np.radians(town[0].place.latitude))
    cover = 1 / (np.cos(tilt) + np.sin(tilt) * (0.707 * slope + 0.4338) / (0.707 - 0.4338 * slope))
    assert row["roof_m2"] == 600
    assert row["roof_usable_m2"] == pytest.approx(usable, rel=0.01)
    assert row["pv_kwp"] == pytest.approx(usable * cover * 0.21, rel=0.01)


def test_a_kilowatt_gives_what_its_climate_allows(town: tuple[City, Assessment]) -> None:
    """The Guanzhong basin lies between the Sichuan basin (750 to 850) and the north (1,150 to 1,350)."""
    assert of_buildings(town[1])["pv_yield_kwh_per_kwp"].dropna().between(950, 1250).all()


def test_a_pitched_roof_carries_modules_on_its_southern_half_only(town: tuple[City, Assessment]) -> None:
    row = of_buildings(town[1]).loc["B1"]
    assert row["module_azimuth_deg"] == pytest.approx(180.0, abs=0.5)
    assert row["module_tilt_deg"] == 25.0
    assert 0 < row["roof_usable_m2"] < 0.5 * 600 / np.cos(np.radians(25))


def test_a_gable_across_the_meridian_loses_its_northern_half(make: Callable[..., City]) -> None:
    along = building(0, 0, roof_type="pitched")
    turned = building(0, 0, roof_type="pitched", geometry=rotate(along["geometry"], 90))
    south, west = (of_buildings(assess(make(row), None, SETTINGS, Job())).iloc[0] for row in (along, turned))
    assert west["module_azimuth_deg"] == pytest.approx(90, abs=1) or west[
        "module_azimuth_deg"
    ] == pytest.approx(270, abs=1)
    assert south["pv_yield_kwh_per_kwp"] > west["pv_yield_kwh_per_kwp"]


def test_a_metal_hall_is_said_to_face_its_sunnier_side(make: Callable[..., City]) -> None:
    """Both halves carry modules at 5°; the one that gives more speaks for the roof, whichever is larger."""
    hall = building(0, 0, roof_type="metal", use="industry", roof_year=2020)
    for turn in (0.0, 3.0, -3.0):
        row = of_buildings(
            assess(make(hall | {"geometry": rotate(hall["geometry"], turn)}), None, SETTINGS, Job())
        )
        assert row.iloc[0]["module_azimuth_deg"] == pytest.approx(180.0 - turn, abs=0.5)
        assert row.iloc[0]["roof_usable_m2"] > 0.5 * row.iloc[0]["roof_m2"]


def test_room_for_less_than_the_least_piece_carries_nothing(make: Callable[..., City]) -> None:
    """North of a slab of 29 m two metres of roof are light enough, 10.3 m² inside the set-back; of 30 m one."""

    def kwp(height_m: float) -> float:
        narrow = building(0, 0, height_m=6.0, geometry=box(X, Y, X + 8, Y + 20))
        slab = building(0, 0, height_m=height_m, geometry=box(X - 71, Y - 25, X + 79, Y - 5))
        return float(of_buildings(assess(make(narrow, slab), None, SETTINGS, Job())).loc["B0", "pv_kwp"])

    assert kwp(29.0) == pytest.approx(0.8)
    assert kwp(30.0) == 0.0


def test_a_tower_to_the_south_takes_beam_and_sky_one_to_the_north_only_sky(make: Callable[..., City]) -> None:
    def loss(y: float) -> float:
        made = assess(make(building(0, 0), building(0, y, height_m=60.0)), None, SETTINGS, Job())
        return float(of_buildings(made).loc["B0", "shading_loss"])

    # From the roof the tower is 54° wide and 58° high, a tenth of the sky's light on a level plane; some of it
    # comes back as light from the tower's wall.
    assert 0.005 < loss(40) < 0.04
    assert loss(-40) > 0.08


def test_every_grade_carries_its_reason(town: tuple[City, Assessment]) -> None:
    frame = of_buildings(town[1])
    assert frame.loc["B0", ["grade", "reason"]].tolist() == ["suitable", "structural check missing"]
    assert frame.loc["B3", ["grade", "safety_state"]].tolist() == ["suitable", "passed"]
    assert frame.loc["B4", ["grade", "reason"]].tolist() == ["forbidden", "heritage or historic building"]


def test_an_excluded_roof_gives_nothing(town: tuple[City, Assessment]) -> None:
    assert of_buildings(town[1]).loc["B4", ["pv_kwp", "pv_kwh_per_year", "module_m2"]].tolist() == [0, 0, 0]


def test_months_add_up_to_the_year_to_the_last_digit(town: tuple[City, Assessment]) -> None:
    frame = of_buildings(town[1])
    months = frame[[f"pv_kwh_month_{month:02d}" for month in range(1, 13)]].sum(axis=1)
    assert (months == frame["pv_kwh_per_year"]).all()


def test_buildings_parcels_and_city_add_up_to_the_last_digit(town: tuple[City, Assessment]) -> None:
    made = town[1]
    frame = of_buildings(made)
    for name in SUMMED:
        by_parcel = frame.groupby("parcel_id")[name].sum()
        for parcel, value in made.parcels[name].items():
            assert value == pytest.approx(by_parcel.get(parcel, 0.0), abs=1e-6)
        outside = frame.loc[frame["parcel_id"] == "nowhere", name].sum()
        assert made.totals[name] == pytest.approx(made.parcels[name].sum() + outside, abs=1e-6)
    assert made.totals["outside_pv_kwp"] == frame.loc["B5", "pv_kwp"]


def test_a_parcel_without_buildings_gives_nothing_and_has_no_grade(town: tuple[City, Assessment]) -> None:
    row = town[1].parcels.loc["P0"]
    assert (row["buildings"], row["pv_kwp"], row["grade"], row["reason"]) == (
        0,
        0.0,
        "",
        "no building",
    )


def test_p90_lies_below_and_p10_above_the_middle(town: tuple[City, Assessment]) -> None:
    frame = of_buildings(town[1])
    able = frame[frame["pv_kwp"] > 0]
    assert (able["pv_p90_kwh_per_year"] < able["pv_kwh_per_year"]).all()
    assert (able["pv_p10_kwh_per_year"] > able["pv_kwh_per_year"]).all()


def test_parcels_are_surer_than_the_sum_of_their_buildings(town: tuple[City, Assessment]) -> None:
    """What is each roof's own evens out: P1 holds B0 and B1, P2 B2 and B3; the city all six."""
    made = town[1]
    frame = of_buildings(made)
    for level, sign in (("p90", 1), ("p10", -1)):
        name = f"pv_{level}_kwh_per_year"
        alone = frame.groupby("parcel_id")[name].sum()
        for parcel in ("P1", "P2"):
            assert sign * made.parcels.loc[parcel, name] > sign * alone[parcel]
        assert sign * made.totals[name] > sign * (made.parcels[name].sum() + alone["nowhere"])
    assert (made.parcels["pv_p90_kwh_per_year"] <= made.parcels["pv_kwh_per_year"]).all()


def test_hours_of_typical_days_are_the_months_of_buildings_and_add_up_to_parcels(
    town: tuple[City, Assessment],
) -> None:
    """Days times hours, rounded to a kilowatt-hour; parcels to the watt-hour of their buildings' sums."""
    made = town[1]
    frame, days = of_buildings(made), made.details["building_day"]
    of_months = days[HOUR_COLUMNS].sum(axis=1).to_numpy().reshape(-1, 12)
    able = frame[frame["pv_kwp"] > 0]
    assert days.index[::12].tolist() == able.index.tolist()
    months = able[[f"pv_kwh_month_{month:02d}" for month in range(1, 13)]].to_numpy()
    assert (np.rint(of_months * DAYS / 1000) == months).all()
    own = days.assign(parcel_id=frame["parcel_id"].reindex(days.index).to_numpy())
    sums = own.groupby(["parcel_id", "month"])[HOUR_COLUMNS].sum()
    parcels = made.details["parcel_day"].set_index("month", append=True)
    assert (parcels[HOUR_COLUMNS] == sums.loc[parcels.index]).all(axis=None)


def test_a_tower_to_the_east_takes_the_roof_its_mornings(make: Callable[..., City]) -> None:
    def morning(x: float) -> float:
        made = assess(make(building(0, 0), building(x, 0, height_m=40.0)), None, SETTINGS, Job())
        june = made.details["building_day"].loc["B0"].set_index("month").loc[6, HOUR_COLUMNS].to_numpy()
        return float(june[:12].sum() / june.sum())

    assert morning(40) < morning(200) - 0.03 < morning(-40) - 0.06


def test_what_a_building_uses_changes_its_money_and_nothing_of_its_roof(
    make: Callable[..., City], town: tuple[City, Assessment]
) -> None:
    """Use that is the sun's own course takes all of the power; none takes nothing."""
    city = town[0]
    rows = len(city.tables["building"])
    flat = np.full((1, 12, 24), 1 / 8760)
    much = Electricity(np.full(rows, 1e9), np.zeros(rows, np.int64), flat, flat, ())
    none = replace(much, kwh=np.zeros(rows))
    made = {
        name: of_buildings(assess(city, use, SETTINGS, Job()))
        for name, use in (("much", much), ("none", none))
    }
    able = made["much"]["pv_kwp"] > 0
    assert made["much"].loc[able, "pv_self_use_share"].to_numpy() == pytest.approx(1.0, abs=1e-3)
    assert (made["none"].loc[able, "pv_self_use_share"] == 0).all()
    assert made["none"].loc[able, "pv_payback_self_years"].isna().all()
    same = [
        name
        for name in made["much"]
        if name.startswith(("pv_kwh", "pv_kwp", "pv_p", "roof")) and "pay" not in name
    ]
    pd.testing.assert_frame_equal(made["much"][same], made["none"][same])


def test_the_life_gives_0_886_of_its_first_year_in_the_mean(town: tuple[City, Assessment]) -> None:
    frame = of_buildings(town[1])
    assert (frame["pv_mean_kwh_per_year"] == (frame["pv_kwh_per_year"] * 0.886).round()).all()


def test_coal_and_carbon_follow_the_stated_factors(town: tuple[City, Assessment]) -> None:
    """0.300 kgce/kWh (equivalent value) and the Shaanxi grid of 2023, 0.6335 kg/kWh."""
    row = of_buildings(town[1]).loc["B0"]
    assert row["saved_kgce_per_year"] == round(row["pv_kwh_per_year"] * 0.300)
    assert row["avoided_tco2_per_year"] == pytest.approx(row["pv_kwh_per_year"] * 0.6335 / 1000, abs=1e-3)


def test_the_basis_of_electricity_changes_coal_but_neither_energy_nor_carbon(
    make: Callable[..., City],
) -> None:
    city = make(building(0, 0))
    one = assess(city, None, SETTINGS, Job()).totals
    other = assess(city, None, replace(SETTINGS, electricity_basis="elec_calorific"), Job()).totals
    assert other["saved_kgce_per_year"] == pytest.approx(
        one["saved_kgce_per_year"] * 0.1229 / 0.300, rel=1e-3
    )
    assert other["pv_kwh_per_year"] == one["pv_kwh_per_year"]
    assert other["avoided_tco2_per_year"] == one["avoided_tco2_per_year"]


def test_options_offer_the_capacity_of_every_parcel_that_has_one(town: tuple[City, Assessment]) -> None:
    made = town[1]
    able = made.parcels.index[made.parcels["pv_kwp"] > 0]
    assert sorted(made.options["parcel_id"]) == sorted(able)
    assert (made.options["technology"] == "rooftop_pv").all()
    assert (made.options["capex_yuan"] > 0).all()


def test_every_number_used_has_a_source(town: tuple[City, Assessment]) -> None:
    numbers = town[1].numbers
    assert len(numbers) > 30
    assert all(number.source for number in numbers)


def test_a_record_gives_back_the_assessment(town: tuple[City, Assessment]) -> None:
    made = town[1]
    again = from_record(to_record(made))
    pd.testing.assert_frame_equal(again.parcels, made.parcels)
    assert again.numbers == made.numbers
    assert again.totals == made.totals


def test_the_declared_needs_are_those_that_are_read() -> None:
    known = set(Standards().names())
    assert set(ROOFTOP.standards) <= known
    assert ROOFTOP.settings() == RooftopSettings()


def test_a_measured_surface_shows_the_planes_of_a_gable(make: Callable[..., City]) -> None:
    """A surface with a gable of 30°: two planes, modules on the southern one at its own tilt."""
    city = make(building(0, 0, roof_type="pitched"))
    transform = Affine(0.5, 0, X - 20, 0, -0.5, Y + 40)
    rows, columns = np.mgrid[0:120, 0:140]
    east, north = transform @ (columns + 0.5, rows + 0.5)
    inside = (east > X) & (east < X + 30) & (north > Y) & (north < Y + 20)
    ridge = 8 + np.tan(np.radians(30)) * (10 - np.abs(north - (Y + 10)))
    heights = np.where(inside, ridge, 0.0).astype(np.float32)
    ground = Raster(np.zeros_like(heights), transform, QINGHE)
    surface = {"surface": Raster(heights, transform, QINGHE), "terrain": ground}
    made = assess(
        replace(city, rasters=MappingProxyType(surface)), None, replace(SETTINGS, cell_m=0.5), Job()
    )
    row = of_buildings(made).iloc[0]
    assert row["roof_m2"] == pytest.approx(600.0, rel=0.02)
    assert row["module_tilt_deg"] == pytest.approx(30.0, abs=1.0)
    assert row["module_azimuth_deg"] == pytest.approx(180.0, abs=1.0)


def test_a_sky_of_the_whole_year_gives_what_its_months_add_up_to(make: Callable[..., City]) -> None:
    weather = make(building(0, 0)).weather
    assert weather is not None
    sky = sky_table(weather.hours, weather.latitude, weather.longitude, azimuths=36, bands=12)
    lit = np.random.default_rng(1).integers(0, 13, (50, 36)).astype(np.uint8)
    slopes = np.linspace(-1, 1, 50), np.linspace(1, -1, 50)
    months, year = plane_irradiation(lit, sky, *slopes), plane_irradiation(lit, sky.whole_year, *slopes)
    assert year.shape == (50, 1)
    assert year[:, 0] == pytest.approx(months.sum(axis=1), rel=1e-5)


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


def test_a_city_whose_roofs_are_all_too_small_has_no_potential_and_no_irradiation(
    make: Callable[..., City],
) -> None:
    """A hut of 2 m by 2 m in a measured surface: every cell lies at an edge, so no plane is found."""
    hut = building(0, 0, geometry=box(X, Y, X + 2, Y + 2))
    heights = np.zeros((40, 40), dtype=np.float32)
    heights[18:20, 20:22] = 12.0
    transform = Affine(1.0, 0.0, X - 20, 0.0, -1.0, Y + 20)
    city = replace(make(hut), rasters=MappingProxyType({"surface": Raster(heights, transform, QINGHE)}))
    row = of_buildings(assess(city, None, SETTINGS, Job())).iloc[0]
    assert (row["pv_kwp"], row["grade"], row["reason"]) == (0.0, "unsuitable", "no usable roof left")
    assert np.isnan(row["irradiation_kwh_per_m2"])


def test_a_roof_measured_as_empty_gives_what_its_footprint_does_without_the_share_of_obstructions(
    make: Callable[..., City],
) -> None:
    """Of a footprint obstructions are assumed to leave 0.8; a surface shows that there are none."""
    city = make(building(0, 0))
    transform = Affine(0.5, 0, X - 20, 0, -0.5, Y + 40)
    rows, columns = np.mgrid[0:120, 0:140]
    east, north = transform @ (columns + 0.5, rows + 0.5)
    inside = (east > X) & (east < X + 30) & (north > Y) & (north < Y + 20)
    heights = np.where(inside, 12.0, 0.0).astype(np.float32)
    surface = {
        "surface": Raster(heights, transform, QINGHE),
        "terrain": Raster(np.zeros_like(heights), transform, QINGHE),
    }
    drawn = of_buildings(assess(city, None, SETTINGS, Job())).iloc[0]
    measured = assess(
        replace(city, rasters=MappingProxyType(surface)), None, replace(SETTINGS, cell_m=0.5), Job()
    )
    row = of_buildings(measured).iloc[0]
    assert row["roof_m2"] == pytest.approx(drawn["roof_m2"], rel=0.01)
    assert row["pv_kwp"] * 0.8 == pytest.approx(drawn["pv_kwp"], rel=0.005)

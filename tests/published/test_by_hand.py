"""Two buildings worked out by hand from the tables alone, against the assessment.

By hand: footprint, set-back by shapely, shares and module density read from the tables' files, row spacing of GB 50797
from its formula, and a kilowatt's year by pvlib's own ModelChain, unshaded. Of ours only shade is taken: the share of
lit roof, and what modules receive over what they would receive in the open.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pvlib import iam, location, modelchain, pvsystem
from pyproj import CRS

import sample_city
from core.jobs import Job
from layers.city import City
from layers.surface import surface_of
from layers.weather import Weather
from layers.weather_files import read_epw
from layers.weather_stations import weather_for
from potential.solar.roof_sun import shine
from potential.solar.roofs import roofs_of_footprints
from potential.solar.rooftop import RooftopSettings, assess
from potential.solar.rooftop_numbers import RooftopNumbers
from potential.solar.sharing import HOT_WATER_FIRST, POWER_ONLY
from sun.sky import sky_table

TABLES = Path(__file__).resolve().parents[2] / "standards" / "tables"
NEAR_M = 250.0  # neighbours further away are left out, in the assessment too
WITHIN = 0.02


def parameter(name: str, case: str) -> float:
    table = pd.read_csv(TABLES / "pv_parameters.csv").set_index(["parameter", "case"])
    return float(table.loc[(name, case), "default"])


def free_share(use: str, kind: str) -> float:
    table = pd.read_csv(TABLES / "pv_roof.csv").set_index(["use", "roof_type", "quantity"])
    return float(table.loc[(use, kind, "free_share"), "default"])


def cover_of_rows(tilt_deg: float, latitude: float) -> float:
    """Module area per roof area: inclined length over pitch, no shade from 9 to 15 h at the winter solstice."""
    slope, tilt = np.tan(np.radians(latitude)), np.radians(tilt_deg)
    pitch = np.cos(tilt) + np.sin(tilt) * (0.707 * slope + 0.4338) / (0.707 - 0.4338 * slope)
    return float(1 / pitch)


def inside(footprint: shapely.Geometry, setback_m: float) -> float:
    """Area further from the edge than the set-back, in pieces of 10 m² and more. [m²]"""
    parts = shapely.get_parts(footprint.buffer(-setback_m, join_style="mitre"))
    return float(sum(part.area for part in parts if part.area >= 10.0))


def open_year(weather: Weather, tilt_deg: float, azimuth_deg: float) -> tuple[float, float]:
    """A year without shade by pvlib's ModelChain in PVWatts's way: yield and irradiation. [kWh/kWp], [kWh/m²]

    Diffuse light is reflected as beam is at the equivalent angles of Brandemuehl and Beckman (1980), who are not
    asked in the assessment: it integrates over the sky after Marion (2017).
    """
    gamma = parameter("temperature_coefficient", "c-Si")
    nominal = parameter("inverter_efficiency", "nominal")
    losses = {
        "soiling": "soiling",
        "mismatch": "mismatch",
        "wiring": "wiring",
        "connections": "connections",
        "lid": "light_induced_degradation",
        "nameplate_rating": "nameplate",
        "availability": "availability",
    }
    percent = {name: 100 * parameter("hourly_loss", case) for name, case in losses.items()}
    faiman = {"u0": parameter("faiman_u0", "open rack"), "u1": parameter("faiman_u1", "open rack")}
    array = pvsystem.Array(
        pvsystem.FixedMount(tilt_deg, azimuth_deg),
        albedo=parameter("ground_reflectance", "built-up area"),
        module_parameters={"pdc0": 1.0, "gamma_pdc": gamma},
        temperature_model_parameters=faiman,
    )
    system = pvsystem.PVSystem(
        [array],
        inverter_parameters={
            "pdc0": 1 / parameter("dc_ac_ratio", "nameplate") / nominal,
            "eta_inv_nom": nominal,
            "eta_inv_ref": parameter("inverter_efficiency", "reference"),
        },
        losses_parameters=percent | {"shading": 0.0, "snow": 0.0, "age": 0.0},
    )
    site = location.Location(weather.latitude, weather.longitude, altitude=weather.altitude)
    chain = modelchain.ModelChain(
        system,
        site,
        transposition_model="perez",
        dc_model="pvwatts",
        ac_model="pvwatts",
        aoi_model="physical",
        spectral_model="no_loss",
        temperature_model="faiman",
        losses_model="pvwatts",
    )
    hours = weather.hours[["ghi", "dni", "dhi", "temp_air", "wind_speed"]]
    chain.run_model(hours.set_axis(hours.index + pd.Timedelta(minutes=30)))
    # ModelChain reflects the beam only; sky and ground light meets glass at an equivalent angle as well.
    light = chain.results.total_irrad
    sky_deg = 59.7 - 0.1388 * tilt_deg + 0.001497 * tilt_deg**2
    ground_deg = 90 - 0.5788 * tilt_deg + 0.002693 * tilt_deg**2
    effective = (
        chain.results.effective_irradiance
        - light["poa_sky_diffuse"] * (1 - iam.physical(sky_deg))
        - light["poa_ground_diffuse"] * (1 - iam.physical(ground_deg))
    )
    reflected = chain.results.weather.assign(
        effective_irradiance=effective.fillna(0.0), poa_global=light["poa_global"].fillna(0.0)
    )
    chain.run_model_from_effective_irradiance(reflected)
    return float(np.nansum(chain.results.ac)), float(np.nansum(light["poa_global"])) / 1000


@dataclass(frozen=True)
class Lit:
    """Ours on one plane of a roof: share of cells light enough, and what modules receive there. [kWh/m²]"""

    tilt_deg: float
    azimuth_deg: float
    share: float
    received: float


def lit_planes(city: City, building: str) -> list[Lit]:
    settings = RooftopSettings()
    numbers = RooftopNumbers.of(city, settings)
    surface = surface_of(city, cell_m=settings.cell_m)
    table, weather, place = city.tables["building"], city.weather, city.place
    assert weather is not None
    roofs = roofs_of_footprints(
        table,
        surface,
        roof_tilt_deg=numbers.roof_tilt_deg,
        setback_m=numbers.setback_m,
        least_m2=numbers.plane_rules.least_m2,
        convergence_deg=place.convergence_deg,
    )
    where = (weather.latitude, weather.longitude)
    sky = sky_table(weather.hours, *where, albedo=numbers.chain.albedo, altitude=weather.altitude)
    shone = shine(roofs, surface, sky, numbers, place.latitude, place.convergence_deg, Job())
    own = shone.planes[shone.planes["building"] == table.index.get_loc(building)]
    year = own[[f"module_{month:02d}" for month in range(1, 13)]].sum(axis=1)
    columns = (own["module_tilt_deg"], own["module_azimuth_deg"], own["lit_share"], year)
    return [Lit(*map(float, row)) for row in zip(*columns, strict=True)]


def city_around(table: gpd.GeoDataFrame, building: str, weather: Weather, province: str) -> City:
    """The building and its neighbours on level ground, in one parcel."""
    near = table[table.distance(table.geometry[building]) < NEAR_M].assign(parcel_id="P1")
    near.index.name = "building_id"
    west, south, east, north = near.total_bounds
    parcels = gpd.GeoDataFrame(
        geometry=[shapely.box(west, south, east, north)],
        crs=table.crs,
        index=pd.Index(["P1"], name="parcel_id"),
    )
    tables = {"building": near, "parcel": parcels}
    return City("by hand", CRS(table.crs), tables, weather=weather, facts={"province": province})


def assessed(city: City, building: str, roof_rule: str = HOT_WATER_FIRST) -> pd.Series:
    settings = RooftopSettings(roof_rule=roof_rule)
    return assess(city, None, settings, Job()).details["building"].loc[building]


@pytest.mark.slow
def test_a_flat_roof_of_suzhou_is_as_by_hand(shared: Path) -> None:
    given = shared / "data" / "cn_suzhou_buildings" / "suzhou_buildings.gpkg"
    weather_file = shared / "data" / "weather_china" / "Shanghai-Hongqiao_1956_2023_TMYx.epw"
    if not (given.exists() and weather_file.exists()):
        pytest.skip("the buildings of Suzhou or the weather of Shanghai are not among the real data")
    raw = gpd.read_file(given).to_crs(4549)
    table = gpd.GeoDataFrame(
        {"height_m": raw["height"].to_numpy(), "use": "retail", "roof_type": "flat"},
        geometry=raw.geometry.make_valid().to_numpy(),
        crs=raw.crs,
        index=pd.Index([f"S{row}" for row in range(len(raw))], name="building_id"),
    )
    house, weather = "S2092", read_epw(weather_file)
    city = city_around(table, house, weather, "江苏")
    (lit,) = lit_planes(city, house)
    footprint = table.geometry[house]
    assert (lit.tilt_deg, lit.azimuth_deg) == (15.0, 180.0)

    usable = inside(footprint, 1.1) * lit.share * free_share("retail", "flat")
    kwp = usable * cover_of_rows(15.0, 31.3) * 0.210
    kwh_per_kwp, irradiation = open_year(weather, 15.0, 180.0)
    row = assessed(city, house)
    assert row["roof_m2"] == pytest.approx(footprint.area, rel=1e-3)
    assert row["roof_usable_m2"] == pytest.approx(usable, rel=WITHIN)
    assert row["pv_kwp"] == pytest.approx(kwp, rel=WITHIN)
    assert row["pv_kwh_per_year"] == pytest.approx(kwp * kwh_per_kwp * lit.received / irradiation, rel=WITHIN)


@pytest.mark.slow
def test_a_gable_of_the_sample_city_is_as_by_hand() -> None:
    """The half that faces south carries modules flush on 25°, a tenth of it kept free between them.

    Where the roof is shared, modules get what the collectors of the house leave.
    """
    given = sample_city.generate().tables["building"]
    sound = ~given[["heritage", "dangerous", "illegal", "planned_demolition"]].any(axis=1)
    gables = given[
        sound
        & (given["use"] == "residential")
        & (given["roof_type"] == "pitched")
        & (given["year_built"] > 1990)
    ]
    house, weather = str(gables.index[0]), weather_for("西安")
    city = city_around(given, house, weather, "陕西")
    footprint = given.geometry[house]

    corners = np.array(footprint.minimum_rotated_rectangle.exterior.coords)
    sides = np.diff(corners, axis=0)[:2]
    along = sides[np.argmax(np.hypot(*sides.T))]
    along = along / np.hypot(*along)
    across = np.array([along[1], -along[0]])
    south = across if across[1] < 0 else -across
    middle = np.array(footprint.centroid.coords[0])
    ends = [middle - 500 * along, middle + 500 * along]
    half = footprint.intersection(shapely.Polygon([*ends, *(end + 500 * south for end in reversed(ends))]))
    azimuth = float(np.degrees(np.arctan2(*south)) % 360 + city.place.convergence_deg)
    lit = min(lit_planes(city, house), key=lambda plane: abs(plane.azimuth_deg - azimuth))
    assert (lit.tilt_deg, lit.azimuth_deg) == (25.0, pytest.approx(azimuth, abs=0.5))

    sloping = half.area / np.cos(np.radians(25)) * inside(footprint, 0.65) / footprint.area
    usable = sloping * lit.share * free_share("residential", "pitched")
    kwp = usable * 0.9 * 0.210
    kwh_per_kwp, irradiation = open_year(weather, 25.0, azimuth)
    row = assessed(city, house, POWER_ONLY)
    assert row["roof_usable_m2"] == pytest.approx(usable, rel=WITHIN)
    assert row["pv_kwp"] == pytest.approx(kwp, rel=WITHIN)
    assert row["pv_kwh_per_year"] == pytest.approx(kwp * kwh_per_kwp * lit.received / irradiation, rel=WITHIN)

    shared_roof = assessed(city, house, HOT_WATER_FIRST)
    assert 0 < shared_roof["heat_roof_m2"] < usable
    left = (usable - shared_roof["heat_roof_m2"]) / usable
    assert shared_roof["pv_kwp"] == pytest.approx(kwp * left, rel=WITHIN)

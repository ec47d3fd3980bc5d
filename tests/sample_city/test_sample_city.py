"""What Qinghe must be: the same every time, whole, and with every attribute that the policy's rules ask for."""

from __future__ import annotations

import csv
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import sample_city
from core.fields import fields, out_of_limits
from sample_city import SampleCity
from sample_city.files import with_missing

ROOT = Path(__file__).resolve().parents[2]
# What the grade rules, the safety gates and the geothermal rules look at.
ASKED = {
    "building": (
        "parcel_id use height_m min_height_m floors_above floors_below year_built structure roof_type roof_year gfa_m2 "
        "footprint_m2 ownership investor hazard_class fire_rating heritage dangerous illegal military planned_demolition "
        "asbestos_roof old_estate landmark central_heating structural_check roof_load_kn_per_m2 green_star prefabricated "
        "ultra_low_energy retrofit_year settlement beds pupils households district_code"
    ),
    "parcel": (
        "use land_use_system land_use_code land_use_name mix_ratio plot_area_m2 gfa_m2 far building_density green_ratio "
        "height_limit_m status investor planning_unit district_code district_name subdistrict settlement key_area military "
        "planned_demolition affordable_housing quality_auction deep_resource_assessed deep_environment_assessed "
        "parking_stalls parking_roofless_m2 beds pupils"
    ),
    "water": "kind low_flow_m3_per_s surface_level_m navigable water_temp_c_month_01 water_temp_c_month_12",
    "metro": "kind status depth_top_m protection_m",
    "underground_space": "kind status depth_top_m depth_bottom_m protection_m",
    "protection_zone": "kind zone_level subsidence_mm",
    "geology": (
        "lithology strata cobble_m specific_yield_m3_per_day_m reinjection_share porosity "
        "water_level_fall_m_per_year"
    ),
    "borehole": (
        "kind borehole_depth_m lithology ground_conductivity_w_per_mk borehole_resistance_mk_per_w "
        "reinjection_share"
    ),
    "facility": "kind waste_heat_kw waste_heat_c waste_heat_winter_c sewage_m3_per_day operating_hours canopy_area_m2",
    "pv_asset": (
        "building_id parcel_id installed_kwp commissioned_year asset_state removal_due removed_on rapid_shutdown "
        "firm_fixing waterproof"
    ),
    "district": "transformer_kva peak_load_kw pv_connected_kw population",
    "planning_unit": "unit_type district_code",
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SampleCity]:
    """The files, and the city that was generated anew for them."""
    place, made = tmp_path_factory.mktemp("qinghe"), []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            "sample_city.files.generate", lambda *by: made.append(sample_city.generate(*by)) or made[0]
        )
        sample_city.write(place)
    return place, made[0]


@pytest.fixture(scope="module")
def city(written: tuple[Path, SampleCity]) -> SampleCity:
    return written[1]


@pytest.fixture(scope="module")
def folder(written: tuple[Path, SampleCity]) -> Path:
    return written[0]


def overlaps_m2(table: gpd.GeoDataFrame) -> float:
    """Largest area that two shapes of a table share."""
    shapes = table.geometry.to_numpy()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pair = one < other
    return float(shapely.area(shapely.intersection(shapes[one[pair]], shapes[other[pair]])).max(initial=0.0))


@pytest.mark.slow
def test_the_same_seed_gives_the_same_tables_and_rasters(city: SampleCity) -> None:
    again = sample_city.generate()
    for name, table in city.tables.items():
        pd.testing.assert_frame_equal(
            pd.DataFrame(table.drop(columns="geometry")),
            pd.DataFrame(again.tables[name].drop(columns="geometry")),
        )
        assert (
            shapely.to_wkb(table.geometry.to_numpy())
            == shapely.to_wkb(again.tables[name].geometry.to_numpy())
        ).all()
    for name, raster in city.rasters.items():
        np.testing.assert_array_equal(raster.values, again.rasters[name].values)


@pytest.mark.slow
def test_another_seed_gives_another_city(city: SampleCity) -> None:
    assert (
        not city.tables["building"]["height_m"]
        .reset_index(drop=True)
        .equals(sample_city.generate(7).tables["building"]["height_m"].reset_index(drop=True))
    )


def test_there_are_about_three_thousand_buildings_on_about_six_hundred_parcels(city: SampleCity) -> None:
    assert 2_800 <= len(city.tables["building"]) <= 3_400
    assert 560 <= len(city.tables["parcel"]) <= 640


def test_all_layers_are_in_metres_of_the_three_degree_zone_at_108_degrees_east(city: SampleCity) -> None:
    for table in city.tables.values():
        assert table.crs.to_epsg() == 4545
    west, south, east, north = city.tables["building"].total_bounds
    assert 490_000 < west < east < 510_000
    assert 3_790_000 < south < north < 3_805_000


def test_every_shape_is_valid_and_of_one_piece_where_it_is_a_building_or_parcel(city: SampleCity) -> None:
    for name, table in city.tables.items():
        assert table.is_valid.all(), name
        assert not table.is_empty.any(), name
        assert table.index.is_unique, name
        assert table.index.name == f"{name}_id"
    for name in ("building", "parcel"):
        assert set(city.tables[name].geom_type) == {"Polygon"}


def test_every_building_stands_within_its_parcel(city: SampleCity) -> None:
    buildings, parcels = city.tables["building"], city.tables["parcel"]
    around = parcels.geometry.loc[buildings["parcel_id"]].to_numpy()
    assert shapely.area(shapely.difference(buildings.geometry.to_numpy(), around)).max() == pytest.approx(
        0.0, abs=1e-3
    )


def test_no_two_buildings_and_no_two_parcels_overlap(city: SampleCity) -> None:
    assert overlaps_m2(city.tables["building"]) == pytest.approx(0.0, abs=1e-2)
    assert overlaps_m2(city.tables["parcel"]) == pytest.approx(0.0, abs=1e-2)


def test_no_building_is_higher_than_its_parcel_allows(city: SampleCity) -> None:
    buildings, parcels = city.tables["building"], city.tables["parcel"]
    assert (
        buildings["height_m"].to_numpy() <= parcels["height_limit_m"].loc[buildings["parcel_id"]].to_numpy()
    ).all()


def test_only_existing_parcels_carry_buildings(city: SampleCity) -> None:
    status = city.tables["parcel"]["status"]
    assert set(status) == {"existing", "planned", "granted", "approved"}
    assert (status.loc[city.tables["building"]["parcel_id"]] == "existing").all()


def test_every_kind_of_use_is_there(city: SampleCity) -> None:
    present = set(city.tables["building"]["use"]) | set(city.tables["parcel"]["use"])
    assert set(fields()["use"].choices) - {"water", "unknown"} <= present


def test_every_land_use_code_is_one_of_the_guide_of_2023(city: SampleCity) -> None:
    with (ROOT / "standards" / "tables" / "land_use_codes.csv").open(encoding="utf-8") as file:
        codes = {row["code"]: row["name_zh"] for row in csv.DictReader(file) if row["system"] == "plan2023"}
    parcels = city.tables["parcel"]
    plain = parcels[parcels["mix_ratio"].isna()]
    assert (plain["land_use_code"].map(codes) == plain["land_use_name"]).all()
    assert parcels["mix_ratio"].notna().any()


@pytest.mark.parametrize("name", ASKED)
def test_every_attribute_that_rules_ask_for_is_there(city: SampleCity, name: str) -> None:
    table = city.tables[name]
    for column in ASKED[name].split():
        assert column in table.columns, column
        assert table[column].notna().any(), column


def test_every_safety_gate_has_a_building_that_fails_it(city: SampleCity) -> None:
    buildings = city.tables["building"]
    for flag in (
        "heritage",
        "dangerous",
        "illegal",
        "military",
        "planned_demolition",
        "asbestos_roof",
        "landmark",
    ):
        assert buildings[flag].any(), flag
    assert {"甲", "乙"} <= set(buildings["hazard_class"].dropna())
    assert {"passed", "failed"} == set(buildings["structural_check"].dropna())
    assert (buildings["height_m"] > 100).any()
    assert (buildings["gfa_m2"] > 20_000).any()


def test_every_column_and_word_is_in_the_dictionary_and_within_its_limits(city: SampleCity) -> None:
    for name, table in city.tables.items():
        assert set(table.columns.drop("geometry")) <= set(fields())
        assert not out_of_limits(table, name), name
        for column in table.columns.drop("geometry"):
            choices = fields()[column].choices
            assert not choices or set(table[column].dropna()) <= set(choices), (name, column)
    assert set(city.rasters) <= set(fields())


def test_pv_systems_stand_on_checked_roofs_and_are_not_all_in_use(city: SampleCity) -> None:
    systems, buildings = city.tables["pv_asset"], city.tables["building"]
    roofs = buildings.loc[systems["building_id"]]
    assert (roofs["structural_check"] == "passed").all()
    assert (systems["commissioned_year"].to_numpy() >= roofs["year_built"].to_numpy()).all()
    assert set(systems["asset_state"]) == {"operating", "stopped", "removed"}
    assert shapely.covers(roofs.geometry.to_numpy(), systems.geometry.to_numpy()).all()
    assert (systems["installed_kwp"].to_numpy() < 0.2 * roofs["footprint_m2"].to_numpy()).all()


def test_outlines_are_not_only_rectangles(city: SampleCity) -> None:
    shapes = city.tables["building"].geometry
    corners = shapes.count_coordinates() - 1
    assert (corners > 4).mean() > 0.4
    assert (shapely.get_num_interior_rings(shapes.to_numpy()) > 0).sum() > 100


def test_ground_rises_from_the_river_to_the_hills_in_the_south(city: SampleCity) -> None:
    heights = city.rasters["terrain"].values
    assert 370 < heights.min() < 390
    assert 600 < heights.max() < 760
    assert heights[-60:].mean() > heights[:400].mean() + 80
    assert city.rasters["terrain"].cell_m == 10


def test_the_files_hold_every_layer_and_raster(folder: Path, city: SampleCity) -> None:
    layers = gpd.list_layers(folder / "青禾市.gpkg")["name"]
    assert len(layers) == len(city.tables)
    assert len(list(folder.glob("*.tif"))) == len(city.rasters)
    assert len(gpd.read_file(folder / "青禾市.gpkg", layer="地块")) == len(city.tables["parcel"])
    assert (folder / "说明.txt").read_text(encoding="utf-8").startswith("青禾市")
    assert "西安" in (folder / "城市概况.csv").read_text(encoding="utf-8-sig")


def test_the_same_city_gives_the_same_bytes(
    folder: Path, city: SampleCity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the same tables of the same seed: one seed gives one set of bytes."""
    monkeypatch.setattr("sample_city.files.generate", lambda *_: city)
    for path in sample_city.write(tmp_path):
        assert path.read_bytes() == (folder / path.relative_to(tmp_path)).read_bytes(), path.name


def test_about_one_building_in_fifty_lacks_its_height_or_storeys_but_none_both(city: SampleCity) -> None:
    given = with_missing(city.tables["building"])
    no_height, no_floors = given["height_m"].isna(), given["floors_above"].isna()
    assert 0.01 < (no_height | no_floors).mean() < 0.03
    assert not (no_height & no_floors).any()


def test_the_words_in_the_files_are_known_to_the_readers(folder: Path) -> None:
    with (ROOT / "standards" / "tables" / "value_words.csv").open(encoding="utf-8") as file:
        known = {(row["field"], row["word"]) for row in csv.DictReader(file)}
    buildings = gpd.read_file(folder / "青禾市.gpkg", layer="建筑")
    parcels = gpd.read_file(folder / "青禾市.gpkg", layer="地块")
    systems = gpd.read_file(folder / "青禾市.gpkg", layer="既有光伏")
    for table, column, name in (
        (buildings, "用途", "use"),
        (buildings, "屋顶类型", "roof_type"),
        (buildings, "投资主体", "investor"),
        (buildings, "结构复核结论", "structural_check"),
        (buildings, "文保或历史建筑", "flag"),
        (systems, "光伏系统状态", "asset_state"),
        (systems, "即时断电并进入无危险状态", "rapid_shutdown"),
        (systems, "不漏水不渗水", "waterproof"),
        (parcels, "开发状态", "status"),
        (parcels, "城乡", "settlement"),
        (parcels, "用地分类体系", "land_use_system"),
    ):
        unknown = {word for word in table[column].dropna() if (name, word) not in known}
        assert not unknown, (column, unknown)


def test_the_faulty_files_have_their_faults(folder: Path) -> None:
    dirty = folder / "dirty"
    assert not (dirty / "地块_GBK编码.cpg").exists()
    assert gpd.read_file(dirty / "地块_GBK编码.shp", encoding="GBK")["YDXZ"].str.endswith("地").all()
    assert gpd.read_file(dirty / "建筑_编号重复.gpkg")["楼栋编号"].duplicated().sum() == 8
    assert (~gpd.read_file(dirty / "地块_自相交.gpkg").is_valid).sum() == 4
    heights = gpd.read_file(dirty / "建筑_缺高度.geojson")
    assert heights["高度"].isna().mean() > 0.6
    assert (heights["高度"].isna() & heights["层数"].isna()).any()
    assert not (dirty / "建筑_缺坐标系.prj").exists()
    west, south, *_ = gpd.read_file(dirty / "地块_坐标轴颠倒.gpkg").total_bounds
    assert west > 3_000_000 > south
    sheet = pd.read_csv(dirty / "地块_面积为亩.csv", encoding="gb18030")
    assert sheet["绿地率（%）"].max() > 1
    assert sheet["建筑面积（㎡）"].str.contains(",").any()
    assert 2 < sheet["用地面积（亩）"].median() < 100


def test_web_map_coordinates_are_some_hundred_metres_off(folder: Path) -> None:
    moved = gpd.read_file(folder / "dirty" / "建筑_火星坐标.geojson").to_crs(4545).set_index("楼栋编号")
    given = gpd.read_file(folder / "青禾市.gpkg", layer="建筑").set_index("楼栋编号").loc[moved.index]
    assert moved.centroid.distance(given.centroid).between(300, 900).all()

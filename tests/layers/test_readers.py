"""Readers: every kind of file people send, and what is said about the broken ones."""

import shutil
import zipfile

import geopandas as gpd
import openpyxl
import pytest
from shapely.geometry import Point, box

from core.jobs import Cancelled, Job
from core.problems import Severity, UserError
from layers.readers import Coordinates, inspect, read

PARCELS = gpd.GeoDataFrame(
    {"地块编号": ["A-1", "A-2"], "用地性质": ["二类居住用地", "商业用地"], "容积率": [2.5, 4.0]},
    geometry=[box(500_000, 3_450_000, 500_100, 3_450_100), box(500_100, 3_450_000, 500_200, 3_450_100)],
    crs="EPSG:4549",
)
POINTS = [["站点", "经度", "纬度"], ["一号井", 120.61, 31.31], ["二号井", 120.62, 31.32]]


@pytest.fixture
def gbk(tmp_path):
    """A Shapefile in GBK with a Chinese name and no .cpg file."""
    path = tmp_path / "地块.shp"
    PARCELS.to_file(path, encoding="GBK")
    path.with_suffix(".cpg").unlink()
    return path


def said(given):
    return " ".join(problem.said() for problem in given.problems)


def write_sheet(path, rows, title="Sheet1", merged=()):
    book = openpyxl.Workbook()
    page = book.active
    page.title = title
    for row in rows:
        page.append(row)
    for reference in merged:
        page.merge_cells(reference)
    book.save(path)
    return path


def refusal(path, *arguments, **options):
    with pytest.raises(UserError) as caught:
        read(path, *arguments, **options)
    return str(caught.value)


def test_a_gbk_shapefile_without_cpg_reads_in_chinese(gbk):
    given = read(gbk)
    assert list(given.frame["用地性质"]) == ["二类居住用地", "商业用地"]
    assert given.frame.crs.to_epsg() == 4549 and "read as GB18030" in said(given)


def test_a_wrong_cpg_is_seen_through(gbk):
    gbk.with_suffix(".cpg").write_text("UTF-8")
    given = read(gbk)
    assert given.frame["用地性质"].iloc[0] == "二类居住用地"
    assert [p.severity for p in given.problems] == [Severity.WARNING]


def test_the_user_may_choose_the_encoding(gbk):
    given = read(gbk, encoding="big5")
    assert given.frame.iloc[0, 0] == "A-1" and "reads better as GB18030" in said(given)


def test_a_broken_byte_costs_one_letter_and_names_its_row(gbk):
    table = gbk.with_suffix(".dbf")
    table.write_bytes(table.read_bytes().replace("商业".encode("gbk"), "商".encode("gbk") + b"\xff\xff"))
    given = read(gbk, encoding="gb18030")
    assert given.frame["用地性质"].iloc[1] == "商用地"
    assert any(problem.rows == (1,) for problem in given.problems)


def test_every_common_character_survives_a_shapefile(tmp_path):
    names = [bytes((row, cell)).decode("gb2312") for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFF)]
    frame = gpd.GeoDataFrame({"名称": names}, geometry=[Point(0, 0)] * len(names))
    for encoding in ("UTF-8", "GBK"):
        frame.to_file(tmp_path / "a.shp", encoding=encoding)
        assert list(read(tmp_path / "a.shp", encoding=encoding).frame["名称"]) == names


def test_a_missing_index_is_rebuilt_and_nothing_is_written_beside_the_file(gbk):
    gbk.with_suffix(".shx").unlink()
    before = sorted(gbk.parent.iterdir())
    given = read(gbk)
    assert len(given.frame) == 2 and "was rebuilt" in said(given)
    assert sorted(gbk.parent.iterdir()) == before


def test_missing_attributes_are_said_and_the_shapes_stay(gbk):
    gbk.with_suffix(".dbf").unlink()
    given = read(gbk)
    assert len(given.frame) == 2 and "only the geometry can be read" in said(given)


def test_a_missing_prj_is_asked_for(gbk):
    gbk.with_suffix(".prj").unlink()
    given = read(gbk)
    assert given.frame.crs is None and "does not say which reference system" in said(given)


def test_a_reference_system_may_be_given(gbk):
    gbk.with_suffix(".prj").unlink()
    assert read(gbk, crs="EPSG:4549").frame.crs.to_epsg() == 4549
    assert "no reference system called" in refusal(gbk, crs="EPSG:999999")


def test_a_reference_system_of_degrees_over_metres_is_doubted(gbk):
    assert "look like metres" in said(read(gbk, crs="EPSG:4490"))


def test_any_part_of_a_shapefile_leads_to_the_whole(gbk):
    assert len(read(gbk.with_suffix(".dbf")).frame) == 2


def test_capital_endings_are_the_same_shapefile(gbk):
    for suffix in (".dbf", ".shx"):
        part = gbk.with_suffix(suffix)
        part.rename(part.with_suffix(suffix.upper()))
    assert len(read(gbk).frame.columns) == 4


def test_a_zip_written_by_windows_keeps_chinese_names(gbk, tmp_path):
    archive = tmp_path / "上交.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for part in sorted(gbk.parent.glob("地块.*")):
            file.write(part, f"ABCD/EFGH{part.suffix}")
    raw = archive.read_bytes().replace(b"ABCD/EFGH", "成果/地块".encode("gbk"))
    archive.write_bytes(raw)
    sources = inspect(archive)
    assert [source.layer for source in sources] == ["地块"]
    assert sources[0].features == 2 and sources[0].sample["地块编号"].tolist() == ["A-1", "A-2"]
    assert read(archive).frame["用地性质"].iloc[0] == "二类居住用地"


def test_several_layers_without_a_choice_are_listed(tmp_path):
    PARCELS.to_file(tmp_path / "city.gpkg", layer="地块")
    PARCELS.to_file(tmp_path / "city.gpkg", layer="单元")
    message = refusal(tmp_path / "city.gpkg")
    assert "several layers" in message and "地块 (2)" in message and "单元 (2)" in message
    assert len(read(tmp_path / "city.gpkg", "单元").frame) == 2
    assert "no layer called 楼栋" in refusal(tmp_path / "city.gpkg", "楼栋")


def test_a_folder_offers_all_its_layers_and_says_which_is_broken(gbk):
    (gbk.parent / "broken.gpkg").write_bytes(b"not a database")
    sources = {source.layer: source for source in inspect(gbk.parent)}
    assert set(sources) == {"地块", "broken.gpkg"}
    assert "content is of another kind" in sources["broken.gpkg"].problems[0].said()
    assert len(read(gbk.parent).frame) == 2


@pytest.mark.parametrize(
    ("name", "driver"), [("a.geojson", "GeoJSON"), ("a.gdb", "OpenFileGDB"), ("a.kml", "KML")]
)
def test_other_formats_give_the_same_two_parcels(tmp_path, name, driver):
    PARCELS.to_crs(4326).to_file(tmp_path / name, driver=driver)
    given = read(tmp_path / name)
    assert len(given.frame) == 2 and given.frame.crs.to_epsg() == 4326
    assert given.source.features == 2


def test_a_geojson_in_gbk_reads_in_chinese(tmp_path):
    PARCELS.to_crs(4326).to_file(tmp_path / "a.geojson", driver="GeoJSON")
    content = (tmp_path / "a.geojson").read_text("utf-8")
    (tmp_path / "a.geojson").write_text(content, "gbk")
    assert read(tmp_path / "a.geojson").frame["用地性质"].iloc[0] == "二类居住用地"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
def test_a_csv_reads_in_every_encoding_excel_writes(tmp_path, encoding):
    lines = "\n".join(",".join(map(str, row)) for row in POINTS)
    (tmp_path / "井.csv").write_text(lines, encoding)
    given = read(tmp_path / "井.csv")
    assert list(given.frame["站点"]) == ["一号井", "二号井"]
    assert given.frame.geometry.iloc[0] == Point(120.61, 31.31)


def test_degrees_of_no_named_datum_are_asked_about(tmp_path):
    given = read(write_sheet(tmp_path / "a.xlsx", POINTS))
    assert given.frame.crs is None and "do not say in which datum" in said(given)


def test_a_column_that_names_its_datum_is_converted(tmp_path):
    rows = [["name", "lng_gcj02", "lat_gcj02"], ["天安门", 116.403714, 39.910227]]
    given = read(write_sheet(tmp_path / "a.xlsx", rows))
    assert given.frame.geometry.iloc[0].x == pytest.approx(116.397470, abs=1e-5)
    assert given.frame.crs.to_epsg() == 4326 and "converted from GCJ-02" in said(given)


def test_full_width_digits_and_thousands_are_numbers_but_codes_stay_text(tmp_path):
    rows = [["编码", "面积", "X", "Y"], ["0601", "１，２３４.5", "510,729.99", "４０５７８１１.59"]]
    frame = read(write_sheet(tmp_path / "a.xlsx", rows), crs="EPSG:4548").frame
    assert frame["编码"].iloc[0] == "0601" and frame["面积"].iloc[0] == 1234.5
    assert frame.geometry.iloc[0] == Point(510729.99, 4057811.59)


def test_surveyors_who_call_north_x_are_understood(tmp_path):
    rows = [["点号", "X", "Y"], ["J1", 4057811.59, 39510729.99]]
    frame = read(write_sheet(tmp_path / "a.xlsx", rows), crs="EPSG:4527").frame
    assert frame.geometry.iloc[0] == Point(39510729.99, 4057811.59)


def test_a_head_of_merged_cells_under_a_title_is_one_head(tmp_path):
    rows = [
        ["某市换热孔一览表", None, None, None],
        ["编号", "坐标", None, "孔深"],
        [None, "东经", "北纬", "m"],
        ["K1", 120.61, 31.31, 120],
    ]
    path = write_sheet(tmp_path / "a.xlsx", rows, merged=("A1:D1", "A2:A3", "B2:C2"))
    frame = read(path).frame
    assert list(frame.columns) == ["编号", "坐标 东经", "坐标 北纬", "孔深(m)", "geometry"]
    assert frame.geometry.iloc[0] == Point(120.61, 31.31)


def test_merged_cells_of_the_rows_are_filled_and_counted(tmp_path):
    rows = [["街道", "经度", "纬度"], ["娄葑", 120.61, 31.31], [None, 120.62, 31.32]]
    given = read(write_sheet(tmp_path / "a.xlsx", rows, merged=("A2:A3",)))
    assert list(given.frame["街道"]) == ["娄葑", "娄葑"] and "1 merged cell" in said(given)


def test_shapes_written_as_text_are_read(tmp_path):
    (tmp_path / "a.csv").write_text('id;wkt\n1;"POLYGON((0 0,1 0,1 1,0 0))"\n2;"POLYGON((0 0"\n')
    given = read(tmp_path / "a.csv", crs="EPSG:4549")
    assert given.frame.geometry.iloc[0].area == 0.5 and given.frame.geometry.iloc[1] is None
    assert given.problems[0].rows == (1,)


def test_degrees_minutes_and_seconds_are_degrees(tmp_path):
    rows = [["名称", "经度", "纬度"], ["a", "120°36′36″", "31°18′36″"]]
    point = read(write_sheet(tmp_path / "a.xlsx", rows)).frame.geometry.iloc[0]
    assert (point.x, point.y) == (pytest.approx(120.61), pytest.approx(31.31))


def test_two_pairs_of_coordinates_are_asked_about(tmp_path):
    rows = [["n", "lng_wgs84", "lat_wgs84", "lng_bd09", "lat_bd09"], ["a", 120.61, 31.31, 120.62, 31.32]]
    path = write_sheet(tmp_path / "a.xlsx", rows)
    assert "lng_bd09 + lat_bd09" in refusal(path)
    chosen = Coordinates(x="lng_wgs84", y="lat_wgs84")
    assert read(path, coordinates=chosen, crs=4326).frame.geometry.iloc[0] == Point(120.61, 31.31)


def test_a_table_without_coordinates_says_its_columns(tmp_path):
    path = write_sheet(tmp_path / "a.xlsx", [["用途", "面积"], ["住宅", 12], ["商业", 13]])
    assert "no columns of coordinates; its columns are 用途, 面积" in refusal(path)


def test_only_the_columns_asked_for_are_read(gbk):
    assert list(read(gbk, columns=["容积率"]).frame.columns) == ["容积率", "geometry"]
    assert "no columns 层数" in refusal(gbk, columns=["层数"])


def test_what_cannot_be_read_is_said(tmp_path, gbk):
    assert "There is no file" in refusal(tmp_path / "nowhere.shp")
    (tmp_path / "a.dwg").write_bytes(b"AC1032")
    assert "is a DWG drawing" in refusal(tmp_path / "a.dwg")
    (tmp_path / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    assert "Save it as .xlsx" in refusal(tmp_path / "a.xls")
    (tmp_path / "empty.gpkg").write_bytes(b"")
    assert "is empty" in refusal(tmp_path / "empty.gpkg")
    shutil.copy(gbk, tmp_path / "wrong.gpkg")
    assert "content is of another kind (Shapefile)" in refusal(tmp_path / "wrong.gpkg")
    (tmp_path / "cut.gpkg").write_bytes(b"SQLite format 3\0" + b"\0" * 500)
    assert "cut.gpkg cannot be read" in refusal(tmp_path / "cut.gpkg")
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04 cut off")
    assert "bad.zip cannot be read" in refusal(tmp_path / "bad.zip")


def test_a_layer_without_rows_and_one_without_shapes_are_said(tmp_path):
    PARCELS.iloc[:0].to_file(tmp_path / "none.gpkg")
    assert "has no rows" in refusal(tmp_path / "none.gpkg")
    PARCELS.set_geometry([None, None], crs=4549).to_file(tmp_path / "flat.gpkg", geometry_type="Polygon")
    assert "holds no geometry" in refusal(tmp_path / "flat.gpkg")


def test_reading_stops_when_asked(gbk):
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        read(gbk, job=job)


def test_suzhou_and_shanghai_read_with_their_rows(shared):
    suzhou = read(shared / "data/cn_suzhou_buildings/suzhou_buildings.gpkg")
    shanghai = read(shared / "data/cn_shanghai_wuhan_osm/shanghai_buildings.gpkg")
    assert (len(suzhou.frame), len(shanghai.frame)) == (3076, 1572)
    assert suzhou.problems == () == shanghai.problems


def test_districts_of_shanghai_read_in_chinese_from_their_archive(shared):
    frame = read(shared / "data/cn_gbk_shapefiles/shanghai_districts_gbk.zip").frame
    assert len(frame) == 17 and {"浦东新区", "崇明县"} & set(frame["NAME"])


def test_a_path_into_an_archive_leads_to_the_layer(shared):
    steps = []
    path = f"/vsizip/{shared}/data/us_nyc_buildings/nyc_buildings.gpkg.zip/nyc_buildings.gpkg"
    frame = read(path, columns=["height"], job=Job(lambda p: steps.append(p.step), interval_s=0)).frame
    assert len(frame) == 113_089 and frame["height"].notna().sum() == 109_023
    assert steps.count("Reading features") > 5

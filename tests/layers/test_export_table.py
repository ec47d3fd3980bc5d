"""CSV and workbooks as Excel reads them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pytest
from shapely import Point

from core.problems import Severity
from layers.export import Origin, write_csv, write_xlsx

ORIGIN = Origin(
    project="青禾市",
    day=date(2026, 11, 23),
    scenario="基准情景",
    crs="EPSG:4548",
    chosen="适宜性 = 适宜",
    sources=("GB 55015-2021 表 3", "假定：组件效率 21 %"),
)


@pytest.fixture
def parcels() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "name": ["青禾市第三中学", "=HYPERLINK(1)", "#N/A"],
            "land_use_code": ["080403", "0701", None],
            "year_built": [1998, 2004, 2011],
            "pv_kwh_per_year": [1_234_567.8, 0.1 + 0.2, np.nan],
            "roof_usable_share": [0.62, 0.5, np.inf],
            "grade": ["suitable", "forbidden", None],
            "heritage": [True, False, False],
            "survey_code": [1234567890123456789, 1, 2],
        },
        geometry=[Point(0, 0)] * 3,
        index=pd.Index(["3701020000000000001", "0002", "B-3"], name="parcel_id"),
        crs=4548,
    )


def test_csv_begins_with_the_mark_by_which_excel_knows_utf_8(
    parcels: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    write_csv(tmp_path / "a.csv", parcels, language="zh")
    assert (tmp_path / "a.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_csv_has_titles_with_units_and_words_in_the_language_asked_for(
    parcels: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    write_csv(tmp_path / "a.csv", parcels, language="zh")
    read = pd.read_csv(tmp_path / "a.csv", encoding="utf-8-sig", dtype=str, keep_default_na=False)
    assert list(read)[:2] == ["地块编号", "名称"]
    assert read["年发电量 (kWh/a)"].tolist() == ["1234567.8", "0.3", ""]
    assert read["适宜性"].tolist() == ["适宜", "禁止", ""]
    assert "geometry" not in read


def test_csv_for_programs_keeps_names_and_words_of_the_dictionary(
    parcels: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    write_csv(tmp_path / "a.csv", parcels, titles=False)
    read = pd.read_csv(tmp_path / "a.csv", encoding="utf-8-sig", dtype=str)
    assert read["grade"].tolist()[:2] == ["suitable", "forbidden"]


def test_codes_that_excel_would_spoil_in_csv_are_said(parcels: gpd.GeoDataFrame, tmp_path: Path) -> None:
    warning, _ = write_csv(tmp_path / "a.csv", parcels, language="en")
    assert warning.severity is Severity.WARNING
    assert warning.values["columns"] == "Parcel id, Land-use code, survey_code"


def test_words_that_excel_would_run_get_an_apostrophe_and_it_is_said(tmp_path: Path) -> None:
    words = ["=HYPERLINK(1)", "+cmd", "-2+3", "@SUM(A1)", "-12.5", "+86", "A-1", None]
    frame = pd.DataFrame({"name": words})
    (note,) = write_csv(tmp_path / "a.csv", frame, language="en")
    read = pd.read_csv(tmp_path / "a.csv", encoding="utf-8-sig", dtype=str, skip_blank_lines=False)
    assert read["Name"].tolist()[:7] == [
        *("'=HYPERLINK(1)", "'+cmd", "'-2+3", "'@SUM(A1)"),
        *("-12.5", "+86", "A-1"),
    ]
    assert note.severity is Severity.NOTE and "Name" in note.said()
    assert write_csv(tmp_path / "b.csv", frame, titles=False) == []
    assert "'" not in (tmp_path / "b.csv").read_text("utf-8-sig")


def test_a_given_column_of_the_title_of_ours_is_headed_as_given(tmp_path: Path) -> None:
    frame = pd.DataFrame({"use": ["hotel"], "用途": ["R2"], "height_m": [3.0], "height_m_given": ["tall"]})
    write_csv(tmp_path / "a.csv", frame, language="zh")
    write_xlsx(tmp_path / "a.xlsx", {"建筑": frame}, ORIGIN, language="zh")
    read = pd.read_csv(tmp_path / "a.csv", encoding="utf-8-sig")
    assert list(read) == ["用途", "用途（原值）", "高度 (m)", "高度（原值）"]
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["建筑"]
    assert [cell.value for cell in sheet[1]] == ["用途", "用途（原值）", "高度", "高度（原值）"]


def test_a_workbook_keeps_codes_as_text_and_formulas_as_words(
    parcels: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    write_xlsx(tmp_path / "a.xlsx", {"地块": parcels}, ORIGIN, language="zh")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["地块"]
    first, second, third = list(sheet.iter_rows(min_row=3))
    assert [first[0].value, second[0].value] == ["3701020000000000001", "0002"]
    assert first[2].value == "080403"
    assert first[8].value == "1234567890123456789"
    assert {cell.data_type for cell in (first[0], second[1], third[1], first[2], first[8])} == {"s"}
    assert (second[1].value, third[1].value) == ("=HYPERLINK(1)", "#N/A")


def test_a_workbook_has_titles_units_formats_and_frozen_head(
    parcels: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    write_xlsx(tmp_path / "a.xlsx", {"地块": parcels}, ORIGIN, language="zh")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["地块"]
    assert (sheet["E1"].value, sheet["E2"].value) == ("年发电量", "kWh/a")
    assert sheet.freeze_panes == "A3"
    assert sheet.auto_filter.ref == "A2:I5"
    assert (sheet["E3"].value, sheet["E3"].number_format) == (1_234_567.8, "#,##0")
    assert (sheet["D3"].value, sheet["D3"].number_format) == (1998, "0")
    assert sheet["E5"].value is None
    assert sheet["F5"].value == "∞"
    assert sheet.column_dimensions["B"].width > 14


def test_the_last_sheet_says_where_the_numbers_come_from(parcels: gpd.GeoDataFrame, tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a.xlsx", {"地块": parcels}, ORIGIN, language="zh")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["地块", "说明"]
    rows = list(book["说明"].iter_rows(values_only=True))
    assert [row[:2] for row in rows[:5]] == [
        ("项目", "青禾市"),
        ("情景", "基准情景"),
        ("日期", "2026-11-23"),
        ("坐标系", "EPSG:4548"),
        ("筛选条件", "适宜性 = 适宜"),
    ]
    assert ("地块", "pv_kwh_per_year", "年发电量", "kWh/a", "首年，P50") in rows
    assert rows[-1][0] == "假定：组件效率 21 %"


def test_names_that_excel_does_not_allow_are_changed_and_it_is_said(
    parcels: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    sheets = {"地块/屋顶": parcels, "地块:屋顶": parcels, "x" * 40: parcels}
    notes = write_xlsx(tmp_path / "a.xlsx", sheets, ORIGIN, language="zh")
    names = openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames
    assert names == ["地块 屋顶", "地块 屋顶 1", "x" * 31, "说明"]
    assert [note.values["sheet"] for note in notes] == names[:3]

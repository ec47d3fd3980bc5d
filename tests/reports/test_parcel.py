"""Parcel reports as printed: words, fonts, pages, files."""

from __future__ import annotations

import datetime
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from core.fields import field
from core.jobs import Cancelled, Job
from core.problems import Problem, UserError
from core.texts import text
from layers.city import City
from layers.completion import complete
from reports.parcel import file_names, parcel_reports, preview
from reports.parcel_facts import origins_by_column, parcel_facts
from reports.typesetting import GETA
from reports.wording import origin_said
from standards import Standards

DATE = datetime.date(2026, 11, 23)
RADICALS = re.compile("[\u2e80-\u2fdf]")
HAN = re.compile("[\u4e00-\u9fff]+")
ODD = "#set *b* $x$ @y <z> [a](b) `c` \\n ——B1 A33/R2 用地门车 R2·B1"


def tool(name: str, *words: str | Path) -> str:
    if shutil.which(name) is None:
        pytest.skip(f"{name} (poppler-utils) is not installed")
    return subprocess.run([name, *map(str, words)], capture_output=True, text=True, check=True).stdout


def words_of(pdf: Path) -> str:
    """The text of a file without any spaces, as lines may break anywhere."""
    return squeezed(tool("pdftotext", "-raw", pdf, "-"))


def squeezed(words: str) -> str:
    return re.sub(r"[\s\u2009\u00a0\u200b\u2060]+", "", words)


def facts_of(pdf: Path) -> dict[str, str]:
    lines = tool("pdfinfo", pdf).splitlines()
    return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}


def report(made: tuple[City, Mapping[str, Any]], folder: Path, **settings: Any) -> Path:
    city, assessments = made
    parcel = city.tables["parcel"].index[0]
    (path,) = parcel_reports(city, assessments, [parcel], folder, **{"date": DATE, **settings})
    return path


def test_the_chinese_report_says_what_was_found(make_town, tmp_path):
    words = words_of(report(make_town(), tmp_path, author="青禾市住房和城乡建设局"))
    for said in (
        "地块可再生能源适宜性报告",
        "地块QH-0312·青禾市第三中学",
        "编制单位：青禾市住房和城乡建设局",
        "2026年11月23日",
        "080403中小学用地·政府投资",
        "1.36公顷",
        "5栋",
        "2B寒冷",
        "1400kWh/(㎡·a)",
        "适宜",
        "187kWp",
        "23.2万kWh",
        "P90–P1020.9–25.6",
        "潜力（未核准）",
        "5处屋面中3处待结构安全复核",
        "待复核",
        "教学楼4",
        "1栋建筑无潜力：排除",
        "数值来源",
        "规划假定1项",
        "规划阶段估算，不作设计依据",
        "第1页/共2页",
        "第2页/共2页",
        "涉密",
        "0.6191",
        "《民用建筑热工设计规范》",
    ):
        assert squeezed(said) in words, said
    assert not RADICALS.search(words)


def test_the_english_report_has_no_chinese_but_names_and_titles_of_standards(make_town, tmp_path):
    city, assessments = make_town()
    path = report((city, assessments), tmp_path, language="en")
    words = words_of(path)
    assert "Parcelenergysuitabilityreport" in words
    assert "080403primaryandsecondaryschool" in words
    names = {"青禾市", "青禾市第三中学", "教学楼", "济南", "山东", "民用建筑热工设计规范", "表"}
    left = {found for found in HAN.findall(words) if found not in names}
    assert left == set()


def test_words_of_the_planner_are_printed_as_they_are(make_town, tmp_path):
    made = make_town(names={"name": ODD, "land_use_name": ODD, "land_use_code": "A33/R2"})
    words = words_of(report(made, tmp_path, author=ODD))
    assert words.count(squeezed(ODD)) >= 3
    assert not RADICALS.search(words)


def test_a_rare_character_is_told_and_marked_where_no_font_has_it(make_town, tmp_path):
    told: list[Problem] = []
    path = report(make_town(names={"name": "\U000f0000里"}), tmp_path, warn=told.append)
    assert len(told) == 1
    words = words_of(path)
    assert f"{GETA}里" in words
    assert "U+F0000" in words


def test_all_fonts_are_embedded_and_pages_are_a4(make_town, tmp_path):
    path = report(make_town(), tmp_path)
    lines = tool("pdffonts", path).splitlines()[2:]
    assert lines
    assert all(re.search(r"\byes\s+yes\s+yes\b", line) for line in lines)
    facts = facts_of(path)
    assert "A4" in facts["Page size"]
    assert facts["Pages"] == "2"
    assert facts["Tagged"] == "yes"


def test_a_parcel_without_buildings_says_so(make_town, tmp_path):
    made = make_town(0)
    words = words_of(report(made, tmp_path))
    assert "本地块内没有建筑" in words
    assert "分栋结果" not in words


def test_without_any_assessment_the_report_says_that_nothing_was_assessed(make_town, tmp_path):
    city, _ = make_town()
    assert "尚未评估任何潜力" in words_of(report((city, {}), tmp_path))


def test_a_parcel_an_assessment_left_out_is_not_assessed(make_town, tmp_path):
    city, assessments = make_town()
    rooftop = assessments["rooftop"]
    without = replace(rooftop, parcels=rooftop.parcels.drop("QH-0312"), details={})
    assert "未评估" in words_of(report((city, {"rooftop": without}), tmp_path))


def test_forbidden_potentials_come_with_their_reason(make_town, tmp_path):
    city, assessments = make_town()
    parcels = assessments["rooftop"].parcels.assign(grade="forbidden", reason="military site")
    forbidden = replace(assessments["rooftop"], parcels=parcels)
    words = words_of(report((city, {"rooftop": forbidden}), tmp_path, language="en"))
    assert "Forbidden:RooftopPV(militarysite)." in words
    assert "notapproved" not in words.split("Roofsthatawait")[0]


def test_a_potential_of_another_kind_is_printed_by_what_the_dictionary_says(make_town, tmp_path):
    city, assessments = make_town()
    parcels = pd.DataFrame(
        {"waste_heat_kw": 1150.0, "grade": "conditional", "reason": ""}, index=city.tables["parcel"].index
    )
    other = replace(
        assessments["rooftop"],
        name="waste heat",
        parcels=parcels,
        details={},
        rasters={},
        numbers=(),
        remarks=(),
    )
    words = words_of(report((city, {**assessments, "other": other}), tmp_path, language="en"))
    assert "wasteheat" in words
    assert "1.15MW" in words


def test_the_table_of_many_buildings_repeats_its_head_on_every_page(make_town, tmp_path):
    town = make_town(200)
    path = report(town, tmp_path)
    count = int(facts_of(path)["Pages"])
    assert count >= 5
    listed = tool("pdftotext", "-layout", path, "-").split("\f")
    pages_of_table = [page for page in listed if re.search(r"B-\d{3}", page)]
    assert len(pages_of_table) >= 4
    assert all("安全状态" in page for page in pages_of_table)
    words = words_of(path)
    buildings = town[1]["rooftop"].details["building"]
    giving = buildings["pv_kwp"] > 0
    assert 150 < giving.sum() < 200
    assert all(str(one) in words for one in buildings.index[giving])
    assert f"{(~giving).sum()}栋建筑无潜力" in words


def test_very_long_names_wrap_and_lose_nothing(make_town, tmp_path):
    name = "青禾市高新技术产业开发区综合保税区第二期" * 12
    assert name in words_of(report(make_town(names={"name": name}), tmp_path))


def test_all_missing_parcels_are_named_at_once(make_town, tmp_path):
    city, assessments = make_town()
    with pytest.raises(UserError) as refused:
        parcel_reports(city, assessments, ["QH-0312", "X-1", "X-2"], tmp_path / "new")
    assert refused.value.problems[0].rows == ("X-1", "X-2")
    assert not (tmp_path / "new").exists()


def test_a_city_without_parcels_has_no_reports(make_town, tmp_path):
    city, assessments = make_town()
    with pytest.raises(UserError, match="no parcels"):
        parcel_reports(replace(city, tables={}), assessments, [], tmp_path)


def test_no_parcels_asked_for_make_no_files(make_town, tmp_path):
    city, assessments = make_town()
    assert parcel_reports(city, assessments, [], tmp_path) == []
    assert parcel_reports(city, assessments, [], tmp_path, one_file=True) == []
    assert list(tmp_path.iterdir()) == []


def test_the_same_data_give_the_same_bytes(make_town, tmp_path):
    first = report(make_town(), tmp_path / "a").read_bytes()
    assert report(make_town(), tmp_path / "b").read_bytes() == first


def test_all_reports_in_one_file_are_numbered_through(make_town, tmp_path):
    city, assessments = make_town()
    ids = list(city.tables["parcel"].index)
    (path,) = parcel_reports(city, assessments, ids, tmp_path, one_file=True, date=DATE)
    count = int(facts_of(path)["Pages"])
    words = words_of(path)
    assert count >= 2 * len(ids) - 1
    assert f"第{count}页/共{count}页" in words
    assert all(f"地块{id_}" in words for id_ in ids)


def test_a_batch_that_is_stopped_leaves_only_whole_files(make_town, tmp_path):
    city, assessments = make_town(parcels=100)
    job = Job()

    seen = []

    def stop_half_way(progress: Any) -> None:
        seen.append(progress.share)
        if progress.share >= 0.1:
            job.cancel()

    job._report = stop_half_way
    job._interval_s = 0.0
    with pytest.raises(Cancelled):
        parcel_reports(city, assessments, list(city.tables["parcel"].index), tmp_path, job=job, date=DATE)
    files = sorted(tmp_path.iterdir())
    assert 0 < len(files) < 100
    assert all(file.suffix == ".pdf" and file.read_bytes().rstrip().endswith(b"%%EOF") for file in files)


def test_a_folder_that_cannot_be_written_to_is_told(make_town, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UserError, match="cannot be written"):
        report(make_town(), tmp_path / "file")


def test_the_preview_shows_the_pages_of_the_report(make_town):
    city, assessments = make_town()
    shown = preview(city, assessments, "QH-0312", date=DATE, dots_per_inch=40)
    assert len(shown) == 2
    assert all(page.startswith(b"\x89PNG") for page in shown)


def test_file_names_are_safe_and_never_alike():
    long = "地" * 100
    names = file_names(["A/1", "A_1", "a?1", "con", "NUL.x", "..", "", "x\n", long, long])
    assert names[:8] == [
        "A_1.pdf",
        "A_1_2.pdf",
        "a_1_3.pdf",
        "_con.pdf",
        "_NUL.x.pdf",
        "_.pdf",
        "__2.pdf",
        "x_.pdf",
    ]
    assert len({name.casefold() for name in names}) == len(names)
    assert all(len(name.encode()) <= 140 for name in names)


def test_numbers_of_uses_no_building_has_are_left_out_and_counted(make_town, tmp_path):
    city, assessments = make_town()
    city.tables["building"]["use"] = "education"
    extra = tuple(
        replace(assessments["rooftop"].numbers[0], table="pv_roof", key=f"{use} / flat", value=value)
        for use, value in (("education", 0.51), ("hotel", 0.52))
    )
    made = replace(assessments["rooftop"], numbers=extra)
    words = words_of(report((city, {"rooftop": made}), tmp_path, language="en"))
    assert "0.51" in words
    assert "0.52" not in words
    assert "Leftoutis1number" in words


def test_very_long_names_of_buildings_stay_in_their_column(make_town, tmp_path):
    city, assessments = make_town()
    name = "综合教学实验楼及附属连廊" * 10
    city.tables["building"].loc["B-003", "name"] = name
    assert name in words_of(report((city, assessments), tmp_path))


def test_where_nothing_was_mapped_the_map_has_no_legend(make_town, tmp_path):
    assert "屋面年辐照量(kWh/㎡)" not in words_of(report(make_town(0), tmp_path))
    assert "屋面年辐照量(kWh/㎡)" in words_of(report(make_town(), tmp_path))


def test_the_data_used_say_of_every_column_how_much_was_given(make_town):
    city, _ = make_town(10)
    told = dict(origins_by_column(city.tables["building"]))
    assert told[field("gfa_source").title] == {"given": 0, "derived": 10, "default": 0}
    assert told[field("year_source").title] == {"given": 8, "derived": 0, "default": 2}


def test_a_number_of_the_project_is_cited_by_the_title_of_its_own_source(make_town, tmp_path):
    city, assessments = make_town()
    own = tmp_path / "standards"
    own.mkdir()
    (own / "sources.toml").write_text('[meter-2026]\ntitle = "Readings of the town hall"\n')
    number = replace(assessments["rooftop"].numbers[0], source="meter-2026 p. 3", assumption=False)
    made = replace(assessments["rooftop"], numbers=(number,))
    words = words_of(report((replace(city, standards=Standards(own)), {"rooftop": made}), tmp_path))
    assert "Readingsofthetownhallp.3" in words


def test_a_plot_area_measured_from_the_outline_is_not_called_given(make_town):
    city, _ = make_town()
    parcels, buildings = city.tables["parcel"], city.tables["building"]
    completed = complete(buildings, parcels, {}, city.standards)[1]
    told = replace(city, tables={"parcel": completed, "building": buildings})
    plot = next(fact for fact in parcel_facts(told, "QH-0312", buildings) if fact.label == text("Plot area"))
    assert plot.origin == origin_said("derived")


def test_a_report_of_outdated_results_says_so_on_its_first_page(make_town, tmp_path):
    said = "成果早于最近的数据更改"
    assert said in words_of(report(make_town(), tmp_path, outdated=True))
    assert said not in words_of(report(make_town(), tmp_path))


def test_buildings_that_give_nothing_are_one_line_with_their_reasons(make_town, tmp_path):
    city, assessments = make_town()
    made = assessments["rooftop"]
    buildings = made.details["building"].copy()
    powers = [name for name in buildings if name.endswith(("_kwp", "_kwh_per_year"))]
    first = list(buildings.index[:2])
    buildings.loc[first, powers] = 0.0
    buildings.loc[first, "safety_state"] = "excluded"
    buildings.loc[first, "safety_reason"] = "heritage or historic building"  # as that of the last one
    emptied = replace(made, details={**made.details, "building": buildings})
    words = words_of(report((city, {"rooftop": emptied}), tmp_path, language="en"))
    assert "Buildingswithnothing:3(Excluded,heritageorhistoricbuilding3)." in words
    table = (
        words.split("buildingbybuilding")[1]
        .split("wherethenumberscomefrom")[0]
        .split("Buildingswithnothing:3")[1]
    )
    assert str(first[0]) not in table and str(buildings.index[2]) in table

"""The plan for renewable energy in buildings: it says what the numbers say, and what is missing where they are."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import docx
import pandas as pd
import pytest

from core.texts import speaking
from plans import Part
from plans.figures import Figure, Figures
from potential import Assessment
from reports.documents.blocks import Document, Drawing, Heading, Note, Table, said
from reports.documents.check import unbound_numbers
from reports.documents.files import write_document
from reports.documents.material import Material
from reports.documents.plan_said import plan_said
from reports.documents.renewable_plan import renewable_plan_document, renewable_plan_material
from reports.documents.survey import survey
from tests.plans.small_city import city as small_city

TODAY = datetime.date(2026, 11, 26)
ROOF = {
    "roof_m2": 400.0,
    "roof_usable_m2": 200.0,
    "module_m2": 100.0,
    "pv_kwp": 21.0,
    "pv_kwh_per_year": 21_000.0,
}


@pytest.fixture
def town():  # type: ignore[no-untyped-def]
    districts = pd.DataFrame({"name": ["城东", "城西"]}, index=pd.Index(["1", "2"], name="district_code"))
    parcels = [
        {"use": "residential", "district_name": "城东", "plot_area_m2": 3600.0},
        {"use": "education", "district_name": "城西", "plot_area_m2": 3600.0},
    ]
    return small_city(
        [{"roof_type": "flat"}, {"use": "education", "roof_type": "metal"}], parcels, district=districts
    )


def rooftop() -> Assessment:
    parcels = pd.DataFrame(
        {"grade": ["suitable", "forbidden"], "reason": ["", "heritage"]}, index=["P0", "P1"]
    )
    options = pd.DataFrame(
        {
            "parcel_id": ["P0", "P1"],
            "technology": "rooftop_pv",
            "most_kw": [20.0, 22.0],
            "kwh_per_kw": [1000.0, 1000.0],
            "capex_yuan": [60_000.0, 66_000.0],
            "avoided_tco2_per_year": [12.0, 13.0],
        }
    )
    roofs = pd.DataFrame(
        [ROOF | {"safety_state": "to_check"}] * 2, index=pd.Index(["B0", "B1"], name="building_id")
    )
    totals = {name: 2 * value for name, value in ROOF.items()} | {
        "heat_roof_m2": 0.0,
        "pv_mean_kwh_per_year": 37_000.0,
        "pv_p90_kwh_per_year": 34_000.0,
        "pv_p10_kwh_per_year": 50_000.0,
        "pv_existing_kwp": 0.0,
        "pv_lcoe_yuan_per_kwh": 0.3,
        "pv_self_use_share": 0.8,
    }
    totals |= {f"pv_kwh_month_{month:02d}": 3_500.0 for month in range(1, 13)}
    return Assessment("rooftop", parcels, options, {"building": roofs}, totals)


def plan() -> Part:
    choice = pd.DataFrame(
        {
            "parcel_id": ["P0"],
            "technology": ["rooftop_pv"],
            "family": ["pv"],
            "planned_kw": [20.0],
            "kwh_per_year": [20_000.0],
            "panel_m2": [95.0],
            "served_m2": [0.0],
            "capex_yuan": [60_000.0],
            "opex_yuan_per_year": [900.0],
            "cost_yuan_per_year": [-2_000.0],
            "saved_kgce_per_year": [6_000.0],
            "avoided_tco2_per_year": [12.0],
            "approved": [True],
        },
        index=pd.Index(["P0/rooftop_pv"], name="choice_id"),
    )
    account = pd.DataFrame(
        {
            "indicator": ["pv_capacity_added", ""],
            "account_unit": "kW",
            "at_least": [True, False],
            "required": [15.0, 20.0],
            "reached": [20.0, 20.0],
            "price_yuan": [0.0, 218.0],
            "price_low_yuan": [0.0, 204.0],
            "price_high_yuan": [0.0, 230.0],
        },
        index=pd.Index(["pv_capacity_added", "grid/2"], name="account"),
    )
    totals = {
        "capex_yuan": (60_000.0, "yuan"),
        "cost_yuan_per_year": (-2_000.0, "yuan/a"),
        "saved_kgce_per_year": (6_000.0, "kgce/a"),
        "avoided_tco2_per_year": (12.0, "tCO2/a"),
    }
    figures = [Figure(f"choice.total.{name}", name, value, unit) for name, (value, unit) in totals.items()]
    figures += [
        Figure("choice.pv.planned_kw", "PV", 20.0, "kW"),
        Figure("choice.pv.kwh_per_year", "PV yield", 20_000.0, "kWh/a"),
    ]
    return Part({"choice": choice, "account": account}, Figures.of(figures))


def made(town, assessments: dict[str, Assessment], whole: Part) -> tuple[Material, Document]:  # type: ignore[no-untyped-def]
    material = renewable_plan_material(Material(town, assessments, whole, "规划局", TODAY))
    return material, renewable_plan_document(material)


def test_roofs_of_new_buildings_are_a_technology_of_their_own_and_never_less_than_what_is_planned(
    town,
) -> None:  # type: ignore[no-untyped-def]
    whole = plan()
    new = whole.tables["choice"].assign(technology="new_roof_pv", parcel_id="P1")
    roofs = pd.DataFrame(
        {
            "parcel_id": ["P1"],
            "technology": ["new_roof_pv"],
            "resource_kw": [25.0],
            "resource_kwh_per_year": [25_000.0],
            "resource_capex_yuan": [75_000.0],
            "resource_avoided_tco2_per_year": [15.0],
        }
    )
    both = pd.concat([whole.tables["choice"], new.set_axis(["P1/new_roof_pv"])])
    tables = survey(town, {"rooftop": rooftop()}, Part({"choice": both, "planned_roof": roofs})).tables
    assert tables["resource"].loc["rooftop_pv", "resource_kw"] == pytest.approx(42.0)
    assert tables["resource"].loc["new_roof_pv", "resource_kw"] == 25.0
    for name in ("resource", "resource_district"):
        assert (tables[name]["resource_planned_kw"] <= tables[name]["resource_kw"]).all()


def test_what_parcels_offer_is_added_up_by_technology_and_by_district(town) -> None:  # type: ignore[no-untyped-def]
    found = survey(town, {"rooftop": rooftop()}, plan())
    assert found.tables["resource"].loc["rooftop_pv", "resource_kw"] == pytest.approx(42.0)
    assert found.tables["resource"].loc["rooftop_pv", "resource_kwh_per_year"] == pytest.approx(42_000.0)
    local = found.tables["resource_district"]["resource_kw"]
    assert local.to_dict() == {"城东/rooftop_pv": 20.0, "城西/rooftop_pv": 22.0}
    assert found.tables["resource_grade"].loc["Rooftop PV", "forbidden_parcels"] == 1
    assert found.tables["roof_by_type"].loc["metal", "pv_kwp"] == pytest.approx(21.0)


def test_sulphur_dioxide_is_two_hundredths_of_the_coal_saved(town) -> None:  # type: ignore[no-untyped-def]
    found = survey(town, {}, plan()).figures["benefit.so2"]
    assert found.value == pytest.approx(6.0 * 0.02)  # t of coal times kg/kg, GB/T 50801
    assert found.numbers[0].source.startswith("gbt50801")


def test_the_verdict_of_most_uses_is_said_as_that_of_all_others(town) -> None:  # type: ignore[no-untyped-def]
    uses = ["residential", "education", "retail", "hotel", "health"]
    suitability = pd.DataFrame(
        {
            "technology": "rooftop_pv",
            "area_kind": "city",
            "area_id": "",
            "use": uses,
            "verdict": ["priority", "restricted", "restricted", "restricted", "restricted"],
            "condition": ["", "low yield", "low yield", "", ""],
        }
    )
    row = plan_said(town, Part({"suitability": suitability})).tables["suitable_uses"].iloc[0]
    assert row["priority_uses"] == "住宅"
    assert row["restricted_uses"] == "其余各类建筑"
    assert row["suitability_conditions"] == "单位装机发电量低"


def test_limits_of_the_grid_bear_the_names_of_districts(town) -> None:  # type: ignore[no-untyped-def]
    found = plan_said(town, plan())
    assert found.tables["grid_limit"]["district_name"].to_dict() == {"2": "城西"}
    assert found.figures["survey.grid_binding"].value == 1


def test_a_city_without_any_result_gets_all_chapters_and_is_told_what_is_missing(town) -> None:  # type: ignore[no-untyped-def]
    _, document = made(town, {}, Part())
    chapters = [one.number for one in document.blocks if isinstance(one, Heading) and one.level == 1]
    assert chapters[:12] == [f"{one}、" for one in "一二三四五六七八九十"] + ["十一、", "十二、"]
    words = "".join(map(said, document.lines()))
    assert "本次未取得太阳能资源评估成果" in words
    assert "屋顶光伏" in words and "未取得下列评估成果" in words
    assert unbound_numbers(document).problems == ()


def test_the_whole_document_takes_every_number_from_the_plan(town) -> None:  # type: ignore[no-untyped-def]
    _, document = made(town, {"rooftop": rooftop()}, plan())
    checked = unbound_numbers(document)
    assert checked.problems == ()
    assert checked.numbers > 15
    titles = [one.title for one in document.blocks if isinstance(one, Table)]
    assert "各技术潜力与规划选用规模" in titles
    assert "总体上节省费用" in "".join(map(said, document.lines()))
    assert {one.title for one in document.blocks if isinstance(one, Drawing)} >= {"屋顶光伏逐月发电量"}
    assert not [one for one in document.blocks if isinstance(one, Note) and "缺少" in said(one.line)]


def test_a_number_typed_into_a_text_is_found(town, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "实施方案"
    folder.mkdir()
    (folder / "实施方案.md").write_text("# 总论\n到2030年新增光伏35兆瓦，见GB 55015。", encoding="utf-8")
    material = renewable_plan_material(Material(town, {}, Part(), "", TODAY, folders=[tmp_path]))
    problems = unbound_numbers(renewable_plan_document(material)).problems
    assert [one.values["numbers"] for one in problems] == ["35"]


def test_files_written_anew_keep_words_of_people_and_the_old_file(town, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    material, _ = made(town, {}, Part())

    def make(hands):  # type: ignore[no-untyped-def]
        return renewable_plan_document(replace(material, hands=hands))

    write_document(make, material.plan, tmp_path, TODAY, name="方案")
    file = tmp_path / "方案.docx"
    opened = docx.Document(str(file))
    with speaking("zh"):
        for run in opened.element.body.iter(
            "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
        ):
            if run.text.startswith("〔待填写：补充地理"):
                run.text = "本市地处渭河之滨。"
    opened.save(str(file))
    again = write_document(make, material.plan, tmp_path, TODAY, name="方案")
    assert again.problems == ()
    assert "渭河" in "".join(one.text or "" for one in docx.Document(str(file)).element.body.iter())
    assert (tmp_path / "方案.旧版.docx").is_file()
    assert (tmp_path / "方案.pdf").is_file()

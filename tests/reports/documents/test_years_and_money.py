"""Years, money and reasons in documents: what the city reported, what works bring in, and why a building is retrofitted."""

from __future__ import annotations

import datetime
import re

import docx
import numpy as np
import pandas as pd
import pytest

from core.texts import speaking
from plans import Part
from plans.cash_flow import cash_flow
from plans.economics import economics
from plans.figures import Figure, Figures
from plans.period import Period
from reports.documents.annual_report import annual_document, annual_material
from reports.documents.blocks import Document, Drawing, Table, said
from reports.documents.check import check_word, unbound_numbers
from reports.documents.green_plan import green_plan_documents, green_plan_material
from reports.documents.low_carbon_city import low_carbon_document, low_carbon_material
from reports.documents.markup import in_a_year
from reports.documents.material import Material
from reports.documents.money_pictures import money_pictures
from reports.documents.renewable_plan import renewable_plan_document, renewable_plan_material
from reports.documents.tables import printed_table
from reports.documents.word import write_word
from reports.documents.years_said import columns_said, history, review_years
from reports.printed import picture_texts
from standards import SHIPPED
from tests.plans.small_city import city as small_city

TODAY = datetime.date(2026, 11, 26)
PERIOD = Period(2020, 2025, 2026, 2030, 2035)
CHOICE = pd.DataFrame(
    {
        "parcel_id": ["P0"],
        "technology": ["rooftop_pv"],
        "family": ["pv"],
        "planned_kw": [20.0],
        "kwh_per_year": [20_000.0],
        "cold_kwh_per_year": [0.0],
        "electricity_kwh_per_year": [0.0],
        "panel_m2": [95.0],
        "served_m2": [0.0],
        "capex_yuan": [60_000.0],
        "opex_yuan_per_year": [900.0],
        "cost_yuan_per_year": [-6_000.0],
        "saved_kgce_per_year": [6_000.0],
        "avoided_tco2_per_year": [12.0],
        "approved": [True],
        "phase_year": [2027],
    },
    index=pd.Index(["P0/rooftop_pv"], name="choice_id"),
)


@pytest.fixture
def town():  # type: ignore[no-untyped-def]
    return small_city([{}], [{"use": "residential", "district_name": "城东", "plot_area_m2": 3600.0}])


def paid() -> Part:
    """One roof with its payback, sensitivity and cash flow, and the totals that texts name."""
    totals = {"capex_yuan": "yuan", "cost_yuan_per_year": "yuan/a", "saved_kgce_per_year": "kgce/a",
              "avoided_tco2_per_year": "tCO2/a"}  # fmt: skip
    figures = [
        Figure(f"choice.total.{name}", "Total", float(CHOICE[name].iloc[0]), unit)
        for name, unit in totals.items()
    ]
    figures += [
        Figure("choice.pv.planned_kw", "PV", 20.0, "kW"),
        Figure("choice.pv.kwh_per_year", "Yield of PV", 20_000.0, "kWh/a"),
    ]
    whole = Part({"choice": CHOICE}, Figures.of(figures))
    return whole + economics(CHOICE, SHIPPED, "gas", "gas") + cash_flow(CHOICE, SHIPPED, "gas", "gas", 2026)


def renewed() -> pd.DataFrame:
    """A building by priority, one by the planner, one that the planner declined, one that is no candidate."""
    points = {"age": 30.0, "excess": 0.0, "old_estate": 20.0, "central_heating": 10.0, "zone": 10.0}
    return pd.DataFrame(
        {
            "retrofit_order": [1, 2, 0, 0],
            "retrofit_class": "residential",
            "parcel_id": "P0",
            "gfa_m2": [1000.0, 900.0, 800.0, 700.0],
            "envelope_year": 1978,
            "retrofit_package": "cold_network",
            "retrofit_saved_kgce_per_year": 100.0,
            "retrofit_capex_yuan": 1000.0,
            "retrofit_payback_years": 9.0,
            **{f"retrofit_{name}_points": value for name, value in points.items()},
            "retrofit_points": 70.0,
            "retrofit_chosen": [True, True, False, False],
            "retrofit_ground": ["by_priority", "by_planner", "declined_by_planner", "left_out"],
            "manual_reason": ["", "与管网改造同步", "拟征收", ""],
            "reason": ["", "", "", "not a civil building"],
        },
        index=pd.Index(["B0", "B1", "B2", "B3"], name="building_id"),
    )


def documents(town, plan: Part) -> dict[str, Document]:  # type: ignore[no-untyped-def]
    material = Material(town, {}, plan, "规划局", TODAY)
    text, argument, annex = green_plan_documents(green_plan_material(material))
    return {
        "文本": text,
        "说明书": argument,
        "附表": annex,
        "低碳城市": low_carbon_document(low_carbon_material(material)),
        "年度报告": annual_document(annual_material(material), 2026),
        "实施方案": renewable_plan_document(renewable_plan_material(material)),
    }


def tables(document: Document) -> dict[str, Table]:
    return {block.title: block for block in document.blocks if isinstance(block, Table)}


def words(document: Document) -> str:
    return "\n".join(said(line) for line in document.lines())


# Money


def test_every_document_says_investment_payback_and_sensitivity(town) -> None:  # type: ignore[no-untyped-def]
    made = documents(town, paid())
    for name in ("文本", "说明书", "低碳城市", "年度报告", "实施方案"):
        assert "6.00\u00a0万元" in words(made[name]), name
        assert re.search("静态回收期[0-9.]+\u00a0年", words(made[name])), name
        assert "年净费用敏感性" in tables(made[name]), name
    assert not [problem for one in made.values() for problem in unbound_numbers(one).problems]


def test_the_cash_flow_stands_year_by_year_with_its_sum_in_the_plan_and_in_the_annex(town) -> None:  # type: ignore[no-untyped-def]
    made = documents(town, paid())
    for name in ("实施方案", "附表"):
        table = tables(made[name])["项目现金流"]
        assert [row[0] for row in table.rows] == [str(year) for year in range(2026, 2051)]
        assert table.rows[0][1] == "—"  # nothing is invested in 2026
        assert table.total[0] == "合计"
    assert "项目现金流" in [one.title for one in made["实施方案"].blocks if isinstance(one, Drawing)]


def test_the_chart_of_the_cash_flow_says_its_unit_and_its_years() -> None:
    with speaking("zh"):
        said_there = picture_texts(money_pictures(paid())["cash_flow"]())
    assert "单位：万元" in said_there
    assert {"2026", "2050"} <= set(said_there)


def test_a_plan_without_works_has_no_chart_of_its_cash_flow() -> None:
    assert money_pictures(Part()) == {}


# Why a building is retrofitted


def test_a_building_stands_with_its_points_and_the_planners_own_choices_with_their_reasons(town) -> None:  # type: ignore[no-untyped-def]
    out = pd.DataFrame(
        {"reason": ["not a civil building"], "buildings": [1], "gfa_m2": [700.0]},
        index=pd.RangeIndex(1, 2, name="retrofit_left_out_id"),
    )
    made = documents(town, paid() + Part({"retrofit": renewed(), "retrofit_left_out": out}))
    for name in ("实施方案", "附表"):
        found = tables(made[name])
        assert found["既有建筑改造次序与得分"].rows[0][-2:] == ("70.0", "按得分列入")
        assert found["规划人员指定列入改造的建筑"].rows[0][-1] == "与管网改造同步"
        assert found["规划人员不列入改造的建筑"].rows[0][-1] == "拟征收"
        assert found["不具备改造条件的建筑"].rows[0][1] == "非民用建筑"


def test_a_plan_made_before_there_were_points_says_that_they_are_to_come(town) -> None:  # type: ignore[no-untyped-def]
    old = renewed().drop(columns=[one for one in renewed() if one.endswith("_points")])
    made = documents(town, paid() + Part({"retrofit": old}))
    assert "各建筑的得分和列入依据待重新编制规划后列出" in words(made["实施方案"])


# Earlier years


def review() -> Part:
    table = pd.DataFrame(
        {
            "indicator": ["prefabricated_share", "pv_capacity_added"],
            "indicator_unit": ["%", "kW"],
            "city_value": [0.3, 900.0],
            "city_origin": ["reported", "register"],
            "city_before_value": np.nan,
            "country_value": np.nan,
        },
        index=pd.Index(["prefabricated_share", "pv_capacity_added"], name="review_id"),
    )
    years = pd.DataFrame(
        {
            "indicator": "prefabricated_share",
            "indicator_unit": "%",
            "year": [2023, 2025],
            "value": [0.2, 0.3],
        },
        index=pd.Index(["prefabricated_share/2023", "prefabricated_share/2025"], name="review_year_id"),
    )
    return Part({"review": table, "review_year": years})


def test_the_five_years_of_the_review_are_columns_with_what_was_reported() -> None:
    part, years = review_years(review(), PERIOD)
    table = part.tables["review_years_said"]
    assert years == (2021, 2022, 2023, 2024, 2025)
    assert table.loc["prefabricated_share"].tolist()[1:] == ["—", "—", "20.0%", "—", "30.0%"]
    assert table.loc["pv_capacity_added"].tolist()[-1] == "900\u00a0kW"  # of the register


def test_the_argument_prints_the_years_under_their_numbers(town) -> None:  # type: ignore[no-untyped-def]
    argument = documents(town, review())["说明书"]
    table = tables(argument)["上一规划期分年度完成情况"]
    assert [column.title for column in table.columns][1:] == [f"{year}年" for year in range(2021, 2026)]
    assert tables(argument)["上一规划期主要指标完成情况"].rows[0][2] == "本市填报"


def reported(rows: list[tuple[int, float, float, str]]) -> Part:
    """Panels by year: plan, actual value, origin."""
    table = pd.DataFrame(rows, columns=["year", "report_plan_value", "report_actual_value", "report_origin"])
    table = table.assign(indicator="pv_capacity_added", area_kind="city", area_id="", target_id="pv")
    return Part({"annual_path": table.rename_axis("annual_path_id")})


def test_years_of_the_plan_say_what_was_planned_beside_what_was_reached(town) -> None:  # type: ignore[no-untyped-def]
    path = reported([(2024, np.nan, 700.0, "reported"), (2026, 4000.0, 3000.0, "reported")])
    annual = documents(town, path)["年度报告"]
    table = tables(annual)["主要指标历年完成情况"]
    assert [column.title for column in table.columns] == ["指标", "2024年", "2025年", "2026年"]
    assert table.rows[0][1:] == ("700\u00a0kW", "—", "3.00\u00a0MW（计划4.00\u00a0MW）")


def test_without_reported_years_the_annual_report_asks_for_them(town) -> None:  # type: ignore[no-untyped-def]
    assert history(reported([(2026, 4000.0, np.nan, "")])) == (Part(), ())
    assert "以前年度的完成值未填报" in words(documents(town, Part())["年度报告"])


def test_no_more_than_six_years_stand_side_by_side() -> None:
    path = reported([(year, np.nan, 1.0, "reported") for year in range(2015, 2027)])
    assert history(path)[1] == (2021, 2022, 2023, 2024, 2025, 2026)
    assert columns_said((2025, 2026))["heads"] == "year_1_said=2025年;year_2_said=2026年"


# Tables and words


def test_what_a_row_does_not_have_is_a_dash_and_not_nothing() -> None:
    frame = pd.DataFrame({"served_m2": [0.0, 200.0], "panel_m2": [0.0, 5.0]}, index=pd.Index(["a", "b"]))
    with speaking("zh"):
        table = printed_table(frame, "project", {"columns": "served_m2,panel_m2", "dash": "served_m2"}, "")
    assert table.rows[0] == ("—", "0")
    assert table.values[0] == (None, 0.0)


def test_a_head_may_be_said_otherwise_than_in_the_dictionary() -> None:
    frame = pd.DataFrame({"family": ["pv"]}, index=pd.Index(["a"]))
    table = printed_table(frame, "t", {"columns": "family", "heads": "family=类别"}, "")
    assert table.columns[0].title == "类别"


def test_a_column_whose_title_says_that_it_is_of_a_year_does_not_say_so_in_its_unit() -> None:
    frame = pd.DataFrame({"kwh_per_year": [2e6], "deviation_share": [-0.07]}, index=pd.Index(["a"]))
    with speaking("zh"):
        table = printed_table(frame, "t", {"columns": "kwh_per_year,deviation_share"}, "")
    assert [column.unit for column in table.columns] == ["万kWh", "%"]
    assert table.rows[0] == ("200", "−7.0")


@pytest.mark.parametrize(
    ("before", "printed"),
    [("年发电量", "2.00\u00a0万kWh"), ("2030年为", "2.00\u00a0万kWh"), ("电量", "2.00\u00a0万kWh/a")],
)
def test_a_quantity_of_a_year_that_was_named_is_not_said_to_be_of_a_year_again(
    before: str, printed: str
) -> None:
    assert in_a_year("2.00\u00a0万kWh/a", before) == printed


def test_thousands_in_word_are_not_parted_at_the_end_of_a_line_and_are_read_back(town, tmp_path) -> None:  # type: ignore[no-untyped-def]
    whole = documents(town, paid())["实施方案"]
    path = tmp_path / "实施方案.docx"
    with speaking("zh"):
        write_word(whole, path)
        checked = check_word(path, whole)
    cells = "".join(cell.text for table in docx.Document(str(path)).tables for cell in table._cells)
    assert "\u202f" in cells and "\u2009" not in cells
    assert checked.problems == ()
    assert checked.numbers > 100


def test_pages_laid_across_are_higher_than_those_with_the_margins_of_letters(town, tmp_path) -> None:  # type: ignore[no-untyped-def]
    table = pd.DataFrame({name: ["x"] for name in ("project_name", "place", "owner", "district_name")})
    names = ["project_name", "place", "owner", "district_name"] * 3
    wide = printed_table(table, "project", {"columns": ",".join(names)}, "表 1-1")
    short = printed_table(table, "project", {"columns": "place"}, "表 1-2")
    path = tmp_path / "across.docx"
    with speaking("zh"):
        write_word(Document("附表", "附表", "", "", "", (wide, short)), path)
    across, upright = list(docx.Document(str(path)).sections)[-2:]
    assert across.page_width > across.page_height and round(across.top_margin.mm) == 24
    assert upright.page_width < upright.page_height and round(upright.top_margin.mm) == 37

"""The tables of numbers: every number has a source, and a project's own rows win."""

import pandas as pd
import pytest

import standards
from core.fields import fields
from core.problems import Severity, UserError
from standards import SHIPPED, Standards, grid_factor
from standards.sources import is_assumption, keys_of


def own(folder, name, text):
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return Standards(local=folder)


@pytest.mark.parametrize("name", SHIPPED.names())
def test_every_row_names_a_source_of_the_list(name):
    table = SHIPPED.table(name)
    assert (table["source"] != "").all()
    assert {key for source in table["source"] for key in keys_of(source)} <= set(SHIPPED.sources())


@pytest.mark.parametrize("name", SHIPPED.names())
def test_every_assumption_says_why(name):
    table = SHIPPED.table(name)
    assumed = table["source"].map(is_assumption)
    assert (table.loc[assumed, "note"] != "").all()


@pytest.mark.parametrize("name", SHIPPED.names())
def test_every_table_says_what_it_holds_and_what_tells_its_rows_apart(name):
    assert SHIPPED.about(name).endswith(".")
    assert not SHIPPED.table(name).duplicated(list(SHIPPED.keys(name))).any()


def test_shipped_tables_have_no_problem():
    assert standards.check_tables() == []


def test_roughly_a_third_of_the_numbers_is_assumed():
    sources = pd.concat([SHIPPED.table(name)["source"] for name in SHIPPED.names() if name != "value_words"])
    assert 0.2 < sources.map(is_assumption).mean() < 0.6


def test_no_table_holds_the_results_of_tests():
    assert not SHIPPED.table("roof_use")["ratio_basis"].str.contains("test").any()
    assert "gcr_check" not in set(SHIPPED.table("pv_parameters")["parameter"])


def test_a_number_comes_with_range_unit_and_source():
    soiling = SHIPPED.number("pv_parameters", parameter="hourly_loss", case="soiling")
    assert (soiling.low, soiling.value, soiling.high) == (0.01, 0.02, 0.06)
    assert SHIPPED.source(soiling.source).title.startswith("A. P. Dobos, PVWatts Version 5")
    assert not soiling.assumption


def test_unit_of_a_grid_factor_is_said_by_its_column():
    assert grid_factor(SHIPPED, "陕西").unit == "kgCO2/kWh"


def test_citation_puts_titles_for_keys_and_keeps_the_place():
    said = SHIPPED.citation("gb55015-2021 5.2.2; assumption")
    assert said == "GB 55015-2021《建筑节能与可再生能源利用通用规范》 5.2.2; 规划假定"


def test_an_unknown_key_is_said_with_what_was_asked():
    with pytest.raises(KeyError, match="0 rows of table pv_parameters answer to parameter=life, case=moon"):
        SHIPPED.number("pv_parameters", parameter="life", case="moon")


def test_a_key_that_several_rows_answer_to_is_refused():
    with pytest.raises(KeyError, match="rows of table pv_parameters answer to parameter=life"):
        SHIPPED.number("pv_parameters", parameter="life")


def test_a_row_without_a_number_is_refused():
    with pytest.raises(KeyError, match="has no number in column default"):
        SHIPPED.number("pv_parameters", parameter="connection_class", case="自然人户用")


def test_an_unknown_table_and_an_unknown_source_are_refused():
    with pytest.raises(KeyError, match="no table 'moonlight'"):
        SHIPPED.table("moonlight")
    with pytest.raises(KeyError, match="no source has the key"):
        SHIPPED.source("gb1-1949")


def test_own_row_replaces_the_shipped_row_of_the_same_keys_and_is_marked(tmp_path):
    mine = own(tmp_path, "pv_parameters", "parameter,case,default,source\nlife,inverter,15,gbt51366\n")
    life = mine.number("pv_parameters", parameter="life", case="inverter")
    assert (life.value, life.local, life.unit) == (15.0, True, "a")
    assert not mine.number("pv_parameters", parameter="life", case="PV module").local
    assert len(mine.table("pv_parameters")) == len(SHIPPED.table("pv_parameters"))


def test_own_row_of_new_keys_is_added(tmp_path):
    text = (
        "year,region,level,series,factor_kgco2_per_kwh,source\n2024,陕西,provincial,average,0.6,grid-2023\n"
    )
    assert grid_factor(own(tmp_path, "grid_factors", text), "陕西省").value == 0.6
    assert grid_factor(SHIPPED, "陕西省").value == 0.6335


def test_own_table_saved_by_a_chinese_spreadsheet_is_read(tmp_path):
    text = "city_zh,hdd18,source,note\n西安,2200,assumption,当地气象局提供\n"
    (tmp_path / "cities.csv").write_bytes(text.encode("gb18030"))
    row = Standards(local=tmp_path).number("cities", column="hdd18", city_zh="西安")
    assert (row.value, row.local, row.unit) == (2200.0, True, "℃·d")


def test_own_table_of_another_name_stands_as_it_is(tmp_path):
    mine = own(tmp_path, "snow", "kind,default,unit,source\nwet,3,kN/m3,gb50009\n")
    assert mine.number("snow", kind="wet").value == 3.0
    assert "snow" in mine.names()


def test_own_source_may_be_cited(tmp_path):
    (tmp_path / "sources.toml").write_text('[xa-2026]\ntitle = "西安市规定"\n', encoding="utf-8")
    mine = own(tmp_path, "pv_parameters", "parameter,case,default,source\nlife,inverter,15,xa-2026 3\n")
    assert mine.check_tables() == []
    assert mine.citation("xa-2026 3") == "西安市规定 3"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("life,inverter,15,,a,", "have no source"),
        ("life,inverter,15,,a,gb1-1949", "cite sources that are not in the list: gb1-1949"),
        ("life,inverter,fifteen,,a,gbt51366", "cells that are not numbers"),
        ("life,inverter,15,12,a,gbt51366", "a low end above the high end, or a default outside them"),
        ("life,battery,15,,,gbt51366", "have a number without a unit"),
    ],
)
def test_a_bad_own_row_is_a_problem_with_its_row(tmp_path, row, said):
    mine = own(tmp_path, "pv_parameters", f"parameter,case,default,high,unit,source\n{row}\n")
    problem = mine.check_tables()[0]
    assert said in problem.said()
    assert problem.rows == (" / ".join(row.split(",")[:2]),)
    with pytest.raises(UserError):
        mine.table("pv_parameters")


def test_own_table_without_key_columns_is_refused(tmp_path):
    mine = own(tmp_path, "pv_parameters", "default,source\n1,gbt51366\n")
    with pytest.raises(UserError, match="lacks the columns parameter, case"):
        mine.table("pv_parameters")


def test_an_own_assumption_without_a_reason_is_a_warning(tmp_path):
    text = "parameter,case,default,source,note\nlife,inverter,12,assumption,\n"
    problem = own(tmp_path, "pv_parameters", text).check_tables()[0]
    assert problem.severity is Severity.WARNING


def test_changing_a_table_that_was_handed_out_changes_no_other():
    table = SHIPPED.table("costs")
    table.loc[:, "default"] = -1.0
    assert (SHIPPED.table("costs")["default"].dropna() > 0).all()


def test_grid_factor_is_the_latest_average_of_the_province():
    assert grid_factor(SHIPPED, "陕西省").key == "2023 / 陕西 / average"
    assert grid_factor(SHIPPED, "陕西省", 2022).key == "2022 / 陕西 / average"


def test_tibet_takes_the_factor_of_the_southwest():
    assert grid_factor(SHIPPED, "西藏自治区").key == "2023 / 西南 / average"


def test_a_place_without_a_factor_takes_that_of_the_country():
    assert grid_factor(SHIPPED, "").key == "2023 / 全国 / average"
    assert grid_factor(SHIPPED, "陕西", 2021).value == 0.5568
    with pytest.raises(KeyError, match="1999"):
        grid_factor(SHIPPED, "陕西", 1999)


def test_rooftop_shares_and_roof_use_stand_on_one_basis():
    basis = SHIPPED.table("roof_use").set_index(["building_type", "ratio_basis"])["default"]
    pairs = {"government_office": "government_office", "education": "school", "health": "hospital"}
    pairs |= {"retail": "commerce", "residential": "residential", "industry": "factory"}
    for use, kind in pairs.items():
        share = SHIPPED.number("pv_roof", use=use, roof_type="any", quantity="usable_share").value
        assert share == basis[kind, "usable_k (gross roof -> PV-covered area)"]


def test_every_use_has_its_share_of_free_roof_for_every_roof_type():
    table = SHIPPED.table("pv_roof")
    free = table[table["quantity"] == "free_share"]
    wanted = {(use, kind) for use in fields()["use"].choices for kind in fields()["roof_type"].choices}
    assert set(zip(free["use"], free["roof_type"], strict=True)) == wanted


def test_every_use_has_one_storey_height():
    table = SHIPPED.table("building_defaults")
    heights = table[table["quantity"] == "storey_height"]
    uses = [use for cell in heights["uses"] for use in cell.split(";")]
    assert len(uses) == len(set(uses))
    assert heights.set_index("class")["default"].to_dict() == {"residential": 3, "public": 4, "industry": 8}


def test_a_newer_local_factor_of_one_province_leaves_the_others_as_they_are(tmp_path):
    (tmp_path / "grid_factors.csv").write_text(
        "year,region,level,series,factor_kgco2_per_kwh,fallback_region,source\n"
        "2024,陕西,provincial,average,0.6000,,assumption\n",
        encoding="utf-8",
    )
    local = Standards(tmp_path)
    assert grid_factor(local, "陕西").value == 0.6
    assert grid_factor(local, "上海").value == grid_factor(Standards(), "上海").value


def test_a_number_looked_up_before_is_not_that_of_another_project_or_of_another_key(tmp_path):
    shipped = Standards().number("pv_parameters", parameter="life", case="inverter")
    (tmp_path / "pv_parameters.csv").write_text(
        "parameter,case,default,unit,source,note\nlife,inverter,15,a,assumption,long\n", encoding="utf-8"
    )
    assert Standards(local=tmp_path).number("pv_parameters", parameter="life", case="inverter").value == 15.0
    assert Standards().number("pv_parameters", parameter="life", case="inverter") == shipped
    assert shipped.value != 15.0
    low = Standards().number("pv_parameters", column="low", parameter="life", case="inverter")
    assert low.value == shipped.low

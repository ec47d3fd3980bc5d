"""Every number in sight can be traced: to its parts, given data, settings, published numbers, and since when it holds."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from core import texts
from core.problems import UserError
from desktop import cards, operations, own_targets, planning, tracing
from desktop.addresses import Address
from desktop.plan_tables import TITLES, tables_shown
from desktop.tracing import Traced
from layers.project import Project
from tests.desktop.conftest import Lutu
from tests.desktop.test_planning import planned
from tests.desktop.test_planning import planned_template as planned_template
from tests.desktop.test_planning import template as template


@pytest.fixture(scope="module")
def made(planned_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """The small city with its plan."""
    folder = shutil.copytree(planned_template, tmp_path_factory.mktemp("traced") / "小城")
    with closing(Project(Path(folder))) as project:
        yield project


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_chosen", "en")


def traced(project: Project, **address: str | tuple[str, ...]) -> Traced:
    where = Address(**address)  # type: ignore[arg-type]
    return tracing.trace(tracing.material_of(project, where), where)


def test_a_result_of_a_parcel_is_the_sum_of_its_buildings(made: Project) -> None:
    found = traced(made, table="parcel", row="P0", column="pv_kwp")
    assert found.steps[0].value == found.value
    parts = [one for one in found.steps if one.title.startswith("Building B")]
    assert len(parts) == 3
    assert found.numbers
    assert dict(found.facts)["State"] == "up to date"


def test_a_total_lists_the_parcels_it_adds_up(made: Project) -> None:
    found = traced(made, table="rooftop", column="pv_kwp")
    parts = [one.title for one in found.steps if one.depth == 2 and one.title.startswith("P")]
    rows = operations.assessments(made)["rooftop"].parcels
    assert set(parts) == set(rows.index[rows["pv_kwp"] > 0])


def test_a_given_value_names_its_file(made: Project) -> None:
    found = traced(made, table="building", row="B1", column="height_m")
    assert found.value.split() == ["15.0", "m"]
    assert any(one.value.endswith("city.gpkg") for one in found.steps)
    assert found.steps[0].origin == "given"


def test_a_corrected_value_says_by_whom_and_why(template: Path, tmp_path: Path) -> None:
    with closing(Project(Path(shutil.copytree(template, tmp_path / "小城")))) as project:
        operations.correct(project, "building", ["B1"], "height_m", 42.0, "measured on site")
        found = traced(project, table="building", row="B1", column="height_m")
        assert "given: 15" in found.steps[0].origin
        assert "measured on site" in found.steps[0].origin


def test_a_result_whose_data_changed_is_said_to_be_out_of_date(template: Path, tmp_path: Path) -> None:
    with closing(Project(Path(shutil.copytree(template, tmp_path / "小城")))) as project:
        operations.correct(project, "building", ["B1"], "height_m", 42.0)
        found = traced(project, table="rooftop", column="pv_kwp")
        assert dict(found.facts)["State"].startswith("out of date")


def test_a_setting_of_the_planner_stands_apart_from_defaults(template: Path, tmp_path: Path) -> None:
    with closing(Project(Path(shutil.copytree(template, tmp_path / "小城")))) as project:
        operations.set_settings(project, "rooftop", {"cell_m": 2.0})
        found = traced(project, table="parcel", row="P0", column="pv_kwp")
        origins = {one.title: one.origin for one in found.steps}
        assert origins["Cell size"] == "set by the planner"
        assert origins["Sky directions"] == "default of the program"


def test_an_indicator_in_the_list_leads_to_the_figure_it_is(made: Project) -> None:
    plan = tracing.material_of(made, Address()).plan
    assert plan is not None
    table = plan.tables["indicator"]
    row = "renewable_substitution_rate/gross_equivalent/2030"
    assert row in table.index
    found = traced(made, table="indicator", row=row, column="indicator_value")
    assert any(one.key.startswith("indicator.renewable_substitution_rate") for one in found.steps)


def test_a_project_of_the_list_shows_the_rest_of_its_row(made: Project) -> None:
    plan = tracing.material_of(made, Address()).plan
    assert plan is not None
    row = str(plan.tables["project"].index[0])
    found = traced(made, table="project", row=row, column="capex_yuan")
    assert "List of projects" in found.title
    assert len(found.steps) > 5
    works = [one for one in found.steps if one.title == "Choices of parcels"]
    assert [one.value for one in works] == [found.value]


def test_a_target_that_is_reached_is_said_in_its_unit(template: Path, tmp_path: Path) -> None:
    with closing(Project(Path(shutil.copytree(template, tmp_path / "小城")))) as project:
        own_targets.set_target(project, "pv_capacity_added", 2030, 5, unit="kW")
        planned(project)
        found = traced(project, table="account", row="pv_capacity_added", column="reached")
        assert found.value.endswith("kW")
        assert any(one.key == "account.pv_capacity_added.reached" for one in found.steps)


def test_what_the_map_says_of_the_plan_leads_to_the_choices_of_the_parcel(made: Project) -> None:
    plan = tracing.material_of(made, Address()).plan
    assert plan is not None
    choice = plan.tables["choice"]
    parcel = str(choice.loc[choice["family"] == "pv", "parcel_id"].iloc[0])
    found = traced(made, table="parcel", row=parcel, column="plan_pv_kw")
    assert any(one.title == f"{parcel}/rooftop_pv" for one in found.steps)


def test_a_sum_of_several_rows_equals_their_values(made: Project) -> None:
    rows = operations.assessments(made)["rooftop"].parcels["pv_kwp"]
    found = traced(made, table="parcel", rows=("P0", "P1"), column="pv_kwp")
    assert found.value.split()[0] == f"{rows['P0'] + rows['P1']:.1f}"


def test_every_number_of_every_card_can_be_traced(made: Project) -> None:
    """No address that a card hands out leads nowhere."""
    city, assessments = made.city, operations.assessments(made)
    assert city is not None
    shown = [
        cards.city_card(city, assessments),
        cards.parcel_card(city, assessments, "P0", {}),
        cards.building_card(city, assessments, "B1", {}),
        cards.several_card(city, assessments, "parcel", ["P0", "P1"]),
        cards.row_card(city, assessments, "parcel", "P2"),
    ]
    addresses = [
        address
        for card in shown
        for address in (
            *(at for result in card.results for _, at in result.traced),
            *(line.address for part in card.found for line in part.lines),
            *(at for part in card.found for year in part.months for at in year.addresses),
            *(line.address for line in card.facts),
        )
        if address is not None
    ]
    assert len(addresses) > 100
    plan = planning.plan_of(made)
    for address in addresses:
        material = tracing.material_of(made, address, city=city, assessments=assessments, plan=plan, stale=())
        found = tracing.trace(material, address)
        assert found.steps and found.title, address


def test_every_table_of_the_plan_has_a_title_and_its_values_a_trace(made: Project) -> None:
    material = tracing.material_of(made, Address())
    plan = material.plan
    assert plan is not None
    assert set(plan.tables) <= set(TITLES)
    for name in tables_shown(plan):
        frame = plan.tables[name]
        for column in frame.columns:
            at = Address(table=name, row=str(frame.index[0]), column=str(column), planned=True)
            assert tracing.trace(material, at).steps


def test_what_is_not_there_is_refused_with_what_there_is(made: Project) -> None:
    with pytest.raises(UserError, match="no row P9"):
        traced(made, table="parcel", row="P9", column="pv_kwp")
    with pytest.raises(UserError, match="no column nothing"):
        traced(made, table="building", row="B1", column="nothing")
    with pytest.raises(UserError, match="no table nothing"):
        traced(made, table="nothing", row="B1", column="height_m")
    with pytest.raises(UserError, match="pv_kwp"):
        traced(made, table="rooftop", column="kwp")


def test_the_command_line_traces_totals_and_cells(made: Project, lutu: Lutu) -> None:
    folder = made.folder
    made.close()
    total = lutu("trace", folder, "rooftop", "pv_kwp", "--json").json
    cell = lutu("trace", folder, "parcel", "P0", "pv_kwp", "--json").json
    assert total["trace"][0]["value"] == total["value"]
    assert "Parcel P0" in cell["title"]
    assert lutu("trace", folder, "a", "b", "c", "d").code == 1

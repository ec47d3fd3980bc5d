"""Shares of new building are moved: grades follow at once, exactly as the plan made anew would set them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import box

from core.jobs import Job
from desktop import operations, own_targets, planning
from desktop.movable_targets import Movable, movable_targets
from desktop.target_preview import GRADED, TargetPreview, target_preview
from layers.project import Project
from tests.desktop.brought_in import bring_in_and_assess
from tests.desktop.test_planning import SOUTH, WEST, planned
from tests.once import made_once

STARS, PREFABRICATED = "two_star_share_new", "prefabricated_share"


def made_new_town(folder: Path) -> None:
    """A block that stands and four plots for homes that private money is to build; its plan asks for a quarter."""
    gpd.GeoDataFrame(
        {"楼栋编号": ["B0"], "高度": 15.0, "层数": 5, "用途": "住宅", "建成年代": 1995},
        geometry=[box(WEST + 10, SOUTH + 20, WEST + 30, SOUTH + 32)],
        crs=4545,
    ).to_file(folder / "city.gpkg", layer="建筑")
    gpd.GeoDataFrame(
        {
            "地块编号": [f"P{n}" for n in range(5)],
            "用地代码": "070102",
            "用地面积": 5_400.0,
            "容积率": 1.0,
            "开发状态": ["existing", *["planned"] * 4],
            "投资主体": "社会",
        },
        geometry=[box(WEST + 90 * n, SOUTH, WEST + 90 * (n + 1), SOUTH + 60) for n in range(5)],
        crs=4545,
    ).to_file(folder / "city.gpkg", layer="地块")
    with closing(operations.new_project(folder / "新城", name="新城", city="西安")) as project:
        bring_in_and_assess(project, folder / "city.gpkg", "demand", "rooftop")
        for indicator in (STARS, PREFABRICATED):
            own_targets.set_target(project, indicator, 2030, 0.25, source="市政府")
        planned(project)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    with closing(Project(made_once(tmp_path_factory, "new-town", made_new_town) / "新城")) as made:
        yield made


@pytest.fixture(scope="module")
def preview(project: Project) -> TargetPreview:
    return target_preview(project)


def shares(preview: TargetPreview, project: Project) -> dict[str, Movable]:
    return {one.account: one for one in movable_targets(preview.plan, project.standards)}


def test_the_shares_that_the_city_is_to_reach_can_be_moved(project: Project, preview: TargetPreview) -> None:
    movable = shares(preview, project)
    for name in (STARS, PREFABRICATED):
        assert (movable[name].value, movable[name].most, movable[name].year) == (0.25, 1.0, 2030)


def test_half_of_the_new_floor_area_takes_one_more_of_four_parcels(preview: TargetPreview) -> None:
    tried = preview.tried({STARS: 0.5}, Job())
    assert tried.choice is None  # which technology stands where does not hang on stars here
    assert tried.green is not None
    assert tried.green.reached[STARS] == pytest.approx(0.5)
    assert len(tried.parcels) == 1
    assert tried.green.area_m2 == pytest.approx(5_400.0)
    assert (tried.tables["grade"]["green_grade"] == "two_star").sum() == 2


def test_two_shares_are_moved_at_once_and_the_money_with_them(preview: TargetPreview) -> None:
    tried = preview.tried({STARS: 1.0, PREFABRICATED: 0.75, "budget": 1.0}, Job())
    assert tried.green is not None and tried.choice is not None
    assert tried.green.reached[STARS] == pytest.approx(1.0)
    assert tried.green.reached[PREFABRICATED] == pytest.approx(0.75)
    assert tried.choice.choice["capex_yuan"].sum() <= 1.0
    assert {"P2", "P3", "P4"} <= set(tried.parcels)  # the first has its stars already


def test_as_the_plan_has_it_nothing_changes(preview: TargetPreview) -> None:
    tried = preview.tried({STARS: 0.25}, Job())
    assert tried.parcels == () and tried.choice is None


def test_the_plan_made_with_the_moved_share_grades_as_was_shown(
    project: Project, preview: TargetPreview
) -> None:
    shown = preview.tried({STARS: 0.75}, Job()).tables["grade"]
    own_targets.set_target(project, STARS, 2030, 0.75, source="市政府")
    planned(project)
    made = planning.needed_plan(project).tables["grade"]
    assert made[GRADED].equals(shown[GRADED])

"""What holds for the whole project is set by form or command, makes the data stale, and can be undone."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from core.fields import setting
from core.problems import UserError
from core.texts import speaking, word
from desktop import operations
from desktop.plan_words import choices_of as plan_choices
from desktop.project_settings import choices_of, project_settings, set_project_settings, set_system
from layers.project import Project
from standards import SHIPPED
from tests.desktop.conftest import Lutu


def test_another_city_brings_its_province_and_climate_zone(empty: Path) -> None:
    with closing(Project(empty)) as project:
        set_project_settings(project, {"climate_city": "上海"})
        now = project_settings(project)
        assert (now.climate_city, now.province, now.climate_zone) == ("上海", "上海", "3A")
        assert project.facts["province"] == "上海"
        project.undo()
        assert project_settings(project).province == "陕西"


def test_a_zone_that_the_planner_says_goes_before_that_of_the_city(empty: Path) -> None:
    with closing(Project(empty)) as project:
        set_project_settings(project, {"climate_city": "上海", "climate_zone": "2B"})
        assert project_settings(project).climate_zone == "2B"


def test_another_name_leaves_results_fresh_and_another_year_does_not(ready: Path, lutu: Lutu) -> None:
    assert lutu("check", ready).code == 0
    with closing(Project(ready)) as project:
        set_project_settings(project, {"project_name": "新城"})
        assert project.name == "新城" and operations.is_checked(project)
        set_project_settings(project, {"default_year_built": 1985})
        assert project.facts["year_built"] == 1985
        assert not operations.is_checked(project)


def test_what_no_table_knows_is_refused_all_at_once(empty: Path) -> None:
    with closing(Project(empty)) as project:
        with pytest.raises(UserError) as refused:
            set_project_settings(project, {"province": "乌有", "climate_zone": "9Z", "project_name": " "})
        assert len(refused.value.problems) == 3
        with pytest.raises(UserError, match="climate data"):
            set_project_settings(project, {"climate_city": "乌有"})


def test_the_reference_system_changes_only_while_nothing_lies_in_it(given: Path) -> None:
    with closing(Project(given)) as project, pytest.raises(UserError, match="holds data"):
        set_system(project, "EPSG:4549")


def test_the_reference_system_of_an_empty_project_is_free(empty: Path, lutu: Lutu) -> None:
    assert lutu("project", empty, "--crs", "EPSG:4549").code == 0
    assert lutu("project", empty, "--crs", "EPSG:3857").code == 1
    with closing(Project(empty)) as project:
        assert project.crs.to_epsg() == 4549


def test_the_command_lists_and_sets(empty: Path, lutu: Lutu) -> None:
    assert lutu("project", empty, "--json").json["settings"]["climate_city"] == "西安"
    assert lutu("project", empty, "default_year_built=1995", "--why", "survey").code == 0
    assert lutu("project", empty, "--json").json["settings"]["default_year_built"] == 1995
    assert lutu("project", empty, "colour=green").code == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_word_of_a_form_is_said_in_the_language(language: str) -> None:
    with speaking(language):
        offered = {**choices_of(SHIPPED), **plan_choices(SHIPPED)}
        assert all(said for words in offered.values() for _, said in words)
        if language == "zh":
            assert word("computed") != "Computed"
            assert all(setting(name).title_zh for name in offered)

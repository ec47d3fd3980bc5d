"""Demand in a project: computed first for those who serve it, kept, stale when its settings change, calibrated by meters."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
import pytest

from core.jobs import Job
from desktop import changes, operations
from layers.project import Project
from potential import Assessment, Potential, registry
from tests.desktop.conftest import Lutu


@dataclass(frozen=True)
class NoSettings:
    """Nothing to set."""


SERVED: list[Any] = []


@pytest.fixture
def checked(ready: Path, lutu: Lutu) -> Path:
    """A project that has weather and whose data was checked."""
    assert lutu("check", ready).code == 0
    return ready


def assess(city: Any, demand: Any, settings: Any, job: Job) -> Assessment:
    SERVED.append(demand)
    parcels = pd.DataFrame({"grade": "suitable", "reason": ""}, index=city.tables["parcel"].index)
    options = pd.DataFrame({"parcel_id": []}, index=pd.RangeIndex(0, name="option_id"))
    return Assessment("boilers", parcels, options, MappingProxyType({}), MappingProxyType({}))


BOILERS = Potential(
    "boilers", "Boilers", ("building", "parcel"), (), (), NoSettings, assess, uses_demand=True
)


@pytest.fixture
def project(checked: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    SERVED.clear()
    both = (*registry.potentials(), BOILERS)
    for module in (operations, changes):
        monkeypatch.setattr(module, "potentials", lambda: both)
    return Project(checked)


def test_who_serves_demand_gets_it_computed_and_kept_first(project: Project) -> None:
    operations.carry_out(project, operations.assess(project, "boilers"), Job())
    assert SERVED[0].parcels["heat_kwh_per_year"].sum() > 0
    assert project.is_fresh("demand")
    kept = operations.assessment(Project(project.folder), "demand")
    assert kept is not None
    assert kept.totals["heat_kwh_per_year"] == SERVED[0].parcels["heat_kwh_per_year"].sum()


def test_demand_that_is_fresh_is_not_computed_again(project: Project) -> None:
    operations.carry_out(project, operations.assess(project, "boilers"), Job())
    steps: list[str] = []
    job = Job(lambda progress: steps.append(progress.step), interval_s=0)
    operations.carry_out(project, operations.assess(project, "boilers"), job)
    assert not any("heat" in step for step in steps)
    pd.testing.assert_frame_equal(SERVED[0].parcels, SERVED[1].parcels, check_dtype=False)


def test_a_change_of_the_settings_of_demand_makes_stale_who_serves_it(project: Project) -> None:
    operations.carry_out(project, operations.assess(project, "boilers"), Job())
    assert project.is_fresh("boilers")
    operations.set_settings(project, "demand", {"wall_shade": "open"})
    assert not project.is_fresh("demand")
    assert not project.is_fresh("boilers")
    operations.carry_out(project, operations.assess(project, "boilers"), Job())
    assert project.is_fresh("demand")
    assert project.is_fresh("boilers")


def test_the_command_assesses_demand_and_says_what_is_needed(checked: Path, lutu: Lutu) -> None:
    answer = lutu("assess", checked, "demand")
    assert answer.code == 0
    assert "Demand of buildings" in answer.said


def test_cards_themes_and_reports_take_demand_without_grades(
    checked: Path, lutu: Lutu, tmp_path: Path
) -> None:
    from desktop.cards import city_card, parcel_card
    from desktop.themes import themes_of

    assert lutu("assess", checked, "demand").code == 0
    project = Project(checked)
    made = {"demand": operations.assessment(project, "demand")}
    assert project.city is not None
    parcel = str(project.city.tables["parcel"].index[0])
    assert city_card(project.city, made).results[0].grade is None
    assert parcel_card(project.city, made, parcel, {}).results[0].grade is None
    for said in (city_card(project.city, made).results[0].more, operations.summary(made["demand"])):
        assert all(name in said for name in ("Heating", "Cooling", "Hot water", "Light and equipment"))
    columns = {theme.column for theme in themes_of(project.city, made, "parcel")}
    assert {"heat_kwh_per_year", "cold_kwh_per_year"} <= columns
    assert "grade" not in columns
    assert lutu("report", checked, parcel, "--out", tmp_path / "reports").code == 0
    assert lutu("export", checked, "--out", tmp_path / "exports", "--as", "gpkg", "--as", "html").code == 0


def test_readings_of_a_utility_are_set_at_their_buildings(checked: Path, lutu: Lutu, tmp_path: Path) -> None:
    project = Project(checked)
    building = str(project.table("building").index[0])
    project.close()
    lines = ["建筑编号,能源,年,月,用量"]
    lines += [f"{building},电,2024,{month},2500" for month in range(1, 13)]
    lines += ["nowhere,电,2024,1,5", f"{building},煤,2024,1,5", f"{building},电,2024,,5"]
    file = tmp_path / "readings.csv"
    file.write_bytes("\n".join(lines).encode("gb18030"))
    answer = lutu("add", checked, "metered", file)
    assert answer.code == 0, answer.said
    assert "1 reading belongs to no building" in answer.said
    assert lutu("check", checked).code == 0
    assert lutu("assess", checked, "demand").code == 0
    made = operations.assessment(Project(checked), "demand")
    assert made is not None
    assert made.details["building"]["metered_electricity_kwh_per_year"].loc[building] == pytest.approx(30_000)
    assert made.details["calibration"]["reason"].tolist() == ["too few metered buildings"]

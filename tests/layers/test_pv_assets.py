"""What counts in the register of PV systems, what blocks acceptance, and what should be gone."""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS
from shapely.geometry import Point, box

from core.jobs import Job
from layers.checks import check_city
from layers.city import City
from layers.columns import convert, match_columns
from layers.pv_assets import STATES, asset_problems, in_use_by_building, register

QINGHE = CRS.from_epsg(4545)
X, Y = 500_000.0, 3_797_000.0
TODAY = date(2026, 1, 1)
ANSWERED = {"rapid_shutdown": "yes", "firm_fixing": "yes", "waterproof": "yes"}


def system(x: float = 10, **known: Any) -> dict[str, Any]:
    """A system of 100 kWp in use, all questions answered with yes, at 10 m north."""
    usual = {"geometry": Point(X + x, Y + 10), "installed_kwp": 100.0, "asset_state": "operating", **ANSWERED}
    return usual | known


def city(*systems: dict[str, Any]) -> City:
    """Two buildings of 30 m, B1 and B2, the first on parcel P1, the second on P2; P3 is empty."""
    parcels = gpd.GeoDataFrame(
        geometry=[box(X + 100 * number, Y, X + 100 * number + 90, Y + 90) for number in range(3)],
        index=pd.Index(["P1", "P2", "P3"], name="parcel_id"),
        crs=QINGHE,
    )
    buildings = gpd.GeoDataFrame(
        {"parcel_id": ["P1", "P2"]},
        geometry=[box(X, Y, X + 30, Y + 30), box(X + 100, Y, X + 130, Y + 30)],
        index=pd.Index(["B1", "B2"], name="building_id"),
        crs=QINGHE,
    )
    tables = {"building": buildings, "parcel": parcels}
    if systems:
        frame = gpd.GeoDataFrame(list(systems), crs=QINGHE)
        names = [f"S{number}" for number in range(len(systems))]
        tables["pv_asset"] = frame.set_index(pd.Index(names, name="pv_asset_id"))
    return City("测试市", QINGHE, tables)


def messages(*systems: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    return {one.said(): one.rows for one in asset_problems(city(*systems).tables, TODAY)}


# What counts


def test_stopped_and_removed_systems_leave_the_totals() -> None:
    made = register(
        city(system(), system(asset_state="stopped"), system(asset_state="removed"), system(110)), TODAY
    )
    assert made.parcels["pv_existing_kwp"].to_dict() == {"P1": 100.0, "P2": 100.0}
    assert made.parcels["pv_assets"].to_dict() == {"P1": 1, "P2": 1}
    assert (made.totals["operating_kwp"], made.totals["stopped_kwp"], made.totals["removed_kwp"]) == (
        200,
        100,
        100,
    )


def test_a_system_of_unknown_state_is_not_in_use_and_is_said() -> None:
    made = register(city(system(asset_state=None)), TODAY)
    assert (made.totals["operating_kwp"], made.totals["unknown_kwp"]) == (0, 100)
    assert any("state" in said for said in messages(system(asset_state=None)))


def test_without_a_register_nothing_is_in_use() -> None:
    made = register(city(), TODAY)
    assert made.assets.empty and made.parcels.empty
    assert set(made.totals.values()) == {0.0}
    assert in_use_by_building(city().tables).empty


@settings(max_examples=50, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from([*STATES, None]), st.integers(0, 99_999), st.sampled_from([10, 110, 210])),
        max_size=20,
    )
)
def test_every_system_is_in_one_state_and_parcels_add_up_to_what_is_in_use(
    rows: list[tuple[str | None, int, int]],
) -> None:
    systems = [system(x, asset_state=state, installed_kwp=tenths / 10) for state, tenths, x in rows]
    made = register(city(*systems), TODAY)
    assert sum(made.totals[f"{state}_assets"] for state in (*STATES, "unknown")) == len(rows)
    assert made.totals["operating_kwp"] == round(made.parcels["pv_existing_kwp"].sum(), 1)
    assert made.totals["operating_kwp"] == round(
        sum(t for state, t, _ in rows if state == "operating") / 10, 1
    )


# Where it stands


def test_a_system_stands_on_the_building_it_names_else_on_that_in_which_it_lies() -> None:
    found = in_use_by_building(city(system(10, building_id="B2"), system(10, building_id="gone")).tables)
    assert found.to_dict() == {"B1": 100.0, "B2": 100.0}


def test_a_system_on_open_ground_counts_for_its_parcel_only() -> None:
    land = city(system(250))
    assert register(land, TODAY).parcels["pv_existing_kwp"].to_dict() == {"P3": 100.0}
    assert in_use_by_building(land.tables).empty


def test_a_system_far_from_everything_is_said() -> None:
    assert messages(system(5_000)) == {
        "1 PV system stands on no building and no parcel. Name the building, or correct where they lie. (S0)": (
            "S0",
        )
    }


# Acceptance


@pytest.mark.parametrize("answer", ["no", "unknown", None])
@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("rapid_shutdown", "rapid shutdown not confirmed"),
        ("firm_fixing", "firm fixing not confirmed"),
        ("waterproof", "waterproofing not confirmed"),
    ],
)
def test_anything_but_yes_blocks_acceptance(question: str, said: str, answer: str | None) -> None:
    made = register(city(system(**{question: answer})), TODAY)
    assert made.assets["acceptance_blocked"].tolist() == [said]
    assert made.totals["blocked_assets"] == 1


def test_a_system_with_all_answers_is_not_blocked_and_a_removed_one_needs_none() -> None:
    open_questions = dict.fromkeys(ANSWERED, None)
    made = register(city(system(), system(asset_state="removed", **open_questions)), TODAY)
    assert made.assets["acceptance_blocked"].tolist() == ["", ""]


# Removal


@pytest.mark.parametrize(
    ("due", "removed", "late"),
    [
        ("2025-12-31", None, True),
        ("2026-01-01", None, False),
        ("2025-12-31", "2025-11-02", False),
        (None, None, False),
    ],
)
def test_a_removal_is_overdue_from_the_day_after_it_was_due(
    due: str | None, removed: str | None, late: bool
) -> None:
    for state in ("stopped", "removed"):
        made = register(city(system(asset_state=state, removal_due=due, removed_on=removed)), TODAY)
        assert made.assets["removal_overdue"].tolist() == [late]


@pytest.mark.parametrize(
    "due", ["2025-06-30", "2025/6/30", "2025年6月30日", "20250630", "2025-06-30T00:00:00"]
)
def test_days_are_read_as_planners_write_them(due: str) -> None:
    for today, late in ((date(2025, 6, 30), False), (date(2025, 7, 1), True)):
        made = register(city(system(asset_state="stopped", removal_due=due)), today)
        assert made.assets["removal_overdue"].tolist() == [late]


def test_overdue_removals_are_among_the_problems_of_the_city() -> None:
    problems = check_city(city(system(asset_state="stopped", removal_due="2020-06-30")), Job())
    assert [one.rows for one in problems if "should have been removed" in one.message] == [("S0",)]


def test_a_day_that_cannot_be_read_and_a_missing_capacity_are_said() -> None:
    said = " ".join(messages(system(removal_due="夏天"), system(installed_kwp=None)))
    assert "day of removal of 1 PV system cannot be read" in said
    assert "1 PV system has no capacity" in said


# As planners write it


def test_a_register_in_chinese_is_read() -> None:
    given = gpd.GeoDataFrame(
        {
            "项目编号": ["A-1", "A-2"],
            "楼栋编号": ["B1", "B2"],
            "装机容量": ["120.5", "80"],
            "并网时间": ["2019-05-01", "2021"],
            "运行状态": ["正常", "已停用"],
            "快速关断": ["有", "不详"],
        },
        geometry=[Point(X, Y)] * 2,
        crs=QINGHE,
    )
    read = convert(given, match_columns(given, "pv_asset")).frame
    assert read["installed_kwp"].tolist() == [120.5, 80.0]
    assert read["commissioned_year"].tolist() == [2019, 2021]
    assert read["asset_state"].tolist() == ["operating", "stopped"]
    assert read["rapid_shutdown"].tolist() == ["yes", "unknown"]

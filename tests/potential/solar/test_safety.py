"""No existing roof passes without an entered check, and unfit ones are excluded with a reason."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from potential.solar.safety import SafetyRules, safety
from standards import Standards

RULES = SafetyRules.of(Standards())


def row_of(**columns: object) -> pd.Series:
    frame = gpd.GeoDataFrame(pd.DataFrame({name: [value] for name, value in columns.items()}, index=["B1"]))
    return safety(frame, RULES, 2026).iloc[0]


def state_of(**columns: object) -> tuple[str, str, bool]:
    row = row_of(**columns)
    return row["safety_state"], row["safety_reason"], bool(row["too_tall"])


def checks_of(**columns: object) -> list[str]:
    return [said for said in row_of(**columns)["safety_checks"].split("; ") if said]


def test_a_roof_of_which_nothing_is_known_is_to_be_checked() -> None:
    assert state_of(name="x") == ("to_check", "structural check missing", False)


def test_only_an_entered_check_lets_a_roof_pass() -> None:
    assert state_of(structural_check="passed")[0] == "passed"
    assert state_of(structural_check="failed")[:2] == ("excluded", "structural check failed")
    assert state_of(structural_check=None)[0] == "to_check"


@pytest.mark.parametrize(
    ("flag", "reason"),
    [
        ("heritage", "heritage or historic building"),
        ("dangerous", "dangerous building (grade D)"),
        ("illegal", "illegal construction"),
        ("military", "military site"),
        ("planned_demolition", "to be demolished"),
        ("asbestos_roof", "asbestos roof"),
    ],
)
def test_a_flag_excludes_even_a_checked_roof(flag: str, reason: str) -> None:
    assert state_of(structural_check="passed", **{flag: True})[:2] == ("excluded", reason)
    assert state_of(structural_check="passed", **{flag: False})[0] == "passed"


@pytest.mark.parametrize(("hazard", "state"), [("甲", "excluded"), ("乙", "excluded"), ("丙", "to_check")])
def test_plants_of_hazard_class_a_and_b_are_excluded(hazard: str, state: str) -> None:
    assert state_of(hazard_class=hazard)[0] == state


def test_an_old_metal_roof_is_excluded_until_it_is_renewed() -> None:
    assert state_of(roof_type="metal", year_built=2005)[0] == "excluded"
    assert state_of(roof_type="metal", year_built=2005, roof_year=2020)[0] == "to_check"
    assert state_of(roof_type="flat", year_built=1980)[0] == "to_check"


def test_a_building_above_100_m_is_flagged_not_excluded() -> None:
    assert state_of(height_m=120.0) == ("to_check", "structural check missing", True)
    assert state_of(height_m=100.0)[2] is False


# The load that is left: 0.12 to 0.20 kN/m² for flush panels (0.16), 0.85 for ballasted rows on flat roofs.


def test_load_to_spare_is_no_check() -> None:
    assert state_of(roof_load_kn_per_m2=20.0, roof_type="metal")[:2] == (
        "to_check",
        "structural check missing",
    )


@pytest.mark.parametrize("roof", ["flat", "pitched", "metal"])
def test_a_roof_that_bears_less_than_the_lightest_panels_is_excluded_even_if_checked(roof: str) -> None:
    found = state_of(structural_check="passed", roof_load_kn_per_m2=0.11, roof_type=roof)
    assert found[:2] == ("excluded", "the roof bears no panels")


@pytest.mark.parametrize(
    ("roof", "load", "state"),
    [
        ("metal", 0.15, "to_check"),
        ("metal", 0.16, "passed"),
        ("flat", 0.16, "to_check"),
        ("flat", 0.84, "to_check"),
        ("flat", 0.85, "passed"),
        ("flat", None, "passed"),
    ],
)
def test_a_checked_roof_passes_if_the_load_that_is_left_bears_its_system(
    roof: str, load: float | None, state: str
) -> None:
    assert state_of(structural_check="passed", roof_load_kn_per_m2=load, roof_type=roof)[0] == state


# Fire


def test_combustible_goods_and_roofs_wait_for_a_fire_check_even_if_the_structure_passed() -> None:
    for known, said in (
        ({"hazard_class": "丙"}, "fire hazard class C"),
        ({"fire_rating": "四级"}, "fire resistance of grade four"),
    ):
        assert state_of(structural_check="passed", **known)[:2] == ("to_check", said)
        assert state_of(structural_check="passed", fire_check="passed", **known)[0] == "passed"
        assert state_of(structural_check="passed", fire_check="failed", **known)[0] == "excluded"


def test_a_fire_check_alone_lets_no_roof_pass() -> None:
    assert state_of(fire_check="passed")[0] == "to_check"


def test_good_fire_resistance_asks_for_nothing() -> None:
    for rating in ("一级", "二级", "三级", None):
        assert state_of(structural_check="passed", fire_rating=rating)[0] == "passed"


# Age, structure, and buildings that are not there yet


def test_old_and_timber_buildings_say_what_the_structural_check_must_look_at() -> None:
    assert checks_of(year_built=1970, structure="砖木") == [
        "structural check missing",
        "brick and timber structure",
        "older than its design life",
    ]
    assert checks_of(year_built=1970, structure="砖木", structural_check="passed") == []
    assert checks_of(year_built=1976, structure="钢混") == ["structural check missing"]


@pytest.mark.parametrize("status", ["planned", "granted", "approved"])
def test_a_building_that_is_not_there_yet_is_checked_in_its_design(status: str) -> None:
    assert state_of(status=status)[:2] == ("to_check", "a new building; to be checked in design")
    assert state_of(status="existing")[1] == "structural check missing"


def test_all_that_is_to_be_looked_at_is_listed_heaviest_first() -> None:
    found = checks_of(planned_demolition=True, heritage=True, height_m=120.0, hazard_class="丙")
    assert found == [
        "heritage or historic building",
        "to be demolished",
        "structural check missing",
        "fire hazard class C",
        "taller than the limit",
    ]


known = st.fixed_dictionaries(
    {
        "structural_check": st.sampled_from([None, "passed", "failed"]),
        "fire_check": st.sampled_from([None, "passed", "failed"]),
        "roof_load_kn_per_m2": st.one_of(st.none(), st.floats(0, 20)),
        "roof_type": st.sampled_from(["flat", "pitched", "metal"]),
        "structure": st.sampled_from([None, "砖木", "钢混"]),
        "fire_rating": st.sampled_from([None, "一级", "四级"]),
        "hazard_class": st.sampled_from([None, "甲", "丙", "戊"]),
        "year_built": st.integers(1900, 2026),
        "heritage": st.booleans(),
        "status": st.sampled_from([None, "existing", "planned"]),
    }
)


@settings(deadline=None)
@given(columns=known)
def test_no_roof_ever_passes_without_an_entered_check(columns: dict[str, object]) -> None:
    row = row_of(**columns)
    if row["safety_state"] == "passed":
        assert columns["structural_check"] == "passed"
        assert row["safety_checks"] == ""
    else:
        assert row["safety_checks"].startswith(row["safety_reason"])


@settings(deadline=None)
@given(columns=known, more=st.floats(0, 20))
def test_a_stronger_roof_is_never_judged_worse(columns: dict[str, object], more: float) -> None:
    load = float(columns["roof_load_kn_per_m2"] or 0.0)  # type: ignore[arg-type]
    order = ["excluded", "to_check", "passed"]
    weak, strong = (
        order.index(state_of(**(columns | {"roof_load_kn_per_m2": one}))[0]) for one in (load, load + more)
    )
    assert weak <= strong

"""What the plan chose for a parcel is said with size, year and project; where it chose nothing, that is said too."""

from __future__ import annotations

import pandas as pd

from core.texts import speaking
from plans import Part
from reports.planned import nothing_planned, planned_on

PLAN = Part(
    {
        "choice": pd.DataFrame(
            {
                "parcel_id": ["A", "A", "B"],
                "technology": ["facade_pv", "new_roof_pv", "new_roof_pv"],
                "family": "pv",
                "planned_kw": [10.0, 607.3, 50.0],
                "kwh_per_year": [9e3, 647e3, 52e3],
                "saved_kgce_per_year": [3e3, 194e3, 16e3],
                "phase_year": [2029.0, 2030.0, 2030.0],
                "reason": ["programme", "new public building", "programme"],
            },
            index=["A/facade_pv", "A/new_roof_pv", "B/new_roof_pv"],
        ),
        "project": pd.DataFrame(
            {
                "project_name": ["North unit facade", "School roof", "Other school"],
                "technology": ["facade_pv", "new_roof_pv", "new_roof_pv"],
                "finish_year": [2029, 2030, 2030],
                "project_parcels": [3, 1, 1],
                "parcel_ids": ["A B C", "A", "AA"],
            },
            index=["P-1", "P-2", "P-3"],
        ),
    }
)


def test_a_parcel_says_what_the_plan_puts_there_the_largest_first() -> None:
    with speaking("zh"):
        first, second = planned_on(PLAN, "A")
        line = first.line.replace("\u00a0", " ")
    assert first.technology == "新建建筑屋顶光伏"
    assert line == "607 kWp·2030年建成"
    assert first.project == "P-2 School roof"
    assert second.project == "P-1 North unit facade（共 3 个地块）"


def test_a_parcel_without_works_says_so_and_why_where_the_parcel_is_the_reason() -> None:
    with speaking("zh"):
        assert planned_on(PLAN, "C") == ()
        assert nothing_planned(PLAN, pd.Series({"planned_demolition": False})).endswith("安排项目。")
        assert "计划拆除" in nothing_planned(PLAN, pd.Series({"planned_demolition": True}))


def test_without_a_plan_nothing_is_said_of_it() -> None:
    assert planned_on(None, "A") == ()
    assert nothing_planned(None, pd.Series(dtype=object)) == ""

"""What is known of one doublet in closed form, against independent tools."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from potential.groundwater.doublet import (
    arrival_along,
    arrival_at_rest,
    critical_flow,
    drawdown,
    drawdown_of_wells,
    plume_length,
    plume_width,
    retardation,
    returned_share,
    row_distance,
    thermal_power,
    unconfined_flow,
)
from potential.groundwater.well_flow import DRAWDOWN, PUMP, RETURN_SHARE, RISE, Units, unit_flow

DAY = 86400.0
G05 = {"K": 50 / DAY, "b": 30.0, "Q": 1500 / DAY, "L": 60.0, "i": 0.005, "ne": 0.2, "Cm": 2.6e6}


def test_the_reference_doublet_by_its_closed_forms() -> None:
    """Row G05: s .9078 m, Q_crit 706.9 m³/d, β 2.122, f .2005, t 24.76 d, R 3.11, t_th 77.0 d, 147 m/a, 200 m."""
    transmissivity = G05["K"] * G05["b"]
    critical = critical_flow(transmissivity * G05["i"], G05["L"])
    water = arrival_along(G05["Q"], G05["b"], G05["L"], G05["ne"], G05["K"] * G05["i"]) / DAY
    slower = retardation(G05["Cm"], G05["ne"])
    assert drawdown(G05["Q"], transmissivity, G05["L"], 0.2) == pytest.approx(0.9078, abs=1e-4)
    assert critical * DAY == pytest.approx(706.9, abs=0.1)
    assert G05["Q"] / critical == pytest.approx(2.122, abs=1e-3)
    assert returned_share(G05["Q"] / critical, 0.0) == pytest.approx(0.2005, abs=1e-4)
    assert water == pytest.approx(24.76, abs=0.01)
    assert slower == pytest.approx(3.11, abs=0.001)
    assert water * slower == pytest.approx(77.0, abs=0.1)
    assert plume_length(G05["K"] * G05["i"], G05["Cm"], 365.25 * DAY) == pytest.approx(147, abs=0.5)
    assert plume_width(G05["Q"], transmissivity * G05["i"]) == pytest.approx(200.0)


def test_returned_shares_at_beta_three() -> None:
    found = returned_share(3.0, [0, 60, 90, 120, 180])
    assert found == pytest.approx([0.3081, 0.3614, 0.4501, 0.5927, 1.0], abs=1e-4)


def test_closed_forms_agree_with_independent_tools_within_one_percent(shared: Path) -> None:
    """TimML for drawdown, stream tubes for shares (the paths cut at i = 0 leave .9944), tracking for times."""
    table = pd.read_csv(shared / "reference" / "ground" / "gw_doublet.csv")
    k, q, i = table["K_md"] / DAY, table["Q_m3d"] / DAY, table["grad"]
    through = k * table["b_m"] * i
    lowered = drawdown(q, k * table["b_m"], table["L_m"], table["rw_m"])
    beta = np.divide(q, critical_flow(through, table["L_m"]), out=np.full(len(q), np.inf), where=i > 0)
    rest = arrival_at_rest(q, table["b_m"], table["L_m"], table["ne"])
    moving = arrival_along(q, table["b_m"], table["L_m"], table["ne"], np.where(i > 0, k * i, 1.0))
    first = np.where(i > 0, moving, rest) / DAY
    assert lowered == pytest.approx(table["drawdown_timml_m"], rel=0.003)
    assert returned_share(beta, 0.0) == pytest.approx(table["recirc_tracking"], abs=0.006)
    assert first == pytest.approx(table["t_hyd_break_tracking_d"], rel=0.003)
    assert first * retardation(table["Cm_Jm3K"], table["ne"]) == pytest.approx(
        table["t_therm_break_d"], rel=0.003
    )


def test_returned_shares_of_any_angle_agree_with_tracking(shared: Path) -> None:
    table = pd.read_csv(shared / "reference" / "ground" / "doublet_oblique.csv")
    found = returned_share(table["beta"], table["angle_deg"])
    assert np.abs(found - table["recirc_formula"]).max() < 1e-4
    assert np.abs(found - table["recirc_tracking"]).max() < 0.004


@pytest.mark.parametrize("beta", [0.1, 0.9, 5.0, 100.0])
def test_injection_upstream_brings_all_water_back(beta: float) -> None:
    assert returned_share(beta, 180.0) == 1.0


def test_groundwater_at_rest_brings_all_water_back_and_a_missing_flow_is_missing() -> None:
    assert returned_share(np.inf, 0.0) == 1.0
    assert np.isnan(returned_share(np.nan, 0.0))


@given(beta=st.floats(0.01, 1000), angle=st.floats(0, 179), more=st.floats(1.0, 3.0))
def test_more_flow_and_injection_further_upstream_never_bring_less_back(
    beta: float, angle: float, more: float
) -> None:
    here = returned_share(beta, angle)
    assert 0 <= here <= 1
    assert returned_share(beta * more, angle) >= here - 1e-9
    assert returned_share(beta, min(angle * more, 180.0)) >= here - 0.01
    assert returned_share(beta, -angle) == here


def test_water_given_back_upstream_comes_sooner_than_at_rest_and_downstream_later() -> None:
    """β 3: .7922 and 1.3753 of the time at rest."""
    flow = 3 * np.pi / 2  # thickness, spacing and Darcy velocity 1: the critical flow is π/2
    rest = arrival_at_rest(flow, 1.0, 1.0, 1.0)
    assert arrival_along(flow, 1.0, 1.0, 1.0, 1.0) / rest == pytest.approx(1.3753, rel=1e-4)
    assert arrival_along(flow, 1.0, 1.0, 1.0, 1.0, upstream=True) / rest == pytest.approx(0.7922, rel=1e-4)
    assert np.isinf(arrival_along(0.9 * np.pi / 2, 1.0, 1.0, 1.0, 1.0))


def test_an_unconfined_well_lowered_by_a_third() -> None:
    """K 30 m/d, b 15 m, L/rw 400: 1966 m³/d = 81.9 m³/h, 476 kW at 5 K."""
    flow = unconfined_flow(30 / DAY, 15.0, -5.0, np.log(400.0))
    assert flow * DAY == pytest.approx(1966, abs=1)
    assert flow == pytest.approx(5 * np.pi / 9 * 30 / DAY * 15**2 / np.log(400.0))
    assert thermal_power(flow, 5.0) / 1000 == pytest.approx(476, abs=0.5)


def test_a_row_of_doublets_is_lowered_as_its_wells_together() -> None:
    x, y = np.tile([0.0, 80.0], 5), np.repeat(np.arange(5) * 60.0, 2)
    flow = np.tile([0.01, -0.01], 5)
    found = drawdown_of_wells(x, y, flow, 0.02, 0.2)
    middle = 0.01 / (2 * np.pi * 0.02) * row_distance(80.0, 0.2, 5, 60.0)
    assert found[4] == pytest.approx(middle)
    assert found[4] == pytest.approx(-found[5])
    assert found[4] > found[0] > drawdown(0.01, 0.02, 80.0, 0.2)


def units(**known: float) -> Units:
    usual = {
        "conductivity": 30 / DAY, "thickness": 15.0, "lowered": 5.0, "raised": 8.0, "ratio": 1.0,
        "spacing": 80.0, "across": 60.0, "doublets": 1.0, "injection": 1.0,
    }  # fmt: skip
    return Units(**{name: np.array([value]) for name, value in (usual | known).items()})


def flow_of(given: Units, **known: float) -> tuple[float, int]:
    usual = {"radius": 0.2, "loss": 0.0, "beside": 20.0, "clogging": 1.0, "pump": 1.0, "confined": False}
    flow, limit = unit_flow(given, **(usual | known))  # type: ignore[arg-type]
    return float(flow[0]), int(limit[0])


def test_a_well_gives_what_its_drawdown_allows() -> None:
    flow, limit = flow_of(units())
    assert flow == pytest.approx(5 * np.pi / 9 * 30 / DAY * 15**2 / np.log(400.0), rel=1e-6)
    assert limit == DRAWDOWN


def test_well_loss_is_part_of_the_drawdown() -> None:
    flow, _ = flow_of(units(), loss=1900.0)
    level = np.sqrt(15.0**2 - flow * np.log(400) / np.pi / (30 / DAY))
    assert 15 - level + 1900 * flow**2 == pytest.approx(5.0, rel=1e-6)


def test_clogged_injection_wells_take_less_and_then_decide() -> None:
    """One injection well: π K ((b+e)² - b²) / ln(L/rw) / F."""
    flow, limit = flow_of(units(raised=2.0), clogging=3.0)
    assert flow == pytest.approx(np.pi * 30 / DAY * (17**2 - 15**2) / np.log(400.0) / 3)
    assert limit == RISE


def test_injection_wells_that_take_half_need_to_be_two() -> None:
    one, limit = flow_of(units(ratio=0.5))
    two, _ = flow_of(units(ratio=0.5, injection=2.0))
    assert limit == RETURN_SHARE
    assert two == pytest.approx(2 * one)


@pytest.mark.parametrize("lacking", ["thickness", "conductivity", "raised", "ratio"])
def test_without_thickness_conductivity_rise_or_reinjection_nothing_flows(lacking: str) -> None:
    assert flow_of(units(**{lacking: 0.0}))[0] == 0.0


def test_the_pump_decides_in_a_rich_aquifer() -> None:
    assert flow_of(units(conductivity=500 / DAY), pump=0.01) == (0.01, PUMP)


def test_a_confined_aquifer_keeps_its_thickness_and_gives_more() -> None:
    flow, _ = flow_of(units(), confined=True)
    assert flow == pytest.approx(2 * np.pi * 30 / DAY * 15 * 5 / np.log(400.0), rel=1e-6)
    assert flow > flow_of(units())[0]

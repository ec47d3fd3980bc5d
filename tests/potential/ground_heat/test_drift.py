"""The ground drifts as far as the exact superposition says, and what stands beside it brings it into balance."""

from dataclasses import fields as parts_of

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from potential.ground_heat.balance import Remedy, cut, largest_surplus, mean_below, ratio, recharge
from potential.ground_heat.loads import Loads
from potential.ground_heat.sizing import capacity, lengths
from tests.potential.ground_heat.cases import COLD, HEAT, field, loads, run

SUMMER = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0])
YEAR_S = 8760 * 3600


def drifting(shared):
    """Fields and loads of the reference table of drift."""
    table = pd.read_csv(shared / "reference" / "ground" / "drift25.csv")
    metres = (table["n1"] * table["n2"] * table["H_m"]).to_numpy()[:, None]
    fields = field(
        n1=table["n1"], n2=table["n2"], holes=table["n1"] * table["n2"], spacing=table["B_m"],
        length=table["H_m"], conductivity=table["k_WmK"], capacity=table["C_Jm3K"],
        temperature=table["Tg_C"], fluid_min=-100.0, fluid_max=150.0,
    )  # fmt: skip
    out = table["ext_kWh_m_a"].to_numpy()[:, None] * metres * HEAT * 1000 / 730
    into = table["inj_kWh_m_a"].to_numpy()[:, None] * metres * COLD * 1000 / 730
    return table, fields, Loads.of_months(out, into, out, into)


@pytest.mark.parametrize("year", [5, 10, 25])
def test_drift_of_all_reference_fields(shared, year):
    table, fields, load = drifting(shared)
    found = capacity(fields, load, run(year))
    known = table[f"drift_y{year}_K"].to_numpy()
    assert found.drift_last == pytest.approx(known, rel=0.02, abs=0.05)
    assert found.drift_first == pytest.approx(table["drift_y1_K"].to_numpy(), rel=0.02, abs=0.05)


@pytest.mark.parametrize(
    ("n1", "n2", "spacing", "k", "drifts"),
    [
        (3, 3, 5, 1.8, (5.26, 1.75, -0.01, -1.76, -5.28)),
        (10, 10, 5, 1.8, (14.35, 4.76, -0.04, -4.83, -14.42)),
        (10, 10, 5, 2.5, (11.37, 3.77, -0.02, -3.82, -11.42)),
        (20, 10, 4, 1.8, (22.1, 7.33, -0.06, -7.45, -22.2)),
    ],
)
def test_a_ratio_between_four_fifths_and_five_quarters_is_no_balance(n1, n2, spacing, k, drifts):
    ratios = np.array([0.5, 0.8, 1.0, 1.25, 2.0])
    metres = n1 * n2 * 120
    energy = 100e-3 * metres  # MWh
    load = loads(energy * ratios / (1 + ratios), energy / (1 + ratios), 0, 0)
    given = field(
        n1=n1, n2=n2, holes=n1 * n2, spacing=spacing, length=120, conductivity=k, capacity=2.3e6,
        fluid_min=-100.0, fluid_max=150.0,
    )  # fmt: skip
    assert capacity(given, load, run()).drift_last == pytest.approx(drifts, rel=0.02, abs=0.05)
    assert ratio(load) == pytest.approx(ratios)


def test_the_ratio_of_one_sided_loads_is_without_bounds():
    assert ratio(loads([10, 0, 0], [0, 10, 0], 0, 0)) == pytest.approx([np.inf, 0, np.nan], nan_ok=True)


def test_the_ground_covers_the_smaller_load_and_the_rest_goes_elsewhere():
    load = loads([300, 100], [100, 300], [150, 60], [70, 160])
    found = cut(load)
    assert found.remedy.tolist() == [Remedy.HEAT, Remedy.REJECT]
    assert found.loads.yearly_extraction == pytest.approx(found.loads.yearly_injection)
    assert found.auxiliary_j / 3.6e9 == pytest.approx([200, 200])
    assert found.energy_share == pytest.approx([1 / 3, 1 / 3])
    assert (found.power_share < 1).all()
    assert found.auxiliary_w == pytest.approx(
        [150e3 * (1 - found.power_share[0]), 160e3 * (1 - found.power_share[1])]
    )
    assert found.loads.injection[0] == pytest.approx(load.injection[0])


def test_load_above_the_cut_is_peak_so_that_power_is_cut_less_than_energy():
    found = cut(loads(200, 100, 150, 70))
    assert found.power_share[0] < found.energy_share[0] < 1
    assert (found.loads.extraction_peak <= 150e3 * found.power_share[0] + 1e-6).all()
    assert (found.loads.extraction_peak >= found.loads.extraction - 1e-6).all()


def test_balanced_loads_are_left_alone():
    load = loads(200, 200, 150, 170)
    found = cut(load)
    assert found.remedy[0] == Remedy.NONE
    assert found.auxiliary_j[0] == found.auxiliary_w[0] == 0
    assert found.energy_share[0] == pytest.approx(1)
    assert found.loads.extraction == pytest.approx(load.extraction)


def test_heating_alone_leaves_the_ground_nothing_to_balance():
    found = cut(loads(200, 0, 150, 0))
    assert found.energy_share[0] == pytest.approx(0, abs=1e-9)
    assert found.auxiliary_w[0] == pytest.approx(150e3)


def test_a_drift_that_is_allowed_leaves_more_to_the_ground():
    load, given = loads(300, 100, 150, 70), field(length=150.0)
    drift = capacity(given, load, run()).drift_last
    found = cut(load, largest_surplus(load, drift, 2.0))
    again = capacity(given, found.loads, run()).drift_last
    assert drift[0] < -2
    assert again[0] == pytest.approx(-2.0, abs=0.15)
    assert found.energy_share[0] > 1 / 3


def test_a_drift_within_the_limit_needs_no_remedy():
    load = loads(210, 200, 150, 170)
    found = cut(load, largest_surplus(load, [-0.5], 2.0))
    assert found.remedy[0] == Remedy.NONE


def test_sun_in_summer_brings_back_what_winter_took():
    found = recharge(loads([300, 100], [100, 300], 150, 160), SUMMER)
    assert found.loads.yearly_injection[0] == pytest.approx(found.loads.yearly_extraction[0])
    assert found.auxiliary_j / 3.6e9 == pytest.approx([200, 0])
    assert found.auxiliary_w[0] == pytest.approx(200e6 / (5 * 730))
    assert found.remedy.tolist() == [Remedy.HEAT, Remedy.NONE]
    assert (
        found.loads.injection[0, [0, 1, 2, 3, 9, 10, 11]]
        == loads(1, 100, 0, 0).injection[0, [0, 1, 2, 3, 9, 10, 11]]
    ).all()


def test_fields_in_balance_are_shorter():
    load = loads(300, 100, 150, 70)
    bounds = {"shortest": 15.0, "longest": 600.0}
    alone = lengths(field(), load, run(), **bounds).length
    assert lengths(field(), cut(load).loads, run(), **bounds).length < alone
    assert lengths(field(), recharge(load, SUMMER).loads, run(), **bounds).length < alone


@pytest.mark.parametrize(
    ("mean", "peak", "power"), [(100, 250, 120), (100, 250, 10), (100, 101, 90), (50, 400, 399)]
)
def test_the_mean_below_a_cut_is_the_integral_of_the_sorted_load(mean, peak, power):
    shape = peak / mean - 1
    known = quad(
        lambda x: min(peak * (1 - x) ** shape, power), 0, 1, points=[1 - (power / peak) ** (1 / shape)]
    )[0]
    assert mean_below(mean, peak, power) == pytest.approx(known, rel=1e-6)


@settings(max_examples=40, deadline=None)
@given(
    out=st.floats(1, 500),
    into=st.floats(1, 500),
    out_hours=st.floats(500, 4000),
    into_hours=st.floats(500, 4000),
)
def test_after_the_cut_no_load_is_larger_and_the_year_is_in_balance(out, into, out_hours, into_hours):
    load = loads(out, into, out * 1000 / out_hours, into * 1000 / into_hours)
    found = cut(load)
    assert found.loads.yearly_extraction == pytest.approx(found.loads.yearly_injection, rel=1e-6)
    for part in parts_of(Loads):
        assert (getattr(found.loads, part.name) <= getattr(load, part.name) * (1 + 1e-9)).all()
    assert 0 <= found.power_share[0] <= 1

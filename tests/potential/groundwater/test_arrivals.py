"""When returned water and heat arrive, against tracking and a heat model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from potential.groundwater.arrivals import first_arrival, produced_shift, returned_by
from potential.groundwater.doublet import (
    arrival_at_rest,
    critical_flow,
    retardation,
    returned_share,
)
from potential.groundwater.heat_limit import returned_of_row, rows_of
from potential.groundwater.tracking import SHARES, beta_of, of_doublet, tracked

DAY = 86400.0
TIMES = {"30d": 30, "90d": 90, "180d": 180, "365d": 365, "5y": 5 * 365, "10y": 10 * 365}


def shares_of(row: pd.Series, days: np.ndarray) -> np.ndarray:
    q, k = row["Q_m3d"] / DAY, row["K_md"] / DAY
    critical = float(critical_flow(k * row["b_m"] * row["grad"], row["L_m"]))
    beta = q / critical if critical > 0 else np.inf
    rest = arrival_at_rest(q, row["b_m"], row["L_m"], row["ne"]) * retardation(row["Cm_Jm3K"], row["ne"])
    return returned_by(beta, 0.0, days * DAY / rest)


@pytest.mark.parametrize("case", [0, 1])
def test_returned_heat_follows_stream_tubes_and_stays_near_a_heat_model(shared: Path, case: int) -> None:
    row = pd.read_csv(shared / "reference" / "ground" / "gw_thermal_mf6.csv").iloc[case]
    found = shares_of(row, np.array(list(TIMES.values()), dtype=float))
    tubes = np.array([row[f"adv_{name}"] for name in TIMES], dtype=float)
    model = np.array([row[f"mf6_{name}"] for name in TIMES], dtype=float)
    assert np.abs(found - tubes).max() < 0.005
    assert np.abs(found - model).max() < 0.04


def test_first_arrivals_of_any_angle_agree_with_tracking(shared: Path) -> None:
    """Where less than .02 returns the time itself is uncertain by some percent."""
    table = pd.read_csv(shared / "reference" / "ground" / "doublet_oblique.csv")
    sure = table[table["recirc_tracking"] >= 0.02]
    found = first_arrival(sure["beta"], sure["angle_deg"])
    assert found == pytest.approx(sure["breakthrough_over_noflow"], rel=0.01)
    never = table["recirc_formula"] == 0
    assert np.isinf(first_arrival(table["beta"][never], table["angle_deg"][never])).all()


def test_times_over_that_at_rest_at_beta_three() -> None:
    assert first_arrival(3.0, [0, 90, 180]) == pytest.approx([1.3753, 1.056, 0.7922], rel=0.01)


@pytest.mark.parametrize(("beta", "angle"), [(1.7, 0.0), (4.0, 37.0), (25.0, 80.0)])
def test_the_table_agrees_with_tracking_between_its_nodes(beta: float, angle: float) -> None:
    share, times = of_doublet(beta, angle)
    when = times[[2, 6, 12]]
    expected = share * np.array([0.02, 0.2, 0.5])
    assert share == pytest.approx(float(returned_share(beta, angle)), abs=0.002)
    assert returned_by(beta, angle, when) == pytest.approx(expected, abs=0.012)


def test_the_flow_that_returns_a_share_is_found_again() -> None:
    for share in SHARES[:-1]:
        assert returned_share(beta_of(share, 45.0), 45.0) == pytest.approx(share, rel=1e-4)


def test_returned_water_grows_with_time_up_to_its_share() -> None:
    time = np.geomspace(0.1, 1e6, 200)
    found = returned_by(4.0, 20.0, time)
    assert (np.diff(found) >= 0).all()
    assert found[0] == 0
    assert found[-1] == pytest.approx(float(returned_share(4.0, 20.0)), rel=1e-3)


def test_angles_upstream_are_refused() -> None:
    with pytest.raises(ValueError, match="not in the table"):
        returned_by(2.0, 175.0, 1.0)


def test_a_plant_that_takes_the_same_kelvin_shifts_its_water_ever_further() -> None:
    """In the end ΔT f/(1-f): 5 K and .2 give 1.25 K."""
    shares = np.full(200, 0.2)
    shares[0] = 0.0
    found = produced_shift(shares, 5.0)
    assert found[0] == 0
    assert found[1] == pytest.approx(1.0)
    assert found[-1] == pytest.approx(1.25, rel=1e-6)


@pytest.mark.parametrize("count", [3, 5])
@pytest.mark.parametrize("apart", [0.6, 1.0])
@pytest.mark.parametrize("beta", [0.9, 2.0, 5.0])
def test_rows_of_doublets_get_back_what_tracking_of_all_their_wells_gives(
    count: int, apart: float, beta: float
) -> None:
    one = np.ones(1)
    row = rows_of(one, one, one, one, one * apart, one * count, one * 0)
    total = beta * row.caught[0]
    x, y = np.tile([0.0, 1.0], count), np.repeat(np.arange(count) * apart, 2)
    flow = np.tile([-1.0, 1.0], count) * total / count
    times = np.concatenate(
        [tracked(x, y, flow, np.array([1.0, 0.0]), 2 * well + 1, 400)[0] for well in range(count)]
    )
    late = np.array([8.0, 100.0])
    expected = [(times <= row.swept[0] / total * when).mean() for when in late]
    found = returned_of_row(np.full(2, beta), np.zeros(2), np.full(2, row.beside[0]), late)
    assert (found >= np.array(expected) - 0.04).all()
    assert (found <= np.array(expected) + 0.09).all()

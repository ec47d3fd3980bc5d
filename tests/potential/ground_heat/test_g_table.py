"""The table of g-functions gives what pygfunction gives, and says where it ends."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import exp1

from potential.ground_heat import g_table
from potential.ground_heat.flags import Flag
from potential.ground_heat.g_table import exponential_integral, g_values
from tests.potential.ground_heat.cases import MONTH_S, PEAK_S, library


def g_of(n1, n2, log_time, *, spacing=5.0, length=100.0, head=2.0, radius=0.075, diffusivity=1e-6):
    scale = length**2 / (9 * diffusivity)
    return g_values(
        n1, n2, spacing=spacing, length=length, head=head, radius=radius, diffusivity=diffusivity,
        time=scale * np.exp(np.atleast_1d(log_time)),
    )[0][0]  # fmt: skip


def test_one_step_of_load_on_one_hole():
    g = g_of(1, 1, -0.497)[0]
    assert g == pytest.approx(5.81394, rel=1e-3)
    assert 20 / (2 * np.pi * 2) * g == pytest.approx(9.253, abs=0.01)


@pytest.mark.parametrize(("n1", "n2", "g", "off"), [(3, 3, 17.519, 0.001), (10, 10, 52.524, 0.006)])
def test_square_fields_after_twenty_five_years(n1, n2, g, off):
    assert g_of(n1, n2, 1.112)[0] == pytest.approx(g, rel=off)


def test_two_hundred_holes_differ_from_similarities_as_the_method_of_the_table_does():
    assert g_of(20, 10, 1.112)[0] == pytest.approx(63.795, rel=0.04)


def test_ten_by_ten_early_and_late():
    assert g_of(10, 10, [-8.5, -2.577, 3.003]) == pytest.approx([2.250, 16.274, 55.077], rel=0.007)


def test_before_the_table_begins_g_is_the_line_source():
    g, flags = g_values(1, 1, spacing=5, length=200, head=2, radius=0.075, diffusivity=1e-6, time=[PEAK_S])
    assert g[0, 0] == pytest.approx(1.1093, abs=1e-4)
    assert flags[0] == 0


@pytest.mark.parametrize("length", [20.0, 50.0, 100.0, 136.0, 300.0])
def test_a_peak_feels_the_line_source_whatever_the_length(length):
    g, _ = g_values(1, 1, spacing=5, length=length, head=2, radius=0.075, diffusivity=1e-6, time=[PEAK_S])
    assert g[0, 0] == pytest.approx(1.1093, rel=1e-2)


@pytest.mark.parametrize("x", [1e-6, 0.01, 0.5, 1.0, 1.01, 2.0, 10.0, 80.0])
def test_the_exponential_integral_is_that_of_scipy(x):
    assert exponential_integral(x) == pytest.approx(exp1(x), rel=1e-10)


def test_fields_of_the_reference_agree_as_far_as_the_methods_do(shared):
    table = pd.read_csv(shared / "reference" / "ground" / "gfunc_ubwt_similarities.csv")
    heads = [name for name in table.columns if name.lstrip("-").replace(".", "").isdigit()]
    found, flags = g_values(
        table["n1"], table["n2"], spacing=table["B_m"], length=table["H_m"], head=table["D_m"],
        radius=table["rb_m"], diffusivity=table["alpha_m2s"],
        time=table["ts_s"].to_numpy()[:, None] * np.exp(np.array(heads, float)),
    )  # fmt: skip
    off = np.abs(found / table[heads].to_numpy() - 1).max(axis=1)
    holes = table["n1"] * table["n2"]
    assert off[holes <= 25].max() < 0.01
    assert off[(holes > 25) & (holes < 200)].max() < 0.025
    assert off.max() < 0.045
    assert off.mean() < 0.009
    assert not flags.any()


def test_random_fields_agree_with_the_builder_of_the_table():
    builder = library()
    rng = np.random.default_rng(4)
    off = []
    for _ in range(60):
        n1, n2 = rng.integers(1, 31, 2)
        length, spacing = rng.uniform(60, 200), rng.uniform(3, 7)
        head, radius, diffusivity = rng.uniform(1, 5), rng.uniform(0.06, 0.09), rng.uniform(0.5e-6, 1.4e-6)
        time = np.geomspace(MONTH_S, 300 * MONTH_S, 12)
        given = {
            "spacing": spacing,
            "length": length,
            "head": head,
            "radius": radius,
            "diffusivity": diffusivity,
        }
        known = builder.g_function(int(n1), int(n2), **given, time=time)
        off.append(np.abs(g_values(n1, n2, **given, time=time)[0][0] / known - 1))
    assert np.mean(off) < 0.005
    assert np.max(off) < 0.03


def test_sides_can_be_exchanged():
    time = np.linspace(-6, 3, 20)
    assert g_of(7.3, 2.6, time) == pytest.approx(g_of(2.6, 7.3, time))


def test_g_grows_with_time_and_with_the_number_of_holes():
    time = np.linspace(-9, 3.9, 80)
    before = np.zeros(80)
    for n in (1, 1.5, 2, 3.5, 7, 15, 40):
        g = g_of(n, n, time)
        assert (np.diff(g) > 0).all()
        assert (g[30:] > before[30:]).all()
        before = g


def test_there_is_no_step_where_the_table_begins():
    edge = g_table.load().log_times[0]
    before, after = g_of(5, 5, [edge - 1e-9, edge + 1e-9])
    assert before == pytest.approx(after, rel=5e-3)  # what the ends of a hole lose


@pytest.mark.parametrize(
    ("changed", "flag"),
    [
        ({"n1": 60}, Flag.CLIPPED_COUNT),
        ({"spacing": 0.5}, Flag.CLIPPED_SPACING),
        ({"spacing": 40}, Flag.CLIPPED_SPACING),
        ({"head": 0.2}, Flag.CLIPPED_DEPTH),
        ({"head": 50}, Flag.CLIPPED_DEPTH),
        ({"radius": 0.5}, Flag.CLIPPED_RADIUS),
        ({"time": 1e12}, Flag.CLIPPED_TIME),
    ],
)
def test_every_end_of_the_table_is_told(changed, flag):
    given = {"n1": 5, "n2": 5, "spacing": 5, "length": 100, "head": 2, "radius": 0.075}
    given |= {"diffusivity": 1e-6, "time": 1e8} | changed
    assert g_values(**given)[1][0] & flag


def test_spacing_means_nothing_to_one_hole():
    far, near = (
        g_values(1, 1, spacing=spacing, length=100, head=2, radius=0.075, diffusivity=1e-6, time=1e8)
        for spacing in (500.0, 5.0)
    )
    assert far[0] == near[0]
    assert far[1] == 0


def test_the_table_says_who_made_it():
    assert g_table.about().startswith("pygfunction 2.3.1 (equivalent, UBWT, 8 segments)")


def test_the_table_is_what_its_builder_gives():
    builder = library()
    table = g_table.load()
    depth, radius = builder.DEPTHS[1], builder.RADII[1]
    found = builder.log_excess(builder.COUNTS[4], builder.COUNTS[2], builder.SPACINGS[3], depth, radius)
    assert table.log_excess[4, 2, 3, 1] == pytest.approx(found, abs=1e-5)
    assert table.single[1] == pytest.approx(builder.single_hole(depth, radius))


def test_narrow_holes_share_heat_more_evenly_than_their_own_walls_tell():
    """The walls alone would differ by ln(0.15 / 0.04)."""
    given = {"spacing": 5, "length": 100, "head": 1.2, "diffusivity": 1e-6, "time": [1e4 / 9e-6 * np.e]}
    narrow, wide = (g_values(12, 12, radius=radius, **given)[0][0, 0] for radius in (0.04, 0.15))
    assert narrow - wide > 3 * np.log(0.15 / 0.04)

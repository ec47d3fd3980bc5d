"""Many random rectangles against the exact monthly solve with pygfunction; minutes long."""

import numpy as np
import pytest

from potential.ground_heat.g_table import g_values
from potential.ground_heat.sizing import capacity, lengths
from tests.potential.ground_heat.cases import (
    MONTH_S,
    exact_length,
    exact_ratio,
    field,
    library,
    loads,
    run,
)  # fmt: skip

pytestmark = pytest.mark.slow


def random_field(rng, holes_most=20):
    """A field and a load that is led by heating, by cooling or by neither."""
    n1, n2 = (float(n) for n in rng.integers(1, holes_most + 1, 2))
    given = field(
        n1=n1, n2=n2, holes=n1 * n2, spacing=rng.uniform(4, 6), length=rng.uniform(60, 200),
        head=rng.uniform(1.5, 4), radius=rng.uniform(0.055, 0.09), resistance=rng.uniform(0.08, 0.15),
        conductivity=rng.uniform(1.4, 3), capacity=rng.uniform(1.9e6, 2.8e6), temperature=rng.uniform(12, 19),
    )  # fmt: skip
    energy = n1 * n2 * rng.uniform(3, 8)
    other = energy * rng.uniform(0.4, 1)
    out, into = (energy, other) if rng.random() < 0.6 else (other, energy)
    return given, loads(out, into, out * rng.uniform(0.5, 0.8), into * rng.uniform(0.5, 0.8))


def test_lengths_of_two_dozen_random_fields():
    """Holes closer than 15 m to each km of length lie between the first two nodes of the table, where it is coarse."""
    library()
    rng, off, crowded = np.random.default_rng(21), [], []
    while len(off) < 24:
        given, load = random_field(rng)
        found = lengths(given, load, run(), shortest=15, longest=600)
        if found.flags[0] == 0 and 40 < found.length[0] < 430:
            off.append(abs(found.length[0] / exact_length(given, load, run()) - 1))
            crowded.append(given.spacing / found.length[0] < 0.015)
    assert np.mean(off) < 0.007
    assert np.max(np.array(off)[~np.array(crowded)]) < 0.015
    assert np.max(off) < 0.03


def test_temperatures_of_forty_random_fields():
    library()
    rng, off = np.random.default_rng(22), []
    for _ in range(40):
        given, load = random_field(rng)
        off.append(capacity(given, load, run()).ratio[0] / exact_ratio(given, load, run()) - 1)
    assert np.percentile(np.abs(off), 95) < 0.015
    assert np.max(np.abs(off)) < 0.03


def test_g_of_a_hundred_random_fields():
    builder = library()
    rng, off = np.random.default_rng(23), []
    time = np.geomspace(MONTH_S, 300 * MONTH_S, 12)
    for _ in range(100):
        given, _ = random_field(rng, 30)
        shape = {
            "spacing": given.spacing, "length": given.length, "head": given.head, "radius": given.radius,
            "diffusivity": given.conductivity / given.capacity, "time": time,
        }  # fmt: skip
        found = g_values(given.n1, given.n2, **shape)[0][0]
        off.append(found / builder.g_function(int(given.n1), int(given.n2), **shape) - 1)
    assert np.mean(np.abs(off)) < 0.005
    assert np.max(np.abs(off)) < 0.03


@pytest.mark.parametrize("head", [5.0, 15.0, 30.0])
def test_fields_under_deep_slabs(head):
    builder = library()
    time = np.geomspace(MONTH_S, 300 * MONTH_S, 8)
    for n1, n2, length in ((4, 4, 100.0), (9, 6, 80.0), (18, 12, 120.0)):
        shape = {
            "spacing": 5.0,
            "length": length,
            "head": head,
            "radius": 0.075,
            "diffusivity": 0.8e-6,
            "time": time,
        }
        known = builder.g_function(n1, n2, **shape)
        assert g_values(n1, n2, **shape)[0][0] == pytest.approx(known, rel=0.02)

"""Speed of closed loops against tools that size one site at a time with pygfunction, in CPU seconds of the same run.

The peers do what such tools do: at every length they try, g-functions of the field are worked out anew. One sizes by three
pulses (`L2`), the other by monthly superposition over all years (`L3`), both to 0.05 m or twelve tries.
"""

import time

import numpy as np
import pytest
from scipy.interpolate import interp1d

from potential.ground_heat.draws import Draws, Spreads, drawn_capacity, drawn_lengths
from potential.ground_heat.fields import Fields
from potential.ground_heat.line_source import h
from potential.ground_heat.loads import Loads
from potential.ground_heat.neighbours import shifts, sub_sources_of_rectangles
from potential.ground_heat.sizing import capacity, lengths
from tests.potential.ground_heat.cases import COLD, HEAT, PEAK_S, library, run

pytestmark = pytest.mark.benchmark
PARCELS = 100_000
SITES = 8  # of the peers: each takes seconds
TOLD_OF = 10  # what is only told, not asserted, is timed on one parcel of so many
BOUNDS = {"shortest": 15.0, "longest": 600.0}


def city(parcels=PARCELS, seed=3):
    """Parcels with fields of 4 to 400 holes, each with a load that needs about 100 m."""
    rng = np.random.default_rng(seed)
    n1, n2 = rng.integers(2, 21, (2, parcels)).astype(float)
    holes = n1 * n2
    fields = Fields(
        n1, n2, holes, rng.uniform(4, 6, parcels), 100.0, 2.0, 0.075, 0.12, rng.uniform(1.5, 2.8, parcels),
        rng.uniform(2e6, 2.6e6, parcels), rng.uniform(13, 18, parcels), 6.5, 35.5,
    )  # fmt: skip
    energy = holes * rng.uniform(4, 6, parcels) * 1e6 / 730
    out, into = energy[:, None] * HEAT, (energy * rng.uniform(0.7, 1.4, parcels))[:, None] * COLD
    return fields, Loads.of_months(out, into, out.max(axis=1) * 2.2, into.max(axis=1) * 2.2)


@pytest.fixture(scope="module")
def parcels():
    fields, loads = city()
    some, few = first(4, fields, loads)
    lengths(some, few, run(), **BOUNDS)
    capacity(some, few, run())
    return fields, loads


def first(count, fields, loads):
    """The first of the parcels."""
    kept = (loads.extraction, loads.injection, loads.extraction_peak, loads.injection_peak)
    return (
        Fields(*(each[:count] if np.ndim(each) else each for each in vars(fields).values())),
        Loads(*(each[:count] for each in kept)),
    )


def cpu_seconds(work, repeat=3):
    best = np.inf
    for _ in range(repeat):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


def site(fields, loads, number):
    """One parcel as plain numbers."""
    row = fields.laid_out(len(loads))[number]
    return row, loads.net[number], loads.extraction_peak[number], loads.injection_peak[number]


def g_of(row, length, times):
    return library().g_function(
        int(row[0]), int(row[1]), spacing=row[3], length=length, head=row[5], radius=row[6],
        diffusivity=row[8] / row[9], time=times,
    )  # fmt: skip


def three_pulses(row, net, out_peak, into_peak):
    """Length by the three-pulse method, the two limits and the first and the last year apart."""
    month, total = 730 * 3600.0, 25 * 8760 * 3600.0
    mean, length = net.mean(), 100.0
    for _ in range(12):
        times = np.array([PEAK_S, PEAK_S + month, total])
        g_peak, g_month, g_years = g_of(row, length, times) / (2 * np.pi * row[8])
        needs = []
        for sign, peaks, limit in ((1, into_peak, row[12] - row[10]), (-1, out_peak, row[10] - row[11])):
            worst = int(np.argmax(peaks))
            pulses = sign * net[worst] * (g_month - g_peak) + peaks[worst] * (g_peak + row[7])
            needs += [pulses / limit, (pulses + sign * mean * (g_years - g_month)) / limit]
        new = max(needs) / row[2]
        if abs(new - length) < 0.05:
            break
        length = new
    return length


def monthly(row, net, out_peak, into_peak):
    """Length by superposing every month of 25 years, g at some thirty times and between them by a spline in ln t."""
    months, month, length = 300, 730 * 3600.0, 100.0
    loads, out, into = (np.tile(each, 25) for each in (net, out_peak, into_peak))
    for _ in range(12):
        known = np.geomspace(0.9 * PEAK_S, 1.02 * months * month, 30)
        curve = interp1d(np.log(known), g_of(row, length, known), kind="cubic")
        steps = np.diff(curve(np.log(np.arange(1, months + 1) * month)), prepend=0.0)
        k, ground = 2 * np.pi * row[8], float(curve(np.log(PEAK_S))) / (2 * np.pi * row[8])
        wall = np.convolve(loads, steps)[:months] / k
        warm = (wall + into * (ground + row[7]) - loads * ground * (into > 0)).max() / (row[12] - row[10])
        cold = (-wall + out * (ground + row[7]) + loads * ground * (out > 0)).max() / (row[10] - row[11])
        new = max(warm, cold) / row[2]
        if abs(new - length) < 0.05:
            break
        length = new
    return length


@pytest.mark.parametrize("peer", [three_pulses, monthly], ids=["L2", "L3"])
def test_a_site_is_sized_a_thousand_times_faster_than_by_a_tool_for_single_sites(
    parcels, benchmark, figures, peer
):
    fields, loads = parcels
    found = benchmark.pedantic(lengths, args=(fields, loads, run()), kwargs=BOUNDS, rounds=1, warmup_rounds=1)
    ours = cpu_seconds(lambda: lengths(fields, loads, run(), **BOUNDS)) / PARCELS
    sites = [site(fields, loads, number) for number in range(SITES)]
    peer(*sites[0])
    began = time.process_time()
    theirs = [peer(*each) for each in sites]
    spent = (time.process_time() - began) / SITES
    figures("cpu_seconds_of_100_000_parcels", ours * PARCELS)
    figures("cpu_seconds_of_a_site_by_the_peer", spent)
    figures("ratio", spent / ours)
    figures("evaluations", found.evaluations.mean())
    assert found.length[:SITES] == pytest.approx(theirs, rel=0.015 if peer is monthly else 0.08)
    assert spent >= 1000 * ours


def test_capacity_and_drift_of_a_city_take_less_than_a_sizing(parcels, benchmark, figures):
    fields, loads = parcels
    benchmark.pedantic(capacity, args=(fields, loads, run()), rounds=1, warmup_rounds=1)
    sized = cpu_seconds(lambda: lengths(fields, loads, run(), **BOUNDS))
    carried = cpu_seconds(lambda: capacity(fields, loads, run()))
    figures("cpu_seconds_of_sizing_100_000_parcels", sized)
    figures("cpu_seconds_of_capacity_and_drift_of_100_000_parcels", carried)
    assert carried < sized


def test_thirty_two_draws_cost_less_than_thirty_two_runs(parcels, benchmark, figures):
    fields, loads = parcels
    draws = Draws.of(Spreads(0.2, 0.1, 1.0, 0.2, 0.15), 32)
    benchmark.pedantic(drawn_capacity, args=(fields, loads, run(), draws), rounds=1)
    once = cpu_seconds(lambda: capacity(fields, loads, run()))
    all_draws = cpu_seconds(lambda: drawn_capacity(fields, loads, run(), draws), 1)
    some, few = first(PARCELS // TOLD_OF, fields, loads)
    some_lengths = cpu_seconds(lambda: drawn_lengths(some, few, run(), draws, **BOUNDS), 1)
    figures("cpu_seconds_of_capacity_in_32_draws", all_draws)
    figures("cpu_seconds_of_length_in_32_draws", some_lengths * TOLD_OF)
    figures("draws_per_run", 32 * once / all_draws)
    assert all_draws < 32 * once


def test_neighbours_of_a_city_are_found_a_hundred_times_faster_than_by_all_pairs_of_holes(
    parcels, benchmark, figures
):
    """Parcels of half a hectare, side by side; the pairs are worked out for a few of them."""
    fields, loads = parcels
    rng, edge = np.random.default_rng(5), int(np.sqrt(PARCELS)) + 1
    place = np.arange(PARCELS)
    x, y = 70.0 * (place % edge), 70.0 * (place // edge)
    turn = rng.uniform(0, 3, PARCELS)
    power, given = loads.net.mean(axis=1), {"length": 100.0, "head": 2.0, "time": 25 * 8760 * 3600.0}

    def risen(count):
        some, _ = first(count, fields, loads)
        points = sub_sources_of_rectangles(x[:count], y[:count], some.n1, some.n2, some.spacing, turn[:count])
        ground = {"conductivity": some.conductivity, "capacity": some.capacity, "reach": 150.0}
        began = time.process_time()
        return shifts(points, power[:count], **given, **ground), time.process_time() - began

    risen(9)  # compiles
    rise, spent = benchmark.pedantic(risen, args=(PARCELS,), rounds=1)
    sample = rng.choice(PARCELS, 2, replace=False)
    h(1.0, length=100.0, head=2.0, diffusivity=1e-6, time=given["time"])
    began = time.process_time()
    known = [by_all_pairs(fields, power, x, y, turn, one, given["time"]) for one in sample]
    pairs = (time.process_time() - began) / len(sample) * PARCELS
    figures("cpu_seconds_of_the_neighbours_of_100_000_parcels", spent)
    figures("ratio", pairs / spent)
    assert rise[sample] == pytest.approx(known, rel=0.05, abs=0.02)
    assert pairs >= 100 * spent


def by_all_pairs(fields, power, x, y, turn, one, life):
    """Rise under one field by every pair of its holes and those of the fields around."""
    own = holes_of(fields, x, y, turn, one)
    rise = 0.0
    for other in np.flatnonzero(np.hypot(x - x[one], y - y[one]) < 300):
        if other != one:
            apart = np.hypot(*(own[:, None] - holes_of(fields, x, y, turn, other)[None]).transpose(2, 0, 1))
            k, c = fields.conductivity[other], fields.capacity[other]
            felt = h(apart, length=100.0, head=2.0, diffusivity=k / c, time=life).mean()
            rise += power[other] / 100.0 * felt / (2 * np.pi * k)
    return rise


def holes_of(fields, x, y, turn, number):
    first, second = (
        (np.arange(n[number]) - (n[number] - 1) / 2) * fields.spacing[number] for n in (fields.n1, fields.n2)
    )
    u, v = (each.ravel() for each in np.meshgrid(first, second))
    cosine, sine = np.cos(turn[number]), np.sin(turn[number])
    return np.column_stack([x[number] + u * cosine - v * sine, y[number] + u * sine + v * cosine])

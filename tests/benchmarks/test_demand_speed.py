"""Speed of the network against ISO 13790 read into plain Python, in CPU seconds."""

from dataclasses import fields, replace

import numpy as np
import pytest

from demand.light import COLUMNS, GLASS, ROOF, SKY
from demand.network import Year, Zones, loads
from tests.benchmarks.test_sweep_speed import cpu_seconds
from tests.demand.bestest import SETBACK, year, zone
from tests.demand.test_network import plain_year

pytestmark = pytest.mark.benchmark
BUILDINGS, PARCELS = 5_000, 1_000


def city() -> tuple[Zones, Year]:
    """Buildings with glass on four sides, shade, schedules of gains, set points and fresh air by the hour."""
    lots = np.random.default_rng(1)
    clock = np.arange(8760) % 24
    of = replace(
        year(),
        gain=lots.uniform(2, 10, (12, 8760)).astype(np.float32),
        level=np.tile(clock.astype(np.uint8), (12, 1)),
        share=lots.uniform(0, 1, (12, 24)),
    )
    one = zone(points=SETBACK, fresh=20.0, opened=30.0)
    made = Zones(*(np.repeat(getattr(one, field.name), BUILDINGS, axis=0) for field in fields(one)))
    turn = lots.integers(0, 2, BUILDINGS)
    sun_area = np.zeros((BUILDINGS, COLUMNS))
    for wall in range(4):
        direction = 2 * wall + turn
        sun_area[np.arange(BUILDINGS), direction] = lots.uniform(0.1, 0.4, BUILDINGS)
        sun_area[np.arange(BUILDINGS), GLASS + direction] = lots.uniform(1, 9, BUILDINGS)
    sun_area[:, [ROOF, SKY]] = lots.uniform(0.2, 0.6, (BUILDINGS, 2))
    return replace(
        made,
        sun_area=sun_area,
        shade=lots.uniform(0.5, 1, made.shade.shape).astype(np.float32),
        gain=lots.integers(0, 12, BUILDINGS),
        air=lots.integers(0, 12, BUILDINGS),
    ), of


def test_a_building_and_year_takes_a_two_hundredth_of_plain_python(benchmark, figures):
    zones, of = city()
    parcel = np.sort(np.random.default_rng(2).integers(0, PARCELS, BUILDINGS))

    def ours() -> None:
        loads(zones, of, parcel, PARCELS)

    benchmark.pedantic(ours, rounds=2, warmup_rounds=1)
    seconds = cpu_seconds(ours) / BUILDINGS
    peer = cpu_seconds(lambda: plain_year(zone(), year()))
    figures("building-years per core-second", 1 / seconds)
    figures("CPU seconds of 100,000 buildings", 1e5 * seconds)
    figures("ratio", peer / seconds)
    assert peer >= 200 * seconds

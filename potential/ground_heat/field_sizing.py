"""Sizing of fields: how many boreholes every parcel takes, in balance over the years and beside its neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.jobs import Job
from potential.ground_heat.balance import Balanced, cut, largest_surplus, recharge
from potential.ground_heat.draws import Draws, drawn_capacity
from potential.ground_heat.equivalent import equivalent_rectangles
from potential.ground_heat.fields import Fields, Found, Run
from potential.ground_heat.flags import Flag
from potential.ground_heat.layout import Layout
from potential.ground_heat.loads import Loads
from potential.ground_heat.loop_numbers import LoopNumbers
from potential.ground_heat.neighbours import sub_sources_of_holes
from potential.ground_heat.sizing import capacity, holes
from potential.ground_heat.together import capacity_together

Floats = NDArray[np.float64]
SECONDS_PER_YEAR = 8760 * 3600.0
SUMMER = (
    np.array([0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0]) / 5
)  # months in which the sun gives heat to the ground
REFUSED = Flag.NEAR_LIMIT | Flag.MISSING | Flag.CANNOT_BE_MET
A_LITTLE = 1e-3  # of the larger load: what a remedy takes below it is no remedy


@dataclass(frozen=True)
class Ground:
    """Ground and holes of parcels before they are sized; arrays are (parcels,), SI units.

    Parameters
    ----------
    conductivity, capacity, temperature, resistance : ndarray
        Of the ground and of a hole; NaN where not known.
    head, length : ndarray
        Depth of the heads, active length of a hole. [m]
    """

    conductivity: Floats
    capacity: Floats
    temperature: Floats
    resistance: Floats
    head: Floats
    length: Floats


@dataclass(frozen=True)
class Sized:
    """Fields of all parcels; arrays are (parcels,).

    Parameters
    ----------
    layout : Layout
        The holes that are drilled.
    fields : Fields
        The fields as they are reckoned, limits drawn closer by neighbours.
    balanced : Balanced
        Loads on the ground once they are in balance, and what stands beside it.
    found : Found
        Of these fields under these loads.
    share : ndarray
        Share of the balanced loads that the field carries, at most 1; 0 where there is none.
    neighbours_k : ndarray
        What neighbours warm or cool the ground by in the last year. [K]
    refused : ndarray of int
        `Flag` of fields that were not sized, whatever room there is; 0 where nothing stood against it.
    """

    layout: Layout
    fields: Fields
    balanced: Balanced
    found: Found
    share: Floats
    neighbours_k: Floats
    refused: NDArray[np.int64]

    @property
    def count(self) -> NDArray[np.int64]:
        """Holes of every parcel."""
        return self.layout.count

    @property
    def remedied(self) -> NDArray[np.bool_]:
        """Where a remedy takes more than a little of the larger load."""
        loads = self.balanced.loads
        larger = np.maximum(loads.yearly_extraction, loads.yearly_injection) * SECONDS_PER_YEAR
        needed: NDArray[np.bool_] = self.balanced.auxiliary_j > A_LITTLE * np.maximum(larger, 1.0)
        return needed


def size_fields(
    most: Layout,
    ground: Ground,
    loads: Loads,
    run: Run,
    numbers: LoopNumbers,
    job: Job,
    *,
    by_recharge: bool = False,
) -> Sized:
    """Size the field of every parcel.

    Loads are brought into balance as far as the drift of the largest field asks for it; then as few holes are taken as
    carry them. Where all holes do not, the field carries a share. Neighbours draw the limits closer, once.

    Parameters
    ----------
    most : Layout
        As many holes as there is room for; the first of a parcel are its compact field.
    ground : Ground
        What the holes stand in.
    loads : Loads
        Loads that the buildings would put on the ground.
    run : Run
        How long and how finely fields are followed.
    numbers : LoopNumbers
        Limits.
    job : Job
        Reports progress and stops when asked.
    by_recharge : bool
        Whether the sun brings back what heating takes too much, rather than another heat source taking it over.
    """
    job.say("Sizing fields of boreholes", 0.0, force=True)
    widest = _fields(most, ground, numbers, job)
    first = capacity(widest, loads, run, job=job)
    surplus = np.nan_to_num(largest_surplus(loads, first.drift_last, numbers.drift_warning_k), posinf=0.0)
    balanced = _in_balance(loads, surplus, by_recharge)
    layout, fields, found, refused = _as_few_as_carry(most, widest, ground, balanced.loads, run, numbers, job)
    drift = np.abs(np.nan_to_num(found.drift_last)) * np.clip(np.nan_to_num(found.share), 0, 1)
    with np.errstate(divide="ignore"):
        easing = np.where(drift > numbers.drift_warning_k, numbers.drift_warning_k / drift, 1.0)
    if (easing < 1).any():  # fewer holes drift more than the widest field did
        balanced = _in_balance(loads, surplus * easing, by_recharge)
        found = capacity(fields, balanced.loads, run, job=job)
    job.say("Looking at neighbouring fields", 0.0, force=True)
    count = layout.count
    points = sub_sources_of_holes(layout.points, np.repeat(np.arange(len(count)), count), len(count))
    found, rise, charged = capacity_together(
        fields, balanced.loads, run, points, reach=numbers.reach_m, job=job
    )
    share = np.where(count > 0, np.clip(np.nan_to_num(found.share, posinf=1.0), 0.0, 1.0), 0.0)
    return Sized(layout, charged, balanced, found, share, np.nan_to_num(rise), refused)


def heat_in_draws(sized: Sized, run: Run, draws: Draws, heat_kwh: Floats, job: Job) -> Floats:
    """Heat of a year in every draw, (draws, parcels). [kWh]

    Parameters
    ----------
    sized : Sized
        The fields.
    run : Run
        How long and how finely.
    draws : Draws
        What is drawn anew.
    heat_kwh : ndarray, (parcels,)
        Heat that the balanced loads would give.
    job : Job
        Reports progress and stops when asked.
    """
    share = drawn_capacity(sized.fields, sized.balanced.loads, run, draws, job=job)[:, :, 0]
    share = np.where(sized.count[:, None] > 0, np.clip(np.nan_to_num(share), 0.0, 1.0), 0.0)
    given: Floats = (share * heat_kwh[:, None]).T * np.asarray(draws.extraction)[:, None]
    return given


def _fields(layout: Layout, ground: Ground, numbers: LoopNumbers, job: Job) -> Fields:
    rectangles = equivalent_rectangles(
        layout, ground.length, job, head_m=numbers.head_m, radius_m=numbers.radius_m
    )
    return Fields(
        n1=np.maximum(rectangles.long, 1.0),
        n2=np.maximum(rectangles.short, 1.0),
        holes=layout.count.astype(float),
        spacing=np.where(rectangles.spacing_m > 0, rectangles.spacing_m, layout.spacing_m),
        length=ground.length,
        head=ground.head,
        radius=numbers.radius_m,
        resistance=ground.resistance,
        conductivity=ground.conductivity,
        capacity=ground.capacity,
        temperature=ground.temperature,
        fluid_min=np.full(len(ground.length), numbers.fluid_min_c),
        fluid_max=np.full(len(ground.length), numbers.fluid_max_c),
    )


def _in_balance(loads: Loads, surplus: Floats, by_recharge: bool) -> Balanced:
    """Loads in balance: what heating takes too much is brought back, or taken over; too much cooling is rejected."""
    cold_led = cut(loads, surplus)
    if not by_recharge:
        return cold_led
    back = recharge(loads, SUMMER, surplus)
    heats = loads.yearly_extraction > loads.yearly_injection
    chosen = [
        np.where(heats[:, None], a, b)
        for a, b in zip(_arrays(back.loads), _arrays(cold_led.loads), strict=True)
    ]
    others = ("remedy", "auxiliary_j", "auxiliary_w", "energy_share", "power_share")
    return Balanced(
        Loads(*chosen), *(np.where(heats, getattr(back, name), getattr(cold_led, name)) for name in others)
    )


def _arrays(loads: Loads) -> tuple[Floats, ...]:
    return loads.extraction, loads.injection, loads.extraction_peak, loads.injection_peak


def _as_few_as_carry(
    most: Layout, widest: Fields, ground: Ground, loads: Loads, run: Run, numbers: LoopNumbers, job: Job
) -> tuple[Layout, Fields, Found, NDArray[np.int64]]:
    """The smallest compact fields that carry the loads, or all holes where those do not, and why some have none."""
    room = most.count
    needed = holes(widest, loads, run, most=float(max(room.max(initial=1), 1)), job=job)
    count = np.where(np.isfinite(needed.holes), np.ceil(np.nan_to_num(needed.holes)), room)
    loaded = loads.yearly_extraction + loads.yearly_injection > 0
    count = np.where(loaded & (needed.flags & int(REFUSED) == 0), np.minimum(count, room), 0)
    # A limit that no number of holes meets is met in part by all of them.
    unmet = loaded & (needed.flags & int(Flag.CANNOT_BE_MET) > 0)
    count = np.where(unmet, room, count).astype(np.int64)
    layout = most.first(count)
    fields = _fields(layout, ground, numbers, job)
    found = capacity(fields, loads, run, job=job)
    # Another outline than that of the widest field: a few holes more where it falls short.
    short = (found.share < 1) & (count < room) & np.isfinite(found.share)
    if short.any():
        count = np.where(short, np.minimum(room, np.ceil(count / np.maximum(found.share, 0.2))), count)
        layout = most.first(count)
        fields = _fields(layout, ground, numbers, job)
        found = capacity(fields, loads, run, job=job)
    stopped = int(Flag.NEAR_LIMIT | Flag.MISSING)
    return layout, fields, found, np.where(loaded, needed.flags & stopped, 0)

"""Size of a battery: enlarged step by step as long as a step saves more in a year than it costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plans.battery import Course, best_course
from standards import Taken

Numbers = NDArray[np.float64]
WATT = 1000.0  # of a kilowatt
JOULE = 3.6e6  # of a kilowatt-hour
PAYS, BOUND, NONE = "marginal benefit", "largest size looked at", "no size pays"


@dataclass(frozen=True)
class BatteryRules:
    """Costs and bounds of batteries, as the rules say.

    Parameters
    ----------
    yuan_per_kwh : float
        Investment by rated energy, converter with it. [yuan/kWh]
    yearly_share : float
        Cost of a year over the investment: annuity and upkeep.
    efficiency, usable : float
        Of charging, and again of giving; share of the rated energy that is used.
    hours : float
        Rated energy over rated power. [h]
    largest_share : float
        Largest battery looked at over the mean daily yield of the PV.
    steps : int
        Sizes looked at.
    """

    yuan_per_kwh: float
    yearly_share: float
    efficiency: float
    usable: float
    hours: float
    largest_share: float
    steps: int

    @classmethod
    def of(cls, taken: Taken) -> BatteryRules:
        """The rules of the table."""

        def rule(case: str) -> float:
            return taken.number("storage_rules", item="battery", case=case)

        rate, life = rule("discount"), rule("life")
        return cls(
            yuan_per_kwh=rule("capex_energy") + rule("capex_power") / rule("hours"),
            yearly_share=rate / (1.0 - (1.0 + rate) ** -life) + rule("upkeep"),
            efficiency=rule("one_way_efficiency"),
            usable=rule("usable_share"),
            hours=rule("hours"),
            largest_share=rule("largest_share"),
            steps=int(rule("steps")),
        )


@dataclass(frozen=True)
class SizedBattery:
    """A battery, and what it does.

    Parameters
    ----------
    kwh : float
        Rated energy. [kWh]
    saving : float
        Money it saves in a year. [yuan/a]
    first : float
        What the first step saves in a year, by its energy. [yuan/kWh]
    limit : str
        What decides the size.
    course : Course
        Of its typical days.
    """

    kwh: float
    saving: float
    first: float
    limit: str
    course: Course


def sized_battery(
    sun: Numbers, need: Numbers, price: Numbers, sold: float, days: Numbers, battery: BatteryRules
) -> SizedBattery:
    """The battery beyond which a further step costs more in a year than it saves.

    Parameters
    ----------
    sun : ndarray, (12, 24)
        Power of PV on the typical day of each month. [kW]
    need : ndarray, (12, 2, 24)
        Load on its working day and holiday. [kW]
    price : ndarray, (24,)
        Of electricity bought in every hour. [yuan/kWh]
    sold : float
        Of electricity sold. [yuan/kWh]
    days : ndarray, (12, 2)
        Number of such days in a year.
    battery : BatteryRules
        Costs and bounds.

    Notes
    -----
    What it takes from the grid never lifts the highest draw of the year above that without it. What a battery saves is
    a concave function of its size, so no larger one is better once a step does not pay.
    """
    net = (sun[:, None, :] - need).reshape(-1, 24) * WATT
    surplus, deficit = np.clip(net, 0.0, None), np.clip(-net, 0.0, None)
    spare = deficit.max() - deficit
    hourly = np.broadcast_to(price / JOULE, net.shape).copy()
    daily = float(np.einsum("mh,m->", sun, days.sum(axis=1)) / days.sum())
    step = battery.largest_share * daily / battery.steps
    cost = battery.yuan_per_kwh * battery.yearly_share

    def course(kwh: float) -> tuple[Course, float]:
        found = best_course(
            surplus, deficit, spare, hourly, sold / JOULE,
            energy=battery.usable * kwh * JOULE, power=WATT * kwh / battery.hours, efficiency=battery.efficiency,
        )  # fmt: skip
        return found, float(found.saving @ days.reshape(-1))

    best, saving = course(0.0)
    first = float("nan")
    for count in range(1, battery.steps + 1):
        more, saved = course(step * count)
        marginal = (saved - saving) / step if step > 0 else 0.0
        first = marginal if count == 1 else first
        if marginal < cost:
            return SizedBattery(step * (count - 1), saving, first, PAYS if count > 1 else NONE, best)
        best, saving = more, saved
    return SizedBattery(step * battery.steps, saving, first, BOUND, best)

"""The heat limit: how much water a parcel may move in the mean so that its wells do not feed on their own heat."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from core.compiled import kernel
from potential.groundwater.arrivals import Arrivals, arrivals, share_at
from potential.groundwater.doublet import WATER_J_PER_M3K, returned
from potential.groundwater.loads import energy_at
from potential.groundwater.well_numbers import YEAR_S

Floats = NDArray[np.float64]

J_PER_KWH = 3.6e6
W_PER_KW = 1000.0
HALVINGS = 28
NOTHING_RETURNS = 1e-3
EARLIER_IN_ROWS = 1.5


class Plants(NamedTuple):
    """Heat pumps of parcels: how much water they need for what heat and cold.

    Parameters
    ----------
    heat_peak, cold_peak : ndarray, (parcels,)
        Highest need. [kW]
    heat_curve, cold_curve : ndarray, (parcels, steps)
        Energy by share of the peak. [kWh]
    cooled, warmed : ndarray, (parcels,)
        By how much the water is changed in winter and summer; zero where it may not be. [K]
    extracted, rejected : float
        Of the heat given the share from the water; of the cold given the multiple that goes to the water.
    """

    heat_peak: Floats
    cold_peak: Floats
    heat_curve: Floats
    cold_curve: Floats
    cooled: Floats
    warmed: Floats
    extracted: float
    rejected: float

    @property
    def wanted(self) -> Floats:
        """Flow that serves both peaks, shape (parcels,). [m³/s]"""
        heat = _over(self.heat_peak * W_PER_KW * self.extracted, WATER_J_PER_M3K * self.cooled)
        cold = _over(self.cold_peak * W_PER_KW * self.rejected, WATER_J_PER_M3K * self.warmed)
        return np.maximum(heat, cold)

    def heat_kw(self, flow: Floats) -> Floats:
        """Heat that some flows give, not above the peak, shape (parcels,). [kW]"""
        return np.minimum(self.heat_peak, flow * WATER_J_PER_M3K * self.cooled / self.extracted / W_PER_KW)

    def cold_kw(self, flow: Floats) -> Floats:
        """Cold that some flows give, not above the peak, shape (parcels,). [kW]"""
        return np.minimum(self.cold_peak, flow * WATER_J_PER_M3K * self.warmed / self.rejected / W_PER_KW)


class Rows(NamedTuple):
    """What of the wells of parcels decides the return of heat.

    Parameters
    ----------
    through : ndarray, (parcels,)
        Flow of the groundwater through a metre across it. [m²/s]
    swept : ndarray, (parcels,)
        Water that passes the wells until, in groundwater at rest, the first heat arrives. [m³]
    caught : ndarray, (parcels,)
        Width whose groundwater the wells take before any of theirs returns. [m]
    beside : ndarray, (parcels,)
        Share of that width that lies between doublets.
    angle : ndarray, (parcels,)
        Of injection to the flow. [°]
    """

    through: Floats
    swept: Floats
    caught: Floats
    beside: Floats
    angle: Floats


def rows_of(
    through: Floats,
    heat_ratio: Floats,
    thickness: Floats,
    spacing: Floats,
    across: Floats,
    count: Floats,
    angle: Floats,
) -> Rows:
    """Equal doublets side by side as one row.

    One doublet takes the groundwater of a width of π/2 of its spacing before it gets any of its own back, and those
    beside it that of the ground between them; of what is more than that, a row without end gets all back.

    Parameters
    ----------
    through : ndarray
        Flow of the groundwater through a metre across it. [m²/s]
    heat_ratio : ndarray
        Heat of the aquifer over that of water, both by volume.
    thickness, spacing, across : ndarray
        Of the aquifer; of the wells of a doublet; of doublets. [m]
    count : ndarray
        Doublets.
    angle : ndarray
        Of injection to the flow. [°]
    """
    more = np.maximum(count - 1, 0)
    beside = more * np.minimum(across, np.pi / 2 * spacing)
    caught = np.pi / 2 * spacing + beside
    swept = (
        heat_ratio
        * thickness
        * spacing
        * (np.pi / 3 * spacing + more * np.minimum(across, np.pi / 4 * spacing))
    )
    return Rows(
        through, swept, caught, np.divide(beside, caught, out=np.zeros_like(caught), where=caught > 0), angle
    )


def returned_of_row(beta: Floats, angle: Floats, beside: Floats, time: Floats) -> Floats:
    """Share of the production of rows of doublets that is their own water after some time.

    Parameters
    ----------
    beta : ndarray
        Flow over that of the width the row catches. [-]
    angle, beside : ndarray
        As in `Rows`.
    time : ndarray
        Water that has passed over `swept`. [-]

    Notes
    -----
    Between the doublet by itself and the row without end, whose water comes back at two thirds of the time. Against
    tracking of rows of two to nine doublets, 0.4 to 2 spacings apart, it gives in the end between 0.05 too little
    and 0.16 too much (far apart), and soon after the first arrival up to 0.13 too little in dense rows.
    """
    one, turn, part, when = np.broadcast_arrays(beta, angle, beside, time)
    out = np.empty(one.size)
    flat = [np.ascontiguousarray(each, dtype=np.float64).ravel() for each in (one, turn, part, when)]
    _of_rows(flat[0], flat[1], flat[2], flat[3], arrivals(), out)
    return out.reshape(one.shape)


def mean_flow(flow: Floats, plants: Plants) -> Floats:
    """Mean flow of the year of plants with some design flow, shape (parcels,). [m³/s]"""
    out = np.empty(len(flow))
    _means(np.ascontiguousarray(flow, dtype=np.float64), plants, out)
    return out


def flow_of_mean(mean: Floats, most: Floats, plants: Plants) -> Floats:
    """Design flow whose mean over the year is given, not above the most, shape (parcels,). [m³/s]"""
    out = np.empty(len(mean))
    _flows_of_means(
        np.ascontiguousarray(mean, dtype=np.float64),
        np.ascontiguousarray(most, dtype=np.float64),
        plants,
        out,
    )
    return out


def heat_limited(
    most: Floats, plants: Plants, rows: Rows, *, life: float, season: float, shift: float, no_return: bool
) -> Floats:
    """Largest design flow, not above the most, at which the produced water keeps its temperature.

    Parameters
    ----------
    most : ndarray, (parcels,)
        What wells and need allow. [m³/s]
    plants, rows : Plants, Rows
        Of the parcels.
    life, season : float
        Time over which the net shift of the year adds up, and that in which a season's own water may return. [s]
    shift : float
        Most shift of the produced water in winter or summer. [K]
    no_return : bool
        Instead: no water returns at all at the design flow.

    Returns
    -------
    ndarray, shape (parcels,)
        [m³/s]
    """
    out = np.empty(len(most))
    _limits(
        np.ascontiguousarray(most, dtype=np.float64),
        plants,
        rows,
        arrivals(),
        float(life),
        float(season),
        float(shift),
        bool(no_return),
        out,
    )
    return out


def shifts(flow: Floats, plants: Plants, rows: Rows, *, life: float, season: float) -> Floats:
    """What becomes of the produced water at some design flows.

    Returns
    -------
    ndarray, shape (parcels, 5)
        Shift downwards in winter and upwards in summer at the end of the life [K]; net shift of the water given back
        over the year, downwards [K]; mean flow over critical flow; first arrival of heat at the mean flow, at rest [s].
    """
    out = np.zeros((len(flow), 5))
    _shifts(
        np.ascontiguousarray(flow, dtype=np.float64),
        plants,
        rows,
        arrivals(),
        float(life),
        float(season),
        out,
    )
    return out


def _over(above: Floats, below: Floats) -> Floats:
    found: Floats = np.divide(above, below, out=np.zeros_like(above), where=below > 0)
    return found


@kernel
def volumes(flow: float, one: int, plants: Plants) -> tuple[float, float]:
    """Water of a year for heat and for cold, of one parcel at a design flow. [m³]"""
    heat, cold = 0.0, 0.0
    if plants.heat_peak[one] > 0 and plants.cooled[one] > 0:
        per = plants.extracted / (WATER_J_PER_M3K * plants.cooled[one])  # m³ per joule given
        share = flow / (plants.heat_peak[one] * W_PER_KW * per)
        heat = energy_at(plants.heat_curve[one], share) * J_PER_KWH * per
    if plants.cold_peak[one] > 0 and plants.warmed[one] > 0:
        per = plants.rejected / (WATER_J_PER_M3K * plants.warmed[one])
        share = flow / (plants.cold_peak[one] * W_PER_KW * per)
        cold = energy_at(plants.cold_curve[one], share) * J_PER_KWH * per
    return heat, cold


@kernel
def _of_row(beta: float, angle: float, beside: float, time: float, known: Arrivals) -> float:
    alone = share_at(beta, angle, time, known)
    if beside <= 0 or not beta > 1:
        return alone
    final = returned(beta, angle)
    if not final > 0:
        return alone
    early = share_at(beta, angle, EARLIER_IN_ROWS * time, known) / final
    return (1 - beside) * alone + beside * (1 - 1 / beta) * early


@kernel
def _of_rows(beta: Floats, angle: Floats, beside: Floats, time: Floats, known: Arrivals, out: Floats) -> None:
    for one in range(len(out)):
        out[one] = _of_row(beta[one], angle[one], beside[one], time[one], known)


@kernel
def _shift(
    flow: float, one: int, plants: Plants, rows: Rows, known: Arrivals, life: float, season: float
) -> tuple[float, float, float, float, float]:
    heat, cold = volumes(flow, one, plants)
    mean = (heat + cold) / YEAR_S
    if mean <= 0:
        return 0.0, 0.0, 0.0, 0.0, np.inf
    cooled, warmed = plants.cooled[one], plants.warmed[one]
    net = (heat * cooled - cold * warmed) / (heat + cold)
    takes = rows.through[one] * rows.caught[one]  # flow up to which nothing returns
    beta = mean / takes if takes > 0 else np.inf
    first = rows.swept[one] / mean
    angle, beside, swept = rows.angle[one], rows.beside[one], rows.swept[one]
    part = _of_row(beta, angle, beside, life / first, known)
    drift = net * part / max(1 - part, 1e-3)
    winter, summer = 0.0, 0.0
    if heat > 0:
        pace = heat / season / takes if takes > 0 else np.inf
        winter = drift + _of_row(pace, angle, beside, heat / swept, known) * (cooled - net)
    if cold > 0:
        pace = cold / season / takes if takes > 0 else np.inf
        summer = -drift + _of_row(pace, angle, beside, cold / swept, known) * (warmed + net)
    return winter, summer, net, beta, first


@kernel
def _limits(
    most: Floats,
    plants: Plants,
    rows: Rows,
    known: Arrivals,
    life: float,
    season: float,
    shift: float,
    no_return: bool,
    out: Floats,
) -> None:
    for one in range(len(most)):
        out[one] = 0.0
        if not most[one] > 0:
            continue
        low, high = 0.0, most[one]
        for step in range(HALVINGS):
            flow = high if step == 0 else (low + high) / 2
            if no_return:
                takes = rows.through[one] * rows.caught[one]
                fits = takes > 0 and returned(flow / takes, rows.angle[one]) <= NOTHING_RETURNS
            else:
                winter, summer, _, _, _ = _shift(flow, one, plants, rows, known, life, season)
                fits = winter <= shift and summer <= shift
            if fits:
                low = flow
                if step == 0:
                    break
            else:
                high = flow
        out[one] = low


@kernel
def _shifts(
    flow: Floats, plants: Plants, rows: Rows, known: Arrivals, life: float, season: float, out: Floats
) -> None:
    for one in range(len(flow)):
        if flow[one] > 0:
            found = _shift(flow[one], one, plants, rows, known, life, season)
            for place in range(5):
                out[one, place] = found[place]


@kernel
def _means(flow: Floats, plants: Plants, out: Floats) -> None:
    for one in range(len(flow)):
        heat, cold = volumes(flow[one], one, plants) if flow[one] > 0 else (0.0, 0.0)
        out[one] = (heat + cold) / YEAR_S


@kernel
def _flows_of_means(mean: Floats, most: Floats, plants: Plants, out: Floats) -> None:
    for one in range(len(mean)):
        out[one] = 0.0
        if not (mean[one] > 0 and most[one] > 0):
            continue
        low, high = 0.0, most[one]
        for step in range(HALVINGS):
            flow = high if step == 0 else (low + high) / 2
            heat, cold = volumes(flow, one, plants)
            if (heat + cold) / YEAR_S <= mean[one]:
                low = flow
                if step == 0:
                    break
            else:
                high = flow
        out[one] = low

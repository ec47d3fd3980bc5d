"""Systems: which carrier and efficiency give each building its heat, cold, hot water and cooking, by use and zone."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.archetypes import RESIDENTIAL
from standards import Taken

FINAL = ("electricity", "heat", "gas")  # carriers as they are bought
SERVICES = ("heat", "cold", "hot_water", "cooking", "electricity")
DISTRICT = "heat"

Numbers = NDArray[np.float64]


def final_energy(
    buildings: pd.DataFrame, useful: dict[str, Numbers], zone: str, taken: Taken
) -> dict[tuple[str, str], Numbers]:
    """Energy that buildings buy in a year, by service and carrier, (n,) each. [kWh]

    Parameters
    ----------
    buildings : DataFrame
        With `use`, and where known `central_heating`.
    useful : mapping of str to ndarray
        Useful energy of a year by service of `SERVICES`. [kWh]
    zone : str
        Main climate zone, `1` to `5`.
    taken : Taken
        Reads and remembers numbers.

    Notes
    -----
    Where the table names two carriers the first is taken. Buildings said to have no central heating where heat comes
    by a network have a gas boiler of their own.
    """
    home = buildings["use"].isin(RESIDENTIAL).to_numpy()
    own_boiler = np.zeros(len(buildings), dtype=bool)
    if "central_heating" in buildings:
        own_boiler = (buildings["central_heating"].fillna(True).astype(bool) == False).to_numpy()  # noqa: E712
    boiler = taken.number("heat_source_efficiency", key="wall_hung_gas", quantity="efficiency")
    table = taken.standards.table("systems")
    table = table[table["zone"].astype(str) == zone].set_index("use_class")
    found: dict[tuple[str, str], Numbers] = {}

    def add(service: str, carrier: str, energy: Numbers) -> None:
        key = (service, carrier)
        found[key] = found.get(key, np.zeros(len(buildings))) + energy

    for use_class, here in (("residential", home), ("public", ~home)):
        row = table.loc[use_class]

        def number(column: str, use_class: str = use_class) -> float:
            return taken.number("systems", column=column, zone=zone, use_class=use_class)

        by_network = _first(row["heating_carrier"]) == DISTRICT
        alone = here & own_boiler & by_network
        heat = useful["heat"]
        add(
            "heat",
            _first(row["heating_carrier"]),
            np.where(here & ~alone, heat / number("heating_efficiency"), 0.0),
        )
        add("heat", "gas", np.where(alone, heat / boiler, 0.0))
        add("cold", "electricity", np.where(here, useful["cold"] / number("cooling_cop"), 0.0))
        water = np.where(here, useful["hot_water"] / number("hot_water_efficiency"), 0.0)
        add("hot_water", _first(row["hot_water_carrier"]), water)
        add("cooking", _first(row["cooking_carrier"]), np.where(here, useful["cooking"], 0.0))
    add("electricity", "electricity", useful["electricity"])
    return found


def by_carrier(
    final: dict[tuple[str, str], Numbers], services: tuple[str, ...] = SERVICES
) -> dict[str, Numbers]:
    """Sums over some services by carrier, (n,) each. [kWh]"""
    count = len(next(iter(final.values())))
    sums = {carrier: np.zeros(count) for carrier in FINAL}
    for (service, carrier), energy in final.items():
        if service in services:
            sums[carrier] = sums[carrier] + energy
    return sums


def _first(words: object) -> str:
    return str(words).split("/")[0]

"""The published and assumed numbers of facade PV, gathered from the tables once."""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from layers.city import City
from potential.solar.prices import Life, life_of
from potential.solar.pv_numbers import Worth, chain_of, worth_of
from potential.solar.pv_yield import Chain
from potential.solar.safety import SafetyRules
from potential.solar.spread import Spread
from standards import Number, Taken

ORIENTATIONS = ("south", "east_west", "north")
GROUND_FLOOR = "ground_floor_windows"


@dataclass(frozen=True)
class FacadeNumbers:
    """Everything the assessment takes from tables; `used` lists each number with its source."""

    chain: Chain
    worth: Worth
    safety_rules: SafetyRules
    window_ratio: dict[tuple[str, str], float]
    storey_m: dict[str, float]
    storey_low_m: float
    storey_high_m: float
    use_factor: float
    kwp_per_module_m2: float
    facing_south_deg: float
    facing_north_deg: float
    shade_threshold: float
    least_kwh_per_m2: float
    least_wall_m2: float
    least_length_m: float
    simplify_m: float
    spacing_m: float
    touching_m: float
    spread: Spread
    yuan_per_kwp: float
    life: Life
    grades: pd.DataFrame
    used: tuple[Number, ...]

    @classmethod
    def of(cls, city: City, electricity_basis: str) -> FacadeNumbers:
        """The numbers in force in a city."""
        taken = Taken(city.standards)
        rules = SafetyRules.of(city.standards)
        taken.used.extend(rules.numbers)
        uses = sorted(set(city.tables["building"]["use"]))
        worth = worth_of(taken, city, electricity_basis)

        def facade(name: str, case: str, **column: str) -> float:
            return taken.number("facade", parameter=name, case=case, **column)

        return cls(
            chain=chain_of(taken),
            worth=worth,
            safety_rules=rules,
            window_ratio=_windows(taken, uses),
            storey_m=_storeys(taken, uses),
            storey_low_m=facade("storey_height", "plausible", column="low"),
            storey_high_m=facade("storey_height", "plausible", column="high"),
            use_factor=facade("use_factor", "opaque wall"),
            kwp_per_module_m2=taken.parameter("kwp_per_covered_roof", "BIPV facade"),
            facing_south_deg=facade("facing", "south"),
            facing_north_deg=facade("facing", "north"),
            shade_threshold=facade("shade_threshold", "yearly irradiation / unshaded"),
            least_kwh_per_m2=facade("least_irradiation", "wall"),
            least_wall_m2=facade("least_wall", "wall"),
            least_length_m=facade("least_length", "wall"),
            simplify_m=facade("simplify", "outline"),
            spacing_m=facade("spacing", "columns"),
            touching_m=facade("touching", "neighbour"),
            spread=worth.spread(facade("sigma", "window_ratio")),
            yuan_per_kwp=1000 * taken.number("costs", key="pv_bipv_facade", item="capex", unit="CNY/W"),
            life=life_of(taken),
            grades=city.standards.table("facade_grades"),
            used=tuple(taken.used),
        )

    def storey_heights(self, buildings: gpd.GeoDataFrame) -> NDArray[np.float64]:
        """Height of a storey of every building: height over storeys, else by use. [m]"""
        usual: NDArray[np.float64] = buildings["use"].map(self.storey_m).to_numpy(dtype=float)
        if "floors_above" not in buildings:
            return usual
        floors = pd.to_numeric(buildings["floors_above"], errors="coerce").to_numpy(dtype=float)
        height = pd.to_numeric(buildings["height_m"], errors="coerce").to_numpy(dtype=float)
        with np.errstate(divide="ignore", invalid="ignore"):
            own = height / floors
        plausible = (own >= self.storey_low_m) & (own <= self.storey_high_m)
        heights: NDArray[np.float64] = np.where(plausible, own, usual)
        return heights

    def faces_north(self, azimuth_deg: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether walls face north; azimuths clockwise from true north."""
        north: NDArray[np.bool_] = np.abs(azimuth_deg - 180.0) > 180.0 - self.facing_north_deg
        return north

    def windows(
        self, use: NDArray[np.object_], azimuth_deg: NDArray[np.float64], lowest: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Share of windows of storeys, by use and direction; of the lowest above ground by use alone where shops fill it."""
        south = np.abs(azimuth_deg - 180.0) <= self.facing_south_deg
        where = np.select([south, self.faces_north(azimuth_deg)], ["south", "north"], "east_west")
        shares = np.zeros(len(use))
        for (kind, side), share in self.window_ratio.items():
            shares[(use == kind) & (lowest if side == GROUND_FLOOR else where == side)] = share
        return shares


def _windows(taken: Taken, uses: list[str]) -> dict[tuple[str, str], float]:
    """Share of windows by use and direction, and of the ground floor of shops."""
    conditions = taken.standards.table("use_profiles").set_index("use")["conditions"]
    facade = taken.standards.table("facade")
    shops = set(facade.loc[facade["parameter"] == GROUND_FLOOR, "case"])
    found = {}
    for use in uses:
        for where in ORIENTATIONS:
            found[use, where] = taken.number(
                "internal_conditions", column=f"wwr_{where}", use=str(conditions[use])
            )
        if use in shops:
            found[use, GROUND_FLOOR] = taken.number("facade", parameter=GROUND_FLOOR, case=use)
    return found


def _storeys(taken: Taken, uses: list[str]) -> dict[str, float]:
    """Usual height of a storey by use. [m]"""
    table = taken.standards.table("building_defaults")
    rows = table[table["quantity"] == "storey_height"]
    classes = {use: str(row["class"]) for _, row in rows.iterrows() for use in str(row["uses"]).split(";")}
    heights = {
        kind: taken.number("building_defaults", **{"quantity": "storey_height", "class": kind})
        for kind in sorted({classes[use] for use in uses})
    }
    return {use: heights[classes[use]] for use in uses}

"""Archetypes: heat transfer, air, mass, plant and schedules of every building by its use, year and climate zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from demand.envelopes import Envelopes, column
from demand.light import COLUMNS, GLASS, ROOF, SKY
from demand.network import INSIDE_W_PER_M2_K, Zones, by_air
from demand.schedules import Schedules
from layers.city import City
from standards import Taken

Numbers = NDArray[np.float64]
RESIDENTIAL = ("residential", "rural_house")
SURFACE_PER_FLOOR = 4.5  # of all surfaces to the floor (ISO 13790, 7.2.2.2)
TO_SURFACE_W_PER_M2_K = 3.45  # air to surfaces (ISO 13790, 7.2.2.2)
OUTER_M2_K_PER_W = 0.04  # resistance of the outer surface (ISO 13790, 11.3.4)
SKY_W_PER_M2 = 5.0 * 0.9 * 11.0  # to a sky 11 K colder than the air (ISO 13790, 11.4.6)
SEES_SKY = {"roof": 1.0, "wall": 0.5}
MASS_MARGIN = 1.05  # of the coupling of the mass over what opaque parts lose
UNKNOWN_STRUCTURE = "unknown"
DRY = "data_centre"  # computers give no vapour


@dataclass(frozen=True)
class Archetypes:
    """Buildings as archetypes.

    Parameters
    ----------
    zones : Zones
        For the network.
    table : DataFrame
        By building: `use_class` (residential, public), `vintage_from`, `mass_class`, `demand_source` (given, derived).
    """

    zones: Zones
    table: pd.DataFrame


def climate_zone(city: City) -> tuple[str, bool]:
    """Climate zone of a city such as `2B`, and whether it had to be taken from the nearest city of the tables."""
    stated = str(city.facts.get("climate_zone") or "")
    if stated[:1] in tuple("12345"):
        return stated, False
    assert city.weather is not None, "the caller has looked for weather"
    cities = city.standards.table("cities")
    away = np.hypot(
        pd.to_numeric(cities["lon"]) - city.weather.longitude,
        pd.to_numeric(cities["lat"]) - city.weather.latitude,
    )
    return str(cities["zone"].iloc[int(np.argmin(away))]), True


def years_of(buildings: pd.DataFrame, taken: Taken) -> tuple[Numbers, NDArray[np.bool_]]:
    """Year of the code that a building meets: when it was built or last refitted; and where that is a guess."""
    built = column(buildings, "year_built").copy()
    guessed = np.isnan(built)
    guessed |= _not_given(buildings, "year_source")
    rows = taken.standards.table("building_defaults")
    for _, row in rows[rows["quantity"] == "year_built"].iterrows():
        here = np.isnan(built) & buildings["use"].isin(str(row["uses"]).split(";")).to_numpy()
        built[here] = float(row["default"])
    refitted = column(buildings, "retrofit_year")
    return np.where(refitted > built, refitted, built), guessed


def archetypes_of(
    buildings: pd.DataFrame,
    forms: Envelopes,
    kind: NDArray[np.int64],
    schedules: Schedules,
    zone: str,
    design_c: float,
    taken: Taken,
    it_kw: Numbers,
) -> Archetypes:
    """Buildings as zones of the network.

    Parameters
    ----------
    buildings : DataFrame
        With `use`, and where known `year_built`, `retrofit_year`, `structure`, and the sources of use and year.
    forms : Envelopes
        Their envelopes.
    kind : ndarray of int64, (n,)
        Schedule of each.
    schedules : Schedules
        All schedules.
    zone : str
        Climate zone, such as `2B`.
    design_c : float
        Outdoor design temperature of heating. [°C]
    taken : Taken
        Reads and remembers numbers.
    it_kw : ndarray, (n,)
        Power of the computers of data centres where it is known, else missing. [kW]
    """

    def rule(item: str, case: str) -> float:
        return taken.number("demand_rules", item=item, case=case)

    home = buildings["use"].isin(RESIDENTIAL).to_numpy()
    year, guessed = years_of(buildings, taken)
    shell = _shells(home, year, zone[:1], taken)
    mass = _masses(buildings, taken)
    net = forms.floor * rule("net_floor", "all")
    air = (
        forms.floor
        * forms.storey
        * np.where(home, rule("air_volume", "residential"), rule("air_volume", "public"))
    )
    asked = np.select(
        [home, year < 2005],
        [rule("fresh_air_share", "residential"), rule("fresh_air_share", "public before 2005")],
        rule("fresh_air_share", "public from 2005"),
    )
    recovered = np.select(
        [home, year < 2015, year < 2022],
        [0.0, rule("heat_recovery", "public before 2015"), rule("heat_recovery", "public from 2015")],
        rule("heat_recovery", "public from 2022"),
    )
    people = net / schedules.people_m2[kind]
    fresh = people * schedules.fresh_m3_per_h[kind] * asked * (1.0 - recovered)
    opened = air * np.where(home, rule("open_windows", "residential"), rule("open_windows", "public"))
    window = forms.window
    solid = np.maximum(forms.wall - window, 0.0)
    through = {
        "wall": shell["wall_u_w_per_m2k"][:, None] * solid,
        "roof": shell["roof_u_w_per_m2k"] * forms.roof,
        "ground": rule("ground_factor", "floor") * shell["floor_u_w_per_m2k"] * forms.ground,
        "window": shell["window_u_w_per_m2k"][:, None] * window,
    }
    opaque = through["wall"].sum(axis=1) + through["roof"] + through["ground"]
    glass = through["window"].sum(axis=1)
    area = np.zeros((len(buildings), COLUMNS))
    area[:, :ROOF] = rule("absorptance", "wall") * OUTER_M2_K_PER_W * through["wall"]
    area[:, ROOF] = rule("absorptance", "roof") * OUTER_M2_K_PER_W * through["roof"]
    area[:, GLASS : GLASS + ROOF] = shell["window_shgc"][:, None] * rule("curtains", "glass") * window
    upright = (through["wall"] + through["window"]).sum(axis=1)
    sky = SEES_SKY["roof"] * through["roof"] + SEES_SKY["wall"] * upright
    area[:, SKY] = OUTER_M2_K_PER_W * SKY_W_PER_M2 * sky
    leak = np.asarray(by_air(shell["infiltration_ach"] * air))
    inside = TO_SURFACE_W_PER_M2_K * SURFACE_PER_FLOOR * net
    steady = (
        leak
        + np.asarray(by_air(fresh))
        + 1.0 / (1.0 / np.maximum(inside, 1e-9) + 1.0 / np.maximum(glass + opaque, 1e-9))
    )
    warm = np.nan_to_num(schedules.heat_to[kind], nan=design_c)
    least_mass = MASS_MARGIN * opaque / INSIDE_W_PER_M2_K
    zones = Zones(
        floor=_floor_of_gains(net, it_kw, taken),
        leak=leak,
        fresh=np.asarray(by_air(fresh)),
        opened=np.asarray(by_air(opened)),
        inside=np.maximum(inside, 1e-6),
        window=glass,
        opaque=opaque,
        mass_area=np.maximum(np.maximum(mass["area_ratio"] * net, least_mass), 1e-6),
        surface_area=np.maximum(np.maximum(SURFACE_PER_FLOOR * net, 1.2 * least_mass), 1e-6),
        capacity=np.maximum(mass["capacity_j_per_m2k"] * net, 1.0),
        sun_area=area,
        shade=forms.shade,
        gain=kind,
        set_points=kind,
        air=kind,
        most_heat=rule("plant_margin", "heating") * steady * np.maximum(warm - design_c, 0.0),
        most_cold=np.full(len(buildings), np.inf),
        heat_scale=np.ones(len(buildings)),
        cold_scale=np.where(
            buildings["use"].to_numpy(dtype=object) == DRY, 1.0, rule("latent", f"zone {zone[:1]}")
        ),
    )
    guess = guessed | _not_given(buildings, "use_source")
    table = pd.DataFrame(
        {
            "use_class": np.where(home, "residential", "public"),
            "vintage_from": shell["vintage_from"].astype(np.int64),
            "mass_class": mass["mass_class"],
            "demand_source": np.where(guess, "derived", "given"),
        },
        index=buildings.index,
    )
    return Archetypes(zones, table)


def _floor_of_gains(net: Numbers, it_kw: Numbers, taken: Taken) -> Numbers:
    """Floor area for which gains are counted: of data centres what their known power would fill."""
    if np.isnan(it_kw).all():
        return net
    usual = taken.number("internal_conditions", column="equipment_w_per_m2", use="data_centre")
    return np.where(np.isnan(it_kw), net, it_kw * 1000.0 / usual)


def _not_given(buildings: pd.DataFrame, name: str) -> NDArray[np.bool_]:
    """Where a column of sources says that a value was not given."""
    if name not in buildings:
        return np.zeros(len(buildings), dtype=bool)
    source = buildings[name]
    return np.asarray(source.notna() & (source.astype(str) != "given"), dtype=bool)


def _shells(home: NDArray[np.bool_], year: Numbers, zone: str, taken: Taken) -> dict[str, Numbers]:
    """Heat transfer, glass and leaks of each building by its class, year and main climate zone."""
    rows = taken.standards.table("envelope")
    rows = rows[rows["zone"].astype(str) == zone]
    names = (
        "wall_u_w_per_m2k", "roof_u_w_per_m2k", "floor_u_w_per_m2k", "window_u_w_per_m2k", "window_shgc",
        "infiltration_ach",
    )  # fmt: skip
    found = {name: np.zeros(len(year)) for name in (*names, "vintage_from")}
    for use_class, here in (("residential", home), ("public", ~home)):
        for _, row in rows[rows["use_class"] == use_class].iterrows():
            chosen = here & (year >= row["vintage_from"]) & (year < row["vintage_to"] + 1)
            if not chosen.any():
                continue
            keys = {"zone": zone, "use_class": use_class, "vintage_from": row["vintage_from"]}
            for name in names:
                found[name][chosen] = taken.number("envelope", column=name, **keys)
            found["vintage_from"][chosen] = row["vintage_from"]
    return found


def _masses(buildings: pd.DataFrame, taken: Taken) -> dict[str, Any]:
    """Mass of each building by its structure."""
    rows = taken.standards.table("mass_classes")
    by_word = {
        word: number for number, words in enumerate(rows["structures"]) for word in str(words).split(";")
    }
    unknown = by_word[UNKNOWN_STRUCTURE]
    if "structure" in buildings:
        which = buildings["structure"].map(by_word).fillna(unknown).to_numpy(dtype=np.int64)
    else:
        which = np.full(len(buildings), unknown)
    for row in np.unique(which):
        for name in ("capacity_j_per_m2k", "area_ratio"):
            taken.number("mass_classes", column=name, mass_class=str(rows["mass_class"].iloc[int(row)]))
    return {name: rows[name].to_numpy()[which] for name in ("mass_class", "capacity_j_per_m2k", "area_ratio")}

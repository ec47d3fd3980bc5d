"""Figures of the indicators: each number of a city's indicators under its key, with formula, inputs and published rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from plans.conversion import BASES, COAL_METHOD, Factors, avoided_by_power, emissions_of_coal
from plans.figures import Figure
from plans.indicator_inputs import GROSS, NET, IndicatorInputs, IndicatorSettings
from plans.indicator_values import Replaced, replaced
from standards import Number

# Titles by name; those of indicators by name and basis.
INPUTS = {
    "electricity": ("Electricity that urban civil buildings buy", "kWh/a"),
    "gas_m3": ("Gas that urban civil buildings buy, metered by volume", "m³/a"),
    "gas_kwh": ("Gas that urban civil buildings buy, modelled", "kWh/a"),
    "heat_gj": ("Heat that urban civil buildings buy", "GJ/a"),
    "coal_kg": ("Coal that urban civil buildings burn", "kg/a"),
    "rural_electricity": ("Electricity that rural civil buildings buy", "kWh/a"),
    "rural_gas_kwh": ("Gas that rural civil buildings buy", "kWh/a"),
    "rural_heat_gj": ("Heat that rural civil buildings buy", "GJ/a"),
    "power": ("Electricity from panels on civil buildings", "kWh/a"),
    "factory_power": ("Electricity from panels on factories", "kWh/a"),
    "solar_heat": ("Heat from collectors", "kWh/a"),
    "ground_heat": ("Heat from ground and water by heat pumps", "kWh/a"),
    "ground_heat_power": ("Electricity for heat from ground and water", "kWh/a"),
    "ground_cold": ("Cold from ground and water by heat pumps", "kWh/a"),
    "ground_cold_power": ("Electricity for cold from ground and water", "kWh/a"),
    "deep_heat": ("Heat from deep wells", "kWh/a"),
    "deep_power": ("Electricity for heat from deep wells", "kWh/a"),
    "air_heat": ("Heat from the air by heat pumps", "kWh/a"),
    "air_heat_power": ("Electricity for heat from the air", "kWh/a"),
    "air_cold": ("Cold from heat pumps on the air", "kWh/a"),
    "air_cold_power": ("Electricity for cold from heat pumps on the air", "kWh/a"),
    "biomass_heat": ("Heat from biomass", "kWh/a"),
    "waste_heat": ("Waste heat used", "kWh/a"),
    "waste_heat_power": ("Electricity for waste heat", "kWh/a"),
    "civil_capacity": ("Capacity of panels added on civil buildings, direct current", "kW"),
    "factory_capacity": ("Capacity of panels added on other buildings, direct current", "kW"),
    "new": ("Urban civil floor area finished in the period", "m²"),
    "new_prefabricated": ("Of it prefabricated", "m²"),
    "new_green": ("Of it green buildings", "m²"),
    "new_star": ("Of it green buildings with stars", "m²"),
    "new_residential_ratio": ("Design energy of new housing over that of the 2016 standards", "%"),
    "new_public_ratio": ("Design energy of new public buildings over that of the 2016 standards", "%"),
    "floor": ("Urban civil floor area", "m²"),
    "solar_water_area": ("Floor area with solar hot water", "m²"),
    "ground_area": ("Floor area with ground-source heat", "m²"),
    "solar_heating_area": ("Floor area with solar heating and cooling", "m²"),
    "solar_ground_area": ("Floor area with solar and ground-source heat together", "m²"),
}
REPLACED = {
    "power": ("Coal that panels on civil buildings replace", "E · κ", ("power",)),
    "factory_power": ("Coal that panels on factories replace", "E · κ", ("factory_power",)),
    "solar_heat": ("Coal that collectors replace", "Q · 3.6 / (q · η_t)", ("solar_heat",)),
    "ground_heat": (
        "Coal that heat from ground and water replaces",
        "Q · 3.6 / (q · η_t) − κ · E",
        ("ground_heat", "ground_heat_power"),
    ),
    "ground_cold": (
        "Coal that cold from ground and water replaces",
        "κ · (Q / EER_t − E)",
        ("ground_cold", "ground_cold_power"),
    ),
    "deep": ("Coal that deep wells replace", "Q · 3.6 / (q · η_t) − κ · E", ("deep_heat", "deep_power")),
    "air": (
        "Coal that heat pumps on the air replace",
        "Q_h · 3.6 / (q · η_t) − κ · E_h + κ · (Q_c / EER_t − E_c)",
        ("air_heat", "air_heat_power", "air_cold", "air_cold_power"),
    ),
    "biomass": ("Coal that biomass replaces", "Q · 3.6 / (q · η_t)", ("biomass_heat",)),
    "waste_heat": (
        "Coal that waste heat replaces",
        "Q · 3.6 / (q · η_t) − κ · E",
        ("waste_heat", "waste_heat_power"),
    ),
}
BASIS_TITLES = {
    "equivalent": {
        "bought": "Energy that urban civil buildings buy, electricity as the coal it takes",
        "rural_bought": "Energy that rural civil buildings buy, electricity as the coal it takes",
        "replaced": "Coal that renewable energy replaces, electricity as the coal it takes",
        "operation_energy_total": "Energy of building operation, electricity as the coal it takes",
        "electricity_share": "Share of electricity in building energy, counted as the coal it takes",
        GROSS: "Renewable substitution rate of urban buildings, R / (E + R), electricity as the coal it takes",
        NET: "Renewable substitution rate of urban buildings, R / E, electricity as the coal it takes",
    },
    "calorific": {
        "bought": "Energy that urban civil buildings buy, electricity as the heat in it",
        "rural_bought": "Energy that rural civil buildings buy, electricity as the heat in it",
        "replaced": "Coal that renewable energy replaces, electricity as the heat in it",
        "operation_energy_total": "Energy of building operation, electricity as the heat in it",
        "electricity_share": "Share of electricity in building energy, counted as the heat in it",
        GROSS: "Renewable substitution rate of urban buildings, R / (E + R), electricity as the heat in it",
        NET: "Renewable substitution rate of urban buildings, R / E, electricity as the heat in it",
    },
}
PLAIN = {
    "new_residential_efficiency_gain": (
        "Efficiency gain of new urban housing against the 2016 standards", "%", "1 − ratio of design energy",
        ("new_residential_ratio",),
    ),
    "new_public_efficiency_gain": (
        "Efficiency gain of new urban public buildings against the 2016 standards", "%", "1 − ratio of design energy",
        ("new_public_ratio",),
    ),
    "retrofit_area_residential": ("Housing retrofitted in the period", "m²", "", ()),
    "retrofit_area_public": ("Public buildings retrofitted in the period", "m²", "", ()),
    "ultra_low_energy_area": ("Ultra-low and nearly zero energy buildings of the period", "m²", "", ()),
    "prefabricated_share": (
        "Prefabricated share of new urban buildings", "%", "prefabricated / new", ("new_prefabricated", "new"),
    ),
    "pv_capacity_added": (
        "Capacity of panels on buildings added in the period, city and country, direct current", "kW",
        "on civil buildings + on others", ("civil_capacity", "factory_capacity"),
    ),
    "geothermal_area_added": ("Floor area newly served by geothermal heat in the period", "m²", "", ()),
    "green_building_share_new": ("Green share of new urban buildings", "%", "green / new", ("new_green", "new")),
    "star_share_new": (
        "Share of new urban buildings with stars", "%", "with stars / new", ("new_star", "new"),
    ),
    "equivalent_application_area": (
        "Equivalent area of renewable energy in buildings", "m²",
        "sum of areas · weight of each kind",
        ("solar_water_area", "ground_area", "solar_heating_area", "solar_ground_area"),
    ),
}  # fmt: skip


@dataclass
class _Drawn:
    """Figures of one city and year as they are made."""

    inputs: IndicatorInputs
    settings: IndicatorSettings
    found: list[Figure] = field(default_factory=list)

    def key(self, name: str, basis: str = "") -> str:
        """The key of a figure; the basis the planner chose is left unsaid."""
        said = "" if basis == self.settings.electricity_basis.removeprefix("elec_") else basis
        return ".".join(part for part in ("indicator", name, said, str(self.inputs.year)) if part)

    def add(
        self,
        key: str,
        title: str,
        value: float,
        unit: str,
        formula: str = "",
        inputs: tuple[str, ...] = (),
        numbers: tuple[Number, ...] = (),
    ) -> None:
        """One more figure; one without inputs was summed from the tables of the plan."""
        origin = "" if inputs else "indicator.indicator_value"
        self.found.append(Figure(key, title, value, unit, formula, inputs, numbers, origin))


def figures_of(
    inputs: IndicatorInputs,
    values: dict[tuple[str, str], float],
    found: Factors,
    settings: IndicatorSettings,
    weights: tuple[Number, ...],
) -> list[Figure]:
    """The figures of a city and year, those they are computed from first; `weights` are those of 折算应用面积."""
    drawn = _Drawn(inputs, settings)
    for name, value in _amounts(inputs).items():
        title, unit = INPUTS[name]
        drawn.add(drawn.key(f"input.{name}"), title, value, unit)
    for basis in BASES:
        _by_basis(drawn, basis, values, found)
    for name, (title, unit, formula, from_) in PLAIN.items():
        keys = tuple(drawn.key(f"input.{one}") for one in from_)
        rows = weights if name == "equivalent_application_area" else ()
        drawn.add(drawn.key(name), title, values[name, ""], unit, formula, keys, rows)
    drawn.add(
        drawn.key("retrofit_area"), "Existing buildings retrofitted in the period", values["retrofit_area", ""], "m²",
        "housing + public buildings",
        (drawn.key("retrofit_area_residential"), drawn.key("retrofit_area_public")),
    )  # fmt: skip
    _carbon(drawn, values, found)
    return drawn.found


def _amounts(inputs: IndicatorInputs) -> dict[str, float]:
    """The inputs by the names of their figures."""
    energy, rural, ground, air = inputs.energy, inputs.rural_energy, inputs.ground, inputs.air
    return {
        "electricity": energy.electricity_kwh, "gas_m3": energy.gas_m3, "gas_kwh": energy.gas_kwh,
        "heat_gj": energy.heat_gj, "coal_kg": energy.coal_kg,
        "rural_electricity": rural.electricity_kwh, "rural_gas_kwh": rural.gas_kwh, "rural_heat_gj": rural.heat_gj,
        "power": inputs.power_kwh, "factory_power": inputs.factory_power_kwh, "solar_heat": inputs.solar_heat_kwh,
        "ground_heat": ground.heat_kwh, "ground_heat_power": ground.heat_power_kwh,
        "ground_cold": ground.cold_kwh, "ground_cold_power": ground.cold_power_kwh,
        "deep_heat": inputs.deep_heat_kwh, "deep_power": inputs.deep_power_kwh,
        "air_heat": air.heat_kwh, "air_heat_power": air.heat_power_kwh,
        "air_cold": air.cold_kwh, "air_cold_power": air.cold_power_kwh,
        "biomass_heat": inputs.biomass_heat_kwh,
        "waste_heat": inputs.waste_heat_kwh, "waste_heat_power": inputs.waste_heat_power_kwh,
        "civil_capacity": inputs.power_kw, "factory_capacity": inputs.factory_power_kw,
        "new": inputs.new_m2, "new_prefabricated": inputs.new_prefabricated_m2, "new_green": inputs.new_green_m2,
        "new_star": inputs.new_star_m2, "new_residential_ratio": inputs.new_residential_ratio,
        "new_public_ratio": inputs.new_public_ratio, "floor": inputs.floor_m2,
        "solar_water_area": inputs.solar_water_m2, "ground_area": inputs.ground_m2,
        "solar_heating_area": inputs.solar_heating_m2, "solar_ground_area": inputs.solar_ground_m2,
    }  # fmt: skip


def _by_basis(drawn: _Drawn, basis: str, values: dict[tuple[str, str], float], found: Factors) -> None:
    """What depends on how electricity is counted as coal."""
    word = basis.removeprefix("elec_")
    titles, kappa = BASIS_TITLES[word], found.rows(word)
    energy = drawn.inputs.energy
    fuels = tuple(
        drawn.key(f"input.{one}") for one in ("electricity", "gas_m3", "gas_kwh", "heat_gj", "coal_kg")
    )
    coal = (*kappa, *found.rows("gas", "coal_mj", "heat", "coal"))
    bought = drawn.key("bought", word)
    drawn.add(
        bought, titles["bought"], energy.coal_kgce(found, basis), "kgce/a",
        "electricity · κ + gas volume · c(gas) + gas · 3.6 / q + heat · c(heat) + coal · c(coal)", fuels, coal,
    )  # fmt: skip
    saved = _replaced(drawn, basis, found)
    rural = drawn.key("rural_bought", word)
    drawn.add(
        rural, titles["rural_bought"], drawn.inputs.rural_energy.coal_kgce(found, basis), "kgce/a",
        "electricity · κ + gas · 3.6 / q + heat · c(heat)",
        tuple(drawn.key(f"input.rural_{one}") for one in ("electricity", "gas_kwh", "heat_gj")), coal,
    )  # fmt: skip
    total = "operation_energy_total"
    drawn.add(
        drawn.key(total, word), titles[total], values[total, word], "kgce/a", "urban + rural", (bought, rural)
    )
    share = "electricity_share"
    drawn.add(
        drawn.key(share, word), titles[share], values[share, word], "%", "electricity · κ / E", (fuels[0], bought),
        kappa,
    )  # fmt: skip
    for form, formula in ((GROSS, "R / (E + R)"), (NET, "R / E")):
        rate = "renewable_substitution_rate"
        drawn.add(
            drawn.key(f"{rate}.{form}", word), titles[form], values[rate, f"{form} {word}"], "%", formula,
            (saved, bought),
        )  # fmt: skip


def _replaced(drawn: _Drawn, basis: str, found: Factors) -> str:
    """Coal that each source replaces and their sum, whose key is given back."""
    word = basis.removeprefix("elec_")
    settings = drawn.settings
    parts = replaced(drawn.inputs, found, settings, basis)
    rows = {
        "power": (word,), "factory_power": (word,), "solar_heat": ("coal_mj", f"replaced_{settings.solar_replaces}"),
        "ground_cold": (word, "chiller"), "biomass": ("coal_mj", f"replaced_{settings.ground_replaces}"),
        "air": (word, "coal_mj", f"replaced_{settings.ground_replaces}", "chiller"),
    }  # fmt: skip
    heat = (word, "coal_mj", f"replaced_{settings.ground_replaces}")
    for name, (title, formula, from_) in REPLACED.items():
        drawn.add(
            drawn.key(f"replaced.{name}", word), title, float(getattr(parts, name)), "kgce/a", formula,
            tuple(drawn.key(f"input.{one}") for one in from_), found.rows(*rows.get(name, heat)),
        )  # fmt: skip
    total = drawn.key("replaced", word)
    counted = tuple(drawn.key(f"replaced.{one}", word) for one in _counted(settings))
    title = BASIS_TITLES[word]["replaced"]
    drawn.add(total, title, parts.total(settings), "kgce/a", "sum of what counts", counted)
    return total


def _counted(settings: IndicatorSettings) -> tuple[str, ...]:
    """Names of the sources that count in R."""
    asked = {
        "factory_power": settings.count_factory_power,
        "air": settings.count_air,
        "biomass": settings.count_biomass,
        "waste_heat": settings.count_waste_heat,
    }
    return tuple(name for name in Replaced.__dataclass_fields__ if asked.get(name, True))


def _carbon(drawn: _Drawn, values: dict[tuple[str, str], float], found: Factors) -> None:
    """Carbon of operation, and what saved coal would have emitted by the other method."""
    energy, rural = drawn.inputs.energy, drawn.inputs.rural_energy
    names = ("electricity", "gas_m3", "gas_kwh", "heat_gj", "coal_kg")
    rows = found.rows("grid", "gas_volume", "gas_energy", "heat_carbon", "coal_carbon")
    urban, country = drawn.key("carbon_urban"), drawn.key("carbon_rural")
    formula = "sum over carriers of energy bought · factor of the carrier"
    drawn.add(
        urban, "Carbon of operation of urban civil buildings in the year", energy.carbon(found).tonnes, "tCO2/a", formula,
        tuple(drawn.key(f"input.{one}") for one in names), rows,
    )  # fmt: skip
    drawn.add(
        country, "Carbon of operation of rural civil buildings in the year", rural.carbon(found).tonnes, "tCO2/a", formula,
        tuple(drawn.key(f"input.rural_{one}") for one in ("electricity", "gas_kwh", "heat_gj")), rows,
    )  # fmt: skip
    drawn.add(
        drawn.key("carbon_total"), "Carbon of operation of civil buildings in the year", values["carbon_total", ""],
        "tCO2/a", "urban + rural", (urban, country),
    )  # fmt: skip
    drawn.add(
        drawn.key("carbon_per_m2"), "Carbon of operation per urban civil floor area", values["carbon_per_m2", ""],
        "kgCO2/(m² a)", "carbon / floor area", (urban, drawn.key("input.floor")),
    )  # fmt: skip
    power = drawn.key("input.power")
    drawn.add(
        drawn.key("avoided.power"), "Carbon that panels on civil buildings avoid in the grid",
        avoided_by_power(drawn.inputs.power_kwh, found).tonnes, "tCO2/a", "E · factor of the grid", (power,),
        found.rows("grid"),
    )  # fmt: skip
    saved = drawn.key("replaced", "equivalent")
    kgce = replaced(drawn.inputs, found, drawn.settings).total(drawn.settings)
    emitted = emissions_of_coal(kgce, found)
    for name, title, value, row in (
        ("co2", "Carbon of the coal replaced, by GB/T 50801; not to be added to carbon by factors", emitted.co2.tonnes,
         "coal_co2"),
        ("so2", "Sulphur dioxide of the coal replaced, by GB/T 50801", emitted.so2_t, "coal_so2"),
        ("dust", "Dust of the coal replaced, by GB/T 50801", emitted.dust_t, "coal_dust"),
    ):  # fmt: skip
        drawn.add(
            drawn.key(f"{COAL_METHOD}.{name}"), title, value, "tCO2/a" if name == "co2" else "t/a", "R · factor of coal",
            (saved,), found.rows(row),
        )  # fmt: skip

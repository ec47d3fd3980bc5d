"""Figures of the baseline: its single numbers, of urban civil buildings and of all civil buildings."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from demand.systems import FINAL
from plans.conversion import Factors
from plans.figures import Figure, Figures

# How well energy is known: key, title in town, title of all civil buildings, column of the baseline and its unit.
QUALITY: tuple[tuple[str, str, str, str, str], ...] = (
    ("given_share", "Floor area of urban civil buildings with given use and year",
     "Floor area of civil buildings with given use and year", "given_share", "%"),
    ("meter_share", "Metered share of the energy of urban civil buildings",
     "Metered share of the energy of civil buildings", "meter_energy_share", "%"),
    ("audit_share", "Audited share of the energy of urban civil buildings",
     "Audited share of the energy of civil buildings", "audit_energy_share", "%"),
    ("statistics_share", "Share of the energy of urban civil buildings that statistics give",
     "Share of the energy of civil buildings that statistics give", "statistics_energy_share", "%"),
    ("model_share", "Modelled share of the energy of urban civil buildings",
     "Modelled share of the energy of civil buildings", "model_energy_share", "%"),
    ("p90", "Energy that urban civil buildings buy, exceeded in nine of ten cases",
     "Energy that civil buildings buy, exceeded in nine of ten cases", "final_p90_kwh_per_year", "kWh/a"),
    ("p10", "Energy that urban civil buildings buy, exceeded in one of ten cases",
     "Energy that civil buildings buy, exceeded in one of ten cases", "final_p10_kwh_per_year", "kWh/a"),
)  # fmt: skip


def figures_of(table: pd.DataFrame, found: Factors) -> Figures:
    """The single numbers of the baseline, of urban civil buildings and of all civil buildings."""
    figures: list[Figure] = []
    rows = table.to_dict("index")
    for scope in ("urban_civil", "civil"):
        row = rows[f"city/{scope}"]
        figures += _energy_figures(row, scope, found)
        figures += _quality_figures(row, scope)
    for group in ("urban_existing", "rural_existing", "urban_new", "rural_new"):
        name = f"settlement_stock/{group}"
        row = rows.get(name, {})
        figures += [
            Figure(
                f"baseline.{group}.floor_area", _SPLIT_AREA[group], float(row.get("gfa_m2", 0.0)),
                "m²", origin="baseline.gfa_m2",
            ),
            Figure(
                f"baseline.{group}.carbon", _SPLIT_CARBON[group],
                float(row.get("carbon_tco2_per_year", 0.0)),
                "tCO2/a", origin="baseline.carbon_tco2_per_year",
            ),
        ]  # fmt: skip
    return Figures.of(figures)


_SPLIT_AREA = {
    "urban_existing": "Floor area of existing urban civil buildings",
    "rural_existing": "Floor area of existing rural civil buildings",
    "urban_new": "Floor area of planned urban civil buildings",
    "rural_new": "Floor area of planned rural civil buildings",
}
_SPLIT_CARBON = {
    "urban_existing": "Carbon of operation of existing urban civil buildings",
    "rural_existing": "Carbon of operation of existing rural civil buildings",
    "urban_new": "Carbon of operation of planned urban civil buildings",
    "rural_new": "Carbon of operation of planned rural civil buildings",
}


def _energy_figures(row: dict[Hashable, Any], scope: str, found: Factors) -> list[Figure]:
    """What the buildings of a scope buy and emit."""
    urban = scope == "urban_civil"
    key = f"baseline.{scope}"
    carriers = tuple(f"{key}.{one}" for one in FINAL)
    fuels = found.rows("coal_mj", "heat")
    return [
        Figure(
            f"{key}.floor_area",
            "Floor area of urban civil buildings" if urban else "Floor area of civil buildings",
            float(row["gfa_m2"]), "m²", origin="baseline.gfa_m2",
        ),
        Figure(
            f"{key}.electricity",
            "Electricity bought by urban civil buildings" if urban else "Electricity bought by civil buildings",
            float(row["bought_electricity_kwh_per_year"]), "kWh/a", origin="baseline.bought_electricity_kwh_per_year",
        ),
        Figure(
            f"{key}.gas",
            "Gas bought by urban civil buildings" if urban else "Gas bought by civil buildings",
            float(row["bought_gas_kwh_per_year"]), "kWh/a", origin="baseline.bought_gas_kwh_per_year",
        ),
        Figure(
            f"{key}.heat",
            "Heat bought by urban civil buildings" if urban else "Heat bought by civil buildings",
            float(row["bought_heat_kwh_per_year"]), "kWh/a", origin="baseline.bought_heat_kwh_per_year",
        ),
        Figure(
            f"{key}.coal.equivalent",
            "Energy of urban civil buildings, electricity as the coal it takes"
            if urban
            else "Energy of civil buildings, electricity as the coal it takes",
            float(row["coal_equivalent_kgce_per_year"]), "kgce/a",
            "electricity · κ(equivalent) + gas · 3.6 / q + heat · 0.0036 · c(heat)",
            carriers, (*found.rows("equivalent"), *fuels),
        ),
        Figure(
            f"{key}.coal.calorific",
            "Energy of urban civil buildings, electricity as the heat in it"
            if urban
            else "Energy of civil buildings, electricity as the heat in it",
            float(row["coal_calorific_kgce_per_year"]), "kgce/a",
            "electricity · κ(calorific) + gas · 3.6 / q + heat · 0.0036 · c(heat)",
            carriers, (*found.rows("calorific"), *fuels),
        ),
        Figure(
            f"{key}.carbon",
            "Carbon of operation of urban civil buildings" if urban else "Carbon of operation of civil buildings",
            float(row["carbon_tco2_per_year"]), "tCO2/a",
            "sum over carriers of energy bought · factor of the carrier",
            carriers, found.rows("grid", "gas_energy", "heat_carbon"),
        ),
        Figure(
            f"{key}.carbon_per_m2",
            "Carbon of operation per floor area of urban civil buildings"
            if urban
            else "Carbon of operation per floor area of civil buildings",
            float(row["carbon_kg_per_m2"]), "kgCO2/(m² a)",
            "carbon / floor area", (f"{key}.carbon", f"{key}.floor_area"),
        ),
    ]  # fmt: skip


def _quality_figures(row: dict[Hashable, Any], scope: str) -> list[Figure]:
    """How well the energy of a scope is known."""
    key = f"baseline.{scope}"
    return [
        Figure(
            f"{key}.{name}",
            urban if scope == "urban_civil" else civil,
            float(row[column]), unit, origin=f"baseline.{column}",
        )
        for name, urban, civil, column, unit in QUALITY
    ]  # fmt: skip

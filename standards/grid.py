"""Emission factors of the grid: of the province, else of its region, else of the country."""

from __future__ import annotations

from standards.library import Standards
from standards.numbers import Number

NATIONAL = "全国"
SERIES = "average"


def grid_factor(standards: Standards, province: str, year: int | None = None) -> Number:
    """CO2 per kWh from the grid, of the province's average series. [kgCO2/kWh]

    Parameters
    ----------
    standards : Standards
        Tables of numbers.
    province : str
        Province or municipality in Chinese, with or without 省, 市 or 自治区; empty for the country.
    year : int, optional
        Year of the factor; the latest published one unless given.

    Returns
    -------
    Number
        Of the province; where none is published of the region named in `fallback_region`; of the country
        for any other name. The key says which.

    Raises
    ------
    KeyError
        No factor at all is published for that year.
    """
    table = standards.table("grid_factors")
    table = table[table["series"] == SERIES]
    table = table if year is None else table[table["year"] == year]
    if table.empty:
        raise KeyError(f"no grid factor is published for {year}")
    latest = table.sort_values("year").drop_duplicates("region", keep="last").set_index("region")
    name = next((one for one in map(str, latest.index) if province.startswith(one)), NATIONAL)
    region = str(latest["fallback_region"][name]) or name
    return standards.number(
        "grid_factors",
        column="factor_kgco2_per_kwh",
        year=int(latest["year"][region]),
        region=region,
        series=SERIES,
    )

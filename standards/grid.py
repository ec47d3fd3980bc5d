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
    of_year = table[table["year"] == (table["year"].max() if year is None else year)]
    if of_year.empty:
        raise KeyError(f"no grid factor is published for {year}")
    chosen_year = int(of_year["year"].iloc[0])
    fallback = of_year.set_index("region")["fallback_region"]
    name = next((region for region in fallback.index if province.startswith(region)), NATIONAL)
    region = fallback[name] or name
    return standards.number(
        "grid_factors", column="factor_kgco2_per_kwh", year=chosen_year, region=region, series=SERIES
    )

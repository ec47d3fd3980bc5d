"""Panels by the ratios of the county pilot: the quick statistic over roofs that is set beside the computed potential."""

from __future__ import annotations

import pandas as pd

from standards import Standards, Taken

COUNTY_PILOT, COVERAGE_NEW = "county_pilot", "coverage_new"
FLAT, METAL = "flat tilted", "flush metal"


def roof_share(standards: Standards, building_type: str, basis: str) -> float:
    """Share of a roof that a document asks for, on one basis; shares of two bases are never mixed.

    Parameters
    ----------
    standards : Standards
        With the table `roof_use`.
    building_type : str
        As in that table.
    basis : str
        First word of the basis: `county_pilot` (share of the whole roof that can carry panels), `coverage_new` (cover of
        new roofs), `area_share_shanghai`.

    Raises
    ------
    KeyError
        The document of that basis says nothing of the type.
    """
    table = standards.table("roof_use")
    of = table["ratio_basis"].str.split(" ").str[0]
    rows = table[(table["building_type"] == building_type) & (of == basis)]
    if len(rows) != 1:
        raise KeyError(f"{len(rows)} shares of {building_type} on the basis {basis}")
    return float(rows["default"].iloc[0])


def pilot_power(roofs: pd.DataFrame, taken: Taken) -> pd.DataFrame:
    """Capacity and electricity of the first year by shares of roofs.

    Parameters
    ----------
    roofs : DataFrame
        A row for each kind of roof: `roof_m2` gross [m²], `roof_pv_share` (all on one basis), `covering` (`flat tilted`
        or `flush metal`) and `sun_kwh_per_m2`, the sun of a year on the plane of modules [kWh/m²].
    taken : Taken
        Reads and remembers numbers.

    Returns
    -------
    DataFrame
        On the same index `covered_roof_m2`, `pv_kwp` (direct current) and `pv_kwh_per_year`. [m²], [kWp], [kWh]

    Notes
    -----
    Capacity is that of a square metre of covered roof, with the rows between modules in it: neither that of a square
    metre of module nor that of the whole roof.
    """
    density = {
        kind: taken.number("pv_parameters", parameter="kwp_per_covered_roof", case=kind)
        for kind in sorted(set(roofs["covering"]))
    }
    ratio = taken.number("pv_parameters", parameter="performance_ratio", case="roof")
    covered = roofs["roof_m2"] * roofs["roof_pv_share"]
    kwp = covered * roofs["covering"].map(density).astype(float)
    return pd.DataFrame(
        {"covered_roof_m2": covered, "pv_kwp": kwp, "pv_kwh_per_year": kwp * roofs["sun_kwh_per_m2"] * ratio}
    )

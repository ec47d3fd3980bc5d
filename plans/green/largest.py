"""The largest public building of parcels: given, from the buildings drawn, else as existing parcels of the kind have it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from core.problems import Problem, Severity
from standards import Taken


def largest_building(
    facts: pd.DataFrame, buildings: pd.DataFrame | None, taken: Taken
) -> tuple[pd.Series[float], pd.Series[bool], list[Problem]]:
    """Floor area of the largest public building of every parcel, and whether a public building is a landmark. [m²]

    Parameters
    ----------
    facts : DataFrame
        `new`, `gfa_m2`, `public_m2` and `grade_class` of the parcels.
    buildings : DataFrame, optional
        `parcel_id`, `use`, `gfa_m2` and what is known of `landmark` and `planned_demolition`.
    taken : Taken
        Numbers in force.

    Notes
    -----
    A large public building is a single one; the floor area of a parcel alone says only that none is larger. Where no
    buildings are drawn that hold enough of the floor area, it is the public floor area times the median share that
    the largest building has in existing parcels of the same class.
    """
    parcels = facts.index
    none = pd.Series(0.0, index=parcels)
    if buildings is None or buildings.empty:
        share = taken.number("green_rules", item="buildings", case="largest_share")
        largest = facts["public_m2"] * share
        return largest, none.astype(bool), _said(facts["new"] & (largest > 0), facts)
    stays = ~buildings.get("planned_demolition", pd.Series(False, index=buildings.index)).astype(
        "boolean"
    ).fillna(False).astype(bool)
    table = (
        taken.standards.table("land_use_codes").drop_duplicates("building_type").set_index("building_type")
    )
    civil = buildings["use"].map(table["civil"]).isin(("yes", "station_only"))
    public = stays & civil & buildings["use"].map(table["grade_class"]).ne("居住")
    of_parcel = buildings["parcel_id"]
    drawn = buildings["gfa_m2"].where(stays, 0.0).groupby(of_parcel).sum().reindex(parcels).fillna(0.0)
    kept = buildings[public]
    largest = kept.groupby("parcel_id")["gfa_m2"].max().reindex(parcels).fillna(0.0)
    total = kept.groupby("parcel_id")["gfa_m2"].sum().reindex(parcels).fillna(0.0)
    if "landmark" in buildings.columns:
        marks = kept["landmark"].astype("boolean").fillna(False).astype(bool)
        landmark = marks.groupby(kept["parcel_id"]).any().reindex(parcels).fillna(False).astype(bool)
    else:
        landmark = none.astype(bool)
    cover = taken.number("green_rules", item="buildings", case="cover")
    guessed = facts["new"] & (facts["public_m2"] > 0) & ~(drawn >= cover * facts["gfa_m2"])
    shares = _shares(facts, (largest / total.where(total > 0)).where(~facts["new"]), taken)
    largest = largest.where(~guessed, facts["public_m2"] * shares)
    return largest, landmark & ~guessed, _said(guessed, facts)


def _shares(facts: pd.DataFrame, known: pd.Series[float], taken: Taken) -> pd.Series[float]:
    """Median share of the largest building in public floor area, of existing parcels of the same class."""
    least = taken.number("green_rules", item="buildings", case="least")
    known = known.dropna()
    if len(known) < least:
        share = taken.number("green_rules", item="buildings", case="largest_share")
        return pd.Series(share, index=facts.index)
    classes = facts["grade_class"]
    by_class = known.groupby(classes.loc[known.index]).agg(["median", "size"])
    medians = by_class.loc[by_class["size"] >= least, "median"]
    return classes.map(medians).astype(float).fillna(float(np.median(known)))


def _said(guessed: pd.Series[bool], facts: pd.DataFrame) -> list[Problem]:
    if not guessed.any():
        return []
    return [
        Problem(
            "The largest public building of {count} new parcels is not known; it was estimated from existing parcels.",
            "Draw the planned buildings, or set the grades of these parcels by hand.",
            severity=Severity.WARNING,
            table="parcel",
            rows=tuple(facts.index[guessed]),
            count=int(guessed.sum()),
        )
    ]

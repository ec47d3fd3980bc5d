"""Building parts: outlines that give way to their parts, and roofs that are seen from above only once."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from core.problems import Problem, Severity
from layers.geometry import BUILDING_PART, areas_of, as_ids, shapes_of
from standards import Standards

INHERITED = ("use", "land_use_code", "land_use_name", "year_built", "roof_type", "name", "parcel_id")


def lay_out_parts(
    buildings: gpd.GeoDataFrame, standards: Standards
) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """Buildings in which every roof counts once.

    A row of `kind` `building_part` belongs to the outline whose id is its `root_id`. Where the parts cover
    the outline it is left out; where they cover some of it, it keeps what they leave. Parts without height
    take the outline's, and its use, year and name where they have none. The floor area given for an outline is
    shared out by volume among what is left of it and its parts.

    Parameters
    ----------
    buildings : GeoDataFrame
        Repaired buildings; with `kind` and `root_id` where the source knows parts.
    standards : Standards
        Gives the share from which parts replace an outline.

    Returns
    -------
    GeoDataFrame
        With `roof_m2`: the plan area that no higher part of the same building covers.
    list of Problem
        Which outlines gave way, which were cut, which parts have no outline.
    """
    out = buildings.copy()
    area = pd.Series(shapely.area(shapes_of(out)), index=out.index)
    out["roof_m2"] = out["roof_m2"].fillna(area) if "roof_m2" in out.columns else area
    if "kind" not in out.columns or "root_id" not in out.columns:
        return out, []
    root = as_ids(out["root_id"])
    parts = out["kind"].eq(BUILDING_PART) & root.ne("")
    if not parts.any():
        return out, []
    outlines = out.index[out["given_id"].isin(set(root[parts])) & ~parts]
    by_root = {name: group.index for name, group in out[parts].groupby(root[parts])}
    out = _with_outline_values(out, outlines, by_root)
    cover = standards.number("given_data_rules", rule="parts_cover").value
    replaced, cut, alone = _settle_outlines(out, outlines, by_root, cover)
    out = _share_floor_area(out, [*replaced, *cut], by_root, set(replaced))
    out = _count_once(out, by_root).drop(index=replaced)
    said = (
        (
            replaced,
            Severity.NOTE,
            "{count} outlines are covered by their parts; the parts count in their place.",
            "Nothing needs to be done.",
        ),
        (
            cut,
            Severity.WARNING,
            "{count} outlines are covered by their parts only in places; they keep the rest.",
            "Check the height of these outlines: it may be that of the highest part.",
        ),
        (
            alone,
            Severity.NOTE,
            "{count} building parts have no outline; they count as buildings.",
            "Nothing needs to be done.",
        ),
    )
    return out, [
        Problem(message, remedy, severity=severity, table="building", rows=tuple(rows), count=len(rows))
        for rows, severity, message, remedy in said
        if len(rows)
    ]


def _with_outline_values(
    out: gpd.GeoDataFrame, outlines: pd.Index, by_root: dict[str, pd.Index]
) -> gpd.GeoDataFrame:
    """Parts with the values of their outline where they have none of their own."""
    first = out.loc[outlines].drop_duplicates("given_id").set_index("given_id")
    owner = pd.Series({row: root for root, rows in by_root.items() for row in rows})
    owner = owner[owner.isin(first.index)]
    for name in (column for column in INHERITED if column in out.columns):
        lacking = owner[out.loc[owner.index, name].isna()]
        out.loc[lacking.index, name] = first[name].reindex(lacking).to_numpy()
    if "height_m" in out.columns and len(owner):
        height = out.loc[owner.index, "height_m"]
        given = first["height_m"].reindex(owner).to_numpy(dtype=float)
        lacking = owner[(height.isna() | (height <= 0)).to_numpy() & (given > 0)]
        if "height_source" not in out.columns:
            out["height_source"] = pd.Series(pd.NA, index=out.index, dtype="str")
        out.loc[lacking.index, "height_m"] = first["height_m"].reindex(lacking).to_numpy()
        out.loc[lacking.index, "height_source"] = "derived"
    return out


def _settle_outlines(
    out: gpd.GeoDataFrame, outlines: pd.Index, by_root: dict[str, pd.Index], cover: float
) -> tuple[list[str], list[str], list[str]]:
    """Cut outlines in place by their parts; the rows replaced, cut, and the parts that stand alone."""
    shape = dict(zip(out.index, shapes_of(out), strict=True))
    replaced, cut = [], []
    for row in outlines:
        parts = shapely.union_all([shape[part] for part in by_root[out.at[row, "given_id"]]])
        outline = shape[row]
        share = shapely.area(shapely.intersection(outline, parts)) / shapely.area(outline)
        if share >= cover:
            replaced.append(row)
        elif share > 0:
            rest = areas_of(np.array([shapely.difference(outline, parts)], dtype=object))[0]
            out.at[row, out.geometry.name] = rest
            out.at[row, "roof_m2"] = shapely.area(rest)
            cut.append(row)
    known = set(out.loc[outlines, "given_id"])
    alone = [part for root, parts in by_root.items() if root not in known for part in parts]
    return replaced, cut, alone


def _share_floor_area(
    out: gpd.GeoDataFrame, outlines: list[str], by_root: dict[str, pd.Index], replaced: set[str]
) -> gpd.GeoDataFrame:
    """Give an outline's floor area to its remainder and its parts, so that it counts once."""
    if "footprint_m2" in out.columns:
        out.loc[[row for row in outlines if row not in replaced], "footprint_m2"] = np.nan
    if "gfa_m2" not in out.columns:
        return out
    if "gfa_source" not in out.columns:
        out["gfa_source"] = pd.Series(pd.NA, index=out.index, dtype="str")
    for row in outlines:
        whole_m2 = out.at[row, "gfa_m2"]
        parts = by_root[out.at[row, "given_id"]]
        own_m2 = out.loc[parts, "gfa_m2"]
        sharing = [part for part in parts if not own_m2[part] > 0]
        sharing = sharing if row in replaced else [row, *sharing]
        if whole_m2 > 0 and sharing:
            volume = _volumes(out.loc[sharing])
            rest_m2 = max(float(whole_m2) - float(own_m2[own_m2 > 0].sum()), 0.0)
            out.loc[sharing, "gfa_m2"] = rest_m2 * volume / volume.sum()
            out.loc[sharing, "gfa_source"] = "derived"
    return out


def _volumes(rows: gpd.GeoDataFrame) -> pd.Series[float]:
    """Volume of each row; its area alone where not all heights are known. [m³ or m²]"""
    area = pd.Series(shapely.area(shapes_of(rows)), index=rows.index)
    if "height_m" not in rows.columns:
        return area
    height = rows["height_m"].astype(float)
    if "min_height_m" in rows.columns:
        height = height - rows["min_height_m"].astype(float).fillna(0.0)
    return area * height if (height > 0).all() else area


def _count_once(out: gpd.GeoDataFrame, by_root: dict[str, pd.Index]) -> gpd.GeoDataFrame:
    """Give parts that stand on each other only the roof that is seen from above."""
    shape = dict(zip(out.index, shapes_of(out), strict=True))
    height = out["height_m"] if "height_m" in out.columns else pd.Series(0.0, index=out.index)
    height = height.fillna(0.0)
    for parts in by_root.values():
        if len(parts) < 2:
            continue
        above = None
        for part in height[parts].sort_values(ascending=False, kind="stable").index:
            seen = shape[part] if above is None else shapely.difference(shape[part], above)
            out.at[part, "roof_m2"] = shapely.area(seen)
            above = shape[part] if above is None else shapely.union(above, shape[part])
    return out

"""Small cities for the tests of green buildings: parcels, buildings and areas on a square grid."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from shapely.geometry import Point, box

CRS = "EPSG:4545"
EDGE = 100.0  # m


def parcels(*rows: dict[str, object]) -> gpd.GeoDataFrame:
    """Parcels side by side, planned, urban and private unless a row says otherwise."""
    usual = {
        "use": "residential",
        "use_mix": "",
        "land_use_system": "plan2023",
        "land_use_code": "",
        "name": "",
        "status": "planned",
        "settlement": "urban",
        "investor": "private",
        "affordable_housing": False,
        "quality_auction": False,
        "planning_unit": "U1",
        "district_code": "D1",
        "gfa_m2": 10_000.0,
        "far": 1.0,
        "plot_area_m2": EDGE**2,
    }
    frame = pd.DataFrame([{**usual, **row} for row in rows])
    names = [str(row.get("id", f"P{at + 1:02d}")) for at, row in enumerate(rows)]
    shapes = [box(at * EDGE, 0, (at + 1) * EDGE, EDGE) for at in range(len(rows))]
    frame = frame.drop(columns="id", errors="ignore").set_axis(pd.Index(names, name="parcel_id"))
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=CRS)


def units(**types: str) -> gpd.GeoDataFrame:
    """Planning units with their types, each a square kilometre."""
    shapes = [box(at * 1000, 0, (at + 1) * 1000, 1000) for at in range(len(types))]
    return gpd.GeoDataFrame(
        {"unit_type": list(types.values()), "name": list(types), "district_code": "D1"},
        index=pd.Index(list(types), name="planning_unit_id"),
        geometry=shapes,
        crs=CRS,
    )


def key_area(first: int, last: int, kind: str = "商务中心") -> gpd.GeoDataFrame:
    """A key functional area over the parcels from one place in the row to another."""
    shape = box(first * EDGE, 0, (last + 1) * EDGE, EDGE)
    return gpd.GeoDataFrame({"kind": [kind]}, index=["K1"], geometry=[shape], crs=CRS)


def station(x: float) -> gpd.GeoDataFrame:
    """A metro station at a distance along the row of parcels. [m]"""
    return gpd.GeoDataFrame({"kind": ["station"]}, index=["M1"], geometry=[Point(x, EDGE / 2)], crs=CRS)


def targets(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
    """Targets of 2030: indicator, kind of area, id of the area, value."""
    return pd.DataFrame(
        [(*row[:3], 2030, ">=", row[3]) for row in rows],
        columns=["indicator", "area_kind", "area_id", "year", "operator", "value"],
    )

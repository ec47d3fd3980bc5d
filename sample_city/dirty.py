"""Files with the faults that planners' data have: one fault a file, cut from the sample city."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from layers.datum import wgs84_to_gcj02
from sample_city.words import as_planners_write

SQUARE_METRES_PER_MU = 2_000 / 3
# Short columns of the parcel Shapefile, as pinyin initials.
PINYIN = {"地块编号": "DKBH", "用地代码": "YDDM", "用地性质": "YDXZ", "容积率": "RJL", "建筑密度": "JZMD", "绿地率": "LDL",
          "限高": "XG", "用地面积": "YDMJ", "开发状态": "开发状态", "投资主体": "投资主体", "名称": "名称"}  # fmt: skip
_DBF_DATE = "2026-01-01"


def write_dirty(tables: Mapping[str, gpd.GeoDataFrame], folder: Path) -> list[Path]:
    """Write the faulty files.

    Parameters
    ----------
    tables : Mapping of str to GeoDataFrame
        `building` and `parcel` of the sample city.
    folder : Path
        An existing folder; files of the same names are replaced.

    Returns
    -------
    list of Path
        The files, each part of a Shapefile by itself.
    """
    parcels = as_planners_write(tables["parcel"], "parcel")
    buildings = as_planners_write(tables["building"], "building")
    old = buildings[tables["building"]["parcel_id"].isin(tables["parcel"].index[:160]).to_numpy()].head(400)
    return [
        *_gbk_without_cpg(parcels.head(200), folder / "地块_GBK编码.shp"),
        _shifted(old.head(250), folder / "建筑_火星坐标.geojson"),
        _repeated_ids(old.head(120), folder / "建筑_编号重复.gpkg"),
        _crossing_itself(parcels.head(60), folder / "地块_自相交.gpkg"),
        _without_heights(old.head(200), folder / "建筑_缺高度.geojson"),
        _areas_in_mu(tables["parcel"], parcels, folder / "地块_面积为亩.csv"),
        *_without_prj(old.head(150), folder / "建筑_缺坐标系.shp"),
        _swapped_axes(parcels.head(80), folder / "地块_坐标轴颠倒.gpkg"),
    ]


def _gbk_without_cpg(parcels: gpd.GeoDataFrame, path: Path) -> list[Path]:
    cut = parcels[[*PINYIN, "geometry"]].rename(columns=PINYIN)
    return _shapefile(cut, path, ("cpg",))


def _without_prj(buildings: gpd.GeoDataFrame, path: Path) -> list[Path]:
    names = {"楼栋编号": "LDBH", "高度": "GD", "层数": "CS", "建成年代": "JCND", "用途": "用途"}
    return _shapefile(buildings[[*names, "geometry"]].rename(columns=names), path, ("prj", "cpg"))


def _shapefile(frame: gpd.GeoDataFrame, path: Path, without: tuple[str, ...]) -> list[Path]:
    pyogrio.write_dataframe(
        frame,
        path,
        driver="ESRI Shapefile",
        encoding="GBK",
        layer_options={"DBF_DATE_LAST_UPDATE": _DBF_DATE},
    )
    for suffix in without:
        path.with_suffix(f".{suffix}").unlink(missing_ok=True)
    return sorted(path.parent.glob(f"{path.stem}.*"))


def _shifted(buildings: gpd.GeoDataFrame, path: Path) -> Path:
    """Coordinates of a web map: the shift of GCJ-02 on top of longitude and latitude, and nothing that says so."""
    degrees = buildings.to_crs(4326)

    def shift(corners: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(wgs84_to_gcj02(corners[:, 0], corners[:, 1]))

    moved = degrees.set_geometry(
        gpd.GeoSeries(shapely.transform(degrees.geometry.to_numpy(), shift), index=degrees.index), crs=4326
    )
    return _write(moved, path, "GeoJSON")


def _repeated_ids(buildings: gpd.GeoDataFrame, path: Path) -> Path:
    out = buildings.copy()
    ids = out["楼栋编号"].to_numpy().copy()
    ids[10:16] = ids[4:10]
    ids[40] = ids[41] = ids[42]
    return _write(out.assign(楼栋编号=ids), path, "GPKG")


def _crossing_itself(parcels: gpd.GeoDataFrame, path: Path) -> Path:
    shapes = parcels.geometry.to_numpy().copy()
    for number in (3, 11, 27, 44):
        west, south, east, north = shapes[number].bounds
        shapes[number] = Polygon([(west, south), (east, north), (east, south), (west, north)])
    return _write(
        parcels.set_geometry(gpd.GeoSeries(shapes, index=parcels.index), crs=parcels.crs), path, "GPKG"
    )


def _without_heights(buildings: gpd.GeoDataFrame, path: Path) -> Path:
    out = buildings.drop(columns=["建筑面积"])
    missing = np.arange(len(out)) % 3 != 0
    both = np.arange(len(out)) % 12 == 1
    out["高度"] = out["高度"].mask(missing)
    out["层数"] = out["层数"].mask(both)
    return _write(out.to_crs(4490), path, "GeoJSON")


def _areas_in_mu(given: gpd.GeoDataFrame, parcels: gpd.GeoDataFrame, path: Path) -> Path:
    """Parcels as a sheet: areas in mu, floor areas with thousands separators, shares in per cent, one point each."""
    points = given.geometry.representative_point().to_crs(4490)
    sheet = parcels[["地块编号", "用地代码", "用地性质", "容积率"]].assign(
        **{
            "用地面积（亩）": [f"{area / SQUARE_METRES_PER_MU:.2f}" for area in given["plot_area_m2"]],
            "建筑面积（㎡）": [f"{area:,.0f}" for area in given["gfa_m2"]],
            "建筑密度（%）": (100 * given["building_density"]).round(1).to_numpy(),
            "绿地率（%）": (100 * given["green_ratio"]).round(0).to_numpy(),
            "限高（m）": given["height_limit_m"].to_numpy(),
            "东经": points.x.round(7).to_numpy(),
            "北纬": points.y.round(7).to_numpy(),
        }
    )
    sheet.to_csv(path, index=False, encoding="gb18030", lineterminator="\n")
    return path


def _swapped_axes(parcels: gpd.GeoDataFrame, path: Path) -> Path:
    swapped = shapely.transform(parcels.geometry.to_numpy(), lambda corners: corners[:, ::-1])
    return _write(
        parcels.set_geometry(gpd.GeoSeries(swapped, index=parcels.index), crs=parcels.crs), path, "GPKG"
    )


def _write(frame: gpd.GeoDataFrame, path: Path, driver: str) -> Path:
    path.unlink(missing_ok=True)
    options = {"RFC7946": "NO", "COORDINATE_PRECISION": 8} if driver == "GeoJSON" else {}
    pyogrio.write_dataframe(frame, path, driver=driver, layer=path.stem, layer_options=options)
    return path

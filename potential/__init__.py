"""Potentials: what each renewable source needs and gives, one module a source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any

import pandas as pd

from core.jobs import Job
from layers.city import City, Raster
from standards import Number


class Grade(StrEnum):
    """How well a source suits a building or parcel, best first."""

    SUITABLE = "suitable"  # 适宜
    FAIRLY_SUITABLE = "fairly_suitable"  # 较适宜
    CONDITIONAL = "conditional"  # 有条件
    UNSUITABLE = "unsuitable"  # 不适宜
    FORBIDDEN = "forbidden"  # 禁止
    NEEDS_SURVEY = "needs_survey"  # 资料不足: a layer is missing, so nothing can be said


@dataclass(frozen=True)
class Assessment:
    """What one potential found.

    Parameters
    ----------
    name : str
        Name of the potential, e.g. `rooftop`.
    parcels : DataFrame, indexed by parcel_id
        Grade, reason, quantities, P10 and P90 of every parcel.
    options : DataFrame
        One row per parcel and technology: what a plan may choose, up to which size and at what price.
    details : Mapping of str to DataFrame
        Per building, roof plane, borefield or well, indexed by its id; what has a shape of its own, such as a roof
        plane, is a GeoDataFrame.
    totals : Mapping of str to float
        Sums over the city; they equal the sums of `parcels` and of what lies outside all parcels.
    rasters : Mapping of str to Raster
        Maps, e.g. `irradiation_kwh_per_m2`.
    numbers : tuple of Number
        Every published or assumed number that was used, with its source.
    remarks : tuple of str
        What was assumed and what data would decide it, sentences in English with a translation.
    """

    name: str
    parcels: pd.DataFrame
    options: pd.DataFrame
    details: Mapping[str, pd.DataFrame]
    totals: Mapping[str, float]
    rasters: Mapping[str, Raster] = field(default_factory=lambda: MappingProxyType({}))
    numbers: tuple[Number, ...] = ()
    remarks: tuple[str, ...] = ()

    @cached_property
    def graded(self) -> bool:
        """Whether parcels are judged; demand, for one, is neither good nor bad."""
        words = [name for name in ("grade", "reason") if name in self.parcels]
        return bool((self.parcels[words].fillna("").astype(str) != "").to_numpy().any())


@dataclass(frozen=True)
class Potential:
    """One renewable source.

    Parameters
    ----------
    name : str
        Key in tables, files and commands.
    title : str
        What it is called, English with a translation.
    tables, rasters : tuple of str
        Tables and rasters of the City it cannot do without.
    standards : tuple of str
        Tables of published numbers it reads.
    settings : type
        Frozen dataclass of what the user may set; built without arguments it holds the defaults.
    assess : callable
        `assess(city, demand, settings, job) -> Assessment`.
    uses_demand : bool
        Whether it serves the demand of buildings: `assess` is then given a `Demand`, else None.
    """

    name: str
    title: str
    tables: tuple[str, ...]
    rasters: tuple[str, ...]
    standards: tuple[str, ...]
    settings: type
    assess: Callable[[City, Any, Any, Job], Assessment]
    uses_demand: bool = False

"""Weather: a typical year of hours, read from EPW or TMY files or built from monthly means."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Weather:
    """A typical year, hour by hour.

    Parameters
    ----------
    hours : DataFrame, 8760 rows
        Indexed by the start of each hour, in the fixed time zone of the station (leap days left out);
        columns by pvlib's names: `ghi`, `dni`, `dhi` [W/m², mean of the hour], `temp_air` [°C],
        `wind_speed` [m/s], and where known `relative_humidity` [%], `pressure` [Pa], `dew_point` [°C].
    latitude, longitude : float
        Place of the station, north and east positive. [°]
    altitude : float
        Height above the sea. [m]
    name : str
        Name of the station or city.
    kind : str
        `measured_typical_year` (EPW, TMY) or `typical_year_from_monthly_means`.
    source : str
        Where the hours come from, as printed in documents.
    """

    hours: pd.DataFrame
    latitude: float
    longitude: float
    altitude: float
    name: str
    kind: str
    source: str

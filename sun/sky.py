"""The sky of a site: a typical year of sun and sky light, summed once into a table of directions."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from core.problems import Problem, UserError
from layers.sun_place import sun_place
from layers.weather import Weather

MODELS = ("isotropic", "haydavies", "perez")
STAMPS = {"start": 0.0, "middle": -0.5, "end": -1.0}  # from the stamp to the start of its hour [h]
MONTHS = 12
SUB_STEPS = 6
MOST_BEAM_W_PER_M2 = 1100.0  # beam that a low sun's small sine would blow up is light of the sky instead
LEAST_MEAN_SINE = 0.02  # hours with less sun than this tell nothing of the beam
LEAST_SUN_DEG = 3.0  # below it the circumsolar light is too spread to be called a direction
LEAST_SINE = {"haydavies": 0.0523, "perez": float(np.cos(np.radians(85.0)))}  # as the models' authors cap it


@dataclass(frozen=True)
class SkyTable:
    """Light of a year by direction, ready for any plane and any horizon.

    The irradiation of a plane is the sum of `n · V` over the directions that it sees and faces, plus the
    ground's share; `A` is the number of azimuths, `K` the number of elevation bands, lowest first. Vectors
    point east, north and up.

    Parameters
    ----------
    azimuth_deg : ndarray, (A,)
        Centres of the azimuth bins, clockwise from true north. [°]
    tan_elevation : ndarray, (A, K)
        Tangent of the elevation at which the visibility of each band is tested, rising with the band.
    beam, diffuse : ndarray, (12, A, K, 3)
        Beam with circumsolar light, and sky with horizon ring less what the ground sends, per month. [kWh/m²]
    ghi : ndarray, (12,)
        Global horizontal irradiation per month. [kWh/m²]
    albedo : float
        Share of light that the ground reflects.
    model : str
        Sky model, one of `MODELS`.
    """

    azimuth_deg: NDArray[np.float64]
    tan_elevation: NDArray[np.float64]
    beam: NDArray[np.float64]
    diffuse: NDArray[np.float64]
    ghi: NDArray[np.float64]
    albedo: float
    model: str

    @property
    def beam_year(self) -> NDArray[np.float64]:
        """Beam with circumsolar light over the year, (A, K, 3). [kWh/m²]"""
        total: NDArray[np.float64] = self.beam.sum(axis=0)
        return total

    @property
    def diffuse_year(self) -> NDArray[np.float64]:
        """Sky light less what the ground sends over the year, (A, K, 3). [kWh/m²]"""
        total: NDArray[np.float64] = self.diffuse.sum(axis=0)
        return total

    @property
    def ghi_year(self) -> float:
        """Global horizontal irradiation of the year. [kWh/m²]"""
        return float(self.ghi.sum())

    @property
    def whole_year(self) -> SkyTable:
        """The same sky with the year in place of its months: one row in place of twelve."""
        return replace(
            self,
            beam=self.beam_year[None],
            diffuse=self.diffuse_year[None],
            ghi=self.ghi.sum(keepdims=True),
        )

    @property
    def ground(self) -> NDArray[np.float64]:
        """Light that every plane gets from ground and obstacles, per month, (12,). [kWh/m²]"""
        return self.albedo * self.ghi

    @property
    def centres(self) -> NDArray[np.float64]:
        """Unit vectors to the middle of every band, (A, K, 3)."""
        azimuth = np.radians(self.azimuth_deg)[:, None]
        bands = self.tan_elevation.shape[1]
        elevation = (np.arange(bands) + 0.5)[None, :] * (np.pi / 2 / bands)
        return _directions(azimuth, elevation)

    @property
    def split_bands(self) -> NDArray[np.int64]:
        """Number of lowest bands per azimuth whose sky part may be negative over the year, (A,).

        There beam and sky are clipped apart: the beam by its own value, the sky by whether the plane faces the
        middle of the band. Everywhere else the clip is on their sum.
        """
        azimuth = np.radians(self.azimuth_deg)[:, None]
        diffuse = self.diffuse_year
        outward = diffuse[..., 0] * np.sin(azimuth) + diffuse[..., 1] * np.cos(azimuth)
        negative = (outward < 0) | (diffuse[..., 2] < 0)
        bands = negative.shape[1]
        highest: NDArray[np.int64] = bands - np.argmax(negative[:, ::-1], axis=1)
        return np.where(negative.any(axis=1), highest, 0)


def sky_table(
    weather: Weather | pd.DataFrame,
    latitude: float,
    longitude: float,
    azimuths: int = 72,
    bands: int = 24,
    *,
    model: str = "perez",
    albedo: float = 0.2,
    altitude: float = 0.0,
    stamp: str = "start",
) -> SkyTable:
    """Sum a year of weather into a table of directions.

    Every hour is cut into six; the sun's true direction of each goes to the two azimuth bins around it, so a
    horizontal plane without horizon receives the year's GHI and a tilted one pvlib's sum [1]_ [2]_ [3]_.

    Parameters
    ----------
    weather : Weather or DataFrame
        Hours with a time zone in the index and the columns `ghi`, `dni`, `dhi`. [W/m²]
    latitude, longitude : float
        Site, north and east positive. [°]
    azimuths, bands : int
        Number of azimuth bins and of elevation bands.
    model : str
        `isotropic`, `haydavies` or `perez`.
    albedo : float
        Share of light that the ground reflects.
    altitude : float
        Height above the sea, for refraction. [m]
    stamp : str
        Whether the index marks the `start`, `middle` or `end` of its hour.

    Returns
    -------
    SkyTable

    Raises
    ------
    UserError
        If columns or time zone are missing, or values are.

    Notes
    -----
    The beam of an hour is GHI less DHI on the horizontal. What of it cannot be given to a direction (no sun in
    the hour, or a sun so low that the cap bites) counts as light of the whole sky, so no energy is lost.

    References
    ----------
    .. [1] R. Perez et al., "Modeling daylight availability and irradiance components from direct and global
       irradiance," Solar Energy 44(5), 271-289, 1990.
    .. [2] J. E. Hay and J. A. Davies, "Calculation of the solar radiation incident on an inclined surface,"
       First Canadian Solar Radiation Data Workshop, 59-72, 1980.
    .. [3] D. Robinson and A. Stone, "Irradiation modelling made simple: the cumulative sky approach and its
       applications," PLEA 2004.
    """
    if model not in MODELS or stamp not in STAMPS:
        raise ValueError(f"model must be one of {MODELS}, stamp one of {tuple(STAMPS)}")
    hours = weather.hours if isinstance(weather, Weather) else weather
    _check(hours)
    ghi = np.maximum(hours["ghi"].to_numpy(np.float64), 0.0)
    dhi = np.clip(hours["dhi"].to_numpy(np.float64), 0.0, ghi)
    start = pd.DatetimeIndex(hours.index) + pd.Timedelta(hours=STAMPS[stamp])
    month = start.month.to_numpy() - 1

    middles = pd.to_timedelta((np.arange(SUB_STEPS) + 0.5) / SUB_STEPS, unit="h")
    utc = start.tz_convert("UTC").tz_localize(None).to_numpy()
    times = pd.DatetimeIndex(np.add.outer(utc, middles.to_numpy()).ravel(), tz="UTC")
    sun = sun_place(times, latitude, longitude, altitude)
    elevation = np.radians(sun["apparent_elevation"])
    azimuth = np.radians(sun["azimuth"])

    beam_w, circumsolar_w, ring_w = _sun_and_ring(times, elevation, azimuth, ghi, dhi, model)
    to_horizontal = np.maximum(np.sin(elevation), 0.0)
    kwh = 1.0 / (1000.0 * SUB_STEPS)
    direct_w = beam_w + circumsolar_w
    sky_w = ghi - (direct_w * to_horizontal).reshape(-1, SUB_STEPS).mean(axis=1)
    sky_kwh, ghi_kwh = _monthly(month, sky_w / 1000.0), _monthly(month, ghi / 1000.0)
    ring_kwh = _monthly(np.repeat(month, SUB_STEPS), ring_w * kwh)

    beam, tan_elevation = _beam(
        np.repeat(month, SUB_STEPS), elevation, azimuth, direct_w * kwh, azimuths, bands
    )
    diffuse = _diffuse((sky_kwh - albedo * ghi_kwh) / np.pi, ring_kwh, azimuths, bands)
    centres_deg = np.arange(azimuths, dtype=np.float64) * (360.0 / azimuths)
    return SkyTable(centres_deg, tan_elevation, beam, diffuse, ghi_kwh, albedo, model)


def sky_integrals(horizon_deg: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What an even sky above a horizon gives, per radian of azimuth and unit radiance.

    Parameters
    ----------
    horizon_deg : array_like
        Elevation of the horizon. [°]

    Returns
    -------
    outward, up : ndarray
        Integrals of cos²e and of sin e cos e from the horizon to the zenith.
    """
    h = np.radians(np.asarray(horizon_deg, dtype=np.float64))
    return (np.pi / 2 - h) / 2 - np.sin(2 * h) / 4, np.cos(h) ** 2 / 2


def lit_from_horizon(horizon_deg: ArrayLike, sky: SkyTable) -> NDArray[np.uint8]:
    """Number of lit bands above a horizon: the byte in which a horizon is kept.

    Bands are lit from the top down, so their number says where the horizon is: 0 is no sky at all, K is the
    whole sky.

    Parameters
    ----------
    horizon_deg : array_like, (n, A)
        Elevation of the horizon in every azimuth of the table. [°]

    Returns
    -------
    ndarray of uint8, (n, A)
    """
    tan_horizon = np.tan(np.radians(np.asarray(horizon_deg, dtype=np.float64)))
    lit = np.empty(tan_horizon.shape, np.uint8)
    bands = sky.tan_elevation.shape[1]
    for azimuth, tests in enumerate(sky.tan_elevation):
        lit[:, azimuth] = bands - np.searchsorted(tests, tan_horizon[:, azimuth], side="left")
    return lit


def horizon_from_lit(lit: NDArray[np.uint8], sky: SkyTable) -> NDArray[np.float32]:
    """Elevation of the horizon that a number of lit bands stands for.

    Parameters
    ----------
    lit : ndarray of uint8, (n, A)
        Lit bands per azimuth.

    Returns
    -------
    ndarray, (n, A)
        Middle between the highest dark and the lowest lit test elevation; 0 if all are lit, 90 if none. [°]
    """
    count, bands = sky.tan_elevation.shape
    tests = np.degrees(np.arctan(sky.tan_elevation))
    between = np.hstack([np.zeros((count, 1)), (tests[:, 1:] + tests[:, :-1]) / 2, np.full((count, 1), 90.0)])
    horizon: NDArray[np.float32] = between[np.arange(count), bands - lit.astype(np.int64)].astype(np.float32)
    return horizon


def _check(hours: pd.DataFrame) -> None:
    """Refuse weather without its columns, time zone or values, saying all at once."""
    problems = []
    missing = [name for name in ("ghi", "dni", "dhi") if name not in hours]
    if missing:
        problem = Problem(
            "The weather has no column {columns}.",
            "Choose a weather file with global, direct and diffuse irradiance.",
            columns=", ".join(missing),
        )
        problems.append(problem)
    if not isinstance(hours.index, pd.DatetimeIndex) or hours.index.tz is None:
        problem = Problem(
            "The weather's hours have no time zone.",
            "Say in which time zone the weather file counts its hours.",
        )
        problems.append(problem)
    holes = hours.index[hours.reindex(columns=["ghi", "dhi"]).isna().any(axis=1)]
    if len(holes) and not missing:
        problem = Problem(
            "The weather has no irradiance in {count} hours.",
            "Fill these hours or choose another weather file.",
            count=len(holes),
            rows=tuple(holes),
        )
        problems.append(problem)
    if problems:
        raise UserError(*problems)


def _sun_and_ring(
    times: pd.DatetimeIndex,
    elevation: NDArray[np.float64],
    azimuth: NDArray[np.float64],
    ghi: NDArray[np.float64],
    dhi: NDArray[np.float64],
    model: str,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Beam, circumsolar light as beam, and horizon ring of every sub-step. [W/m²]"""
    from pvlib import atmosphere, irradiance  # late: it takes a while to import

    sine = np.maximum(np.sin(elevation), 0.0)
    up = sine > 0
    sines = sine.reshape(-1, SUB_STEPS).sum(axis=1)
    beam_hour = np.divide(
        (ghi - dhi) * SUB_STEPS, sines, out=np.zeros_like(ghi), where=sines > LEAST_MEAN_SINE * SUB_STEPS
    )
    beam = np.where(up, np.repeat(np.minimum(beam_hour, MOST_BEAM_W_PER_M2), SUB_STEPS), 0.0)
    if model == "isotropic":
        return beam, np.zeros_like(beam), np.zeros_like(beam)
    ups = up.reshape(-1, SUB_STEPS).sum(axis=1)
    sky = np.where(up, np.repeat(dhi * SUB_STEPS / np.maximum(ups, 1), SUB_STEPS), 0.0)
    circumsolar, ring = np.zeros_like(beam), np.zeros_like(beam)
    some = np.flatnonzero(sky > 0)
    extra = irradiance.get_extra_radiation(times).to_numpy()[some]
    if model == "haydavies":
        circumsolar[some] = beam[some] / extra * sky[some]
    else:
        # A wall that faces the sun shows both Perez factors: half the even sky, and the whole ring.
        zenith_deg, azimuth_deg = 90.0 - np.degrees(elevation[some]), np.degrees(azimuth[some])
        airmass = atmosphere.get_relative_airmass(zenith_deg)
        parts = irradiance.perez(
            90.0, azimuth_deg, sky[some], beam[some], extra, zenith_deg, azimuth_deg, airmass,
            return_components=True,
        )  # fmt: skip
        seen = parts["poa_sky_diffuse"] > 0
        circumsolar[some] = np.where(seen, sky[some] - 2 * parts["poa_isotropic"], 0.0)
        ring[some] = parts["poa_horizon"]
    circumsolar[elevation < np.radians(LEAST_SUN_DEG)] = 0.0
    return beam, circumsolar / np.maximum(sine, LEAST_SINE[model]), ring


def _monthly(month: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums by month, (12,)."""
    return np.bincount(month, values, MONTHS).astype(np.float64)


def _beam(
    month: NDArray[np.int64],
    elevation: NDArray[np.float64],
    azimuth: NDArray[np.float64],
    energy: NDArray[np.float64],
    azimuths: int,
    bands: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Vectors of beam by month, azimuth bin and band, and the tangent of each band's test elevation."""
    some = np.flatnonzero(energy > 0)
    month, elevation, azimuth, energy = month[some], elevation[some], azimuth[some], energy[some]
    width = np.pi / 2 / bands
    band = np.minimum((elevation / width).astype(np.int64), bands - 1)
    place = azimuth / (2 * np.pi / azimuths)
    left = np.floor(place).astype(np.int64)
    share = place - left
    bins = np.concatenate([left % azimuths, (left + 1) % azimuths])
    weight = np.concatenate([(1 - share) * energy, share * energy])
    direction = bins * bands + np.tile(band, 2)
    cell = np.tile(month, 2) * (azimuths * bands) + direction
    shape = (MONTHS, azimuths, bands)
    sun = np.tile(_directions(azimuth, elevation), (2, 1))
    sums = [
        np.bincount(cell, weight * sun[:, axis], MONTHS * azimuths * bands).reshape(shape)
        for axis in range(3)
    ]
    total = np.bincount(direction, weight, azimuths * bands)
    lifted = np.bincount(direction, weight * np.tile(elevation, 2), azimuths * bands)
    mean = lifted / np.where(total > 0, total, 1)
    middle = np.tile((np.arange(bands) + 0.5) * width, azimuths)
    test = np.where(total > 0, mean, middle).reshape(azimuths, bands)
    return np.stack(sums, axis=-1), np.tan(test)


def _diffuse(
    radiance: NDArray[np.float64], ring: NDArray[np.float64], azimuths: int, bands: int
) -> NDArray[np.float64]:
    """Vectors of an even sky and of the horizon ring by month, azimuth bin and band."""
    bin_width = 2 * np.pi / azimuths
    spread = np.sin(bin_width / 2) / (bin_width / 2)
    outward, up = sky_integrals(np.linspace(0.0, 90.0, bands + 1))
    phi = np.arange(azimuths) * bin_width
    east, north = np.sin(phi)[:, None], np.cos(phi)[:, None]
    per_band = bin_width * spread * (outward[:-1] - outward[1:])
    vertical = np.broadcast_to(bin_width * (up[:-1] - up[1:]), (azimuths, bands))
    even = np.stack([east * per_band, north * per_band, vertical], axis=-1)
    diffuse: NDArray[np.float64] = radiance[:, None, None, None] * even
    horizon = bin_width * spread / 2 * np.hstack([east, north])
    diffuse[:, :, 0, :2] += ring[:, None, None] * horizon
    return diffuse


def _directions(azimuth: NDArray[np.float64], elevation: NDArray[np.float64]) -> NDArray[np.float64]:
    """Unit vectors east, north, up."""
    level = np.cos(elevation)
    parts = np.broadcast_arrays(level * np.sin(azimuth), level * np.cos(azimuth), np.sin(elevation))
    directions: NDArray[np.float64] = np.stack(parts, axis=-1)
    return directions

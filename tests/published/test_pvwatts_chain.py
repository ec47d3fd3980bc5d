"""The functions that the yield chain calls, with the parameters it passes, against single published values."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pvlib
import pytest

from layers.weather import Weather
from potential.solar.pv_yield import Sun, plane_year
from tests.published.own_numbers import numbers_at

CALLED = {
    "faiman": (pvlib.temperature, "faiman"),
    "dc": (pvlib.pvsystem, "pvwatts_dc"),
    "losses": (pvlib.pvsystem, "pvwatts_losses"),
    "iam": (pvlib.iam, "physical"),
}
FUNCTIONS = {name: getattr(*place) for name, place in CALLED.items()}


def inputs(row: pd.Series) -> dict[str, float]:
    """`key=value` pairs of a row."""
    pairs = (pair.split("=") for pair in str(row["inputs"]).split(";") if pair.count("=") == 1)
    return {key.strip(): float(value) for key, value in pairs}


@pytest.fixture(scope="module")
def passed() -> Iterator[dict[str, tuple[tuple[Any, ...], dict[str, Any]]]]:
    """What a day of the chain passes to each function of pvlib: positional and named arguments."""
    seen: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {}

    def watch(name: str) -> Any:
        def call(*args: Any, **named: Any) -> Any:
            seen.setdefault(name, (args, named))
            return FUNCTIONS[name](*args, **named)

        return call

    index = pd.date_range("2023-06-21", periods=24, freq="h", tz="Etc/GMT-8")
    hours = pd.DataFrame(
        {"ghi": 500.0, "dni": 500.0, "dhi": 100.0, "temp_air": 25.0, "wind_speed": 2.0}, index=index
    )
    sun = Sun(Weather(hours, 34.3, 108.9, 400.0, "one day", "measured_typical_year", "made up"))
    with pytest.MonkeyPatch.context() as patch:
        for name, (module, function) in CALLED.items():
            patch.setattr(module, function, watch(name))
        plane_year(sun, numbers_at(108.9, 34.3).chain, 15.0, 180.0)
    yield seen


def given(passed: dict[str, Any], name: str, known: dict[str, float]) -> float:
    """A function of the chain on the first inputs of a row, with everything else as the chain passes it."""
    args, named = passed[name]
    first = list(known.values())
    return float(FUNCTIONS[name](*first, *args[len(first) :], **named))


@pytest.fixture(scope="module")
def rows(shared: Any) -> pd.DataFrame:
    table = pd.read_csv(shared / "reference" / "solar_geometry_cases.csv")
    return table[table["kind"] == "pv_chain"].set_index("case")


def test_the_cell_is_as_warm_as_faiman_says(rows: pd.DataFrame, passed: dict[str, Any]) -> None:
    row = rows.loc["PV-faiman"]
    known = inputs(row)
    assert passed["faiman"][0][3:] == (known.pop("u0"), known.pop("u1"))
    assert given(passed, "faiman", known) == pytest.approx(row["expected"], abs=row["tolerance"])


def test_direct_current_falls_with_heat_as_in_pvwatts(rows: pd.DataFrame, passed: dict[str, Any]) -> None:
    row = rows.loc["PV-dc"]
    known = inputs(row)
    assert passed["dc"][0][2:] == (known.pop("p_stc"), known.pop("gamma"))
    assert given(passed, "dc", known) == pytest.approx(row["expected"], abs=row["tolerance"])


def test_losses_are_those_of_pvwatts_without_shading(rows: pd.DataFrame, passed: dict[str, Any]) -> None:
    row = rows.loc["PV-losses-0"]
    assert passed["losses"][1]["shading"] == 0.0
    assert given(passed, "losses", {}) == pytest.approx(row["expected"], abs=row["tolerance"])


def test_with_its_shading_loss_the_losses_are_those_of_pvwatts(
    rows: pd.DataFrame, passed: dict[str, Any]
) -> None:
    row = rows.loc["PV-losses"]
    loss = FUNCTIONS["losses"](**(passed["losses"][1] | {"shading": 3.0}))
    assert loss == pytest.approx(row["expected"], abs=row["tolerance"])


@pytest.mark.parametrize("case", ["IAM-0", "IAM-50", "IAM-60", "IAM-70", "IAM-80"])
def test_slanting_beam_is_reflected_as_de_soto_says(
    rows: pd.DataFrame, passed: dict[str, Any], case: str
) -> None:
    row = rows.loc[case]
    assert len(passed["iam"][0]) == 1 and not passed["iam"][1]
    assert given(passed, "iam", {"aoi": inputs(row)["aoi"]}) == pytest.approx(
        row["expected"], abs=row["tolerance"]
    )


def test_every_published_row_of_the_chain_is_checked(rows: pd.DataFrame) -> None:
    assert set(rows.index) == {"PV-faiman", "PV-dc", "PV-losses", "PV-losses-0"} | {
        f"IAM-{angle}" for angle in (0, 50, 60, 70, 80)
    }


def test_sixty_instants_are_turned_onto_their_planes(shared: Any) -> None:
    """Each row names sun, air mass and irradiance, so the sun of the chain needs no place and no clock."""
    table = pd.read_csv(shared / "reference" / "pvlib_tilt_cases.csv")
    table = table[table["kind"] == "instant"]
    assert len(table) == 60
    off = []
    for row in table.itertuples():
        sun = Sun.__new__(Sun)
        sun.model = row.model
        hours = pd.DataFrame({"dni": [row.dni], "ghi": [row.ghi], "dhi": [row.dhi]})
        sun.weather = Weather(hours, 0.0, 0.0, 0.0, row.case, "measured_typical_year", "published row")
        sun.zenith, sun.azimuth = np.array([row.zenith_deg]), np.array([row.sun_azimuth_deg])
        sun.airmass, sun.extra = np.array([row.airmass]), np.array([row.dni_extra])
        got = sun.irradiance(row.tilt_deg, row.azimuth_deg, row.albedo)
        parts = zip(("beam", "sky", "ground"), (row.poa_direct, row.poa_sky, row.poa_ground), strict=True)
        off += [abs(float(got[name][0]) - value) / float(row.tolerance) for name, value in parts]
    assert max(off) <= 1.0

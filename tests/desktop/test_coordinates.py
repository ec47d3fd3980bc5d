"""A place can be written as planners write it, and is said in the form they choose."""

from __future__ import annotations

import pytest
from pyproj import CRS, Transformer

from core.problems import UserError
from desktop.coordinates import FORMS, has_twin, is_place, place_copied, place_meant, place_said

PLAIN, ZONED = CRS.from_epsg(4545), CRS.from_epsg(4524)  # 108° E, and the same zone with its number 36
LON, LAT = 108.94, 34.26  # Xi'an
X, Y = Transformer.from_crs(4490, PLAIN, always_xy=True).transform(LON, LAT)


@pytest.mark.parametrize(
    "words",
    [
        "108.94, 34.26",
        "34.26 108.94",
        "108.94，34.26",
        "N34.26 E108.94",
        "34°15'36\"N 108°56'24\"E",
        "108°56′24″E，34°15′36″N",
        f"{X:.3f}, {Y:.3f}",
        f"{Y:.3f} {X:.3f}",
        f"{X + 36_000_000:.3f}, {Y:.3f}",
    ],
)
@pytest.mark.parametrize("crs", [PLAIN, ZONED])
def test_one_place_is_understood_however_it_is_written(words, crs):
    east = X + (36_000_000 if crs is ZONED else 0)
    found = place_meant(words, crs, (east + 2_000, Y - 3_000))
    assert found == pytest.approx((east, Y), abs=0.5)


@pytest.mark.parametrize("words", ["", "somewhere", "108.94", "1 2 3"])
def test_what_is_no_place_is_said_to_be_none(words):
    with pytest.raises(UserError, match="two numbers"):
        place_meant(words, PLAIN, (X, Y))


def test_a_place_far_from_the_city_is_taken_for_a_slip():
    with pytest.raises(UserError, match="lies"):
        place_meant("118.94, 34.26", PLAIN, (X, Y))


def test_a_place_is_said_with_and_without_the_number_of_its_zone():
    assert has_twin(PLAIN) and has_twin(ZONED)
    assert (
        place_said(500_123.4, 3_800_456.7, PLAIN, "zone").replace("\u2009", ",").startswith("E 36,500,123.4")
    )
    assert (
        place_said(36_500_123.4, 3_800_456.7, ZONED, "zone").replace("\u2009", ",").startswith("E 500,123.4")
    )


def test_seconds_never_read_sixty():
    east, north = Transformer.from_crs(4490, PLAIN, always_xy=True).transform(108.9999999999, 34.0)
    assert place_said(east, north, PLAIN, "minutes").startswith("109°00′00.00″E")


@pytest.mark.parametrize("tell", [place_said, place_copied])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("crs", [PLAIN, ZONED])
def test_what_is_shown_and_what_is_copied_is_read_as_the_same_place(crs, form, tell):
    east = X + (36_000_000 if crs is ZONED else 0)
    said = tell(east, Y, crs, form)
    assert is_place(said)
    assert place_meant(said, crs, (east + 2_000, Y - 3_000)) == pytest.approx((east, Y), abs=0.5)


def test_a_copied_place_is_read_by_every_program():
    assert place_copied(500_462.1, 3_800_456.7, PLAIN, "project") == "500462.1, 3800456.7"
    assert place_copied(500_462.1, 3_800_456.7, PLAIN, "zone") == "36500462.1, 3800456.7"
    assert place_copied(X, Y, PLAIN, "degrees") == "108.940000, 34.260000"
    assert place_copied(X, Y, PLAIN, "minutes").isascii() is False  # the sign of degrees has no plain twin
    assert "'" in place_copied(X, Y, PLAIN, "minutes") and '"' in place_copied(X, Y, PLAIN, "minutes")


@pytest.mark.parametrize("words", ["B-12-34", "地块 12", "12", "P3 and 4"])
def test_an_id_is_no_place(words):
    assert not is_place(words)

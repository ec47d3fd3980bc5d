"""Charts and maps as SVG: what they show."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from affine import Affine
from shapely import MultiPolygon, box

from layers.city import Raster
from reports.charts import monthly_bars
from reports.parcel_map import Painter, Roofs, round_classes, system_said
from reports.svg import image_of_classes, label, outline_of

SVG = "{http://www.w3.org/2000/svg}"


def words_in(picture: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(picture).iter(f"{SVG}text")]


def test_a_year_has_twelve_bars_each_with_its_value_and_month():
    picture = monthly_bars([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.34])
    assert len(list(ElementTree.fromstring(picture).iter(f"{SVG}rect"))) == 12
    words = words_in(picture)
    assert "12.3" in words
    assert [word for word in words if word.isdigit()] == [str(month) for month in range(1, 13)]


def test_bars_are_as_high_as_their_values():
    bars = ElementTree.fromstring(monthly_bars([10.0, 5.0, *[0.0] * 10])).findall(f"{SVG}rect")
    heights = [float(bar.get("height", "0")) for bar in bars]
    assert heights[0] == pytest.approx(2 * heights[1], abs=0.01)
    assert len(heights) == 2  # nothing in the other months


def test_a_month_without_value_leaves_a_gap():
    assert "—" in words_in(monthly_bars([np.nan, *[1.0] * 11]))


def test_a_chart_of_eleven_months_is_refused():
    with pytest.raises(ValueError, match="twelve"):
        monthly_bars([1.0] * 11)


def test_words_in_pictures_are_never_markup():
    drawn = ElementTree.fromstring(f'<svg xmlns="http://www.w3.org/2000/svg">{label(0, 0, "<b>&")}</svg>')
    assert drawn[0].text == "<b>&"


def test_holes_and_all_parts_of_an_area_are_drawn():
    ring = shapely.Polygon(box(0, 0, 10, 10).exterior, [box(2, 2, 4, 4).exterior.coords])
    data = outline_of(np.array([MultiPolygon([ring, box(20, 0, 30, 10)])]), 0.0, 10.0, 1.0)
    assert data.count("M") == 3
    assert "M" in data and "30.00 10.00" in data  # 30 m east and 10 m south of the corner


def test_lines_and_empty_shapes_leave_no_outline():
    shapes = np.array([shapely.LineString([(0, 0), (1, 1)]), shapely.Polygon()])
    assert outline_of(shapes, 0.0, 0.0, 1.0) == ""


def test_a_picture_of_classes_is_a_png_with_its_palette():
    import base64
    import zlib

    picture = image_of_classes(np.array([[0, 1], [2, 0]], np.uint8), ["#ff0000", "#00ff00"], 0, 0, 2, 2)
    data = base64.b64decode(re.search(r"base64,([^\"]+)", picture)[1])  # type: ignore[index]
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert data[data.index(b"PLTE") + 4 :][:9] == b"\x00\x00\x00\xff\x00\x00\x00\xff\x00"
    start = data.index(b"IDAT")
    length = int.from_bytes(data[start - 4 : start], "big")
    assert zlib.decompress(data[start + 4 : start + 4 + length]) == b"\x00\x00\x01\x00\x02\x00"


def test_classes_have_round_breaks_below_the_highest_values():
    values = np.linspace(1012, 1313, 10_000, dtype=np.float32).reshape(100, 100)
    classes = round_classes(Raster(values, Affine(1, 0, 0, 0, -1, 100), None), "kWh/m²")  # type: ignore[arg-type]
    assert classes.breaks == (1100.0, 1150.0, 1200.0, 1250.0, 1300.0)


def test_a_raster_of_one_value_has_classes_too():
    values = np.full((2, 2), 1300, np.float32)
    classes = round_classes(Raster(values, Affine(1, 0, 0, 0, -1, 2), None), "kWh/m²")  # type: ignore[arg-type]
    assert len(classes.colours) == 6


def drawn(city, raster=None, roofs=None, parcel="QH-0312"):
    classes = round_classes(raster, "kWh/m²") if raster is not None else None
    numbers = pd.Series(range(1, len(city.tables["building"]) + 1), index=city.tables["building"].index)
    return Painter(city, raster, classes, "Irradiation").draw(parcel, roofs or Roofs(numbers))


def test_a_map_says_its_scale_north_and_classes(make_town):
    city, assessments = make_town()
    shown = drawn(city, assessments["rooftop"].rasters["irradiation_kwh_per_m2"])
    words = words_in(shown.picture)
    assert {"N", "0", "50 m", "Irradiation", "1", "5"} <= set(words)
    assert shown.scale == 3000
    assert "data:image/png" in shown.picture


def test_the_parcel_fills_most_of_the_map_but_never_all(make_town):
    for count in (1, 5, 40, 200):
        city, _ = make_town(count)
        shown = drawn(city)
        west, south, east, north = city.tables["parcel"].geometry.iloc[0].bounds
        share = max((east - west) / 96, (north - south) / 88) * 1000 / shown.scale
        assert 0.6 < share <= 0.87


def test_north_of_the_grid_differs_from_true_north_by_the_convergence(make_town):
    city, _ = make_town()
    # 0.118° east of 117° at latitude 36.65°: convergence is longitude difference times the sine of latitude
    west, south, _, _ = city.tables["parcel"].geometry.iloc[0].bounds
    point = gpd.GeoSeries.from_xy([west], [south], crs=city.crs).to_crs(4490).iloc[0]
    assert drawn(city).convergence_deg == pytest.approx(
        (point.x - 117) * np.sin(np.radians(point.y)), abs=0.01
    )


def test_excluded_roofs_are_hatched(make_town):
    city, _ = make_town()
    numbers = pd.Series(range(1, 6), index=city.tables["building"].index)
    assert 'fill="url(#hatch)"' not in drawn(city).picture
    assert 'fill="url(#hatch)"' in drawn(city, roofs=Roofs(numbers, {"B-005"})).picture


def test_a_map_outside_its_raster_is_drawn_without_colours(make_town):
    city, assessments = make_town()
    raster = assessments["rooftop"].rasters["irradiation_kwh_per_m2"]
    far = replace(raster, transform=Affine(1, 0, 0, 0, -1, 0))
    assert "<svg" in drawn(city, far).picture


def test_next_to_nothing_is_no_long_number_over_a_bar():
    said = words_in(monthly_bars([1.89, 0.000037, 0.0126, *[0.2] * 9]))
    assert [said[0], said[2], said[4], said[6]] == ["1.89", "0", "0.01", "0.20"]


def test_the_reference_system_is_named_with_its_code(make_town):
    city, _ = make_town()
    assert system_said(city.crs) == "CGCS2000, 3° Gauss-Kruger zone, central meridian 117°E (EPSG:4548)"

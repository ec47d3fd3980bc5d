"""The shared map: one file, no network, all words and numbers in it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point, box

from cartography.classes import categories, grades, graduated
from core.problems import UserError
from core.texts import speaking
from layers.city import City
from layers.qgis_style import Category, Range
from potential import Assessment
from reports.gathered import gathered
from reports.gis_style import layer_style
from reports.web_map import MapLayer, assessment_layers, write_assessment_map, write_web_map

Made = tuple[City, Mapping[str, Assessment]]
MakeTown = Callable[..., Made]
# Addresses that stand in Leaflet as names or in comments; none of them is ever asked for.
NAMES_ONLY = {
    "http://www.w3.org/2000/svg",
    "https://leafletjs.com",
    "https://bugs.chromium.org/p/chromium/issues/detail?id=600120",
    "https://bugzilla.mozilla.org/show_bug.cgi?id=888319",
}


def written(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def given(page: str, name: str) -> Any:
    begin = page.index(f"const {name} = ") + len(f"const {name} = ")
    return json.JSONDecoder().raw_decode(page, begin)[0]


def said(page: str) -> dict[str, Any]:
    """The words of the map, as its script reads them."""
    return dict(given(page, "lutuSaid"))


def features(page: str, place: int) -> list[dict[str, Any]]:
    """The features of a layer, as its script reads them."""
    return list(given(page, "lutuShapes")[place]["features"])


@pytest.fixture
def page(make_town: MakeTown, tmp_path: Path) -> str:
    city, found = make_town(12)
    write_assessment_map(tmp_path / "a.html", city, found["rooftop"], lines=["基准情景"], language="zh")
    return written(tmp_path / "a.html")


def test_the_file_refers_to_nothing_outside_itself(page: str) -> None:
    assert set(re.findall(r"https?://[^\s\"'<>)]+", page)) <= NAMES_ONLY
    assert not re.search(r"<(script|img|iframe|link)[^>]*\b(src|href)=", page)
    assert not re.search(r"url\((?!data:|#)[\"']?[\w/.]", page)
    assert "@import" not in page
    assert "sourceMappingURL" not in page


def test_the_browser_is_told_to_load_nothing(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy
    assert policy[1].startswith("default-src 'none'")
    assert "http" not in policy[1]
    assert page.index("Content-Security-Policy") < page.index("<script")


def test_leaflet_is_in_the_file_and_folium_s_other_libraries_are_not(page: str) -> None:
    assert "Leaflet 1.9.4" in page
    for library in ("jquery", "bootstrap", "awesome"):
        assert library not in page.lower().replace("font-awesome", "awesome-")


def test_parcels_carry_grade_reason_and_yield_with_titles_and_units(page: str) -> None:
    layer = said(page)["layers"][0]
    first = features(page, 0)[0]["properties"]
    card = dict(zip(layer["columns"], first["v"], strict=True))
    assert first["t"] == "青禾市第三中学"
    assert card["适宜性"] == "适宜"
    assert card["限制因素"] == "未作结构复核"
    assert card["年发电量"].endswith("万kWh/a")


def test_colour_of_a_feature_is_that_of_its_class(page: str) -> None:
    layer = said(page)["layers"][0]
    colours = [layer["classes"][feature["properties"]["c"]]["colour"] for feature in features(page, 0)]
    suitable, unsuitable = grades().colours[0], grades().colours[3]
    assert colours == [suitable, unsuitable, unsuitable, unsuitable]


def test_the_legend_counts_every_feature_once(page: str) -> None:
    for place, layer in enumerate(said(page)["layers"]):
        assert sum(int(entry["features"]) for entry in layer["legend"]) == len(features(page, place))


def test_what_is_forbidden_is_hatched(make_town: MakeTown, tmp_path: Path) -> None:
    city, found = make_town(3)
    parcels = found["rooftop"].parcels.assign(grade="forbidden")
    write_assessment_map(tmp_path / "a.html", city, replace(found["rooftop"], parcels=parcels))
    (entry,) = said(written(tmp_path / "a.html"))["layers"][0]["legend"]
    assert (entry["label"], bool(entry["hatch"])) == ("Forbidden", True)


def test_places_are_longitude_and_latitude_to_six_decimals(page: str) -> None:
    corner = features(page, 1)[3]["geometry"]["coordinates"][0][0]
    assert 117.1 < corner[0] < 117.2
    assert 36.6 < corner[1] < 36.7
    assert all(len(repr(value).partition(".")[2]) <= 6 for value in corner)


def test_every_word_is_in_the_language_asked_for(make_town: MakeTown, tmp_path: Path) -> None:
    city, found = make_town(3)
    write_assessment_map(tmp_path / "zh.html", city, found["rooftop"], language="zh")
    write_assessment_map(tmp_path / "en.html", city, found["rooftop"], language="en")
    chinese, english = (said(written(tmp_path / f"{name}.html")) for name in ("zh", "en"))
    assert chinese["layers"][0]["title"] == "屋顶光伏·地块适宜性"
    assert english["layers"][0]["title"] == "Rooftop PV: parcels by suitability"
    assert (chinese["language"], english["language"]) == ("zh-CN", "en")
    assert english["remarks"] == list(found["rooftop"].remarks)


def test_a_name_with_markup_in_it_stays_a_name(make_town: MakeTown, tmp_path: Path) -> None:
    bad = "</script><script>alert(1)</script>{{ 7*7 }}"
    city, _ = make_town(3, names={"name": bad})
    layer = MapLayer(bad, city.tables["parcel"], "use", categories(city.tables["parcel"]["use"]))
    write_web_map(tmp_path / "a.html", bad, [layer], lines=[bad], remarks=[bad])
    page = written(tmp_path / "a.html")
    assert "<script>alert" not in page
    assert said(page)["title"] == bad
    assert features(page, 0)[0]["properties"]["t"] == bad


def two_layers(city: City) -> list[MapLayer]:
    return [
        MapLayer("Parcels", city.tables["parcel"], "use", categories(city.tables["parcel"]["use"])),
        MapLayer(
            "Buildings", city.tables["building"], "gfa_m2", graduated(city.tables["building"]["gfa_m2"])
        ),
    ]


def test_layers_beyond_what_a_browser_shows_smoothly_start_switched_off(
    make_town: MakeTown, tmp_path: Path
) -> None:
    layers = two_layers(make_town(12)[0])
    assert write_web_map(tmp_path / "a.html", "City", layers, most_features=10) == []
    page = written(tmp_path / "a.html")
    assert [layer["title"] for layer in said(page)["layers"]] == ["Parcels", "Buildings"]
    assert len(features(page, 1)) == 12
    write_web_map(tmp_path / "b.html", "City", layers, most_features=100)
    assert page.count("geo_json_") < written(tmp_path / "b.html").count(
        "geo_json_"
    )  # one is not added at first


def test_layers_that_would_make_the_file_too_large_are_left_out_and_the_map_says_so(
    make_town: MakeTown, tmp_path: Path
) -> None:
    layers = two_layers(make_town(60)[0])
    (note,) = write_web_map(tmp_path / "a.html", "City", layers, most_features=10)
    words = said(written(tmp_path / "a.html"))
    assert [layer["title"] for layer in words["layers"]] == ["Parcels"]
    assert words["lines"] == [note.said()]
    assert "60 features" in note.said()


def test_three_thousand_buildings_and_six_hundred_parcels_take_less_than_four_megabytes(
    make_town: MakeTown, tmp_path: Path
) -> None:
    city, found = make_town(10, parcels=4)
    towns = {
        name: pd.concat([table] * times).set_axis([f"{name}-{n}" for n in range(len(table) * times)])
        for name, table, times in (
            ("parcel", city.tables["parcel"], 150),
            ("building", city.tables["building"], 300),
        )
    }
    rooftop = found["rooftop"]
    results = {
        "parcel": pd.concat([rooftop.parcels] * 150).set_axis(towns["parcel"].index),
        "building": pd.concat([rooftop.details["building"]] * 300).set_axis(towns["building"].index),
    }
    write_assessment_map(
        tmp_path / "a.html",
        replace(city, tables=towns),
        replace(rooftop, parcels=results["parcel"], details={"building": results["building"]}),
    )
    page = written(tmp_path / "a.html")
    assert [len(features(page, place)) for place in (0, 1)] == [600, 3000]
    assert (tmp_path / "a.html").stat().st_size < 4e6


def test_shapes_with_very_many_points_are_drawn_coarser(tmp_path: Path) -> None:
    circles = gpd.GeoDataFrame(
        {"use": ["park"] * 50},
        geometry=[Point(510_000 + 300 * n, 4_057_000).buffer(100, 2000) for n in range(50)],
        crs=4548,
    )
    write_web_map(tmp_path / "a.html", "City", [MapLayer("Parks", circles, "use", categories(["park"]))])
    assert (tmp_path / "a.html").stat().st_size < 1e6


def test_missing_values_are_left_out_of_the_card(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {"pv_kwp": [1.0, float("nan")], "name": ["A", None]},
        geometry=[box(0, 0, 1, 1), box(2, 0, 3, 1)],
        index=pd.Index(["P-1", "P-2"]),
        crs=4326,
    )
    layer = MapLayer("Roofs", frame, "pv_kwp", graduated(frame["pv_kwp"], unit="kWp"))
    write_web_map(tmp_path / "a.html", "City", [layer])
    page = written(tmp_path / "a.html")
    assert [feature["properties"]["t"] for feature in features(page, 0)] == ["A", "P-2"]
    assert features(page, 0)[1]["properties"]["v"] == [""]
    assert said(page)["layers"][0]["legend"][-1]["label"] == "No value"


def test_a_map_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="nothing to draw"):
        write_web_map(tmp_path / "a.html", "City", [])


def test_classes_of_the_map_become_the_style_of_the_exported_layer() -> None:
    with speaking("zh"):
        style = layer_style("grade", grades())
        numbers = layer_style("pv_kwp", graduated([1.0, 2.0, 3.0, 4.0], count=2, unit="kWp"))
    assert style.categories[0] == Category("suitable", grades().colours[0], "适宜")
    hatched = {entry.value for entry in style.categories if entry.hatched}
    assert hatched == {"forbidden"}
    assert isinstance(numbers.ranges[0], Range)
    assert numbers.ranges[0].upper == numbers.ranges[1].lower
    assert numbers.method == "Quantile"


def test_more_buildings_than_a_browser_shows_become_squares_with_the_same_sum(
    make_town: MakeTown, tmp_path: Path
) -> None:
    city, found = make_town(40)
    layers = assessment_layers(city, found["rooftop"])[-1:]
    write_web_map(tmp_path / "a.html", "x", layers, most_features=9, language="en")
    squares = features(written(tmp_path / "a.html"), 0)
    assert len(squares) <= 9
    gathered_layer = gathered(layers[0], 9)
    column = layers[0].column
    assert gathered_layer.frame[column].sum() == pytest.approx(layers[0].frame[column].sum())
    assert gathered_layer.frame["buildings"].sum() == len(layers[0].frame)


def test_too_many_graded_parcels_become_squares_of_what_can_be_summed(
    make_town: MakeTown, tmp_path: Path
) -> None:
    city, found = make_town(5, parcels=30)
    parcels = assessment_layers(city, found["rooftop"])[0]
    assert parcels.column == "grade"
    write_web_map(tmp_path / "a.html", "x", [parcels], most_features=9, language="en")
    assert 0 < len(features(written(tmp_path / "a.html"), 0)) <= 9
    squares = gathered(parcels, 9)
    assert squares.frame[squares.column].sum() == pytest.approx(parcels.frame[squares.column].sum())
    assert squares.frame["buildings"].sum() == parcels.frame["buildings"].sum()

"""The map as a sheet: visible layers with their colours, classes and filters, from the window and from kept views."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.problems import UserError
from core.texts import speaking
from desktop.layer_look import NO_OUTLINE, LayerLook, dressed
from desktop.map_layers import city_layers
from desktop.map_sheet import KEY, map_sheet
from desktop.map_views import MapView, keep_view
from desktop.themes import Theme
from reports.sheets.composition import Composition, Compositor
from reports.sheets.free_items import Surroundings
from reports.sheets.layer_drawing import EDGE
from tests.reports.small_plan import assessments, city, plan

FAR = LayerLook(True, 1.0, Theme("parcel", "far"), method="manual", count=3, breaks=(1.0, 2.0))


def layers(looks: dict[str, LayerLook], **shown):
    """The layers of the small city, only those of the looks visible."""
    made = []
    for base in city_layers(city(), assessments()):
        look = looks.get(base.name, LayerLook(False, 1.0))
        made.append(replace(dressed(base, look, city(), assessments()), shown=shown.get(base.name)))
    return made


def page(looks: dict[str, LayerLook], filters: dict[str, str] | None = None, place: str = "", **shown):
    sheet = map_sheet(layers(looks, **shown), looks, city(), assessments(), filters or {})
    wanted = Composition(KEY, atlas="parcel" if place else "")
    with speaking("zh"):
        made = Compositor(city(), assessments(), plan(), wanted, Surroundings(own=sheet))
        return made.page(place)[0]


def legend(content, number: int = -1) -> list[tuple[str, str]]:
    return [(row["label"], row["count"]) for row in content["legends"][number]["rows"]]


def test_classes_of_the_map_are_those_of_the_legend_with_their_counts():
    content = page({"parcel": FAR})
    assert legend(content) == [("≤ 1", "1"), ("1 – 2", "4"), ("> 2", "1")]
    colours = layers({"parcel": FAR})
    parcel = next(one for one in colours if one.name == "parcel")
    assert all(colour in content["map"] for colour in parcel.classes.colours)


def test_only_visible_layers_are_on_the_sheet_and_roads_and_waters_are_no_exception():
    content = page({"parcel": FAR})
    assert len(content["legends"]) == 1
    both = page({"parcel": FAR, "water": LayerLook(True, 1.0), "road": LayerLook(True, 1.0)})
    assert {row["label"] for one in both["legends"] for row in one["rows"]} >= {"水域", "道路"}


def test_a_class_switched_off_and_rows_that_a_filter_keeps_back_are_not_drawn():
    hidden = page({"parcel": replace(FAR, hidden=frozenset({1}))})
    assert legend(hidden) == [("≤ 1", "1"), ("> 2", "1")]
    mask = np.array([True, False, False, True, False, False])
    kept = page({"parcel": FAR}, {"parcel": "far > 1"}, parcel=mask)
    assert legend(kept) == [("1 – 2", "1"), ("> 2", "1")]
    assert any("far > 1" in note for note in kept["notes"])


def test_features_without_a_value_are_drawn_and_said():
    theme = replace(FAR, theme=Theme("parcel", "far", "sum"))  # an amount of nothing is no class
    assert ("无", "1") in legend(page({"parcel": theme}))


def test_one_colour_and_an_outline_are_drawn_as_they_are():
    content = page({"building": LayerLook(True, 0.5, colour="#123456"), "district": LayerLook(True, 1.0)})
    assert 'fill="#123456" fill-opacity="0.5"' in content["map"]
    assert {"建筑"} <= {row["label"] for one in content["legends"] for row in one["rows"]}


def test_the_outline_and_the_decimals_of_a_layer_are_those_of_the_sheet():
    content = page({"parcel": replace(FAR, outline="#ab12cd", decimals=2)})
    assert [words for words, _ in legend(content)] == ["≤ 1.00", "1.00 – 2.00", "> 2.00"]
    assert content["map"].count('stroke="#ab12cd"') == 3  # once a class
    bare = page({"parcel": replace(FAR, outline=NO_OUTLINE)})
    usual = page({"parcel": FAR})
    assert usual["map"].count(f'stroke="{EDGE}"') == bare["map"].count(f'stroke="{EDGE}"') + 3


def test_labels_of_a_layer_are_written_on_paper():
    content = page({"parcel": replace(FAR, label="@id")})
    assert all(f">{one}<" in content["map"] for one in ("QH-0001", "QH-0006"))


def test_the_page_of_a_parcel_shows_no_other_parcel_in_its_legend():
    assert legend(page({"parcel": FAR}, place="QH-0004")) == [("> 2", "1")]


def test_a_map_of_nothing_is_still_a_page():
    assert page({})["legends"] == []


def test_the_map_is_printed_from_the_command_line_as_a_view_keeps_it(given, tmp_path, lutu):
    assert lutu("check", given).code == 0
    looks = {"building": LayerLook(True, 1.0, Theme("building", "height_m"), label="@id")}
    keep_view(given, MapView("高度", (0.0, 0.0, 10.0, 10.0), looks, filters={"building": "height_m > 0"}))
    out = tmp_path / "x.pdf"
    assert lutu("compose", given, "as-shown", "--to", out).code == 0
    assert lutu("compose", given, "as-shown", "--view", "高度", "--to", out, "--in", "en").code == 0
    assert out.read_bytes().startswith(b"%PDF")
    refused = lutu("compose", given, "as-shown", "--view", "nowhere", "--to", out)
    assert refused.code == 1 and "高度" in refused.said
    assert KEY in lutu("compose", given, "--json").json["sheets"]


def test_a_map_is_not_composed_where_there_is_none():
    with pytest.raises(UserError):
        Compositor(city(), assessments(), plan(), Composition(KEY))

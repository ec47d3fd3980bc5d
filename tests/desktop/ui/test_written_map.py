"""The command line writes the map as the window does: coloured as asked for, without what is left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from core.jobs import Job
from core.problems import UserError
from desktop.cli import main
from desktop.layer_look import LayerLook
from desktop.map_picture import map_asked
from desktop.map_views import MapView, keep_view


def test_the_picture_has_twice_the_size_asked_for_and_its_legend_beside_it(
    small_city: Path, tmp_path: Path, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "pictures" / "map.png"
    words = ["picture", str(small_city), str(out), "--layer", "building", "--by", "pv_kwh_per_year"]
    assert main([*words, "--width", "400", "--height", "300", "--without", "parcel", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert "building" in said["layers"] and "parcel" not in said["layers"]
    image = QImage(str(out))
    assert image.height() == 600 and image.width() > 800
    colours = {image.pixelColor(x, 300).name() for x in range(0, 800, 3)}
    assert len(colours) > 3  # the ground, and roofs in their classes


def test_one_layer_is_coloured_by_the_column_and_no_other_competes(small_city: Path) -> None:
    asked = map_asked(small_city, layer="parcel", by="use", job=Job())
    shown = {name: look.theme.column for name, look in asked.looks.items() if look.theme and look.visible}
    assert shown.get("parcel") == "use" and "building" not in shown


def test_a_kept_view_is_drawn_with_its_filter_at_its_place(folder: Path, tmp_path: Path) -> None:
    looks = {"building": LayerLook(True, 1.0)}
    keep_view(folder, MapView("高楼", (0.0, 0.0, 10.0, 10.0), looks, filters={"building": "height_m < 0"}))
    asked = map_asked(folder, view="高楼", job=Job())
    building = next(one for one in asked.layers if one.name == "building")
    assert not building.seen.any() and asked.place == (0.0, 0.0, 10.0, 10.0)
    asked = map_asked(folder, view="高楼", layer="building", by="height_m", job=Job())
    assert not next(one for one in asked.layers if one.name == "building").seen.any()
    assert main(["picture", str(folder), str(tmp_path / "a.png"), "--view", "nowhere"]) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"layer": "moon"}, "moon"),
        ({"hidden": ("moon",)}, "moon"),
        ({"layer": "parcel", "by": "height_m"}, "height_m"),
    ],
)
def test_what_there_is_not_is_refused_with_what_there_is(small_city: Path, words, said: str) -> None:
    with pytest.raises(UserError, match=said) as refused:
        map_asked(small_city, job=Job(), **words)
    assert refused.value.problems[0].values["names"]


@pytest.mark.parametrize("extra", [["--by", "use"], ["--extent", "3,2,1,0"], ["--extent", "all"]])
def test_words_that_make_no_map_are_refused(small_city: Path, tmp_path: Path, extra: list[str]) -> None:
    assert main(["picture", str(small_city), str(tmp_path / "a.png"), *extra]) in (1, 2)
    assert not (tmp_path / "a.png").exists()

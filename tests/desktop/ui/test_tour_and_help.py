"""The tour leads over the parts of the window; help opens at the page of what is in front."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from core import texts
from desktop.session import Session
from desktop.ui import help as manual
from desktop.ui import theme
from desktop.ui.main_window import MainWindow
from desktop.ui.start_page import StartPage
from desktop.ui.worker import Tasks
from tests.desktop.ui.small_city import gone


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setenv("LUTU_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(texts, "_chosen", "en")
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply_theme(application)
    made = MainWindow()
    made.resize(1200, 760)
    made.show()
    yield made
    gone(made)


def test_the_tour_goes_from_stop_to_stop_and_ends_after_the_last(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_by_name["tour"].trigger()
    tour = window.tour
    assert tour is not None
    assert tour.stop.title == "Sample city"
    for _ in range(2):
        qtbot.mouseClick(tour.next, Qt.MouseButton.LeftButton)
    assert tour.next.text() == "Begin work"
    assert tour.rect().contains(tour.bubble.geometry())
    qtbot.mouseClick(tour.next, Qt.MouseButton.LeftButton)
    assert tour.isHidden()


def test_escape_leaves_the_tour(window: MainWindow, qtbot: QtBot) -> None:
    window.show_tour()
    tour = window.tour
    assert tour is not None
    qtbot.keyClick(tour, Qt.Key.Key_Escape)
    assert tour.isHidden()


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("page", manual.PAGES)
def test_the_manual_has_every_page_in_both_languages(
    language: str, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "_chosen", language)
    file = manual.manual_page(page)
    content = file.read_text(encoding="utf-8")
    assert f'lang="{"zh-CN" if language == "zh" else "en"}"' in content
    for part in content.split('src="')[1:]:
        assert (file.parent / part.split('"', 1)[0]).is_file()
    for part in content.split('href="')[1:]:
        target = part.split('"', 1)[0].split("#")[0]
        assert (file.parent / target).is_file()


def test_the_pages_are_those_of_their_texts() -> None:
    import importlib.util

    spec = importlib.util.spec_from_file_location("make_manual", manual.MANUAL.parent / "make_manual.py")
    assert spec is not None and spec.loader is not None
    maker = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    for language in texts.LANGUAGES:
        made = maker.pages(language)
        assert tuple(made) == manual.PAGES
        for name, content in made.items():
            assert (manual.MANUAL / language / f"{name}.html").read_text(encoding="utf-8") == content


def test_every_clause_of_the_national_plan_leads_to_something_that_exists() -> None:
    import csv

    from desktop.cli import lutu
    from desktop.plan_documents import KINDS
    from potential.registry import potentials

    with (manual.MANUAL / "source" / "policy.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    known = {
        "assess": {one.name for one in potentials()},
        "command": set(lutu.commands),
        "document": set(KINDS),
    }
    tokens = [one.strip().split(":") for row in rows for one in row["shown_by"].split(";")]
    assert [name for kind, name in tokens if kind != "plan" and name not in known[kind]] == []
    assert all(row["asks_zh"] and row["asks_en"] and row["done_zh"] and row["done_en"] for row in rows)
    assert {row["state"] for row in rows} == {"computed", "text"}


def test_help_opens_the_page_of_the_panel_in_front(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("desktop.ui.main_window.open_manual", opened.append)
    window.actions_by_name["help"].trigger()
    assert opened == ["start"]


def test_a_panel_that_names_its_page_is_explained_there(qtbot: QtBot) -> None:
    outer = QWidget()
    qtbot.addWidget(outer)
    outer.setProperty(manual.PAGE, "map")
    assert manual.page_for(QWidget(outer), "plan") == "map"
    assert manual.page_for(None, "plan") == "plan"


def test_a_recent_project_shows_its_map(qtbot: QtBot, tmp_path: Path) -> None:
    import numpy as np

    from cartography.picture import png

    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "thumbnail.png").write_bytes(png(np.full((184, 288, 4), 200, dtype=np.uint8)))
    page = StartPage(Session(recent=(str(tmp_path / "a"),)), Tasks(), [], lambda path: None)
    qtbot.addWidget(page)
    page.show()
    pictures = [one for one in page.recent[0].children() if getattr(one, "pixmap", None)]
    assert any(one.pixmap().width() > 60 for one in pictures if one.pixmap() is not None)


def test_the_five_steps_are_whole_in_the_narrowest_window(window: MainWindow, qtbot: QtBot) -> None:
    assert window.workbench is not None
    header = window.workbench.header
    window.stack.setCurrentWidget(window.workbench)
    window.setMinimumSize(0, 0)
    window.resize(910, 512)
    qtbot.waitUntil(lambda: header.width() <= 910)
    qtbot.wait(50)
    for step in header.steps.values():
        assert step.width() >= step.sizeHint().width()


def test_a_thumbnail_is_a_small_picture_of_the_map_in_the_folder(tmp_path: Path) -> None:
    import geopandas as gpd
    from PySide6.QtGui import QImage
    from shapely.geometry import box

    from desktop.map_layers import drawn_layer
    from desktop.thumbnail import SIZE_PX, thumbnail_of, write_thumbnail

    assert write_thumbnail(tmp_path, ()) is None and thumbnail_of(tmp_path) is None
    layer = drawn_layer("module", gpd.GeoDataFrame(geometry=[box(0, 0, 90, 60)], crs=4545))
    written = write_thumbnail(tmp_path, (layer,))
    assert written == thumbnail_of(tmp_path)
    picture = QImage(str(written))
    assert (picture.width(), picture.height()) == SIZE_PX
    assert picture.pixel(SIZE_PX[0] // 2, SIZE_PX[1] // 2) != picture.pixel(0, 0)

"""The sheet composer: what the form wants, that the preview follows it, and what reaches files and printers."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from core.units import percent
from desktop.layer_look import LayerLook, dressed
from desktop.map_layers import city_layers
from desktop.map_sheet import KEY
from desktop.sheet_templates import kept_templates
from desktop.themes import Theme
from desktop.ui.printing import paint_pages, suit_printer
from desktop.ui.sheet_composer import LEAST_DPI, SheetComposer
from desktop.ui.sheet_items import FIELD_WORDS, QUESTIONS
from desktop.ui.sheet_template_row import NameQuestion
from desktop.ui.workspace import Message, Workspace
from reports.sheets.composition import ITEMS, Composition
from reports.sheets.free_items import FIELDS
from reports.sheets.furniture import wind_rose
from reports.sheets.wanted import FreeItem
from tests.desktop.ui.watching import Watch
from tests.reports.small_plan import assessments, city, plan

SEEN = (1_000.0, 2_000.0, 1_500.0, 2_400.0)


@pytest.fixture
def composer(qtbot, monkeypatch, tmp_path: Path) -> Iterator[SheetComposer]:
    monkeypatch.setenv("LUTU_HOME", str(tmp_path))
    parent, workspace = QWidget(), Workspace()
    parent.resize(1366, 768)
    qtbot.addWidget(parent)
    workspace.city, workspace.assessments, workspace.plan = city(), assessments(), plan()
    made = SheetComposer(workspace, parent, SEEN)
    made.show()
    qtbot.waitUntil(lambda: made.pdf.isEnabled(), timeout=20_000)
    yield made
    if made.isVisible():
        made.reject()
    workspace.close()
    parent.close()


def choose(composer: SheetComposer, box: str, name: str) -> None:
    made = getattr(composer.form, box)
    made.setCurrentIndex(made.findData(name))


def drawn(composer: SheetComposer, qtbot) -> None:
    qtbot.wait(300)
    qtbot.waitUntil(lambda: not composer.workspace.later.busy, timeout=20_000)
    qtbot.wait(20)


def shape(composer: SheetComposer) -> QSize:
    return composer.paper.image.size()


def test_the_form_wants_what_stands_in_it(composer):
    choose(composer, "sheet", "land_use")
    choose(composer, "paper", "a2")
    choose(composer, "scale", "5000")
    form = composer.form
    QTest.keyClicks(form.title, "Land")
    QTest.keyClicks(form.drawn, "A")
    box = form.items["legend"]
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(10, box.height() // 2))
    wanted = form.composition
    assert (wanted.key, wanted.paper, wanted.scale, wanted.title) == ("land_use", "a2", 5000, "Land")
    assert wanted.without == ("legend",) and wanted.imprint.drawn == "A"
    assert wanted.imprint.date == date.today()


def test_the_extent_of_the_map_is_in_the_middle_and_whole(composer):
    choose(composer, "extent", "seen")
    wanted = composer.form.composition
    wide_mm, high_mm = wanted.map_mm
    assert wanted.centre == (1_250.0, 2_200.0)
    assert wide_mm * wanted.scale / 1000 >= 500 and high_mm * wanted.scale / 1000 >= 400


def test_the_preview_turns_with_the_paper(composer, qtbot):
    assert shape(composer).width() > shape(composer).height()
    choose(composer, "turned", "portrait")
    drawn(composer, qtbot)
    assert shape(composer).width() < shape(composer).height()


def test_the_pages_of_an_atlas_are_turned_by_the_arrows(composer, qtbot):
    choose(composer, "pages", "planning_unit")
    drawn(composer, qtbot)
    assert composer.count == len(city().tables["planning_unit"]) and not composer.before.isEnabled()
    QTest.mouseClick(composer.after, Qt.MouseButton.LeftButton)
    drawn(composer, qtbot)
    assert composer.page == 1 and composer.before.isEnabled()


def test_a_date_that_is_none_is_said_in_place_of_the_page_and_nothing_can_be_written(composer, qtbot):
    composer.form.date.setText("tomorrow")
    qtbot.waitUntil(lambda: not composer.pdf.isEnabled())
    assert "tomorrow" in composer.paper.page.text()
    composer.form.date.setText("2026-11-30")
    qtbot.waitUntil(composer.pdf.isEnabled, timeout=20_000)
    assert composer.form.composition.imprint.date == date(2026, 11, 30)


def test_every_input_has_a_name_for_a_screen_reader(composer):
    form = composer.form
    inputs = (form.sheet, form.paper, form.turned, form.extent, form.scale, form.pages, form.title)
    assert all(one.accessibleName() for one in (*inputs, form.number, form.author, form.date, composer.paper))
    assert set(form.items) == set(ITEMS)


def test_a_sheet_is_written_in_the_background(composer, qtbot, tmp_path):
    composer.write(tmp_path / "图.pdf")
    qtbot.waitUntil(lambda: composer.workspace.tasks.running is None, timeout=20_000)
    assert (tmp_path / "图.pdf").read_bytes().startswith(b"%PDF")


def test_the_composer_says_itself_where_its_file_is_and_that_it_was_printed(
    composer, qtbot, tmp_path, monkeypatch
):
    opened = []
    monkeypatch.setattr("desktop.ui.shown_files.show_file", opened.append)
    composer.write(tmp_path / "图.png")
    qtbot.waitUntil(composer.message.isVisible, timeout=20_000)
    assert str(tmp_path) in composer.message.accessibleName()
    composer.message._link.click()
    assert opened == [tmp_path]
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "p.pdf"))
    composer.print_to(printer)
    qtbot.waitUntil(lambda: "图" not in composer.message.accessibleName(), timeout=20_000)
    qtbot.waitUntil(lambda: composer.workspace.tasks.running is None, timeout=60_000)
    assert composer.message.isVisible() and composer.message._link.text()
    composer.close()
    composer.workspace.said.emit(Message("heard by nobody who is gone"))


def test_a_printer_gets_every_page_on_its_paper(composer, qtbot, tmp_path):
    choose(composer, "pages", "planning_unit")
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "p.pdf"))
    wanted = composer.form.composition
    suit_printer(printer, wanted.paper, landscape=wanted.landscape)
    composer.print_to(printer)
    qtbot.waitUntil(lambda: composer.workspace.tasks.running is None, timeout=60_000)
    pages = (tmp_path / "p.pdf").read_bytes().count(b"/Type /Page\n")
    assert pages == len(city().tables["planning_unit"])


def test_a_page_fills_the_paper_of_the_printer(qtbot, tmp_path):
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "p.pdf"))
    suit_printer(printer, "a4", landscape=True)
    black = io.BytesIO()
    Image.new("RGB", (297, 210)).save(black, "png")
    paint_pages(printer, [black.getvalue()])
    paper = printer.pageLayout().fullRectPixels(300)
    assert (paper.width(), paper.height()) == pytest.approx((3508, 2480), abs=2)
    assert (tmp_path / "p.pdf").stat().st_size > 500


def test_the_window_never_waits_for_the_preview(composer, qtbot):
    with Watch() as watch:
        for key in ("land_use", "age", "phases"):
            choose(composer, "sheet", key)
            drawn(composer, qtbot)
    assert watch.longest_ms < 100


def test_the_wheel_makes_the_page_larger_at_the_cursor_and_finer(composer, qtbot):
    before, width = composer.paper.page.width(), shape(composer).width()
    view = composer.paper.viewport()
    place = QPointF(view.width() * 0.75, view.height() * 0.5)
    turn = QWheelEvent(
        place, view.mapToGlobal(place), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    for _ in range(3):
        QApplication.sendEvent(view, turn)
    assert composer.paper.page.width() == pytest.approx(2 * before, abs=3)
    assert composer.paper.horizontalScrollBar().value() > composer.paper.horizontalScrollBar().maximum() / 2
    assert composer.size_said.text() == percent(2.0)
    drawn(composer, qtbot)
    assert shape(composer).width() > 1.2 * width
    for _ in range(3):
        QTest.mouseClick(composer.smaller, Qt.MouseButton.LeftButton)
    assert composer.paper.page.width() == pytest.approx(before, abs=2) and not composer.smaller.isEnabled()


def test_a_small_preview_is_drawn_fine_enough_for_hatches(composer, qtbot):
    choose(composer, "paper", "a0")
    drawn(composer, qtbot)
    wide_mm, _ = composer.form.composition.paper_mm
    assert shape(composer).width() >= round(LEAST_DPI * wide_mm / 25.4) - 1


def test_a_wind_rose_without_directions_is_neither_ticked_nor_promised(composer):
    box = composer.form.items["wind_rose"]
    known = bool(wind_rose(composer.workspace.city.weather))
    assert (box.isEnabled(), box.isChecked()) == (known, known)
    composer.form.leave_out({"wind_rose": "no directions"})
    assert not box.isChecked() and "no directions" in box.text()
    assert "wind_rose" not in composer.form.composition.without


def rows(composer: SheetComposer) -> list[str]:
    listed = composer.form.added.list
    return [listed.item(row).text() for row in range(listed.count())]


def asked(composer: SheetComposer, qtbot, kind: str):
    composer.form.added.ask(kind)
    qtbot.waitUntil(lambda: composer.findChild(QUESTIONS[kind]) is not None)
    return composer.findChild(QUESTIONS[kind])


def test_words_a_picture_and_a_chart_are_asked_for_and_stand_on_the_page(composer, qtbot, tmp_path):
    choose(composer, "sheet", "land_use")
    words = asked(composer, qtbot, "text")
    words.insert("city")
    words.try_accept()
    Image.new("RGB", (60, 30), "red").save(tmp_path / "logo.png")
    picture = asked(composer, qtbot, "picture")
    picture.file.setText(str(tmp_path / "logo.png"))
    picture.wide.setValue(40)
    picture.try_accept()
    chart = asked(composer, qtbot, "chart")
    chart.chart.setCurrentIndex(chart.chart.findData("typical_day"))
    chart.option.setCurrentIndex(chart.option.findData("7"))
    chart.try_accept()
    drawn(composer, qtbot)
    assert composer.form.composition.added == (
        FreeItem("text", "{city}"),
        FreeItem("picture", str(tmp_path / "logo.png"), "40"),
        FreeItem("chart", "typical_day", "7"),
    )
    assert composer.lacking.isVisible() and composer.pdf.isEnabled()  # without results there is no chart


def test_an_item_that_cannot_be_printed_is_said_in_its_own_question(composer, qtbot):
    words = asked(composer, qtbot, "text")
    words.words.setPlainText("{capital}")
    words.try_accept()
    assert words.isVisible() and "{capital}" in words.trouble.text()
    words.reject()
    picture = asked(composer, qtbot, "picture")
    picture.file.setText("gone.png")
    picture.try_accept()
    assert "gone.png" in picture.trouble.text()
    assert composer.form.composition.added == ()


def test_items_are_moved_changed_and_taken_away(composer, qtbot):
    added = composer.form.added
    added.show_items([FreeItem("text", "one"), FreeItem("text", "two"), FreeItem("text", "three")])
    added.list.setCurrentRow(2)
    QTest.mouseClick(added.up, Qt.MouseButton.LeftButton)
    assert rows(composer) == ["one", "three", "two"] and added.list.currentRow() == 1
    QTest.keyClick(added.list, Qt.Key.Key_Return)
    question = composer.findChild(QUESTIONS["text"])
    question.words.setPlainText("four")
    question.try_accept()
    added.list.setCurrentRow(0)
    QTest.keyClick(added.list, Qt.Key.Key_Delete)
    assert rows(composer) == ["four", "two"] and not added.up.isEnabled()
    assert [one.value for one in composer.form.composition.added] == ["four", "two"]


def test_every_field_of_words_has_a_name_in_the_menu():
    assert set(FIELD_WORDS) == set(FIELDS)


class Folder:
    """A project of which no more is asked than where it lies."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder


def reopened(composer: SheetComposer, qtbot) -> SheetComposer:
    """A composer as it is when the project was opened again."""
    made = SheetComposer(composer.workspace, composer.parentWidget(), SEEN)
    made.show()
    qtbot.waitUntil(lambda: made.pdf.isEnabled(), timeout=20_000)
    return made


def test_a_sheet_is_kept_as_a_template_and_there_when_the_composer_opens_again(composer, qtbot, tmp_path):
    composer.workspace.project = Folder(tmp_path)
    first = reopened(composer, qtbot)
    form = first.form
    choose(first, "sheet", "land_use")
    choose(first, "paper", "a2")
    choose(first, "turned", "portrait")
    choose(first, "extent", "seen")
    form.title.setText("用地")
    form.items["notes"].setChecked(False)
    form.added.show_items([FreeItem("text", "{city}")])
    wanted = form.composition
    form.templates.ask()
    question = first.findChild(NameQuestion)
    question.try_accept()
    assert question.isVisible() and question.trouble.text()  # it has no name
    question.name.setText("月报")
    question.try_accept()
    first.reject()

    second = reopened(composer, qtbot)
    form = second.form
    row = form.templates
    assert form.composition != wanted
    row.list.setCurrentIndex(row.list.findData("月报"))
    row.list.activated.emit(row.list.currentIndex())
    assert form.composition == wanted
    QTest.mouseClick(row.away, Qt.MouseButton.LeftButton)
    assert kept_templates(tmp_path) == {} and not row.list.isEnabled() and form.composition == wanted
    second.reject()
    composer.workspace.project = None


def test_an_atlas_of_chosen_places_comes_back_and_a_template_without_its_data_is_refused(
    composer, qtbot, tmp_path
):
    form = composer.form
    ids = tuple(sorted(city().tables["parcel"].index)[:2])
    wanted = Composition("land_use", scale=1_234, atlas="parcel", places=ids)
    form.show_composition(wanted)
    assert replace(form.composition, imprint=wanted.imprint) == wanted
    choose(composer, "pages", "")
    assert form.composition.places == ()
    with qtbot.waitSignal(form.refused):
        form.show_composition(Composition("no_such_sheet"))
    assert form.composition.key == "land_use"


def test_the_map_as_it_is_shown_comes_first_with_its_place_and_is_written(composer, qtbot, tmp_path):
    workspace = composer.workspace
    workspace.plan = None  # the small one is not whole enough to be shown on the map
    bases = city_layers(city(), assessments())
    look = LayerLook(True, 1.0, Theme("parcel", "use", "never"))
    workspace.layers = tuple(dressed(one, look, city(), {}) for one in bases if one.name == "parcel")
    workspace.looks = {"parcel": look}
    shown = reopened(composer, qtbot)
    form = shown.form
    assert form.sheet.currentData() == KEY and form.extent.currentData() == "seen"
    assert form.composition.centre == (1_250.0, 2_200.0)
    shown.write(tmp_path / "x.pdf")
    qtbot.waitUntil(lambda: workspace.tasks.running is None, timeout=20_000)
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")
    shown.reject()

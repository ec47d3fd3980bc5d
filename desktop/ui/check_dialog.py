"""What the check of files found: every file with its state, and each difference with the way to where it lies."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QWidget

from core.problems import Problem
from core.texts import text
from core.units import count
from desktop.addresses import Address
from desktop.check_places import address_of, row_on_map
from desktop.plan_check import AGREES, FileChecked, kind_said, state_said
from desktop.plan_documents import Ready
from desktop.ui.card_parts import across, button, down, label
from desktop.ui.shown_files import show_file
from desktop.ui.words_model import WordsModel, share_room, words_view
from desktop.ui.workspace import Workspace

SIZE = QSize(900, 600)
FILES_PX, PLACE_PX, VALUE_PX = (110, 260, 80, 90, 90), 280, 230


class CheckDialog(QDialog):
    """Files above, the differences of the one that is chosen below. The map stays in reach."""

    def __init__(
        self,
        workspace: Workspace,
        ready: Ready,
        found: Sequence[FileChecked],
        parent: QWidget,
        again: Callable[[], None],
    ) -> None:
        super().__init__(parent)
        self.workspace, self.ready, self.again = workspace, ready, again
        self.found = sorted(found, key=lambda one: one.state == AGREES)  # what wants looking at comes first
        self.differences: tuple[Problem, ...] = ()
        self.setWindowTitle(text("Check of documents"))
        self.setAccessibleName(text("Check of documents"))
        self.resize(SIZE.boundedTo(parent.size() - QSize(40, 40)))
        self.files = words_view(text("Files that were checked"))
        self.list = words_view(text("Differences"), lines=1)
        self.summary = label(self._sum_said(), "strong", wraps=True)
        self.note = label("", "small", wraps=True)
        self.open_file = button(text("Open the file"), "plain", self._open)
        self.trace = button(text("Trace this number"), "plain", self._trace)
        self.on_map = button(text("Show on the map"), "plain", self._show)
        self._lay_out()
        self._fill_files()

    def _lay_out(self) -> None:
        anew = button(text("Check again"), "main", self._again)
        shut = button(text("Close"), "plain", self.reject)
        for one in (self.open_file, self.trace, self.on_map, anew, shut):
            one.setAutoDefault(False)
        column = down(self, margins=(20, 16, 20, 16), spacing=10)
        column.addWidget(label(text("Check of documents"), "title"))
        column.addWidget(self.summary)
        column.addWidget(self.files, 1)
        column.addWidget(self.note)
        column.addWidget(self.list, 1)
        column.addLayout(across(self.open_file, self.trace, self.on_map, None, shut, anew, spacing=8))

    def _sum_said(self) -> str:
        numbers = sum(one.numbers for one in self.found)
        wrong = sum(len(one.problems) for one in self.found)
        said = text(
            "{count} numbers were compared: {wrong} differ.", count=count(numbers), wrong=count(wrong)
        )
        return said if wrong else f"{said} {text('All files agree with the plan.')}"

    # ---- what is shown

    def _fill_files(self) -> None:
        heads = (text("Kind"), text("File"), text("Numbers"), text("Differences"), text("State"))

        def said(row: int) -> tuple[str, ...]:
            one = self.found[row]
            numbers, wrong = count(one.numbers), count(len(one.problems))
            return kind_said(one.kind), one.path.name, numbers, wrong, state_said(one.state)

        self.files.setModel(WordsModel(heads, len(self.found), said, (2, 3), self.files))
        for place, width in enumerate(FILES_PX):
            self.files.setColumnWidth(place, width)
        share_room(self.files, 1)
        self.files.selectionModel().currentRowChanged.connect(lambda now, _: self.show_file(now.row()))
        self.files.doubleClicked.connect(lambda _: self._open())
        if self.found:
            self.files.selectRow(0)
            self.files.setCurrentIndex(self.files.model().index(0, 0))
        self._enable()

    def show_file(self, row: int) -> None:
        """Show the differences of a file."""
        one = self.found[row]
        self.differences = one.problems
        words = one.said()[0].said() if one.problems and len(one.said()) == 1 else ""
        self.note.setText(
            words or (text("It says what the plan says.") if not one.problems else one.path.name)
        )
        heads = (text("Place"), text("In the file"), text("In the plan"))
        self.list.setModel(WordsModel(heads, len(one.problems), self._difference_said, (), self.list))
        for place, width in enumerate((PLACE_PX, VALUE_PX, VALUE_PX)):
            self.list.setColumnWidth(place, width)
        share_room(self.list, 0)
        self.list.selectionModel().currentRowChanged.connect(lambda now, _: self._enable())
        self.list.doubleClicked.connect(lambda _: self._follow())
        self._enable()

    def _difference_said(self, row: int) -> tuple[str, str, str]:
        values = self.differences[row].values
        if "where" not in values:
            return self.differences[row].said(), "", ""
        return str(values["where"]), str(values.get("found", "")), str(values.get("wanted", ""))

    def _enable(self) -> None:
        self.open_file.setEnabled(self._file is not None)
        address = self._address
        self.trace.setEnabled(address is not None)
        self.on_map.setEnabled(row_on_map(address, self.ready.plan, self.ready.city) is not None)

    # ---- where it leads

    @property
    def _file(self) -> FileChecked | None:
        index = self.files.currentIndex()
        return self.found[index.row()] if index.isValid() else None

    @property
    def _address(self) -> Address | None:
        index = self.list.currentIndex()
        if not index.isValid() or index.row() >= len(self.differences):
            return None
        return address_of(self.differences[index.row()], self.ready.plan, self.ready.city)

    def _follow(self) -> None:
        """To the map where the difference is of a parcel or building, else to the trace, else to the file."""
        for one in (self.on_map, self.trace, self.open_file):
            if one.isEnabled():
                one.click()
                return

    def _open(self) -> None:
        if self._file is not None:
            show_file(self._file.path)

    def _trace(self) -> None:
        self.workspace.trace_asked.emit(self._address)

    def _show(self) -> None:
        place = row_on_map(self._address, self.ready.plan, self.ready.city)
        if place is not None:
            self.workspace.restyle(place[0], visible=True)
            self.workspace.select_ids(place[0], [place[1]])
            self.workspace.find_asked.emit()

    def _again(self) -> None:
        self.accept()
        self.again()

"""Asks which base map lies under the layers: none, one kept before, a web map by address and key, or an MBTiles file."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QWidget

from core.texts import text
from desktop.base_maps import OFFERED, BaseMap, checked
from desktop.ui.card_parts import across
from desktop.ui.form_dialog import FormDialog, label
from desktop.ui.inputs import ComboBox

GRIDS = (("mercator", "Web Mercator (EPSG:3857)"), ("degrees", "Degrees (EPSG:4490)"))


class BaseMapQuestion(FormDialog):
    """Which base map is shown; `base` is None for none."""

    def __init__(self, parent: QWidget, kept: Sequence[BaseMap], shown: BaseMap | None) -> None:
        lead = text(
            "Base maps need your own address and key, which stay on this machine. Tiles are fetched only while one is"
            " shown; the program never chooses one by itself."
        )
        super().__init__(text("Base map"), lead, text("Apply"), parent)
        self.base: BaseMap | None = shown
        self.choice, self.grid = ComboBox(), ComboBox()
        names = {one.name for one in kept}
        self.choice.addItem(text("No base map"), None)
        for one in (*kept, *(offer for offer in OFFERED if offer.name not in names)):
            self.choice.addItem(one.name, one)
        self.choice.addItem(text("Another…"), BaseMap("", ""))
        self.name, self.address, self.key = QLineEdit(), QLineEdit(), QLineEdit()
        self.labels = QLineEdit()
        self.labels.setPlaceholderText(text("May be empty"))
        self.key.setEchoMode(QLineEdit.EchoMode.PasswordEchoOnEdit)
        self.address.setPlaceholderText("https://…/{z}/{x}/{y}.png")
        self.browse = QPushButton(text("MBTiles file…"))
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self._browse)
        for grid, said in GRIDS:
            self.grid.addItem(text(said), grid)
        self.warning = label("", "error", wraps=True)
        self.add(text("Shown"), self.choice)
        self.add(text("Name"), self.name)
        row = across(self.address, self.browse, spacing=8)
        row.setStretch(0, 1)
        self.add(text("Address or file"), row, self.address)
        self.add(text("Address of place names"), self.labels)
        self.add(text("Key"), self.key)
        self.add(text("Tile grid"), self.grid)
        self.form.addRow(self.warning)
        self.choice.currentIndexChanged.connect(lambda _: self._fill())
        self.address.textChanged.connect(lambda _: self._warn())
        now = next(
            (n for n in range(self.choice.count()) if shown and self.choice.itemText(n) == shown.name), 0
        )
        self.choice.setCurrentIndex(now)
        self._fill()

    def read(self) -> None:
        """Read what was chosen; UserError where it cannot be shown."""
        self.base = None if self.choice.currentData() is None else checked(self._entered())

    def _entered(self) -> BaseMap:
        return BaseMap(
            self.name.text().strip(),
            self.address.text().strip(),
            self.key.text().strip(),
            self.grid.currentData(),
            self.labels.text().strip(),
        )

    def _fill(self) -> None:
        chosen = self.choice.currentData()
        for part in (self.name, self.address, self.labels, self.key, self.grid, self.browse):
            part.setEnabled(chosen is not None)
        if chosen is not None:
            self.name.setText(chosen.name)
            self.address.setText(chosen.address)
            self.address.setCursorPosition(0)
            self.labels.setText(chosen.labels)
            self.labels.setCursorPosition(0)
            self.key.setText(chosen.key)
            self.grid.setCurrentIndex(max(0, self.grid.findData(chosen.grid)))
        self._warn()

    def _warn(self) -> None:
        """Say it of maps that are known to be shifted."""
        datum = self._entered().datum if self.choice.currentData() is not None else ""
        self.warning.setText(
            text(
                "This map is drawn in {datum} and lies some hundred metres beside the city: to be looked at, not to be"
                " drawn from.",
                datum=datum,
            )
            if datum
            else ""
        )
        self.warning.setVisible(bool(datum))

    def _browse(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, text("MBTiles file"), "", "MBTiles (*.mbtiles)")
        if chosen:
            self.address.setText(chosen)
            if not self.name.text().strip():
                self.name.setText(chosen.replace("\\", "/").rsplit("/", 1)[-1].removesuffix(".mbtiles"))

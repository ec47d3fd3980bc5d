"""The legend of the active layer: each class with its colour, what it holds and how many, to be switched on and off."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from cartography.classes import LegendEntry
from cartography.layers import StyledLayer
from core.texts import text
from core.units import count
from desktop.ui import theme
from desktop.ui.card_parts import down, emptied
from desktop.ui.painting import guarded

ROW_PX = 22


def rim_pen(outline: str | None) -> QPen:
    """What a swatch is edged with: the outline that was chosen, none where it is empty, or the line of the window."""
    if outline == "":
        return QPen(Qt.PenStyle.NoPen)
    return QPen(QColor(outline or theme.tokens()["line"]), 1)


class LegendRow(QAbstractButton):
    """A class: pressed, it is switched off or on again."""

    def __init__(self, entry: LegendEntry, shown: bool) -> None:
        super().__init__()
        self.entry = entry
        self.setCheckable(True)
        self.setChecked(shown)
        self.setFixedHeight(ROW_PX)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(text("Show or hide this class"))
        self.setAccessibleName(f"{entry.label} {count(entry.features)}")

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(120, ROW_PX)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw colour, words and number; a class that is off is pale."""
        colours = theme.tokens()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setOpacity(1.0 if self.isChecked() else 0.4)
            swatch = QRectF(9, (ROW_PX - 13) / 2, 18, 13)
            rim = (
                self.entry.outline if self.isChecked() else None
            )  # else a class that is off could not be seen
            rim = colours["accent"] if self.hasFocus() else rim
            painter.setPen(rim_pen(rim))
            painter.setBrush(QColor(self.entry.colour) if self.isChecked() else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(swatch, 3, 3)
            if self.entry.hatch and self.isChecked():
                painter.setBrush(QBrush(QColor("#ffffff"), Qt.BrushStyle.BDiagPattern))
                painter.drawRoundedRect(swatch, 3, 3)
            painter.setFont(theme.body_font(12))
            painter.setPen(QColor(colours["ink"]))
            words = QRectF(35, 0, self.width() - 35 - 60, ROW_PX)
            shown = painter.fontMetrics().elidedText(
                self.entry.label, Qt.TextElideMode.ElideRight, int(words.width())
            )
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, shown)
            painter.setPen(QColor(colours["muted"]))
            place = QRectF(self.width() - 68, 0, 60, ROW_PX)
            said = count(self.entry.features) if self.entry.features >= 0 else ""
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, said)


class Legend(QWidget):
    """All classes of a layer.

    Signals
    -------
    hidden_changed(frozenset)
        Classes that are switched off now.
    """

    hidden_changed = Signal(frozenset)

    def __init__(self) -> None:
        super().__init__()
        self._column = down(self, spacing=0)
        self._shown: StyledLayer | None = None
        self.rows: list[LegendRow] = []

    def show_layer(self, layer: StyledLayer | None) -> None:
        """Show the classes of a layer; nothing for a layer of one colour."""
        before, self._shown = self._shown, layer
        if layer is None or before is None or not _reads_alike(before, layer):
            emptied(self._column)
            self.rows = []
            self._list(layer)

    def _list(self, layer: StyledLayer | None) -> None:
        if layer is None:
            return
        for entry in layer.legend():
            shown = entry._replace(features=-1) if layer.raster is not None else entry
            row = LegendRow(shown, entry.number not in layer.hidden_classes)
            row.setEnabled(layer.raster is None)
            row.clicked.connect(self._switched)
            self._column.addWidget(row)
            self.rows.append(row)

    def _switched(self) -> None:
        self.hidden_changed.emit(frozenset(row.entry.number for row in self.rows if not row.isChecked()))


def _reads_alike(one: StyledLayer, other: StyledLayer) -> bool:
    """Whether the legends of two layers say the same."""
    return (
        one.classes == other.classes
        and (one.outline, one.outline_chosen) == (other.outline, other.outline_chosen)
        and one.values is other.values
        and one.shown is other.shown
        and one.hidden_classes == other.hidden_classes
        and one.relief == other.relief
    )

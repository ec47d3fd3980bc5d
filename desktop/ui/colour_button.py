"""The colour button: a colour as a swatch; pressed, it offers others in Qt's own dialog."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QColorDialog

from core.texts import text
from desktop.ui import theme
from desktop.ui.painting import guarded

WIDTH_PX, HEIGHT_PX = 64, 26


class ColourButton(QAbstractButton):
    """One colour.

    Parameters
    ----------
    called : str
        What it is the colour of, English with a translation.

    Signals
    -------
    chosen(str)
        Another colour was chosen, `#rrggbb`.
    """

    chosen = Signal(str)

    def __init__(self, called: str = "Colour of the layer") -> None:
        super().__init__()
        self._called = called
        self.setAccessibleName(text(called))
        self.colour = "#000000"
        self.setFixedSize(self.sizeHint())
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(text("Choose another colour"))
        self.clicked.connect(self._ask)

    def sizeHint(self) -> QSize:
        """A swatch."""
        return QSize(WIDTH_PX, HEIGHT_PX)

    def show_colour(self, colour: str) -> None:
        """Show another colour, `#rrggbb` or `#rrggbbaa`, of which the opacity is left out."""
        self.colour = colour[:7]
        self.setAccessibleDescription(self.colour)
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the swatch, with a rim that tells where the keys are."""
        colours = theme.tokens()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(colours["accent" if self.hasFocus() else "line"]), 1.5))
            painter.setBrush(QColor(self.colour))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)

    def _ask(self) -> None:
        dialog = QColorDialog(QColor(self.colour), self.window())
        dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
        dialog.setWindowTitle(text(self._called))
        dialog.colorSelected.connect(lambda colour: self.chosen.emit(colour.name()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

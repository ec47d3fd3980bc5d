"""The style of classes: outlines of coloured areas, and decimals of the borders in legends."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from cartography.layers import StyledLayer
from core import look as colours
from core.texts import text
from desktop.layer_look import MOST_DECIMALS, NO_OUTLINE, LayerLook, has_outline
from desktop.ui.card_parts import across, down, label
from desktop.ui.colour_button import ColourButton
from desktop.ui.inputs import ComboBox

DEFAULT, CHOSEN = "", "chosen"
OUTLINES = {DEFAULT: "As usual", CHOSEN: "Chosen colour", NO_OUTLINE: "No outline"}
NARROW = 7  # letters; the panel is narrow


class ClassStyle(QWidget):
    """Two rows below the colours of a layer; each is there where the layer has what it is about.

    Signals
    -------
    chosen(dict)
        What changes in the look.
    """

    chosen = Signal(dict)

    def __init__(self) -> None:
        super().__init__()
        self.outline, self.decimals, self.colour = (
            ComboBox(),
            ComboBox(),
            ColourButton("Colour of the outline"),
        )
        for word, said in OUTLINES.items():
            self.outline.addItem(text(said), word)
        self.decimals.addItem(text("Automatic"), None)
        for number in range(MOST_DECIMALS + 1):
            self.decimals.addItem(str(number), number)
        for box, said, whole in (
            (self.outline, "Outline", "Outlines of the areas"),
            (self.decimals, "Decimals", "Decimals of the borders of classes in legends"),
        ):
            box.setAccessibleName(text(said))
            box.setToolTip(text(whole))
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(NARROW)
        self._outline_word, self._decimals_word = (
            label(text("Outline"), "small"),
            label(text("Decimals"), "small"),
        )
        column = down(self, spacing=6)
        outlines = across(self._outline_word, self.outline, self.colour, spacing=8)
        decimals = across(self._decimals_word, self.decimals, spacing=8)
        for row in (outlines, decimals):
            row.setStretch(1, 1)
            column.addLayout(row)
        self.outline.activated.connect(lambda _: self._outline_taken())
        self.decimals.activated.connect(lambda _: self.chosen.emit({"decimals": self.decimals.currentData()}))
        self.colour.chosen.connect(lambda colour: self.chosen.emit({"outline": colour}))

    def show_style(self, layer: StyledLayer, look: LayerLook, *, graduated: bool) -> None:
        """Show what a look says of outlines and decimals."""
        outlines = look.theme is not None and has_outline(layer)
        own = look.outline not in (DEFAULT, NO_OUTLINE)
        self.outline.setCurrentIndex(self.outline.findData(CHOSEN if own else look.outline))
        self.colour.show_colour(look.outline if own else layer.outline or colours.MAP_EDGE)
        self.decimals.setCurrentIndex(0 if look.decimals is None else look.decimals + 1)
        for part in (self._outline_word, self.outline):
            part.setVisible(outlines)
        self.colour.setVisible(outlines and own)
        for part in (self._decimals_word, self.decimals):
            part.setVisible(graduated)
        self.setVisible(outlines or graduated)

    def _outline_taken(self) -> None:
        word = str(self.outline.currentData())
        self.chosen.emit({"outline": self.colour.colour if word == CHOSEN else word})

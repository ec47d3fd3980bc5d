"""The layers panel: the list of layers with their classes, and histogram and style of the one that is active."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QScrollArea, QWidget

from cartography.classes import METHODS
from cartography.colours import RAMPS, REVERSED
from cartography.layers import StyledLayer
from core.texts import text
from core.units import count, unit_said
from desktop.layer_groups import TITLES, gathered, group_of, moved
from desktop.layer_look import (
    MOST_CLASSES,
    NOTHING,
    UNPLANNED,
    LayerLook,
    is_graduated,
    ramp_of,
    turned,
    unit_of,
)
from desktop.map_labels import label_choices
from desktop.themes import Theme, themes_of
from desktop.ui.card_parts import across, button, down, hairline, label, tool_button
from desktop.ui.class_style import ClassStyle
from desktop.ui.colour_button import ColourButton
from desktop.ui.form_dialog import number_box
from desktop.ui.histogram import HistogramView
from desktop.ui.inputs import ComboBox, Slider
from desktop.ui.layers_list import LayersList
from desktop.ui.legends import Legends
from desktop.ui.workspace import CARD_TABLES, Workspace

METHOD_WORDS = {
    "natural_breaks": "Natural breaks",
    "quantile": "Equal count",
    "equal": "Equal interval",
    "deviation": "Standard deviation",
    "pretty": "Round values",
    "manual": "Manual",
}
RAMP_WORDS = {
    "irradiation": "Irradiation",
    "viridis": "Viridis",
    "cividis": "Cividis",
    "green": "Green",
    "water": "Blue",
    "ground_heat": "Purple",
    "temperature": "Orange to red",
    "grey": "Grey",
}


class LayersPanel(QScrollArea):
    """Layers of a workspace.

    Signals
    -------
    problems_asked()
        The user wants to see the problems of the data.
    """

    problems_asked = Signal()

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list = LayersList()
        self.fold = button("", "link", self._fold)
        self.themes = ComboBox()
        self.themes.setAccessibleName(text("Theme of the layer"))
        self.histogram = HistogramView()
        self.legends = Legends(workspace, self)
        self.heading = label("", "section", wraps=True)
        self.note = label("", "note", wraps=True)
        self.problems = button("", "link", self.problems_asked.emit)
        self._style = self._style_part()
        self._filling = False
        inside = QWidget()
        column = down(inside, margins=(10, 8, 10, 12), spacing=6)
        for part in (
            self.list,
            self.fold,
            hairline(),
            self.heading,
            self.themes,
            self.histogram,
            self.note,
            self._style,
            self.problems,
        ):
            column.addWidget(part)
        column.addStretch(1)
        self.setWidget(inside)
        self.list.shown_changed.connect(self._switch)
        self.list.activated_layer.connect(workspace.activate)
        self.list.reordered.connect(lambda names: workspace.reorder(gathered(names, workspace.city)))
        self.list.group_moved.connect(self._move_group)
        self.list.opened_changed.connect(self.refresh)
        self.themes.activated.connect(self._theme_chosen)
        self.histogram.breaks_changed.connect(self._breaks_moved)
        self.list.classes_changed.connect(self._hide_classes)
        self.legends.changed.connect(self.refresh)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.refresh)
        workspace.layers_changed.connect(self._soon.start)
        workspace.data_changed.connect(self._soon.start)
        self.refresh()

    def refresh(self) -> None:
        """Show layers and the style of the active one as they are now."""
        self._soon.stop()
        workspace = self.workspace
        self._filling = True
        known = {layer.name: layer for layer in workspace.layers}
        order = gathered(known, workspace.city)
        self.list.show_layers(
            tuple(known[name] for name in order),
            workspace.active,
            {name: group_of(name, workspace.city) for name in order},
            {group: text(title) for group, title in TITLES.items()},
            {name: workspace.filters.words(name) for name in workspace.filters.tables},
            self.legends.of(workspace.layers),
        )
        self.list.setFixedHeight(self.list.height_of_rows())
        folded = self.list.folded
        self.fold.setVisible(bool(folded) or self.list.unfolded)
        words = text("{count} more layers", count=count(folded)) if folded else text("Fewer layers")
        self.fold.setText(words)
        layer = workspace.layer(workspace.active)
        self._show_style(layer, workspace.looks.get(workspace.active))
        number = len(workspace.problems)
        self.problems.setText(text("{count} problems of the data", count=count(number)))
        self.problems.setVisible(number > 0)
        self._filling = False

    def show_style(self) -> None:
        """Bring the style of the active layer into sight, with the keys on its first choice."""
        self.refresh()
        QTimer.singleShot(0, self, self._reveal_style)  # its place is known once it is laid out

    def _reveal_style(self) -> None:
        self.ensureWidgetVisible(self._style)
        first = next((one for one in (self.themes, self.ramp, self.opacity) if one.isVisible()), None)
        if first is not None:
            self.ensureWidgetVisible(first)
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_style(self, layer: StyledLayer | None, look: LayerLook | None) -> None:
        city = self.workspace.city
        if layer is None or look is None or city is None:
            for part in (self.heading, self.themes, self.histogram, self.note, self._style):
                part.hide()
            return
        table = layer.ragged is not None
        offered = themes_of(city, self.workspace.results, layer.name) if table else []
        if look.theme is not None and look.theme not in offered:  # a month of what is offered for the year
            offered = [*offered, look.theme]
        self._fill_themes(offered, look.theme)
        unit = unit_of(layer, look)
        self.heading.setText(layer.title if not unit else f"{layer.title} ({unit_said(unit)})")
        self.heading.show()
        graduated = is_graduated(look) and layer.classes is not None and layer.classes.numeric
        self.histogram.setVisible(graduated)
        if graduated and layer.classes is not None and layer.values is not None:
            self.histogram.show_values(layer.values, layer.classes, unit, layer.shown)
        self._say_note(layer, look)
        self._style.show()
        for part in (self.method, self.classes, self._classes_row):
            part.setVisible(graduated)
        ramped = graduated or (layer.raster is not None and layer.classes is not None)
        plain = table and look.theme is None
        self.colour.show_colour(layer.colour if layer.filled else layer.outline or layer.colour)
        for part, seen in (
            (self.ramp, ramped),
            (self.inverted, ramped),
            (self.colour, plain),
            (self.first_colour, plain and bool(look.colour)),
            (self._ramp_word, ramped or plain),
        ):
            part.setVisible(seen)
        self._ramp_word.setText(text("Colours") if ramped else text("Colour"))
        self.class_style.show_style(layer, look, graduated=graduated)
        if layer.classes is not None:
            self.method.setCurrentIndex(max(0, self.method.findData(look.method or layer.classes.method)))
            self.classes.setValue(len(layer.classes.colours) if graduated else look.count)
        ramp = look.ramp or ramp_of(look.theme, layer.name)
        self.ramp.setCurrentIndex(self.ramp.findData(ramp.removesuffix(REVERSED)))
        self.inverted.setChecked(ramp.endswith(REVERSED))
        self.opacity.setValue(round(look.opacity * 100))
        self._fill_labels(
            label_choices(city, self.workspace.results, look, layer.name) if table else [], look
        )

    def _fill_labels(self, offered: list[tuple[str, str]], look: LayerLook) -> None:
        self.labels.clear()
        for word, said in offered:
            self.labels.addItem(said, word)
        self.labels.setCurrentIndex(max(0, self.labels.findData(look.label)))
        for part in (self.labels, self._label_word):
            part.setVisible(bool(offered))

    def _fill_themes(self, offered: list[Theme], chosen: Theme | None) -> None:
        self.themes.clear()
        self.themes.addItem(text("One colour"), None)
        for theme in offered:
            self.themes.addItem(theme.title, theme)
        now = next((n + 1 for n, theme in enumerate(offered) if theme == chosen), 0)
        self.themes.setCurrentIndex(now)
        self.themes.setVisible(bool(offered))

    def _say_note(self, layer: StyledLayer, look: LayerLook) -> None:
        parts: list[str] = []
        graduated = is_graduated(look) and layer.classes is not None and layer.classes.numeric
        if graduated and layer.classes is not None and layer.values is not None:
            without = ~np.isfinite(np.asarray(layer.values, dtype=float))
            missing = int((without if layer.shown is None else without & layer.shown).sum())
            parts.append(text(METHOD_WORDS.get(layer.classes.method, layer.classes.method)))
            parts.append(text("{count} classes", count=count(len(layer.classes.colours))))
            if missing and layer.classes.missing_label not in (NOTHING, UNPLANNED):
                parts.append(text("{count} without a value", count=count(missing)))
        remarks = layer.classes.remarks if layer.classes is not None else ()
        self.note.setText("\n".join([" · ".join(parts), *remarks]).strip())
        self.note.setVisible(bool(self.note.text()))

    def _style_part(self) -> QWidget:
        self.method, self.ramp = ComboBox(), ComboBox()
        for method in METHODS:
            self.method.addItem(text(METHOD_WORDS[method]), method)
        for ramp in RAMPS:
            self.ramp.addItem(text(RAMP_WORDS[ramp]), ramp)
        for box in (self.method, self.ramp, self.themes):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(7)
        self.classes = number_box(2, MOST_CLASSES)
        self.classes.setFixedWidth(64)
        self.labels = ComboBox()
        self.labels.setMinimumContentsLength(7)
        self.labels.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.labels.setAccessibleName(text("Labels"))
        self.labels.activated.connect(lambda _: self._restyle(label=self.labels.currentData()))
        self.opacity = Slider()
        self.opacity.setRange(10, 100)
        for part, words in (
            (self.method, "Classification"),
            (self.ramp, "Colours"),
            (self.classes, "Number of classes"),
            (self.opacity, "Opacity"),
        ):
            part.setAccessibleName(text(words))
        self.method.activated.connect(lambda _: self._restyle(method=self.method.currentData(), breaks=()))
        self.inverted = QCheckBox(text("Reversed"))
        self.inverted.setToolTip(text("Let the colours run the other way"))
        self.colour = ColourButton()
        self.first_colour = tool_button(
            "ph.arrow-counter-clockwise",
            text("The colour as it was at first"),
            lambda: self._restyle(colour=""),
        )
        self.colour.chosen.connect(lambda colour: self._restyle(colour=colour))
        self.inverted.clicked.connect(lambda _: self._ramp_chosen())
        self.ramp.activated.connect(lambda _: self._ramp_chosen())
        self.classes.valueChanged.connect(self._count_chosen)
        self.opacity.valueChanged.connect(lambda value: self._restyle(opacity=value / 100))
        self._ramp_word = label(text("Colours"), "small")
        self._classes_row = label(text("Classes"), "small")
        holder = QWidget()
        column = down(holder, spacing=6)
        methods = across(self._classes_row, self.method, self.classes, spacing=8)
        methods.setStretch(1, 1)
        column.addLayout(methods)
        column.addLayout(
            across(self._ramp_word, None, self.inverted, self.ramp, self.first_colour, self.colour, spacing=8)
        )
        self.class_style = ClassStyle()
        self.class_style.chosen.connect(lambda changes: self._restyle(**changes))
        column.addWidget(self.class_style)
        self._label_word = label(text("Labels"), "small")
        labels = across(self._label_word, self.labels, spacing=8)
        labels.setStretch(1, 1)
        column.addLayout(labels)
        column.addLayout(across(label(text("Opacity"), "small"), self.opacity, spacing=12))
        return holder

    def _restyle(self, **changes: object) -> None:
        if self._filling:
            return
        look = self.workspace.looks.get(self.workspace.active)
        if changes.get("method") == "manual" and look is not None:
            layer = self.workspace.layer(self.workspace.active)
            changes["breaks"] = (
                layer.classes.breaks if layer is not None and layer.classes is not None else ()
            )
        self.workspace.restyle(self.workspace.active, **changes)

    def _ramp_chosen(self) -> None:
        ramp = str(self.ramp.currentData())
        self._restyle(ramp=turned(ramp) if self.inverted.isChecked() else ramp)

    def _count_chosen(self, number: int) -> None:
        look = self.workspace.looks.get(self.workspace.active)
        method = look.method if look is not None else ""
        self._restyle(count=number, method="natural_breaks" if method == "manual" else method)

    def _theme_chosen(self, number: int) -> None:
        if not self._filling:
            if self.workspace.active in CARD_TABLES and self.themes.itemData(number) is not None:
                self.workspace.calm(self.workspace.active)
            self.workspace.restyle(
                self.workspace.active,
                theme=self.themes.itemData(number),
                hidden=frozenset(),
                method="",
                ramp="",
                breaks=(),
                visible=True,
            )

    def _move_group(self, group: str, step: int) -> None:
        names = [layer.name for layer in self.workspace.layers]
        self.workspace.reorder(moved(names, group, step, self.workspace.city))

    def _switch(self, name: str, shown: bool) -> None:
        self.workspace.restyle(name, visible=shown)

    def _hide_classes(self, name: str, hidden: frozenset[int]) -> None:
        self.workspace.restyle(name, hidden=hidden)

    def _breaks_moved(self, breaks: tuple[float, ...]) -> None:
        self._restyle(method="manual", breaks=breaks, hidden=frozenset())

    def _fold(self) -> None:
        self.list.unfolded = not self.list.unfolded
        self.refresh()

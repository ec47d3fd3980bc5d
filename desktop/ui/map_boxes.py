"""Boxes over the map: a slider through months or planned years, and the sun of an hour with its shadows."""

from __future__ import annotations

import pandas as pd
from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from cartography.layers import StyledLayer
from cartography.ragged import Ragged
from cartography.shadows import cast
from core import look as looks
from core.texts import text
from desktop.in_space import BUILDINGS, sun_at
from desktop.layer_look import LayerLook
from desktop.map_time import Steps, month_breaks, month_column, step_shown, steps_of
from desktop.ui import theme
from desktop.ui.card_parts import across, down, label, tool_button
from desktop.ui.moment_sliders import MomentSliders, slider
from desktop.ui.space_panel import SunHour
from desktop.ui.workspace import Workspace

WIDTH_PX = 340
PLAY_MS = 1200  # from one step to the next
SHADOW = "shadow"
SHADOW_OPACITY = 0.38


class MapBox(QFrame):
    """A floating box with a title and a cross.

    Signals
    -------
    closed()
        The cross was pressed.
    """

    closed = Signal()

    def __init__(self, parent: QWidget, title: str) -> None:
        super().__init__(parent)
        self.setProperty("part", "floating")
        self.setAccessibleName(title)
        self.setFixedWidth(WIDTH_PX)
        self.said: QLabel = label("")
        self.body = down(self, margins=(12, 6, 6, 8), spacing=4)
        self.head = across(label(title, "strong"), None, self.said, spacing=8)
        self.head.addWidget(tool_button("ph.x", text("Close"), self.closed.emit, "small"))
        self.body.addLayout(self.head)
        self.hide()


class TimeBox(MapBox):
    """A slider through the months of a yearly theme, or the years of the plan, of the active layer."""

    def __init__(self, parent: QWidget, workspace: Workspace) -> None:
        super().__init__(parent, text("Time"))
        self.workspace = workspace
        self.slider = slider(text("Month or year"), 12)
        self.play = tool_button("ph.play", text("Play"), self._play, "small")
        self.note = label("", "small", wraps=True)
        self.body.addLayout(across(self.play, self.slider, spacing=8))
        self.body.addWidget(self.note)
        self._steps = Steps()
        self._whole: dict[str, LayerLook] = {}  # looks of layers before they showed a single month
        self._filling = False
        self._timer = QTimer(self)
        self._timer.setInterval(PLAY_MS)
        self._timer.timeout.connect(self._next)
        self.slider.valueChanged.connect(self._moved)

    def refresh(self) -> None:
        """Offer the steps of the active layer."""
        look = self.workspace.looks.get(self.workspace.active)
        self._steps = steps_of(look, self.workspace.results) if look is not None else Steps()
        self._filling = True
        self.slider.setRange(0, len(self._steps.numbers))
        shown = step_shown(look) if look is not None else 0
        self.slider.setValue(self._steps.numbers.index(shown) + 1 if shown in self._steps.numbers else 0)
        self._filling = False
        for part in (self.slider, self.play):
            part.setEnabled(bool(self._steps.kind))
        self._say()

    def leave(self) -> None:
        """The whole year, or the whole plan, again."""
        self._stop()
        if self.slider.value():
            self.slider.setValue(0)

    def _say(self) -> None:
        kind, number = self._steps.kind, self._number()
        if not kind:
            self.said.setText("")
            self.note.setText(
                text(
                    "Choose a theme per year, or one of the plan, for the active layer to go through its time."
                )
            )
            return
        layer = self.workspace.layer(self.workspace.active)
        self.note.setText(layer.title if layer is not None else "")
        whole = text("Whole year") if kind == "month" else text("All phases")
        step = (
            text("Month {month}", month=number) if kind == "month" else text("Built by {year}", year=number)
        )
        self.said.setText(step if number else whole)
        self.slider.setAccessibleDescription(self.said.text())

    def _number(self) -> int:
        place = self.slider.value()
        return self._steps.numbers[place - 1] if 0 < place <= len(self._steps.numbers) else 0

    def _moved(self) -> None:
        if self._filling:
            return
        workspace, name, number = self.workspace, self.workspace.active, self._number()
        self._say()
        if self._steps.kind == "year":
            workspace.restyle(name, until_year=number)
        elif self._steps.kind == "month":
            self._show_month(name, number)

    def _show_month(self, name: str, month: int) -> None:
        workspace, whole = self.workspace, self._steps.theme
        city, results, look = workspace.city, workspace.results, workspace.looks[name]
        if whole is None or city is None:
            return
        if look.theme == whole:
            self._whole[name] = look
        if not month:
            kept = self._whole.pop(name, None)
            method, breaks = (kept.method, kept.breaks) if kept is not None else ("", ())
            workspace.restyle(name, theme=whole, method=method, breaks=breaks, hidden=frozenset())
            return
        shown = type(whole)(whole.table, month_column(whole.column, month), whole.gathered, whole.potential)
        if look.theme != whole and look.method == "manual":  # the classes of all months are there already
            workspace.restyle(name, theme=shown)
            return
        workspace.later.ask(
            f"months {name}",
            lambda: month_breaks(city, results, whole, look.count),
            lambda breaks: workspace.restyle(
                name, theme=shown, method="manual" if breaks else "", breaks=breaks, hidden=frozenset()
            ),
        )

    def _play(self) -> None:
        if self._timer.isActive():
            self._stop()
            return
        self.play.setIcon(theme.icon("ph.pause"))
        self.play.setToolTip(text("Pause"))
        self.play.setAccessibleName(text("Pause"))
        self._timer.start()
        self._next()

    def _stop(self) -> None:
        self._timer.stop()
        self.play.setIcon(theme.icon("ph.play"))
        self.play.setToolTip(text("Play"))
        self.play.setAccessibleName(text("Play"))

    def _next(self) -> None:
        last = len(self._steps.numbers)
        if not last or not self.isVisible():
            self._stop()
            return
        self.slider.setValue(self.slider.value() % last + 1)


class SunBox(MapBox):
    """Date and hour of the sun.

    Signals
    -------
    shaded(object)
        A `StyledLayer` of shadows, or None for none.
    """

    shaded = Signal(object)

    def __init__(self, parent: QWidget, workspace: Workspace) -> None:
        super().__init__(parent, text("Sun and shadow"))
        self.workspace = workspace
        self.moment = MomentSliders()
        self.note = label("", "small", wraps=True)
        self._casting = False
        self.body.addWidget(self.moment)
        self.body.addWidget(self.note)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(30)
        self._soon.timeout.connect(self.refresh)
        self.moment.moved.connect(self._soon.start)

    @property
    def sun_hour(self) -> SunHour:
        """Day and hour of the sun, and whether its shadows are shown."""
        return SunHour(self.moment.day.value(), self.moment.hour.value(), self.isVisible())

    def set_hour(self, hour: SunHour) -> None:
        """Take over day and hour of the sun."""
        self.moment.day.setValue(hour.day)
        self.moment.hour.setValue(hour.quarter)

    def refresh(self) -> None:
        """Say date and hour, and cast their shadows in a thread; none while hidden."""
        self._soon.stop()
        date, minutes = self.moment.date, self.moment.minutes
        self.said.setText(self.moment.said)
        workspace = self.workspace
        project, city, layer = workspace.project, workspace.city, workspace.layer(BUILDINGS)
        ragged = layer.ragged if layer is not None else None
        if not self.isVisible() or project is None or city is None or ragged is None:
            if self._casting:  # what is under way is not to arrive any more
                self._casting = False
                workspace.later.ask("shadows", lambda: None, self.shaded.emit)
            return
        self._casting = True
        west, south, east, north = ragged.extent
        middle, crs = ((west + east) / 2, (south + north) / 2), project.crs
        heights = pd.to_numeric(city.tables[BUILDINGS]["height_m"], errors="coerce").to_numpy(dtype=float)

        def shadows() -> tuple[StyledLayer | None, float]:
            sun = sun_at(crs, middle, date.year, date.month, date.day, minutes / 60)
            shade = cast(ragged, heights, sun.azimuth_deg, sun.elevation_deg)
            return (None if shade is None else shadow_layer(shade)), sun.elevation_deg

        workspace.later.ask("shadows", shadows, lambda found: self._take(*found))

    def _take(self, layer: StyledLayer | None, elevation_deg: float) -> None:
        said = text("The sun stands {angle}° high.", angle=f"{elevation_deg:.0f}")
        if elevation_deg <= 0:
            said = text("the sun is down")
        self.note.setText(f"{said} {text('Shadows on level ground, by the heights of the buildings.')}")
        self.shaded.emit(layer)


def shadow_layer(shade: Ragged) -> StyledLayer:
    """Shadows as a layer: one calm tone, never to be picked."""
    return StyledLayer(
        SHADOW,
        text("Shadows"),
        ragged=shade,
        colour=looks.LIGHT["ink"],
        opacity=SHADOW_OPACITY,
        gathered="never",
        pickable=False,
    )

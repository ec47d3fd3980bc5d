"""Pieces: a column of widgets of which only what changed is made anew, a few at a time, so that nobody waits."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from desktop.ui.card_parts import down

TURN_S = 0.006  # of making widgets at a stretch; Qt takes about as long again to lay them out


@dataclass(frozen=True)
class Piece:
    """One widget of a column: what it shows, by which it is told from others, and how it is made."""

    shows: Any
    make: Callable[[], QWidget]


class Pieces(QWidget):
    """A column of pieces."""

    def __init__(self, margins: tuple[int, int, int, int], spacing: int) -> None:
        super().__init__()
        self._column = down(self, margins=margins, spacing=spacing)
        self._column.addStretch(1)
        self._there: list[tuple[Any, QWidget]] = []
        self._missing: list[Piece] = []
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self._go_on)

    @property
    def writing(self) -> bool:
        """Whether some pieces are still to be made."""
        return bool(self._missing)

    def write(self, pieces: Sequence[Piece]) -> None:
        """Show these pieces from top to bottom; those that are there already stay as they are."""
        old, self._there = self._there, []
        for piece in pieces:
            place = next((n for n, (shows, _) in enumerate(old) if shows == piece.shows), None)
            if place is None:
                break
            self._there.append(old.pop(place))
        kept = len(self._there)
        self._missing = list(pieces[kept:])
        later = {id(widget) for shows, widget in old if any(shows == one.shows for one in self._missing)}
        self._spare = [pair for pair in old if id(pair[1]) in later]
        for number, (_, widget) in enumerate(self._there):
            if self._column.indexOf(widget) != number:
                self._column.insertWidget(number, widget)
        for _, widget in old:
            if id(widget) not in later:
                self._drop(widget)
        self._go_on()

    def _go_on(self) -> None:
        """Make pieces for one turn, the rest in the next."""
        end = time.perf_counter() + TURN_S
        while self._missing and time.perf_counter() < end:
            piece = self._missing.pop(0)
            place = next((n for n, (shows, _) in enumerate(self._spare) if shows == piece.shows), None)
            widget = piece.make() if place is None else self._spare.pop(place)[1]
            if self._column.indexOf(widget) != len(self._there):
                self._column.insertWidget(len(self._there), widget)
            self._there.append((piece.shows, widget))
        if self._missing:
            self._next.start(0)

    def _drop(self, widget: QWidget) -> None:
        self._column.removeWidget(widget)
        widget.hide()
        widget.deleteLater()

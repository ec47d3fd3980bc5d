"""The trace menu: a right click, or the menu key, on a number leads to where it comes from; its value can be copied."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QMenu, QWidget

from core.texts import text
from desktop.addresses import Address
from desktop.ui import theme

Asked = Callable[[Address], None]
Traceable = tuple[str, Address]  # what a number is called, and where it stands


def offer_trace(widget: QWidget, numbers: Sequence[Traceable], asked: Asked, value: str = "") -> None:
    """Let a widget that shows numbers offer their trace.

    Parameters
    ----------
    numbers : sequence of pairs
        Every number it shows.
    asked : callable
        Is given the address that was chosen.
    value : str
        What can be copied; nothing where empty.
    """
    if not numbers:
        return
    for part in widget.findChildren(QLabel):
        part.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)  # what is around it answers instead
    widget.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    widget.customContextMenuRequested.connect(
        lambda place: pop_up(widget, widget.mapToGlobal(place), numbers, asked, value)
    )
    if widget.focusPolicy() == Qt.FocusPolicy.NoFocus:
        widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    if not widget.toolTip():
        widget.setToolTip(text("Right click: trace this number"))


def pop_up(
    parent: QWidget, place: QPoint, numbers: Sequence[Traceable], asked: Asked, value: str = ""
) -> QMenu:
    """Show the menu at a place on the screen."""
    menu = trace_menu(parent, numbers, asked, value)
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(place)
    return menu


def trace_menu(parent: QWidget, numbers: Sequence[Traceable], asked: Asked, value: str = "") -> QMenu:
    """The menu of some numbers; one alone needs no name."""
    menu = QMenu(parent)
    for title, address in numbers:
        words = (
            text("Trace this number")
            if len(numbers) == 1
            else text("Trace this number: {title}", title=title)
        )
        action = menu.addAction(theme.icon("ph.tree-structure"), words)
        action.triggered.connect(lambda _=False, address=address: asked(address))
    if value:
        copied = menu.addAction(theme.icon("ph.copy"), text("Copy"))
        copied.triggered.connect(lambda: QGuiApplication.clipboard().setText(value))
    return menu

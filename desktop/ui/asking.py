"""Asking: a dialog stands until it is answered, or until the project it is about gives way to another."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog

from desktop.ui.workspace import Workspace


def put(asked: QDialog, workspace: Workspace, then: Callable[[], object] | None = None) -> None:
    """Show a dialog over the window; once it is accepted, `then` is done.

    A project may be read in the background meanwhile. What is asked about the one before then falls with it: its answer
    would be written into files that are closed.
    """
    if then is not None:
        asked.accepted.connect(then)
    _fall_with(asked, workspace)
    asked.open()


def stand(shown: QDialog, workspace: Workspace) -> None:
    """Show a dialog beside the window, which can be worked in meanwhile; it falls with its project as questions do."""
    _fall_with(shown, workspace)
    shown.show()


def _fall_with(dialog: QDialog, workspace: Workspace) -> None:
    dialog.finished.connect(dialog.deleteLater)
    workspace.opened.connect(dialog.reject)

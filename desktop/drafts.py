"""Drafts: what is half-drawn, and whether the program ended properly, kept in the project so that a crash loses nothing."""

from __future__ import annotations

from dataclasses import dataclass

from layers import contents
from layers.project import Project

DRAFT, SESSION = "draft", "session"


@dataclass(frozen=True)
class Draft:
    """A shape or a cut that is not finished.

    Parameters
    ----------
    table, mode : str
        Which layer is edited, and what the line is to become: `draw` or `split`.
    line : tuple of (x, y)
        Corners so far. [m]
    """

    table: str
    mode: str
    line: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Crash:
    """What an earlier window left when it did not end properly.

    Parameters
    ----------
    since : str
        When it opened the project, as an ISO time.
    changes : int
        How many changes were made since that are in force.
    draft : Draft, optional
        What was half-drawn.
    """

    since: str
    changes: int
    draft: Draft | None


def keep_draft(project: Project, draft: Draft) -> None:
    """Keep what is half-drawn; a draft without corners is none."""
    kept = {"table": draft.table, "mode": draft.mode, "line": draft.line} if draft.line else None
    if kept is not None or project.store.meta(DRAFT) is not None:
        project.store.set_meta(DRAFT, kept)


def kept_draft(project: Project) -> Draft | None:
    """What was half-drawn when the project was last open."""
    kept = project.store.meta(DRAFT)
    if not kept:
        return None
    return Draft(kept["table"], kept["mode"], tuple((float(x), float(y)) for x, y in kept["line"]))


def begin_session(project: Project) -> Crash | None:
    """Note that a window has the project open, until it is closed; gives what an earlier one left that was not."""
    left = project.store.meta(SESSION)
    crash = None
    if left:
        made = [one for one in project.history() if one.number > left["history"] and not one.undone]
        crash = Crash(left["since"], len(made), kept_draft(project))
    last = max((one.number for one in project.history()), default=0)
    project.store.set_meta(SESSION, {"since": contents.now(), "history": last})
    project.closing.append(lambda: end_session(project))
    return crash


def end_session(project: Project) -> None:
    """Note that the window ended properly."""
    project.store.set_meta(SESSION, None)
    project.store.set_meta(DRAFT, None)


def take_back(project: Project, changes: int) -> None:
    """Undo the last changes."""
    for _ in range(changes):
        project.undo()

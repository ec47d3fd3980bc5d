"""Notes: what the workspace hands to the parts of the window: what is said after a run, and which rows are chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """What is said: one sentence, and where to look; `stays` until it is closed or another comes.

    A `note` tells something, while nothing was done.
    """

    words: str
    link: str = ""
    follow: Callable[[], None] | None = None
    stays: bool = False
    note: bool = False


@dataclass(frozen=True)
class Chosen:
    """The rows that are selected in the table selected last."""

    table: str
    ids: tuple[str, ...]

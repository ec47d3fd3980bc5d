"""The session: what the program remembers of a person between two starts; no Qt."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import platformdirs

from core.texts import LANGUAGES, preferred

MOST_RECENT = 8


@dataclass(frozen=True)
class Session:
    """Language, theme, recent projects, the places of windows, and how copies are kept.

    Parameters
    ----------
    dark : bool or None
        As the system is where None.
    copy_minutes : int
        Between two copies of an open project. [min]
    copies_kept : int
        Copies of one project.
    copies_gb : float
        The most that copies of all projects take on the disk. [GB]
    """

    language: str = ""
    dark: bool | None = None
    recent: tuple[str, ...] = ()
    geometry: str = ""
    last_folder: str = ""
    author: str = ""
    toured: bool = False
    copy_minutes: int = 5
    copies_kept: int = 5
    copies_gb: float = 4.0

    def with_project(self, folder: Path) -> Session:
        """The session after a project was opened."""
        others = [one for one in self.recent if one != str(folder)]
        return replace(self, recent=(str(folder), *others)[:MOST_RECENT])

    @property
    def spoken(self) -> str:
        """The language chosen, else that of the system."""
        return self.language if self.language in LANGUAGES else preferred()


def session_file() -> Path:
    """Where the session is kept; `LUTU_HOME` moves it."""
    return _home(platformdirs.user_config_dir) / "session.json"


def copies_folder() -> Path:
    """Where copies of projects are kept; `LUTU_HOME` moves it."""
    return _home(platformdirs.user_data_dir) / "copies"


def _home(usual: Callable[..., str]) -> Path:
    home = os.environ.get("LUTU_HOME")
    return Path(home) if home else Path(usual("lutu", appauthor=False))


def load_session() -> Session:
    """The session of last time; a fresh one where there is none or the file is broken."""
    try:
        kept = json.loads(session_file().read_text(encoding="utf-8"))
        return Session(
            language=str(kept.get("language", "")),
            dark=None if kept.get("dark") is None else bool(kept["dark"]),
            recent=tuple(str(one) for one in kept.get("recent", []) if Path(str(one)).is_dir()),
            geometry=str(kept.get("geometry", "")),
            last_folder=str(kept.get("last_folder", "")),
            author=str(kept.get("author", "")),
            toured=bool(kept.get("toured", False)),
            copy_minutes=max(1, int(kept.get("copy_minutes", Session.copy_minutes))),
            copies_kept=max(1, int(kept.get("copies_kept", Session.copies_kept))),
            copies_gb=max(0.0, float(kept.get("copies_gb", Session.copies_gb))),
        )
    except (OSError, ValueError, AttributeError, TypeError):
        return Session()


def save_session(session: Session) -> None:
    """Keep the session for next time; a folder that cannot be written is no reason to stop."""
    path = session_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_record(path, asdict(session))
    except OSError:
        path.with_suffix(".new").unlink(missing_ok=True)


def write_record(path: Path, record: Any, *, indent: int | None = None) -> None:
    """Write a record as JSON beside its place and put it there, so that it is never half there.

    Raises OSError where the folder is not there or cannot be written.
    """
    new = path.with_suffix(".new")
    new.write_text(json.dumps(record, ensure_ascii=False, indent=indent), encoding="utf-8")
    new.replace(path)

"""The session: what the program remembers of a person between two starts; no Qt."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import platformdirs

from core.texts import LANGUAGES, preferred

MOST_RECENT = 8


@dataclass(frozen=True)
class Session:
    """Language, theme, recent projects and the places of windows."""

    language: str = ""
    dark: bool = False
    recent: tuple[str, ...] = ()
    geometry: str = ""
    last_folder: str = ""
    author: str = ""
    toured: bool = False

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
    home = os.environ.get("LUTU_HOME")
    folder = Path(home) if home else Path(platformdirs.user_config_dir("lutu", appauthor=False))
    return folder / "session.json"


def load_session() -> Session:
    """The session of last time; a fresh one where there is none or the file is broken."""
    try:
        kept = json.loads(session_file().read_text(encoding="utf-8"))
        return Session(
            language=str(kept.get("language", "")),
            dark=bool(kept.get("dark", False)),
            recent=tuple(str(one) for one in kept.get("recent", []) if Path(str(one)).is_dir()),
            geometry=str(kept.get("geometry", "")),
            last_folder=str(kept.get("last_folder", "")),
            author=str(kept.get("author", "")),
            toured=bool(kept.get("toured", False)),
        )
    except (OSError, ValueError, AttributeError, TypeError):
        return Session()


def save_session(session: Session) -> None:
    """Keep the session for next time; a folder that cannot be written is no reason to stop."""
    path = session_file()
    new = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(json.dumps(asdict(session), ensure_ascii=False), encoding="utf-8")
        new.replace(path)
    except OSError:
        new.unlink(missing_ok=True)

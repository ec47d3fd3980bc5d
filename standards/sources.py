"""Sources: the documents the numbers come from, and how they are cited."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.texts import text

SHIPPED = Path(__file__).with_name("sources.toml")
ASSUMPTION = "assumption"


@dataclass(frozen=True)
class Source:
    """A document, by the key that stands in the tables.

    `kind` is national, industry, local, policy, statistics, foreign, paper, data or none.
    """

    key: str
    title: str
    issuer: str
    date: str
    kind: str

    @property
    def assumption(self) -> bool:
        """Whether nobody published the number."""
        return self.key == ASSUMPTION

    @property
    def citation(self) -> str:
        """Title with issuer and date, as it stands in a list of sources."""
        return ", ".join(part for part in (self.title, self.issuer, self.date) if part)


def read_sources(path: Path) -> dict[str, Source]:
    """The sources of a TOML file by their key."""
    with path.open("rb") as file:
        entries = tomllib.load(file)
    return {
        key: Source(
            key,
            str(entry.get("title", key)),
            str(entry.get("issuer", "")),
            str(entry.get("date", "")),
            str(entry.get("kind", "")),
        )
        for key, entry in entries.items()
    }


@cache
def shipped_sources() -> Mapping[str, Source]:
    """The sources that come with the program."""
    return read_sources(SHIPPED)


def keys_of(source: str) -> list[str]:
    """The keys named in a row's source: `gb55015-2021 5.2.2; assumption` names two."""
    return [part.split(maxsplit=1)[0] for part in source.split(";") if part.strip()]


def is_assumption(source: str) -> bool:
    """Whether a row's source says that its number was not published."""
    return ASSUMPTION in keys_of(source)


def citation(source: str, known: Mapping[str, Source]) -> str:
    """A row's source with titles in place of keys, and the place in the document in the language of the moment."""
    said = []
    for part in source.split(";"):
        key, _, place = part.strip().partition(" ")
        if key:
            title = known[key].title if key in known else key
            said.append(f"{title} {text(place.strip())}" if place else title)
    return "; ".join(said)

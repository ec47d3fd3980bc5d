"""Sources: the list of published and assumed numbers of a document, as tables that it prints."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from core.texts import text
from plans import Part
from standards import Number, Standards

NOTE = re.compile("[a-z]{3}")  # a place that holds an English word is a note for who keeps the tables


def source_tables(numbers: Sequence[Number], standards: Standards) -> Part:
    """Tables `published_number` and `source`: every number used, and every document they come from.

    Parameters
    ----------
    numbers : sequence of Number
        Of the plan and of the assessments it stands on; each is listed once.
    standards : Standards
        For titles of documents.
    """
    once = {(one.table, one.key, one.value): one for one in numbers}
    listed = sorted(once.values(), key=lambda one: (one.table, one.key))
    places: dict[str, list[str]] = {}  # in a document, in the order in which documents are first met
    for one in listed:
        if not one.assumption:
            for title, place in _documents(one.source, standards):
                known = places.setdefault(title, [])
                if place and place not in known:
                    known.append(place)
    titles = list(places)
    number_of = {title: number for number, title in enumerate(titles, start=1)}
    table = pd.DataFrame(
        {
            "number_table": [one.table_said for one in listed],
            "number_key": [one.key_said for one in listed],
            "number_value": [one.said(one.value) for one in listed],
            "number_unit": [one.unit_said for one in listed],
            "number_source": [
                text("assumed")
                if one.assumption
                else "".join(
                    dict.fromkeys(f"[{number_of[title]}]" for title, _ in _documents(one.source, standards))
                )
                for one in listed
            ],
            "number_note": [one.note_said for one in listed],
        },
        index=pd.RangeIndex(1, len(listed) + 1, name="number_id"),
    )
    sources = pd.DataFrame(
        {"source_title": [_with_places(title, places[title]) for title in titles]},
        index=pd.Index([f"[{number_of[title]}]" for title in titles], name="source_id"),
    )
    return Part(tables={"published_number": table, "source": sources})


def _documents(source: str, standards: Standards) -> list[tuple[str, str]]:
    """Title of every document that a row names, and the place in it; notes in a foreign language are left out."""
    found = []
    for part in source.split(";"):
        key, _, place = part.strip().partition(" ")
        if key:
            said = text(place.strip()) if place else ""
            found.append((standards.citation(key), "" if NOTE.search(said) else said))
    return found


def _with_places(title: str, places: Sequence[str]) -> str:
    """A document with all places that numbers were taken from, but those its title says already."""
    further = [place for place in places if place not in title]
    return f"{title}（{'；'.join(further)}）" if further else title

"""Sources: the list of published and assumed numbers of a document, as tables that it prints."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from core.texts import text
from core.units import given, unit_said
from plans import Part
from standards import Number, Standards

PART = " / "  # between the parts of the key of a number


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
    titles = list(dict.fromkeys(standards.citation(one.source) for one in listed if not one.assumption))
    place = {title: number for number, title in enumerate(titles, start=1)}
    table = pd.DataFrame(
        {
            "number_table": [_plain(one.table) for one in listed],
            "number_key": [PART.join(_plain(part) for part in one.key.split(PART)) for one in listed],
            "number_value": [given(one.value) for one in listed],
            "number_unit": [unit_said(one.unit) for one in listed],
            "number_source": [
                text("assumed") if one.assumption else f"[{place[standards.citation(one.source)]}]"
                for one in listed
            ],
            "number_note": [text(one.note) if one.note else "" for one in listed],
        },
        index=pd.RangeIndex(1, len(listed) + 1, name="number_id"),
    )
    sources = pd.DataFrame(
        {"source_title": titles}, index=pd.Index([f"[{place[one]}]" for one in titles], name="source_id")
    )
    return Part(tables={"published_number": table, "source": sources})


def _plain(name: str) -> str:
    return text(name).replace("_", " ")

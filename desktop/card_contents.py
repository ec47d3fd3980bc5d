"""Contents of the card panel: what it says of a selection, found in any thread from what does not change; no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from desktop import cards
from desktop.addresses import Address
from desktop.card_results import Line
from desktop.card_words import shown, title
from desktop.cards import Card
from desktop.given_values import value_said
from layers.city import City
from plans import Part
from potential import Assessment


@dataclass(frozen=True, eq=False)
class About:
    """What a card is about, taken at a moment.

    Parameters
    ----------
    city, assessments, plan, plan_fresh
        As the window shows them; `plan` is None where the card of the city does not begin with it.
    table, ids
        The selection; no ids for the whole city.
    decided : Mapping
        Decisions about a parcel, by technology.
    corrected, given : Mapping
        Cells of the row that people corrected, and what was given, by column.
    stale : bool
        Whether results no longer agree with the data.
    """

    city: City
    assessments: Mapping[str, Assessment]
    plan: Part | None
    plan_fresh: bool
    table: str
    ids: tuple[str, ...]
    decided: Mapping[str, Any]
    corrected: Mapping[str, Any]
    given: Mapping[str, Any]
    stale: bool


@dataclass(frozen=True)
class Content:
    """A card with what it leads to.

    Parameters
    ----------
    card : Card
        From head to foot.
    buildings : tuple of str
        Buildings on its parcel.
    parcel : str
        The parcel of its building.
    there : tuple of table, id and Card
        What lies at one place, from above to below.
    """

    card: Card
    buildings: tuple[str, ...] = ()
    parcel: str = ""
    there: tuple[tuple[str, str, Card], ...] = ()


def content_of(about: About) -> Content:
    """What the card says of a selection, or of the city."""
    city, made = about.city, about.assessments
    if not about.ids:
        return Content(cards.city_card(city, made, about.plan, plan_fresh=about.plan_fresh))
    if len(about.ids) > 1:
        return Content(cards.several_card(city, made, about.table, about.ids))
    one = about.ids[0]
    if about.table == "parcel":
        card = cards.parcel_card(
            city,
            made,
            one,
            about.decided,
            plan=about.plan,
            corrected=bool(about.corrected),
            stale=about.stale,
        )
        on_it = tuple(str(each) for each in cards.buildings_on(city, made, one).index)
        return Content(_corrected(card, about, one), buildings=on_it)
    if about.table == "building":
        card = cards.building_card(city, made, one, about.corrected, stale=about.stale)
        return Content(_corrected(card, about, one), parcel=_parcel_of(city, one))
    return Content(_corrected(cards.row_card(city, made, about.table, one), about, one))


def content_there(
    city: City, assessments: Mapping[str, Assessment], found: Sequence[tuple[str, str]]
) -> tuple[tuple[str, str, Card], ...]:
    """The cards of some rows, by table and id."""
    return tuple((table, row, cards.row_card(city, assessments, table, row)) for table, row in found)


def _parcel_of(city: City, building_id: str) -> str:
    owner = city.tables["building"].get("parcel_id")
    parcel = "" if owner is None else owner.loc[building_id]
    known = isinstance(parcel, str) and parcel in city.tables["parcel"].index
    return parcel if known else ""


def _corrected(card: Card, about: About, row: str) -> Card:
    """A card whose facts say what was corrected, also before the data was checked again, with the given value."""
    if not about.corrected:
        return card
    lines, seen = [], set()
    now = pd.Series(dict(about.corrected), dtype=object)
    for line in card.facts:
        name = line.address.column if line.address is not None and line.address.row == row else ""
        seen.add(name)
        if name not in about.corrected:
            lines.append(line)
            continue
        lines.append(
            replace(
                line,
                value=shown(now, name) or value_said(name, None),
                origin="corrected",
                given=value_said(name, about.given.get(name)),
            )
        )
    lines += [
        Line(
            title(name),
            shown(now, name) or value_said(name, None),
            "corrected",
            address=Address(table=about.table, row=row, column=name),
            given=value_said(name, about.given.get(name)),
        )
        for name in about.corrected
        if name not in seen and name not in cards.HIDDEN and name not in ("geometry", "name")
    ]
    return replace(card, facts=tuple(lines))

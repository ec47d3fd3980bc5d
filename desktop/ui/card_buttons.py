"""Buttons of a card: what can be done with what it is about, the likeliest first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QWidget

from core.texts import text
from desktop.ui.card_parts import button
from desktop.ui.workspace import Chosen, Workspace
from layers.project import PLAN


@dataclass(frozen=True)
class CardActions:
    """What the buttons of a card do; the window gives it."""

    report: Callable[[list[str]], None]
    preview: Callable[[list[str]], None]
    decide: Callable[[list[str]], None]
    trace: Callable[[str, str], None]
    structure: Callable[[list[str]], None]
    correct: Callable[[list[str], str], None]
    assess: Callable[[], None]
    lay_out: Callable[[str], None]
    grade: Callable[[list[str]], None]
    retrofit: Callable[[list[str]], None]


def card_buttons(
    workspace: Workspace,
    chosen: Chosen,
    can: CardActions,
    edit: Callable[[], None] | None,
    *,
    plan_leads: bool,
) -> Iterator[QWidget]:
    """The buttons of a card; `edit` opens its form where its row can be corrected."""
    ids, assessed = list(chosen.ids), bool(workspace.assessments)
    if not ids:
        yield from _of_city(workspace, can, plan_leads=plan_leads)
        return
    one = len(ids) == 1
    if chosen.table == "parcel":
        if assessed:
            words = text("Print parcel report") if one else text("Print parcel reports")
            yield button(words, "main", partial(can.report, ids))
            yield button(text("Preview…"), "plain", partial(can.preview, ids))
        yield button(text("Decide…"), "plain", partial(can.decide, ids))
        yield button(text("Set grade…"), "plain", partial(can.grade, ids))
    elif chosen.table == "building":
        yield button(text("Enter structural check…"), "main", partial(can.structure, ids))
        if not one:
            yield button(text("Correct…"), "plain", partial(can.correct, ids, "height_m"))
        yield button(text("Retrofit…"), "plain", partial(can.retrofit, ids))
    if one and edit is not None:
        yield button(text("Edit attributes…"), "plain", edit)
    if one and assessed and chosen.table in ("building", "parcel"):
        yield button(text("Trace numbers"), "plain", partial(can.trace, chosen.table, ids[0]))
    if one and chosen.table == "building" and "rooftop" in workspace.assessments:
        yield button(text("Lay out modules…"), "plain", partial(can.lay_out, ids[0]))


def _of_city(workspace: Workspace, can: CardActions, *, plan_leads: bool) -> Iterator[QWidget]:
    if not workspace.assessments:
        yield button(text("Assess"), "main", can.assess)
    elif plan_leads and workspace.plan is not None:
        yield button(text("Show the plan on the map"), "main", partial(workspace.show_result, PLAN))

"""The workspace: the open project as all parts of the window see it: city, results, layers, selection, freshness."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from cartography.layers import StyledLayer
from core.jobs import Job
from core.problems import Problem, UserError
from core.texts import text
from desktop import opening, operations, planning, scenarios
from desktop.given_values import laid_over
from desktop.layer_look import LayerLook, called, restyled, switched
from desktop.left_maps import LeftMap
from desktop.map_layers import drawn_layer
from desktop.opening import Opened
from desktop.result_tables import frame_of
from desktop.scenarios import Scenario
from desktop.table_looks import TableLook
from desktop.themes import best_theme
from desktop.ui.assessing import Assessing
from desktop.ui.dressing import Dressing
from desktop.ui.filters import Filters
from desktop.ui.later import Later
from desktop.ui.notes import Chosen as Chosen
from desktop.ui.notes import Message as Message
from desktop.ui.worker import Task, Tasks
from layers.city import City
from layers.contents import CITY, Pending
from layers.project import Project
from plans import Part
from potential import Assessment

Mask = NDArray[np.bool_]
CARD_TABLES = ("building", "parcel")  # what the card can say everything about


class Workspace(QObject):
    """The open project; the only truth that the parts of the window share.

    Signals
    -------
    leaving()
        Another project is about to be opened.
    opened()
        Another project is open, or none.
    data_changed()
        City or results were replaced.
    edits_changed()
        A correction, decision or setting was made or undone; freshness may have changed.
    map_begun()
        The map was empty of buildings and parcels, or of everything, and is no longer.
    layers_changed()
        Layers, their order or their looks changed.
    selection_changed(str)
        The selection of a table changed.
    said(Message)
        Something to tell.
    refused(UserError)
        Something the user can put right.
    find_asked()
        What is selected is to be shown on the map.
    problems_asked()
        The problems of the data are to be shown.
    results_asked()
        What was found for the city is to be shown.
    home_asked()
        The start page is to be shown.
    trace_asked(Address)
        Where a number comes from is to be shown.
    """

    leaving = Signal()
    opened = Signal()
    data_changed = Signal()
    edits_changed = Signal()
    map_begun = Signal()
    layers_changed = Signal()
    selection_changed = Signal(str)
    said = Signal(object)
    refused = Signal(object)
    find_asked = Signal()
    problems_asked = Signal()
    results_asked = Signal()
    home_asked = Signal()
    trace_asked = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tasks = Tasks(self)
        self.later = Later(self)
        self._taking_in = False
        self._assessing = Assessing(self)
        self._dressing = Dressing(self)
        self.project: Project | None = None
        self.city: City | None = None
        self.assessments: dict[str, Assessment] = {}
        self.plan: Part | None = None
        self.plan_fresh = False
        self.trial: Part | None = None  # a plan that is tried, shown in place of the kept one
        self.scenario = ""
        self.shown_scenario = Scenario(scenarios.FIRST, "")  # found when freshness was last looked at
        self.left: LeftMap | None = None  # how the map was left the last time
        self.problems: list[Problem] = []
        self.layers: tuple[StyledLayer, ...] = ()
        self.looks: dict[str, LayerLook] = {}
        self.table_looks: dict[str, TableLook] = {}  # columns chosen by hand, by table
        self.active = ""
        self.theme_chosen = False  # whether anybody chose what the map shows
        self.selection: dict[str, Mask] = {}
        self.fresh: dict[str, bool] = {}
        self.bases: dict[str, StyledLayer] = {}
        self._last_table = ""
        nothing = (None, None, Chosen("", ()))
        self._chosen_of: tuple[Mask | None, pd.Index | None, Chosen] = nothing  # asked for often
        self._results = opening.Results()
        self.filters = Filters(self)

    # ---- opening and closing

    def open(self, folder: Path) -> None:
        """Read a project and show it as it was left."""
        if self.project is not None:
            self.leaving.emit()
        self.do(
            text("Opening the project"),
            lambda job: opening.read_project(folder, job),
            lambda opened: self._begin(folder, opened),
        )

    def close(self) -> None:
        """Stop everything and let go of the files."""
        self.tasks.cancel()
        self.tasks.wait()
        self.later.close()
        if self.project is not None:
            self.project.close()
            self.project = None

    def _begin(self, folder: Path, opened: Opened) -> None:
        project = Project(folder)
        project.remember(opened.city, opened.computed)
        project.listeners.append(self._edited)
        if self.project is not None:
            self.project.close()
        self.project = project
        self.layers, self.selection, self._last_table, self.active = (), {}, "", ""
        self.filters.forget()
        self.scenario, self.left, self.theme_chosen = opened.scenario, opened.left, opened.theme_chosen
        self.table_looks = dict(opened.left.tables) if opened.left is not None else {}
        self._show(opened)
        if self.left is not None:
            self.filters.take_up(self.left.view.filters or {})
        self.activate(self.left.active if self.left else "")
        self.opened.emit()

    def _show(self, opened: Opened) -> None:
        """Take in what a job read or computed, and tell everybody."""
        before, now = ({layer.name for layer in layers} for layers in (self.layers, opened.layers))
        begun = now and (not before or (now & set(CARD_TABLES) and not before & set(CARD_TABLES)))
        self.city, self.assessments, self.plan = opened.city, opened.assessments, opened.plan
        self.trial = None
        self.problems = self.project.problems if self.project else []
        self.bases = {base.name: base for base in opened.bases}
        order = tuple(layer.name for layer in self.layers if layer.name in self.bases)
        known = [layer.name for layer in opened.layers]
        self.layers = opening.ordered(opened.layers, order)
        self.looks = dict(opened.looks)
        if self.active not in known:
            self.active = next((name for name in (*CARD_TABLES, *known) if name in known), "")
        counts = {name: len(self.ids(name)) for name in self.selection}
        for name in [name for name, mask in self.selection.items() if mask.size != counts[name]]:
            del self.selection[name]
        self._look_at_freshness()
        self.layers_changed.emit()
        self.data_changed.emit()
        if begun:
            self.map_begun.emit()

    # ---- long work

    def do(
        self,
        title: str,
        work: Callable[[Job], Any],
        done: Callable[[Any], None],
        part: tuple[int, int] = (1, 1),
    ) -> None:
        """Have long work done in the queue of tasks."""
        self.tasks.add(Task(title, work, done, self.refused.emit, part=part))

    def take_in(
        self,
        title: str,
        work: operations.Work,
        then: Callable[[Pending], None] = lambda pending: None,
        part: tuple[int, int] = (1, 1),
    ) -> None:
        """Do the work of an operation, take its result into the project, and show it."""
        project, city, looks = self.needed(), self.city, dict(self.looks)
        assessments = dict(opening.records_of(project, self._plan_name()))

        def run(job: Job) -> tuple[Pending, Opened]:
            pending = work(job)
            assessments.update({one.name: one for one in pending.results})
            try:
                opened = opening.shown(pending.city or city, assessments, looks, job)
                job.check()
            except BaseException:
                project.discard(pending)
                raise
            project.put_in_place(pending)  # here, not in the window's thread: disks can be slow
            return pending, opened

        def done(result: tuple[Pending, Opened]) -> None:
            pending, opened = result
            self._taking_in = True
            try:
                project.take_in(pending)
            finally:
                self._taking_in = False
            self._show(opened)
            then(pending)

        self.do(title, run, done, part)

    def check(self, then: Callable[[], None] = lambda: None) -> None:
        """Prepare the city from the data and find its problems."""

        def checked(pending: Pending) -> None:
            words = text("The data was checked: {count} problems.", count=len(pending.problems))
            self.said.emit(Message(words, text("See the problems"), self.problems_asked.emit))
            then()

        self.take_in(text("Checking the data"), operations.check(self.needed()), checked)

    def assess(self, names: Sequence[str] = ()) -> None:
        """Assess potentials one after another, checking the data first where it changed."""
        wanted = list(names) or operations.potential_names()
        if not operations.is_checked(self.needed()):
            self.check(lambda: self.assess(wanted))
            return
        self._assessing.assess(wanted, len(wanted))

    @property
    def busy(self) -> bool:
        """Whether anything runs, or will in a moment."""
        return self.tasks.running is not None or self.later.busy or self._assessing.following

    @property
    def results(self) -> dict[str, Assessment]:
        """Everything that colours the map: what was assessed, and the plan."""
        return self._results.of(self.assessments, self.plan)

    def _plan_name(self) -> str:
        return planning.plan_name(self.needed(), self.scenario)

    def choose_scenario(self, key: str, then: Callable[[], None] = lambda: None) -> None:
        """Show another scenario, then do what follows."""
        if key == self.scenario:
            return
        self.scenario, city, looks = key, self.city, dict(self.looks)
        records = opening.records_of(self.needed(), self._plan_name())

        def done(opened: Opened) -> None:
            self._show(opened)
            then()

        self.do(text("Showing the scenario"), lambda job: opening.shown(city, records, looks, job), done)

    def show_result(self, name: str) -> None:
        """Switch on what shows a result, or the plan, best."""
        if self.city is None:
            return
        made = self.results[name]
        found = best_theme(self.city, self.results, name, self.bases)
        if found is not None:
            self.calm(found.table, made)
            self.activate(found.table)
            self.restyle(found.table, theme=found, visible=True, hidden=frozenset())

    def calm(self, table: str, made: Assessment | None = None) -> None:
        """Take away what hides colours of a table: those of buildings or parcels, and shapes of other results."""
        for other, look in self.looks.items():
            if other == table or not look.visible:
                continue
            if other in CARD_TABLES and look.theme is not None:
                self.restyle(other, theme=None)
            elif made and any(other in one.details for one in self.assessments.values() if one is not made):
                self.restyle(other, visible=False)

    # ---- edits

    def edit(self, change: Callable[[Project], None]) -> bool:
        """Make a change that can be undone; False where it was refused."""
        try:
            change(self.needed())
        except UserError as error:
            self.refused.emit(error)
            return False
        return True

    def undo(self) -> None:
        """Undo the last change and say which."""
        label = self.needed().undo()
        words = text("Undone: {label}.", label=label) if label else text("There is nothing to undo.")
        self.said.emit(Message(words, note=not label))

    def redo(self) -> None:
        """Make the last undone change again and say which."""
        label = self.needed().redo()
        words = text("Redone: {label}.", label=label) if label else text("There is nothing to redo.")
        self.said.emit(Message(words, note=not label))

    def _edited(self, changed: tuple[str, ...]) -> None:
        known = {one.key for one in scenarios.scenarios(self.needed())} if "scenario" in changed else None
        if known is not None and self.scenario not in known:
            self.choose_scenario(scenarios.FIRST)  # the making of the one that was shown was undone
        if not self._taking_in:  # else it is looked at once, when the result is shown
            self._look_at_freshness()
        self.edits_changed.emit()

    def _look_at_freshness(self) -> None:
        project = self.project
        self.fresh, self.plan_fresh = {}, False
        if project is not None:
            self.shown_scenario = chosen = scenarios.scenario_named(project, self.scenario)
            self.fresh = project.freshness([CITY, *self.assessments, chosen.plan])
            self.plan_fresh = self.fresh.pop(chosen.plan)

    @property
    def stale(self) -> list[str]:
        """Results, and `city`, that no longer agree with the data."""
        made = [CITY] if self.city is not None else []
        return [name for name in (*made, *self.assessments) if not self.fresh.get(name)]

    def corrections(self, table: str, row: str) -> dict[str, Any]:
        """Corrected cells of one row, whether they are computed with already or not."""
        return {} if self.project is None else laid_over(self.project, table, operations.given_id(row))

    # ---- layers

    def restyle(self, name: str, **changes: Any) -> None:
        """Change the look of a layer; what needs new classes is found in a thread."""
        if name not in self.bases or self.city is None:
            return
        look = restyled(self.looks[name], **changes)
        self.looks[name] = look
        self.theme_chosen = self.theme_chosen or "theme" in changes
        self.change_layer(name, lambda layer: switched(layer, look))
        if set(changes) <= {"visible", "opacity", "hidden", "label"}:
            return
        self._dressing.dress(name)

    def show_trial(self, trial: Part | None) -> None:
        """Show on the map a plan that is only tried, in place of the kept one; None goes back to that."""
        if trial is not self.trial:
            self.trial = trial
            self._dressing.plan_changed()

    def draw(self, name: str, frame: gpd.GeoDataFrame) -> None:
        """Draw shapes that belong to no table, in place of those of the same name; they stay until results change."""
        self.bases[name], self.looks[name] = drawn_layer(name, frame), LayerLook(visible=True, opacity=1.0)
        self.layers = (*(layer for layer in self.layers if layer.name != name), self.bases[name])
        self.layers_changed.emit()

    def reorder(self, names: Sequence[str]) -> None:
        """Put the layers into another order, from below to above."""
        found = opening.ordered(self.layers, tuple(names))
        if found is not self.layers:
            self.layers = found
            self.layers_changed.emit()

    def activate(self, name: str) -> None:
        """Choose the layer that legend and selecting are about."""
        if name != self.active and name in self.bases:
            self.active = name
            self.layers_changed.emit()

    def retitle(self) -> None:
        """Give all layers their titles in the language of the moment."""
        self.layers = tuple(called(layer, self.looks[layer.name]) for layer in self.layers)
        if self.trial is not None:
            self._dressing.plan_changed()

    def layer(self, name: str) -> StyledLayer | None:
        """One layer as it is shown."""
        return next((layer for layer in self.layers if layer.name == name), None)

    def show_rows(self, table: str, mask: Mask | None) -> None:
        """Show only some rows of a table on the map; None shows all."""
        self.change_layer(table, lambda layer: replace(layer, shown=mask))

    def change_layer(self, name: str, change: Callable[[StyledLayer], StyledLayer]) -> None:
        """Show a layer otherwise."""
        self.layers = tuple(change(layer) if layer.name == name else layer for layer in self.layers)
        self.layers_changed.emit()

    # ---- selection

    def ids(self, table: str) -> pd.Index:
        """Ids of a table in the order of its layer."""
        frame = frame_of(self.city, self.assessments, table) if self.city else None
        return pd.Index([]) if frame is None else frame.index

    def select(self, table: str, mask: Mask | None, *, alone: bool = True) -> None:
        """Select rows of a table; `alone` lets go of what is selected in others."""
        before = dict(self.selection)
        if alone:
            self.selection = {}
        if mask is not None and mask.any():
            self.selection[table] = mask.copy()
            self._last_table = table
        else:
            self.selection.pop(table, None)
        for name in {table, *before, *self.selection}:
            self.selection_changed.emit(name)

    def select_ids(self, table: str, ids: Sequence[str]) -> None:
        """Select rows by their ids; those that are not there are left out."""
        self.select(table, np.asarray(self.ids(table).isin([str(one) for one in ids]), dtype=np.bool_))

    @property
    def chosen(self) -> Chosen:
        """What the card is about: the selected rows of the table selected last."""
        names = [self._last_table, *CARD_TABLES, *self.selection]
        table = next((name for name in names if name in self.selection), "")
        if not table:
            return Chosen("", ())
        mask, ids = self.selection[table], self.ids(table)
        before, among, found = self._chosen_of
        if before is not mask or among is not ids:
            found = Chosen(table, tuple(ids[mask].astype(str).tolist()))
            self._chosen_of = (mask, ids, found)
        return found

    def needed(self) -> Project:
        """The open project; UserError where none is open."""
        if self.project is None:
            raise UserError(Problem("No project is open.", "Open a project, or make a new one."))
        return self.project

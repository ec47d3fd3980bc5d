"""The Project: a folder with given, computed and decided data; edits, undo and history; the only thing that changes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from core import VERSION
from core.jobs import Job
from core.problems import Problem, UserError
from layers import contents, history
from layers.city import City
from layers.contents import CITY, Computed, Inputs, Origin, Pending
from layers.corrections import ADDED, drawn_tables, edited_overlay, lay_over, row_states
from layers.crs import must_measure
from layers.edits import Edit, HistoryEntry, label_said
from layers.export_files import make_folder
from layers.problem_records import problem_from
from layers.stamps import DECIDED as DECIDED
from layers.stamps import OF_SCENARIO as OF_SCENARIO
from layers.stamps import PLAN as PLAN
from layers.stamps import PLANNED as PLANNED
from layers.stamps import stamps_of
from layers.standard_overrides import STANDARD, overrides_in
from layers.store import Store
from standards import Standards

OF_PROJECT = "project"  # row of the settings that are the project's own
NAME = "project_name"  # among them
ROWS_AT_ONCE = 500  # of the rows asked for in one query


class Project:
    """A project on disk.

    Only one thread may change it; a job may put files in place. `listeners` are called with the names of what changed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(folder / "city.gpkg")
        self.listeners: list[Callable[[tuple[str, ...]], None]] = []
        self.closing: list[Callable[[], None]] = []  # called before the files are let go
        self._city: City | None = None
        self._computed: dict[str, Computed | None] = {}

    @classmethod
    def create(cls, folder: Path, *, name: str, crs: CRS, facts: Mapping[str, Any]) -> Project:
        """A new, empty project.

        Parameters
        ----------
        folder : Path
            Made if it does not exist; must not hold a project.
        name : str
            Name of the city.
        crs : CRS
            Projected reference system in metres.
        facts : Mapping
            Single values: province, nearest city of the climate tables, default year of building.
        """
        must_measure(crs)
        make_folder(folder)
        meta = {
            "name": name,
            "crs": crs.to_wkt(),
            "facts": dict(facts),
            "program": VERSION,
            "made": contents.now(),
        }
        Store.create(folder / "city.gpkg", meta).close()
        for part in ("rasters", "standards", "documents"):
            (folder / part).mkdir(exist_ok=True)
        return cls(folder)

    def close(self) -> None:
        """Let go of the files."""
        try:
            for last in self.closing:
                last()
        finally:
            self.store.close()

    # What it is

    @property
    def name(self) -> str:
        """Name of the city."""
        return str(self._laid().get(NAME, self.store.meta("name")))

    @property
    def crs(self) -> CRS:
        """Reference system of all layers."""
        return _system(self.store.meta("crs"))

    @property
    def facts(self) -> dict[str, Any]:
        """Single values of the city, those that the planner changed laid over what it was made with."""
        return {**self.store.meta("facts"), **{key: one for key, one in self._laid().items() if key != NAME}}

    def _laid(self) -> dict[str, Any]:
        """What the planner changed of the project itself."""
        rows = self.store.rows(
            "SELECT field, value FROM lutu_overlay WHERE table_name = 'settings' AND row_id = ?", [OF_PROJECT]
        )
        laid = {str(row["field"]): json.loads(row["value"]) for row in rows}
        return {name: value for name, value in laid.items() if value is not None}

    @property
    def standards(self) -> Standards:
        """Published numbers, with the project's own rows."""
        return Standards(self.folder / "standards", overrides_in(self.overlay()))

    @property
    def sources(self) -> dict[str, Origin]:
        """Where every given table, raster and weather comes from."""
        rows = self.store.rows("SELECT * FROM lutu_source ORDER BY table_name")
        return {
            row["table_name"]: Origin(
                row["file"], row["digest"], row["imported_at"], json.loads(row["details"])
            )
            for row in rows
        }

    def inputs(self) -> Inputs:
        """Everything a city is prepared from, as it is at this moment."""
        sources, overlay = self.sources, self.overlay()
        given = [name for name in sources if not name.startswith("raster:") and name != "weather"]
        return Inputs(
            folder=self.folder,
            name=self.name,
            crs=self.crs,
            facts=self.facts,
            tables=tuple(dict.fromkeys([*given, *drawn_tables(overlay, DECIDED)])),
            rasters=tuple(name.removeprefix("raster:") for name in sources if name.startswith("raster:")),
            overlay=overlay,
            standards=self.standards,
            stamp=self.stamp(),
        )

    def overlay(self) -> pd.DataFrame:
        """Cells that people changed: `table_name`, `row_id`, `field`, `value` as JSON."""
        rows = self.store.rows("SELECT * FROM lutu_overlay ORDER BY table_name, row_id, field")
        names = ["table_name", "row_id", "field", "value"]
        return pd.DataFrame([tuple(row) for row in rows], columns=names, dtype=str)

    def stamp(self, potential: str = "", edit: Edit | None = None, also: Sequence[str] = ()) -> str:
        """Hash of everything a result depends on: given data, corrections, settings, standards, program.

        With an edit, as it will be once that is made. `also` names other results on which it stands, whose settings
        count too.
        """
        return self._stamps({potential: also}, edit)[potential]

    def _stamps(self, wanted: Mapping[str, Sequence[str]], edit: Edit | None = None) -> dict[str, str]:
        """Stamps of several results, by the names of those they stand on; what they share is read once."""
        overlay = self.overlay()
        if edit is not None:
            overlay = edited_overlay(overlay, edit.table, history.changes_of(edit, overlay))
        rows = self.store.rows("SELECT name, stamp FROM lutu_computed ORDER BY name")
        made = [(row["name"], row["stamp"]) for row in rows if not row["name"].startswith(PLAN)]
        sources = {name: source.digest for name, source in self.sources.items()}
        return stamps_of(wanted, overlay, sources, self.facts, self.folder / "standards", made)

    # City and results

    @property
    def city(self) -> City | None:
        """The city as it was prepared last; None before it was first prepared."""
        if self._city is None and self._row(CITY):
            self._city = contents.read_city(self.inputs(), Job())
        return self._city

    @property
    def problems(self) -> list[Problem]:
        """What was found when the city was prepared last."""
        row = self._row(CITY)
        return [problem_from(record) for record in json.loads(row["facts"])["problems"]] if row else []

    def computed(self, name: str) -> Computed | None:
        """A result as it was kept last, fresh or stale; None if there is none."""
        if name not in self._computed:
            self._computed[name] = contents.read_computed(self.store, name)
        return self._computed[name]

    def made_at(self, name: str) -> str:
        """When a result was made, as an ISO time; empty if there is none."""
        row = self._row(name)
        return str(row["made_at"]) if row else ""

    def is_fresh(self, name: str) -> bool:
        """Whether a result (or `city`) still agrees with everything it was computed from."""
        return self.freshness([name])[name]

    def freshness(self, names: Sequence[str]) -> dict[str, bool]:
        """Whether each of several results (or `city`) still agrees with everything it was computed from."""
        rows = {name: self._row(name) for name in names}
        stands_on = {
            name: json.loads(row["facts"]).get("also", ())
            for name, row in rows.items()
            if row is not None and name != CITY
        }
        stamps = self._stamps({"": (), **stands_on})
        return {
            name: row is not None and row["stamp"] == stamps["" if name == CITY else name]
            for name, row in rows.items()
        }

    def keep(self, pending: Pending) -> None:
        """Take in what a job prepared beside the project."""
        self.put_in_place(pending)
        self.take_in(pending)

    def put_in_place(self, pending: Pending) -> None:
        """Make what a job prepared part of the files; may run in the job's thread, `take_in` then follows here."""

        def then(connection: sqlite3.Connection) -> None:
            if pending.edit is not None:
                self._note(connection, pending.edit)
            if pending.memory:
                matches = {**self.store.meta("matches", {}), **pending.memory}
                connection.execute(
                    "INSERT OR REPLACE INTO lutu_meta VALUES ('matches', ?)",
                    [json.dumps(matches, ensure_ascii=False)],
                )

        self.store.commit(pending.prepared, pending.files, then)

    def take_in(self, pending: Pending) -> None:
        """Know of what was put in place, and tell others."""
        for name in pending.changed:
            self._computed.pop(name, None)
        self._computed.update({one.name: one for one in pending.results})
        self._city = pending.city or (None if set(pending.changed) & set(self.sources) else self._city)
        self._tell((*pending.changed, *(() if pending.edit is None else (pending.edit.table,))))

    @staticmethod
    def discard(pending: Pending) -> None:
        """Remove what a job prepared beside the project, when it is not wanted any more."""
        for path in (pending.prepared.path, *(temporary for temporary, _ in pending.files)):
            path.unlink(missing_ok=True)

    def remember(self, city: City | None, computed: Mapping[str, Computed | None]) -> None:
        """Hold what was read of this project in another thread, so that nobody waits for it here."""
        self._city = city
        self._computed.update(computed)

    def set_system(self, crs: CRS) -> None:
        """Choose another reference system, as long as nothing lies in the one before; UserError else."""
        must_measure(crs)
        if self.sources:
            raise UserError(
                Problem(
                    "The project holds data in its reference system, {crs}.",
                    "Make a new project with the other system, and import the files again.",
                    crs=self.crs.name,
                )
            )
        self.store.set_meta("crs", crs.to_wkt())
        self._tell(("facts",))

    def set_facts(self, **facts: Any) -> None:
        """Set single values of the city."""
        self.store.set_meta("facts", {**self.facts, **facts})
        self._tell(("facts",))

    # Edits

    def table(self, name: str) -> pd.DataFrame:
        """A given table with its corrections, or a decided table."""
        overlay = self.overlay()
        cells = overlay[overlay["table_name"] == name]
        if name in DECIDED:
            rows = pd.Index(sorted(cells["row_id"].unique()), name=DECIDED[name], dtype=object)
            decided: pd.DataFrame = lay_over(gpd.GeoDataFrame(index=rows), cells)
            return decided
        frame = self.store.read_layer(contents.GIVEN + name, contents.table_id(name))
        given: pd.DataFrame = lay_over(frame, cells)
        return given

    def cells(self, table: str, rows: Sequence[str], field: str) -> pd.Series[Any]:
        """One column of some rows of a given table with its corrections; rows that are not there are left out."""
        name, key = contents.GIVEN + table, contents.table_id(table)
        columns = {row["name"]: row["type"] for row in self.store.rows(f'PRAGMA table_info("{name}")')}
        found: dict[str, Any] = {}
        for begin in range(0, len(rows) if columns else 0, ROWS_AT_ONCE):
            some = [str(row) for row in rows[begin : begin + ROWS_AT_ONCE]]
            chosen = f'"{field}"' if field in columns else "NULL"
            marks = ", ".join("?" * len(some))
            query = f'SELECT "{key}" AS id, {chosen} AS value FROM "{name}" WHERE "{key}" IN ({marks})'
            found |= {row["id"]: row["value"] for row in self.store.rows(query, some)}
        if columns.get(field) == "BOOLEAN":
            found = {row: None if value is None else bool(value) for row, value in found.items()}
        overlay = self.overlay()
        overlay = overlay[(overlay["table_name"] == table) & overlay["row_id"].isin(list(map(str, rows)))]
        for row, state in row_states(overlay).items():
            found.setdefault(row, None) if state == ADDED else found.pop(row, None)
        laid = overlay[overlay["field"] == field]
        corrected = zip(laid["row_id"], laid["value"], strict=True)
        found |= {str(row): json.loads(str(value)) for row, value in corrected if row in found}
        return pd.Series(found, dtype=object).reindex([str(row) for row in rows if str(row) in found])

    def apply(self, edit: Edit) -> None:
        """Make a change that can be undone; on disk when this returns."""
        with self.store.transaction() as connection:
            changed = self._note(connection, edit)
        if changed:
            self._tell((edit.table,))

    def _note(self, connection: sqlite3.Connection, edit: Edit) -> bool:
        """Write a change; False where everything is so already."""
        changes = history.changes_of(edit, self.overlay())
        if changes:
            history.note(connection, edit, changes)
        return bool(changes)

    def undo(self) -> str | None:
        """Undo the last change; gives its label, None if there is nothing to undo."""
        row = history.neighbour(self.store, undone=False)
        return None if row is None else self._moved_over(row, row["number"] - 1)

    def redo(self) -> str | None:
        """Make the last undone change again; gives its label, None if there is nothing."""
        row = history.neighbour(self.store, undone=True)
        return None if row is None else self._moved_over(row, row["number"])

    def go_to(self, number: int) -> int:
        """Undo, or make again, until a change of the history is the last in force; gives how many were moved over."""
        moved = history.go_to(self.store, number)
        if moved:
            self._tell(tuple(dict.fromkeys(row["table_name"] for row in moved)))
        return len(moved)

    def _moved_over(self, row: sqlite3.Row, number: int) -> str:
        self.go_to(number)
        return label_said(row)

    @property
    def last_change(self) -> int:
        """Number of the last change in force; 0 where there is none."""
        return history.last(self.store)

    def history(self) -> list[HistoryEntry]:
        """All changes, oldest first; those undone are still there until a new one is made."""
        return history.entries(self.store)

    def _row(self, name: str) -> Any:
        rows = self.store.rows("SELECT * FROM lutu_computed WHERE name = ?", [name])
        return rows[0] if rows else None

    def _tell(self, changed: tuple[str, ...]) -> None:
        if (
            STANDARD in changed and self._city is not None
        ):  # it may be in agreement still, and plans read them from it
            self._city = replace(self._city, standards=self.standards)
        for listener in self.listeners:
            listener(changed)


@cache
def _system(wkt: str) -> CRS:
    """The reference system that a text describes; reading it takes a while."""
    return CRS.from_wkt(wkt)


def empty_cells(rows: list[str], names: list[str], index: str) -> pd.DataFrame:
    """A frame of missing cells, for the first decision about some rows."""
    return pd.DataFrame(np.nan, index=pd.Index(rows, name=index), columns=names, dtype=object)

"""The history of a store: every change is written with what was there before, undone, and made again."""

from __future__ import annotations

import getpass
import json
import sqlite3
from typing import Any

import pandas as pd

from layers.contents import now
from layers.edits import Edit, HistoryEntry, label_said
from layers.store import Store, encode

IN_FORCE, UNDONE = 0, 1


def changes_of(edit: Edit, overlay: pd.DataFrame) -> list[dict[str, Any]]:
    """Cells of an edit that differ, with what was laid over them before: `row`, `field`, `before`, `after`."""
    cells = overlay[overlay["table_name"] == edit.table]
    laid = {(row.row_id, row.field): row.value for row in cells.itertuples()}
    changes = []
    for name in edit.after.columns:
        for row, before, after in zip(edit.after.index, edit.before[name], edit.after[name], strict=True):
            if encode(before) != encode(after):
                key = (str(row), str(name))
                changes.append(
                    {"row": key[0], "field": key[1], "before": laid.get(key), "after": encode(after)}
                )
    return changes


def note(connection: sqlite3.Connection, edit: Edit, changes: list[dict[str, Any]]) -> None:
    """Write a change and its place in the history; what was undone cannot be made again from now on."""
    connection.execute("DELETE FROM lutu_history WHERE undone = 1")
    connection.execute(
        "INSERT INTO lutu_history (label, label_values, table_name, who, at, why, changes) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            edit.label,
            json.dumps(dict(edit.values), ensure_ascii=False, default=str),
            edit.table,
            who(),
            now(),
            edit.why,
            json.dumps(changes, ensure_ascii=False),
        ],
    )
    _lay(connection, edit.table, changes, "after")


def entries(store: Store) -> list[HistoryEntry]:
    """All changes, oldest first; those undone are still there until a new one is made."""
    return [
        HistoryEntry(
            row["number"],
            label_said(row),
            row["table_name"],
            row["who"],
            row["at"],
            row["why"],
            bool(row["undone"]),
            len(json.loads(row["changes"])),
        )
        for row in store.rows("SELECT * FROM lutu_history ORDER BY number")
    ]


def last(store: Store) -> int:
    """Number of the last change that is in force; 0 where there is none."""
    return int(store.rows("SELECT MAX(number) AS last FROM lutu_history WHERE undone = 0")[0]["last"] or 0)


def neighbour(store: Store, *, undone: bool) -> sqlite3.Row | None:
    """The change that is undone next, or of those undone the one that is made again next."""
    order = "number" if undone else "number DESC"
    rows = store.rows(f"SELECT * FROM lutu_history WHERE undone = ? ORDER BY {order} LIMIT 1", [int(undone)])
    return rows[0] if rows else None


def go_to(store: Store, number: int) -> list[sqlite3.Row]:
    """Undo, or make again, until a change is the last that is in force; 0 undoes all. Gives what was moved over."""
    later = store.rows(
        "SELECT * FROM lutu_history WHERE undone = 0 AND number > ? ORDER BY number DESC", [number]
    )
    before = store.rows(
        "SELECT * FROM lutu_history WHERE undone = 1 AND number <= ? ORDER BY number", [number]
    )
    with store.transaction() as connection:
        for rows, side, state in ((later, "before", UNDONE), (before, "after", IN_FORCE)):
            for row in rows:
                connection.execute(
                    "UPDATE lutu_history SET undone = ? WHERE number = ?", [state, row["number"]]
                )
                _lay(connection, row["table_name"], json.loads(row["changes"]), side)
    return [*later, *before]


def _lay(connection: sqlite3.Connection, table: str, changes: list[dict[str, Any]], side: str) -> None:
    gone = [(table, cell["row"], cell["field"]) for cell in changes if cell[side] is None]
    laid = [(table, cell["row"], cell["field"], cell[side]) for cell in changes if cell[side] is not None]
    connection.executemany("DELETE FROM lutu_overlay WHERE table_name = ? AND row_id = ? AND field = ?", gone)
    connection.executemany("INSERT OR REPLACE INTO lutu_overlay VALUES (?, ?, ?, ?)", laid)


def who() -> str:
    """Name of the person at the machine, for the history."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such user, or a system without a list of them
        return "?"

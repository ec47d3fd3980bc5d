"""Filters: one condition a table, obeyed by map, table, charts and reports alike; read again when the data changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from PySide6.QtCore import QObject, Signal

from core.problems import UserError
from core.texts import text
from desktop.expressions import Mask, rows_meant
from desktop.result_tables import frame_of, with_results

if TYPE_CHECKING:
    from desktop.ui.workspace import Workspace


class Filters(QObject):
    """The filters in force in a workspace.

    Signals
    -------
    changed(str)
        The filter of a table is another one, or gone.
    asked(str)
        Somebody wants to write the filter of a table.
    """

    changed = Signal(str)
    asked = Signal(str)

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.workspace = workspace
        self._words: dict[str, str] = {}
        self._masks: dict[str, Mask] = {}
        self._awaited: dict[str, str] = {}  # conditions that are still being read
        workspace.data_changed.connect(self._read_again)

    @property
    def tables(self) -> tuple[str, ...]:
        """Tables of which only some rows are shown."""
        return tuple(self._masks)

    @property
    def written(self) -> dict[str, str]:
        """All conditions as they were written, by table; also those that are still being read."""
        return {**self._words, **self._awaited}

    def words(self, table: str) -> str:
        """The condition of a table as it was written; empty without one."""
        return self._words.get(table, "")

    def mask(self, table: str) -> Mask | None:
        """Which rows of a table pass, in the order of its layer; None where all do."""
        return self._masks.get(table)

    def ids(self, table: str) -> pd.Index:
        """Ids of the rows that pass; all of them without a filter."""
        ids, mask = self.workspace.ids(table), self.mask(table)
        return ids if mask is None or len(mask) != len(ids) else ids[mask]

    def set(self, table: str, words: str, mask: Mask | None) -> None:
        """Put a condition that was read in force; None lets all rows pass again."""
        before = self._masks.get(table)
        self._awaited.pop(table, None)
        if mask is None:
            self._words.pop(table, None)
            self._masks.pop(table, None)
        else:
            self._words[table], self._masks[table] = words.strip(), mask
        same = before is mask or (before is not None and mask is not None and np.array_equal(before, mask))
        if not same:
            self.workspace.show_rows(table, mask)
        if not same or mask is not None:
            self.changed.emit(table)

    def clear(self, table: str) -> None:
        """Let all rows of a table pass."""
        self.set(table, "", None)

    def forget(self) -> None:
        """Another project: nothing of the one before is filtered."""
        self._words, self._masks, self._awaited = {}, {}, {}

    def take_up(self, written: Mapping[str, str]) -> None:
        """Put kept conditions in force, by table, and no others; they are read beside the window."""
        for table in [one for one in self.written if one not in written]:
            self.clear(table)
        for table, words in written.items():
            if words != self.written.get(table):
                self._awaited[table] = words
                self._read(table, words)

    def _read_again(self) -> None:
        """The rows may be others: those known are kept until the condition is read of the new ones."""
        for table, words in self.written.items():
            mask = self._masks.get(table)
            if mask is not None and len(mask) == len(self.workspace.ids(table)):
                self.workspace.show_rows(table, mask)
            self._read(table, words)

    def _read(self, table: str, words: str) -> None:
        """Read a condition of the data as it is now in a thread, and put it in force."""
        workspace = self.workspace
        city, results = workspace.city, workspace.results
        if city is None or frame_of(city, results, table) is None:
            self.clear(table)
            return

        def read() -> Mask | None:
            try:
                return rows_meant(with_results(city, results, table), words)
            except UserError:
                return None

        def take(found: Mask | None) -> None:
            if self.written.get(table) != words or workspace.city is not city:
                return
            self.set(table, words, found)
            if found is None:
                from desktop.ui.workspace import Message  # late: the workspace holds the filters

                said = text("The filter {words} does not suit the new data and was removed.", words=words)
                workspace.said.emit(Message(said, note=True))

        workspace.later.ask(f"filter {table}", read, take)

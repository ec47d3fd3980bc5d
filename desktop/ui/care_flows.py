"""Flows of care: copies of the project, what the machine lacks, PV systems to look at, and versions of a document."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from core.texts import text
from core.units import count
from desktop import asset_words, machine, operations
from desktop.copies import Copy
from desktop.machine import Finding
from desktop.session import copies_folder, load_session, save_session
from desktop.ui.asking import put, stand
from desktop.ui.copies_dialog import CopiesDialog, PutBackQuestion
from desktop.ui.list_dialog import ListDialog
from desktop.ui.timed_copies import MINUTE_MS, TimedCopies
from desktop.ui.workspace import Message, Workspace
from layers.pv_assets import TABLE, Register, register

if TYPE_CHECKING:
    from reports.documents.record import Change


class CareFlows:
    """What the window does about the project as files, about the machine, and about what stands already."""

    def __init__(self, workspace: Workspace, window: QWidget, copies: TimedCopies) -> None:
        self.workspace, self.window, self.copies = workspace, window, copies

    def commands(self) -> dict[str, Callable[[], None]]:
        """What menu, keys and search call."""
        return {
            "copies": self.ask_copies,
            "assets": self.show_assets,
            "versions": self.ask_versions,
            "machine": self.show_machine,
            "depth_maps": self.ask_depth_maps,
        }

    def ask_depth_maps(self) -> None:
        """Ask for heat-flow points and make maps of temperature at depth; no project is needed."""
        from desktop.ui.depth_maps import ask_depth_maps  # late: it brings what is printed

        ask_depth_maps(self.workspace, self.window)

    # ---- copies

    def ask_copies(self) -> None:
        """List the copies of the project, make or put back one, or change how they are kept."""
        project = self.workspace.project
        if project is None:
            return
        folder = project.folder
        kept = operations.copies_of(folder)
        place = str(kept[0].path.parent if kept else copies_folder())
        asked = CopiesDialog(self.window, kept, load_session(), place, self.make_copy)

        def then() -> None:
            if asked.chosen is not None:
                self.ask_to_put_back(folder, asked.chosen)
                return
            save_session(asked.session)
            self.copies.timer.start(asked.session.copy_minutes * MINUTE_MS)

        put(asked, self.workspace, then)

    def make_copy(self) -> None:
        """Copy the project now, and say whether anything had changed."""
        project = self.workspace.project
        if project is None:
            return
        folder, session = project.folder, load_session()

        def made(copy: Copy | None) -> None:
            words = text("Made a copy.") if copy else text("Nothing changed since the last copy.")
            self.workspace.said.emit(Message(words, note=copy is None))

        self.workspace.do(
            text("Copy of the project"), lambda job: operations.make_copy(folder, session, job), made
        )

    def ask_to_put_back(self, folder: Path, copy: Copy) -> None:
        """Ask whether a copy takes the place of the project's file."""
        asked = PutBackQuestion(self.window, copy)
        put(asked, self.workspace, lambda: self.copies.restore(folder, copy))

    # ---- lists

    def show_machine(self) -> None:
        """Say what the machine has and lacks."""

        def show(found: list[Finding]) -> None:
            sound = all(one.sound or one.optional for one in found)
            lead = (
                text("Lütu can work on this machine.")
                if sound
                else text("Lütu cannot work on this machine until what is marked ✗ is put right.")
            )
            rows = [(one.mark, one.said()) for one in found]
            stand(
                ListDialog(self.window, text("This machine"), lead, (text("State"), text("What")), rows),
                self.workspace,
            )

        self.workspace.do(text("Looking at the machine"), lambda job: machine.examine(), show)

    def show_assets(self) -> None:
        """Sum up the PV systems that exist, and list those that are overdue, blocked, idle or unknown."""
        project, city = self.workspace.project, self.workspace.city
        if project is None:
            return
        if city is None or not operations.is_checked(project):
            self.workspace.check(self.show_assets)
            return

        def show(made: Register) -> None:
            found = asset_words.to_look_at(made)
            heads = ("System", "Building", "Parcel", "Capacity", "State", "Cause")
            rows = [(one.asset, one.building, one.parcel, one.capacity, one.state, one.why) for one in found]

            def follow(row: int) -> None:
                one = found[row]
                places = ((TABLE, one.asset), ("building", one.building), ("parcel", one.parcel))
                there = [pair for pair in places if pair[1] in self.workspace.ids(pair[0])]
                if not there:
                    return
                table, feature = there[0]
                self.workspace.restyle(table, visible=True)
                self.workspace.select_ids(table, [feature])
                self.workspace.find_asked.emit()

            title = text("PV systems that exist")
            lead = text("{words} These need attention:", words=asset_words.register_said(made))
            stand(
                ListDialog(
                    self.window, title, lead, [text(one) for one in heads], rows, right=(3,), follow=follow
                ),
                self.workspace,
            )

        self.workspace.do(text("Summing up PV systems"), lambda job: register(city, date.today()), show)

    def ask_versions(self) -> None:
        """Ask for two versions of a document, the older one first, and list what changed."""
        project = self.workspace.project
        if project is None:
            return
        place, chosen = str(project.folder / "documents"), []
        for words in (text("The older version"), text("The newer version")):
            path, _ = QFileDialog.getOpenFileName(self.window, words, place, "Word (*.docx)")
            if not path:
                return
            chosen.append(Path(path))
            place = str(Path(path).parent)
        self.show_versions(*chosen)

    def show_versions(self, old: Path, new: Path) -> None:
        """List what changed from one version of a document to another."""
        from desktop import plan_documents  # late: it takes a while to import

        def show(found: list[Change]) -> None:
            lead = f"{old.name} → {new.name}  ·  {text('{count} changes.', count=count(len(found)))}"
            heads = (text("Where"), text("The older version"), text("The newer version"))
            rows = [(one.where, one.before, one.after) for one in found]
            stand(
                ListDialog(self.window, text("What changed between two versions"), lead, heads, rows),
                self.workspace,
            )

        self.workspace.do(text("Comparing two versions"), lambda job: plan_documents.compare(old, new), show)

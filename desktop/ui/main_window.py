"""The main window: the start page or the workbench, and the actions that menu, keys and search share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QStackedWidget, QWidget
from shiboken6 import isValid

from core.problems import UserError
from core.texts import text
from desktop.geodesy import Ellipsoid
from desktop.log import log_file
from desktop.searching import Found
from desktop.session import load_session, save_session
from desktop.steps import STEPS
from desktop.ui import theme
from desktop.ui.actions import enable, make_actions, make_menu
from desktop.ui.appearance import Appearance
from desktop.ui.assess_question import ask_to_assess
from desktop.ui.card import CardActions
from desktop.ui.care_flows import CareFlows
from desktop.ui.compare_flows import CompareFlows
from desktop.ui.data_page import PageActions
from desktop.ui.edit_flows import EditFlows
from desktop.ui.flows import Flows
from desktop.ui.garbage import Collector, spare_libraries
from desktop.ui.help import open_manual, page_for
from desktop.ui.keeping import Keeping
from desktop.ui.map_canvas import MapCanvas
from desktop.ui.map_flows import MapFlows
from desktop.ui.map_tools import Tool
from desktop.ui.messages import show_refusal
from desktop.ui.notices import CrashDialog
from desktop.ui.own_flows import OwnFlows
from desktop.ui.picture_flows import PictureFlows
from desktop.ui.plan_flows import PlanFlows
from desktop.ui.plan_page import PlanActions
from desktop.ui.rebuilding import Rebuilding, styled
from desktop.ui.search_box import SearchBox
from desktop.ui.start_page import StartPage, quiet_ways, ways_to_begin
from desktop.ui.thumbnails import Thumbnails
from desktop.ui.timed_copies import TimedCopies
from desktop.ui.tour import Tour, bench_stops, start_stops
from desktop.ui.trace_flows import TraceFlows
from desktop.ui.window_size import LEAST, SIZE, fitting
from desktop.ui.workbench import Arrangement, Workbench
from desktop.ui.worker import Task
from desktop.ui.workspace import Message, Workspace

TURNS_TO_GO = 20  # at most, until Qt has taken the parts before away


class MainWindow(QMainWindow):
    """The window. Another language or theme builds its parts anew around the same workspace and canvas.

    Signals
    -------
    warmed()
        What is needed later is loaded, too.
    """

    warmed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.collector = Collector(self)
        self.warmed.connect(spare_libraries)
        self.workspace = Workspace(self)
        self.canvas = MapCanvas()
        self.flows = Flows(self.workspace, self)
        self.thumbnails = Thumbnails(self.workspace)
        self.copies = TimedCopies(self.workspace, self, self.flows.open)
        self.care = CareFlows(self.workspace, self, self.copies)
        self.keeping = Keeping(self.workspace, self)
        self.tour: Tour | None = None
        self.traces = TraceFlows(self.workspace, self)
        self.plan_flows = PlanFlows(self.workspace, self)
        self.own_flows = OwnFlows(self.workspace, self)
        self.comparing = CompareFlows(self.workspace, self, lambda: self.stack, self._show_bench)
        self.map_flows = MapFlows(self.workspace, self.canvas, self, lambda: self._bench().map.extras)
        self.pictures = PictureFlows(self.workspace, self.canvas, self, lambda: self._bench().map.extras)
        self.editing = EditFlows(self.workspace, self.canvas, self)
        self.actions_by_name: dict[str, QAction] = {}
        self.menu: QMenu | None = None
        self._workbench: Workbench | None = None
        self.rebuilding = Rebuilding(self)
        self.stack = QStackedWidget()
        self.setCentralWidget(self.stack)
        room = self.screen().availableGeometry().size()
        self.setMinimumSize(fitting(LEAST, room))
        self.resize(fitting(SIZE, room))
        self.setAcceptDrops(True)
        self.setWindowIcon(theme.icon("ph.leaf", "accent"))
        self.workspace.opened.connect(self._opened)
        self.workspace.leaving.connect(self._leave)
        self.workspace.refused.connect(self._refused)
        self.workspace.home_asked.connect(self.show_start)
        self.workspace.tasks.crashed.connect(self.show_crash)
        self.workspace.tasks.queued.connect(self._say_queued)
        geometry = load_session().geometry
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
        list(self._made())
        self.show_start()
        self.appearance = Appearance(self.rebuilding, self._made)

    @property
    def workbench(self) -> Workbench | None:
        """The workbench; one that is being made anew is finished first."""
        self.rebuilding.finish()
        return self._workbench

    def _made(self, restyle: Callable[[], None] = lambda: None) -> Iterator[None]:
        """Make all parts in the language and colours of the moment, one a turn, in place of those that are there."""
        self._end_tour()
        kept, shown = self._workbench, self.stack.currentIndex()
        arranged = Arrangement()
        if kept is not None:
            arranged = kept.arrangement()
            self.editing.let_go()
            self.comparing.step_aside()
            kept.let_go()
        self._workbench = kept = None
        for action in self.actions_by_name.values():
            self.removeAction(action)
            action.deleteLater()
        gone: list[QWidget] = []
        while (part := self.stack.widget(0)) is not None:
            gone.append(part)
            self.stack.removeWidget(part)
            part.deleteLater()
        self.workspace.retitle()
        for _ in range(TURNS_TO_GO):  # styling once more what goes would take Qt a second
            yield
            if not any(isValid(part) for part in gone):
                break
        restyle()
        yield
        self.actions_by_name = make_actions(self, self._commands())
        if self.menu is not None:
            self.menu.deleteLater()
        self.menu = menu = make_menu(self, self.actions_by_name)
        self.search = SearchBox(self.workspace, lambda: self.actions_by_name)
        self.search.found.connect(self._go_to)
        self.start = self._start_page()
        self.stack.addWidget(self.start)
        yield
        can = (self._card_actions(), self._page_actions(), self._plan_actions())
        bench = Workbench(self.workspace, self.canvas, menu, self.search, *can)
        self.stack.addWidget(bench)
        yield from bench.made()
        yield
        self.editing.build(bench)
        bench.map_menu.more = [self.actions_by_name[name] for name in self.pictures.commands()]
        bench.card.shown.connect(self._title)
        bench.arrange(arranged)
        yield from styled(bench)
        self._workbench = bench
        self.stack.setCurrentIndex(max(0, min(shown, 1)))
        self.comparing.rebuild()
        bench.show_table(shown=arranged.table)
        enable(self.actions_by_name, project=self.workspace.project is not None)
        self._title()

    # ---- what is shown

    def show_start(self) -> None:
        """Show the start page."""
        self.rebuilding.finish()
        before = self.start
        self.start = self._start_page()
        self.stack.insertWidget(0, self.start)
        self.stack.removeWidget(before)
        before.deleteLater()
        self.stack.setCurrentWidget(self.start)

    def _opened(self) -> None:
        """Another project is open: show its map."""
        if self.workbench is None:
            return
        self.stack.setCurrentWidget(self.workbench)
        project = self.workspace.project
        self.canvas.ellipsoid = Ellipsoid(project.crs) if project is not None else None
        self.canvas.set_tool(self.canvas.tool)
        if not self.map_flows.come_back():
            self._bench().map.zoom_to_city()
        enable(self.actions_by_name, project=True)
        left = self.workspace.left
        if self.workspace.city is not None and left is not None and left.step in STEPS:
            self.workbench.show_step(left.step)
        if self.workspace.city is None:
            self.workbench.show_step("data")
        elif not load_session().toured:
            save_session(replace(load_session(), toured=True))
            words = text("New here? A short tour shows what is where.")
            self.workspace.said.emit(Message(words, text("Tour of the window"), self.show_tour, note=True))
        self._title()

    def _leave(self) -> None:
        """Keep how the project is left, to open it so again."""
        self.map_flows.leave(self._bench().step)

    def _show_bench(self) -> None:
        self.stack.setCurrentWidget(self._bench())
        self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _title(self) -> None:
        if self._workbench is None:  # it is being made; it is named when it is there
            return
        project, card = self.workspace.project, self._workbench.card.card.title
        name = project.name if project is not None else ""
        parts = dict.fromkeys((card if project is not None else "", name, text("Lütu")))
        self.setWindowTitle(" – ".join(part for part in parts if part))

    def show_help(self) -> None:
        """Open the manual at the page of what is in front."""
        name = "start"
        if self.workbench is not None and self.stack.currentWidget() is self.workbench:
            name = page_for(QApplication.focusWidget(), self.workbench.step)
        try:
            open_manual(name)
        except UserError as error:
            self._refused(error)

    def show_tour(self) -> None:
        """Lead once over the parts of the window."""
        self._end_tour()
        if self.workbench is None or self.stack.currentWidget() is self.start:
            self.tour = Tour(self, start_stops(self.start))
        else:
            self.tour = Tour(self, bench_stops(self.workbench))

    def _end_tour(self) -> None:
        """Take away a tour that still stands; one that was left is gone by itself."""
        if self.tour is not None and isValid(self.tour):
            self.tour.end()
        self.tour = None

    def show_crash(self, message: str, trace: str) -> None:
        """Say that the program failed, and what to send."""
        dialog = CrashDialog(message, trace, log_file(), self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _refused(self, error: UserError) -> None:
        if not self.copies.offer(error):
            show_refusal(self, error)

    def _say_queued(self, task: Task) -> None:
        """Say what a task waits for, if somebody waits for it."""
        running = self.workspace.tasks.running
        if running is not None and self.workbench is not None and not task.quiet:
            words = text(
                "{title} begins when this is done: {running}.", title=task.title, running=running.title
            )
            bench = self.workbench
            self.workspace.said.emit(
                Message(words, text("List of tasks"), lambda: bench.show_tasks(shown=True), note=True)
            )

    def _go_to(self, found: Found) -> None:
        """Show what the search found."""
        if found.place is not None:
            self.map_flows.go_to(*found.place)
            return
        self.workspace.restyle(found.table, visible=True)
        self.workspace.select_ids(found.table, [found.row_id])
        self.workspace.find_asked.emit()

    # ---- language and theme

    def switch_language(self) -> None:
        """The other language, at once, and for the next start."""
        self.appearance.switch_language()

    def switch_theme(self) -> None:
        """Dark or light, at once, and for the next start."""
        self.appearance.switch_theme()

    # ---- commands

    def _commands(self) -> dict[str, Callable[[], None]]:
        flows, workspace = self.flows, self.workspace
        return {
            "new": lambda: flows.new_project(),
            "open": flows.open_project,
            "sample": flows.sample_city,
            "save": self.keeping.save,
            "save_as": self.keeping.ask_save_as,
            "import": flows.bring,
            "check": workspace.check,
            "assess": workspace.assess,
            "assess_some": lambda: ask_to_assess(workspace, self),
            "undo": workspace.undo,
            "redo": workspace.redo,
            "settings": flows.settings,
            "project": self.own_flows.ask_project,
            **self.care.commands(),
            "standards": self.own_flows.show_standards,
            "plan": self.plan_flows.make_plan,
            "compare": self.comparing.begin,
            "scenarios": self.comparing.show_table,
            "documents": self.plan_flows.ask_documents,
            "preview_documents": self.plan_flows.preview_documents,
            "check_documents": self.plan_flows.check_documents,
            "lists": self.plan_flows.show_lists,
            "report": lambda: flows.ask_reports(self._parcels()),
            "preview": lambda: flows.preview_reports(self._parcels()),
            "export": flows.ask_export,
            "table": lambda: self._bench().show_table(),
            "charts": lambda: self._bench().show_charts(),
            "filter": lambda: workspace.filters.asked.emit(workspace.active),
            "tasks": lambda: self._bench().show_tasks(),
            "style": lambda: self._bench().show_style(),
            "left": lambda: self._bench().show_beside("left"),
            "card": lambda: self._bench().show_beside("card"),
            "identify": lambda: self._bench().map.choose(Tool.IDENTIFY),
            "everything": lambda: self._bench().map.zoom_to_city(),
            "space": lambda: self._bench().map.show_in_space(),
            "selection": lambda: self._bench().map.zoom_to_selection(),
            **self.map_flows.commands(),
            **self.pictures.commands(),
            **self.editing.commands(),
            "nothing": lambda: workspace.select(workspace.active, None),
            "search": self._search,
            "language": self.switch_language,
            "dark": self.switch_theme,
            "help": self.show_help,
            "tour": self.show_tour,
            "log": flows.show_log,
            "about": flows.about,
            "quit": self._quit,
        }

    def _card_actions(self) -> CardActions:
        flows = self.flows
        return CardActions(
            report=flows.report,
            preview=flows.preview_reports,
            decide=flows.decide,
            trace=self.traces.row,
            structure=flows.structure,
            correct=flows.correct,
            assess=self.workspace.assess,
            lay_out=flows.lay_out,
            grade=self.own_flows.ask_grade,
            retrofit=self.own_flows.ask_retrofit,
        )

    def _plan_actions(self) -> PlanActions:
        plans = self.plan_flows
        return PlanActions(
            make=plans.make_plan,
            target=plans.ask_target,
            change_target=plans.ask_target,
            scenario=plans.ask_scenario,
            rename=plans.ask_new_name,
            delete=plans.ask_deletion,
            table=self.comparing.show_table,
            compare=self.comparing.begin,
            documents=plans.ask_documents,
            preview=plans.preview_documents,
            trace=self.traces.figure,
            lists=self.plan_flows.show_lists,
            settings=self.own_flows.ask_settings,
            own_data=self.own_flows.ask_own_data,
        )

    def _page_actions(self) -> PageActions:
        flows = self.flows
        return PageActions(
            bring=lambda: flows.bring(),
            check=self.workspace.check,
            assess=self.workspace.assess,
            report=lambda: flows.ask_reports(self._parcels()),
            export=flows.ask_export,
            project=self.own_flows.ask_project,
            sheet=self.map_flows.compose_sheet,
            documents=self.plan_flows.ask_documents,
            check_documents=self.plan_flows.check_documents,
        )

    def _start_page(self) -> StartPage:
        flows = self.flows
        ways = ways_to_begin(flows.new_project, flows.open_project, flows.sample_city)
        quiet = quiet_ways(self.show_help, self.show_tour, self.switch_language)
        return StartPage(load_session(), self.workspace.tasks, ways, flows.open, quiet)

    def _parcels(self) -> list[str]:
        chosen = self.workspace.chosen
        return list(chosen.ids) if chosen.table == "parcel" else []

    def _bench(self) -> Workbench:
        if self.workbench is None:
            raise RuntimeError("the window is not built yet")
        return self.workbench

    def _search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _quit(self) -> None:
        if self.keeping.may_close():
            self.close()

    # ---- events

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and projects may be dropped on the window."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a project, import a file, or begin a new project with several."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        self.flows.dropped(paths)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop what runs, remember the place of the window, and let go of the files.

        Where somebody closes it while work is under way, that is asked about first.
        """
        if event.spontaneous() and not self.keeping.may_close():
            event.ignore()
            return
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        save_session(replace(load_session(), geometry=geometry))
        if self.workbench is not None:
            self._leave()
        self.hide()  # a task may take some seconds to stop
        if self.workbench is not None:
            self.workbench.drawer.let_go()
            self.workbench.charts.let_go()
        self.comparing.close()
        self.appearance.close()
        self.workspace.close()
        self.canvas.close()
        self.collector.close()
        super().closeEvent(event)

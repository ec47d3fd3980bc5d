"""The list of tasks shows what runs, what waits and what is over; each can be stopped alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from core import texts
from core.jobs import Job, Progress
from core.problems import Problem, UserError
from desktop.task_log import Course
from desktop.ui.task_chip import TaskChip
from desktop.ui.tasks_panel import TasksPanel
from desktop.ui.worker import Task, Tasks


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_chosen", "en")


@pytest.fixture
def tasks(qtbot: QtBot) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.cancel()
    made.wait()


@pytest.fixture
def panel(tasks: Tasks, qtbot: QtBot) -> TasksPanel:
    made = TasksPanel(tasks, lambda: None)
    qtbot.addWidget(made)
    made.resize(700, 240)
    made.show()
    return made


def words(panel: TasksPanel) -> str:
    """All words of the list."""
    found = [one.text() for one in panel.findChildren(QLabel) if not one.isHidden()]
    return "\n".join([*found, *(one.text() for one in panel.findChildren(QPushButton) if not one.isHidden())])


def held(title: str, gate: threading.Event, done: list[str]) -> Task:
    """A task that goes on when the gate opens."""

    def work(job: Job) -> str:
        for _ in job.each(range(1000), "Casting shadows"):
            if gate.wait(0.02):
                break
        return title

    return Task(title, work, done.append, lambda error: None)


def test_a_waiting_task_is_taken_out_of_the_queue_and_the_others_go_on(
    tasks: Tasks, panel: TasksPanel, qtbot: QtBot
) -> None:
    gate, done = threading.Event(), []
    for title in ("one", "two", "three"):
        tasks.add(held(title, gate, done))
    assert "waiting" in words(panel)
    drop = next(
        b for b in panel.findChildren(QToolButton) if b.accessibleName() == "Take two out of the queue"
    )
    qtbot.mouseClick(drop, Qt.MouseButton.LeftButton)
    gate.set()
    qtbot.waitUntil(lambda: tasks.running is None)
    assert done == ["one", "three"]
    assert [(one.title, one.state) for one in tasks.ended] == [
        ("two", "stopped"),
        ("one", "done"),
        ("three", "done"),
    ]


def test_stopping_the_task_at_work_leaves_those_that_wait(
    tasks: Tasks, panel: TasksPanel, qtbot: QtBot
) -> None:
    gate, done = threading.Event(), []
    tasks.add(held("one", gate, done))
    tasks.add(held("two", gate, done))
    qtbot.waitUntil(lambda: tasks.progress is not None)
    stop = next(b for b in panel.findChildren(QToolButton) if b.accessibleName() == "Stop one")
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tasks.running is not None and tasks.running.title == "two")
    gate.set()
    qtbot.waitUntil(lambda: tasks.running is None)
    assert done == ["two"]


def test_what_stood_in_the_way_is_in_the_log(tasks: Tasks, panel: TasksPanel, qtbot: QtBot) -> None:
    def refuse(job: Job) -> None:
        job.say("Reading the file", 0.0, force=True)
        raise UserError(Problem("The city has no weather.", "Add a weather file."))

    tasks.add(Task("Import", refuse, lambda result: None, lambda error: None))
    qtbot.waitUntil(lambda: tasks.running is None)
    assert "needs you" in words(panel)
    assert "Reading the file" in panel.log.toPlainText()
    assert "The city has no weather." in panel.log.toPlainText()


def test_half_of_a_step_in_ten_seconds_leaves_ten_seconds() -> None:
    course = Course()
    course.move_on(Progress("Casting shadows", 0.0, 5.0))
    course.move_on(Progress("Casting shadows", 0.5, 15.0))
    assert course.left_s == pytest.approx(10.0)
    course.move_on(Progress("Writing", 0.0, 25.0))
    assert course.left_s is None
    assert [line.words for line in course.lines] == ["Casting shadows", "Writing"]


def test_the_bar_of_one_of_several_runs_shows_how_far_all_of_them_are(tasks: Tasks, qtbot: QtBot) -> None:
    chip = TaskChip(tasks)
    qtbot.addWidget(chip)
    gate = threading.Event()

    def work(job: Job) -> None:
        job.say("Casting shadows", 0.5, force=True)
        gate.wait(20)

    tasks.add(Task("Rooftop PV", work, lambda _: None, lambda error: None, part=(2, 4)))
    qtbot.waitUntil(lambda: tasks.progress is not None)
    qtbot.waitUntil(lambda: chip.accessibleName().startswith("2/4 Casting shadows 50"))
    bar = chip.findChild(QProgressBar)
    assert bar.value() / bar.maximum() == pytest.approx((1 + 0.5) / 4, abs=1e-3)
    gate.set()
    qtbot.waitUntil(lambda: tasks.running is None)

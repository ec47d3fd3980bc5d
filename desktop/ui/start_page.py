"""The start page: recent projects, and the ways to begin: open, new, the sample city."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from core import VERSION
from core.texts import text
from desktop.session import Session
from desktop.thumbnail import thumbnail_of
from desktop.ui import theme
from desktop.ui.card_parts import across, button, down, label
from desktop.ui.task_chip import TaskChip
from desktop.ui.worker import Tasks

WIDTH = 860
THUMBNAIL = QSize(96, 61)
SMOOTH = Qt.TransformationMode.SmoothTransformation


class StartPage(QWidget):
    """What is seen while no project is open."""

    def __init__(
        self,
        session: Session,
        tasks: Tasks,
        ways: list[tuple[str, str, str, Callable[[], None]]],
        open_recent: Callable[[Path], None],
        quiet: Sequence[tuple[str, Callable[[], None]]] = (),
    ) -> None:
        super().__init__()
        self.setObjectName("start")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(text("Start page"))
        logo = label("绿", "logo")
        logo.setAlignment(Qt.AlignmentFlag.AlignCenter)
        logo.setFixedSize(44, 44)
        names = down(spacing=0)
        names.addWidget(label(text("Lütu"), "big"))
        names.addWidget(label(text("What sun, ground, water and air can give your city"), "small"))
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(logo)
        head.addLayout(names)
        head.addStretch(1)
        head.addWidget(TaskChip(tasks))
        left = down(spacing=6)
        left.addWidget(label(text("Begin"), "section"))
        self.ways: dict[str, QPushButton] = {}
        for icon, words, small, pressed in ways:
            made = _row(icon, words, small)
            made.clicked.connect(lambda checked=False, pressed=pressed: pressed())
            left.addWidget(made)
            self.ways[words] = made
        left.addStretch(1)
        right = down(spacing=6)
        right.addWidget(label(text("Recent projects"), "section"))
        self.recent = [
            _row("ph.map-trifold", Path(one).name, str(Path(one).parent), thumbnail_of(Path(one)))
            for one in session.recent
        ]
        for made, one in zip(self.recent, session.recent, strict=True):
            made.clicked.connect(partial(lambda path, checked=False: open_recent(path), Path(one)))
            right.addWidget(made)
        if not self.recent:
            right.addWidget(label(text("None yet. Projects you open are listed here."), "small", wraps=True))
        right.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(40)
        columns.addLayout(left, 1)
        columns.addLayout(right, 1)
        middle = QWidget()
        middle.setMaximumWidth(WIDTH)
        inside = down(middle, margins=(24, 0, 24, 0), spacing=34)
        inside.addLayout(head)
        inside.addLayout(columns)
        whole = QVBoxLayout(self)
        whole.addStretch(2)
        line = across(spacing=0)
        line.addStretch(1)
        line.addWidget(middle, 100)
        line.addStretch(1)
        whole.addLayout(line)
        whole.addStretch(3)
        self.quiet = {words: button(words, "link", pressed) for words, pressed in quiet}
        foot = across(spacing=18)
        foot.addStretch(1)
        foot.addWidget(label(text("Version {version}", version=VERSION), "small"))
        for link in self.quiet.values():
            foot.addWidget(link)
        foot.addStretch(1)
        foot.setContentsMargins(0, 0, 0, 8)
        whole.addLayout(foot)


def ways_to_begin(
    new: Callable[[], None], open_: Callable[[], None], sample: Callable[[], None]
) -> list[tuple[str, str, str, Callable[[], None]]]:
    """The ways to begin: icon, name, what it is, and what it does."""
    return [
        ("ph.folder-plus", text("New project…"), text("From place and files to a checked city"), new),
        ("ph.folder-open", text("Open project…"), text("A folder with a file city.gpkg"), open_),
        ("ph.buildings", text("Sample city"), text("A made-up city with everything computed"), sample),
    ]


def quiet_ways(
    help_: Callable[[], None], tour: Callable[[], None], language: Callable[[], None]
) -> list[tuple[str, Callable[[], None]]]:
    """What stands small at the foot of the page: name, and what it does."""
    return [
        (text("User manual (F1)"), help_),
        (text("Tour of this page"), tour),
        (text("English / 中文"), language),
    ]


def _row(icon: str, words: str, small: str, thumbnail: Path | None = None) -> QPushButton:
    """A wide button with an icon or a picture of a map, and two lines."""
    made = QPushButton()
    made.setProperty("part", "row")
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setAccessibleName(f"{words}. {small}")
    made.setFixedHeight(52)
    picture = label("")
    picture.setPixmap(theme.icon(icon, "accent").pixmap(QSize(22, 22)))
    drawn = QPixmap(str(thumbnail)) if thumbnail is not None else QPixmap()
    if not drawn.isNull():
        ratio = picture.devicePixelRatioF()
        shown = drawn.scaled(THUMBNAIL * ratio, Qt.AspectRatioMode.KeepAspectRatio, SMOOTH)
        shown.setDevicePixelRatio(ratio)
        picture.setPixmap(shown)
        made.setFixedHeight(THUMBNAIL.height() + 14)
        made.setProperty("tall", True)
    elif icon == "ph.map-trifold":
        picture.setFixedWidth(THUMBNAIL.width())
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
    lines = down(spacing=0)
    first, second = label(words, "strong"), label("", "small")
    second.setText(second.fontMetrics().elidedText(small, Qt.TextElideMode.ElideMiddle, 300))
    second.setToolTip(small)
    for line in (picture, first, second):
        line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    lines.addStretch(1)
    lines.addWidget(first)
    lines.addWidget(second)
    lines.addStretch(1)
    row = QHBoxLayout(made)
    row.setContentsMargins(10, 4, 10, 4)
    row.setSpacing(12)
    row.addWidget(picture)
    row.addLayout(lines, 1)
    return made

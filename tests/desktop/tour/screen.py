"""A tour through the program by real mouse and keyboard on a screen of its own; keeps a picture of every step."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

STARTER = Path(__file__).with_name("starter.py")
NEEDED = ("Xvfb", "openbox", "xdotool", "import", "pdftoppm")
PATIENCE_S = 60.0
WORK_S = 600.0  # planning and writing documents
REST_S = 0.5  # after every step, so that the picture shows its end
FIRST_DISPLAY = 120


@dataclass(frozen=True)
class Look:
    """How the window looks during a tour."""

    language: str = "zh"
    dark: bool = False
    width: int = 1366
    height: int = 768
    scale: float = 1.0

    @property
    def name(self) -> str:
        """Name of the folder of its pictures."""
        return f"{self.language}-{'dark' if self.dark else 'light'}-{self.width}x{self.height}"


LOOKS = tuple(
    Look(language, dark, width, height, scale)
    for width, height, scale in ((1366, 768, 1.0), (2560, 1440, 1.5))
    for language in ("zh", "en")
    for dark in (False, True)
)


@dataclass
class Guide:
    """Drives the window of one program with xdotool."""

    program: subprocess.Popen[str]
    environment: dict[str, str]
    folder: Path
    pictures: list[Path] = field(default_factory=list)

    def ask(self, question: str) -> Any:
        """What the window answers."""
        assert self.program.stdin is not None and self.program.stdout is not None
        self.program.stdin.write(question + "\n")
        self.program.stdin.flush()
        line = self.program.stdout.readline()
        if not line:
            raise RuntimeError(f"the program ended before it answered: {question}")
        return json.loads(line)

    def tool(self, *words: str) -> str:
        """Real input."""
        done = subprocess.run(
            ["xdotool", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=True,
        )
        return done.stdout.strip()

    def keys(self, *names: str) -> None:
        """Press keys one after another."""
        for name in names:
            self.tool("key", "--clearmodifiers", name)
            time.sleep(0.15)

    def write(self, words: str) -> None:
        """Type words where the focus is."""
        self.tool("type", "--delay", "15", words)

    def click_at(self, place: list[int], *, button: int = 1) -> None:
        """Move the mouse there and click."""
        self.tool("mousemove", str(place[0]), str(place[1]))
        time.sleep(0.15)
        self.tool("click", str(button))

    def click(self, words: str) -> None:
        """Click what is called so, by its English words."""
        self.click_at(self.found("where", words))

    def found(self, question: str, words: str) -> list[int]:
        """Where something is; waits until it is there."""
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            place = self.ask(f"{question} {words}")
            if place:
                return [int(value) for value in place]
            time.sleep(0.2)
        raise TimeoutError(f"never seen: {words}")

    def rest(self, seconds: float = PATIENCE_S) -> None:
        """Wait until nothing runs and the map is drawn."""
        time.sleep(REST_S)
        end = time.monotonic() + seconds
        while not self.ask("quiet"):
            if time.monotonic() > end:
                raise TimeoutError("the window did not come to rest")
            time.sleep(0.2)
        time.sleep(REST_S)

    def dialog(self) -> None:
        """Wait until a dialog is open."""
        end = time.monotonic() + PATIENCE_S
        while not self.ask("dialog"):
            if time.monotonic() > end:
                raise TimeoutError("no dialog opened")
            time.sleep(0.1)
        time.sleep(REST_S)

    def picture(self, name: str) -> None:
        """Keep what is on the screen."""
        path = self.folder / f"{len(self.pictures) + 1:02d}-{name}.png"
        subprocess.run(
            ["import", "-silent", "-window", "root", str(path)],
            env=self.environment,
            check=True,
            timeout=PATIENCE_S,
        )
        self.pictures.append(path)


@contextmanager
def screen(look: Look, home: Path, folder: Path) -> Iterator[Guide]:
    """A screen with a window manager and the program on it."""
    number = FIRST_DISPLAY + os.getpid() % 400
    display = f":{number}"
    size = f"{look.width}x{look.height}x24"
    server = subprocess.Popen(["Xvfb", display, "-screen", "0", size], stderr=subprocess.DEVNULL)
    environment = {
        **os.environ,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "QT_SCALE_FACTOR": f"{look.scale:g}",
        "LUTU_HOME": str(home),
        "LUTU_LANGUAGE": look.language,
    }
    home.mkdir(parents=True, exist_ok=True)
    (home / "session.json").write_text(json.dumps({"language": look.language, "dark": look.dark}), "utf-8")
    others: list[subprocess.Popen[Any]] = []
    try:
        time.sleep(1.0)
        others.append(subprocess.Popen(["openbox"], env=environment, stderr=subprocess.DEVNULL))
        program = subprocess.Popen(
            [sys.executable, str(STARTER)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        others.append(program)
        folder.mkdir(parents=True, exist_ok=True)
        guide = Guide(program, environment, folder)
        guide.rest()
        shown = guide.tool("search", "--sync", "--onlyvisible", "--pid", str(program.pid)).splitlines()[-1]
        guide.tool("windowactivate", "--sync", shown)
        guide.keys("super+Up")
        guide.tool("windowsize", "--sync", shown, str(look.width - 2), str(look.height - 24))
        guide.tool("windowmove", shown, "0", "0")
        guide.rest()
        yield guide
    finally:
        for one in reversed(others):
            one.terminate()
            with suppress(subprocess.TimeoutExpired):
                one.wait(10)
        server.terminate()
        server.wait(10)


def walk(guide: Guide, project: Path, parcel: str, *, work: bool) -> None:
    """From the start page to the printed plan; without `work` nothing long is computed or written."""
    guide.picture("start")
    guide.keys("ctrl+o")
    guide.dialog()
    guide.keys("ctrl+a")
    guide.write(str(project))
    guide.picture("open")
    guide.keys("Return")
    guide.rest()
    guide.picture("map")
    guide.keys("alt+1")
    guide.rest()
    guide.picture("data")
    guide.keys("alt+2")
    guide.click("Theme of the layer")
    guide.keys("Down", "Down")
    guide.picture("themes")
    guide.keys("Return")
    guide.rest()
    guide.picture("theme")
    place = guide.found("parcel", parcel)
    guide.tool("mousemove", str(place[0]), str(place[1]))
    for _ in range(2):
        guide.tool("click", "4")
        guide.rest()
    guide.click_at(guide.found("parcel", parcel))
    guide.rest()
    guide.picture("card")
    guide.keys("F6")
    guide.rest()
    guide.picture("table")
    guide.keys("F6")
    guide.keys("ctrl+p")
    guide.dialog()
    guide.picture("report-dialog")
    guide.keys("Escape")
    guide.keys("alt+3")
    guide.rest()
    guide.picture("plan")
    guide.click("Set a target…")
    guide.dialog()
    guide.click("Value")
    guide.write("30000")
    guide.picture("target")
    if work:
        guide.click("Set")
    else:
        guide.keys("Escape")
    guide.rest()
    guide.picture("target-set")
    if work:
        guide.keys("F10")
        time.sleep(2.0)
        guide.picture("planning")
        guide.rest(WORK_S)
        guide.picture("planned")
    guide.click("Write documents…")
    guide.dialog()
    guide.picture("documents")
    if work:
        guide.keys("Return")
        guide.rest(WORK_S)
        guide.picture("written")
    else:
        guide.keys("Escape")
    guide.keys("alt+4")
    guide.rest()
    guide.picture("results")
    guide.keys("alt+m")
    time.sleep(REST_S)
    guide.picture("menu")
    guide.keys("Escape", "F1")
    guide.dialog()
    guide.picture("about")
    guide.keys("Escape")


def sheets(project: Path, folder: Path) -> list[Path]:
    """The printed sheets as pictures."""
    found = sorted((project / "documents").rglob("*.pdf"), key=lambda path: path.stat().st_mtime)
    made = []
    for number, path in enumerate(found[-3:]):
        stem = folder / f"90-sheet-{number}"
        subprocess.run(
            ["pdftoppm", "-png", "-r", "60", "-l", "1", "-singlefile", str(path), str(stem)], check=True
        )
        made.append(stem.with_suffix(".png"))
    return made


def tour(look: Look, project: Path, parcel: str, room: Path, folder: Path, *, work: bool) -> list[Path]:
    """Walk through a copy of a project with one look; gives the pictures."""
    copy = Path(shutil.copytree(project, room / look.name / "project"))
    with screen(look, room / look.name / "home", folder / look.name) as guide:
        walk(guide, copy, parcel, work=work)
        guide.keys("ctrl+q")
        code = guide.program.wait(PATIENCE_S)
        if code != 0:
            raise RuntimeError(f"the program ended with {code}")
        return guide.pictures + (sheets(copy, folder / look.name) if work else [])

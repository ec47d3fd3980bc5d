"""A screen of its own with the real window on it, driven by real mouse and keyboard; keeps pictures of what is seen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.desktop.tour.talk import Talk, stop

STARTER = Path(__file__).with_name("starter.py")
NEEDED = ("Xvfb", "openbox", "xdotool", "import")
PATIENCE_S = 60.0
WORK_S = 900.0  # assessing, planning and writing documents, on a machine with other work
REST_S = 0.5  # after every step, so that the picture shows its end
FIRST_DISPLAY = 120
MANAGED_BY = Path("/etc/xdg/openbox/rc.xml")
MAXIMISED = '<application type="normal"><maximized>yes</maximized></application></applications>'


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

    talk: Talk
    environment: dict[str, str]
    folder: Path
    pictures: list[Path] = field(default_factory=list)

    def ask(self, question: str) -> Any:
        """What the window answers."""
        return self.talk.ask(question)

    def tool(self, *words: str) -> str:
        """Real input."""
        self.talk.runs(" ".join(words))
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

    def click_item(self, words: str, held: str = "") -> None:
        """Click a row of a list or an entry of a menu, by its English words or the value behind it, with a key held."""
        place = self.found("item", words)
        if held:
            self.tool("keydown", held)
        self.click_at(place)
        if held:
            self.tool("keyup", held)

    def fill(self, input_words: str, words: str) -> None:
        """Write into an input, over what stands there, once a click gave it the focus."""
        end = time.monotonic() + PATIENCE_S
        self.click(input_words)
        while not self.ask(f"focused {input_words}"):
            if time.monotonic() > end:
                raise TimeoutError(f"never had the focus: {input_words}")
            time.sleep(0.3)
            self.click(input_words)
        self.keys("ctrl+a")
        self.write(words)

    def choose(self, box_words: str, item_words: str, picture: str = "") -> None:
        """Open a list of choices with the keyboard and click one of them."""
        self.click(box_words)
        if not self.ask(f"item {item_words}"):  # one that can be written in opens by its arrow alone
            self.keys("alt+Down")
        place = self.found("item", item_words)
        time.sleep(REST_S)
        if picture:
            self.picture(picture)
        self.click_at(place)

    def sees(self, words: str, seconds: float = PATIENCE_S) -> None:
        """Wait until words are to be read."""
        end = time.monotonic() + seconds
        while not self.ask(f"says {words}"):
            if time.monotonic() > end:
                raise TimeoutError(f"never read: {words}")
            time.sleep(0.2)

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

    def dialog(self, *, open: bool = True) -> None:
        """Wait until a dialog is open, or none is any more."""
        end = time.monotonic() + PATIENCE_S
        while bool(self.ask("dialog")) is not open:
            if time.monotonic() > end:
                raise TimeoutError("no dialog opened" if open else "a dialog stayed open")
            time.sleep(0.1)
        time.sleep(REST_S)

    def beside(self, *, open: bool = True) -> None:
        """Wait until a dialog stands beside the window or over it, or none does any more."""
        end = time.monotonic() + PATIENCE_S
        while bool(self.ask("beside")) is not open:
            if time.monotonic() > end:
                raise TimeoutError("no dialog stands there" if open else "a dialog stayed")
            time.sleep(0.1)
        time.sleep(REST_S)

    def menu(self, menu: str, entry: str) -> None:
        """Click an entry of the menu, in the menu within it that is named."""
        self.keys("alt+m")
        for words in filter(None, (menu, entry)):
            time.sleep(REST_S)
            self.click_item(words)

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
    settings = home / "openbox.xml"
    settings.write_text(MANAGED_BY.read_text("utf-8").replace("</applications>", MAXIMISED), "utf-8")
    others: list[subprocess.Popen[Any]] = []
    try:
        time.sleep(1.0)
        manager = ["openbox", "--config-file", str(settings)]
        others.append(subprocess.Popen(manager, env=environment, stderr=subprocess.DEVNULL))
        talk = Talk([sys.executable, str(STARTER)], environment, home / "errors.txt")
        others.append(talk.program)
        folder.mkdir(parents=True, exist_ok=True)
        guide = Guide(talk, environment, folder)
        guide.rest()
        shown = guide.tool("search", "--sync", "--onlyvisible", "--pid", str(talk.program.pid)).splitlines()[
            -1
        ]
        guide.tool("windowactivate", "--sync", shown)
        guide.rest()
        try:
            yield guide
        except Exception:
            guide.picture("failed")
            raise
    finally:
        for one in (*reversed(others), server):
            stop(one)

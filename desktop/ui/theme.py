"""The theme: one palette and one style sheet, built from the colours of the look; fonts and icons."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import qtawesome
from pylopdf_fonts_zh_cn import sans_path
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from core import texts
from core.look import DARK, GRADES, GRADES_DARK, LIGHT

BODY_PX = 13
NARROW_MARKS = QFont.Tag("pwid")
SHEETS = Path(__file__).parent


def apply_theme(application: QApplication, *, dark: bool = False) -> None:
    """Give the whole program its font, palette and style sheet."""
    tokens = DARK if dark else LIGHT
    if not application.property("fusion"):  # a style sheet hides which style lies below
        application.setStyle("Fusion")
        application.setProperty("fusion", True)
    apply_font(application)
    application.setPalette(palette(tokens))
    application.setStyleSheet(style_sheet(tokens))
    application.setProperty("dark", dark)


def apply_font(application: QApplication) -> None:
    """Give the whole program its font, as the language of the moment sets it."""
    if application.font() != body_font():
        application.setFont(body_font())


def tokens() -> Mapping[str, str]:
    """The colours in force."""
    return DARK if is_dark() else LIGHT


def is_dark() -> bool:
    """Whether the program is dark at the moment."""
    application = QApplication.instance()
    return application is not None and bool(application.property("dark"))


def wanted_dark(application: QApplication, chosen: bool | None) -> bool:
    """Whether the program is to be dark: as it was chosen, else as the system is."""
    return application.styleHints().colorScheme() == Qt.ColorScheme.Dark if chosen is None else chosen


def style_sheet(colours: Mapping[str, str]) -> str:
    """The style sheets of the window with colours in place of their names (`@ink`)."""
    sheet = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SHEETS.glob("*.qss")))
    known = {**colours, **mixed(colours)}
    known["icons"] = (SHEETS / "icons").as_posix()
    known["shade"] = "_dark" if colours is DARK else ""
    for name in sorted(known, key=len, reverse=True):
        sheet = sheet.replace(f"@{name}", known[name])
    return sheet


def mixed(colours: Mapping[str, str]) -> dict[str, str]:
    """Shades that follow from the colours of the look, and the chips of grades."""
    found = {
        "well": between(colours["ground"], colours["line"], 0.4),
        "chip": between(colours["ground"], colours["line"], 0.8),
    }
    for grade, (ink, ground) in (GRADES_DARK if colours is DARK else GRADES).items():
        found[f"grade_{grade}_ink"], found[f"grade_{grade}_ground"] = ink, ground
    return found


def between(one: str, other: str, share: float) -> str:
    """The colour at a share of the way from one to another."""
    a, b = QColor(one), QColor(other)
    channels = zip((a.red(), a.green(), a.blue()), (b.red(), b.green(), b.blue()), strict=True)
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in channels)


def palette(colours: Mapping[str, str]) -> QPalette:
    """The palette of widgets that no rule of the style sheet reaches."""
    made = QPalette()
    roles = {
        QPalette.ColorRole.Window: "ground",
        QPalette.ColorRole.WindowText: "ink",
        QPalette.ColorRole.Base: "panel",
        QPalette.ColorRole.AlternateBase: "ground",
        QPalette.ColorRole.Text: "ink",
        QPalette.ColorRole.Button: "panel",
        QPalette.ColorRole.ButtonText: "ink",
        QPalette.ColorRole.ToolTipBase: "panel",
        QPalette.ColorRole.ToolTipText: "ink",
        QPalette.ColorRole.PlaceholderText: "muted",
        QPalette.ColorRole.Highlight: "accent",
        QPalette.ColorRole.HighlightedText: "accent_ink",
        QPalette.ColorRole.Link: "accent",
    }
    for role, name in roles.items():
        made.setColor(role, QColor(colours[name]))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours["muted"]))
    return made


@cache
def family() -> str:
    """Family name of the font that comes with the program."""
    number = QFontDatabase.addApplicationFont(str(sans_path()))
    names = QFontDatabase.applicationFontFamilies(number)
    if not names:
        raise RuntimeError("the font of the program cannot be loaded")
    return names[0]


def body_font(pixels: int = BODY_PX) -> QFont:
    """The font of the window.

    Quotation marks and apostrophes of the font are as wide as a Chinese character; between Latin letters they need the
    narrow ones.
    """
    font = QFont(family())
    font.setPixelSize(pixels)
    if texts.language() == "en":
        font.setFeature(NARROW_MARKS, 1)
    return font


def icon(name: str, token: str = "ink") -> QIcon:
    """A line icon of the Phosphor set (`ph.sun`), tinted."""
    colours = tokens()
    drawn: QIcon = qtawesome.icon(
        name, color=colours[token], color_disabled=colours["muted"], color_on=colours["accent"]
    )
    return drawn

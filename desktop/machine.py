"""The machine: what Lütu needs of it, what is missing, and how to supply it."""

from __future__ import annotations

import ctypes.util
import importlib.util
import os
import platform
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from core import compiled
from core.texts import language, text

# Libraries of the system that the window needs on Linux, by the Debian package that brings each.
QT_LIBRARIES = {
    "libglib2.0-0": "glib-2.0",
    "libgl1": "GL",
    "libegl1": "EGL",
    "libxkbcommon0": "xkbcommon",
    "libdbus-1-3": "dbus-1",
    "libfontconfig1": "fontconfig",
    "libxcb-cursor0": "xcb-cursor",
    "libxkbcommon-x11-0": "xkbcommon-x11",
    "libxcb-icccm4": "xcb-icccm",
    "libxcb-keysyms1": "xcb-keysyms",
    "libxcb-shape0": "xcb-shape",
}
PACKAGES = (
    "PySide6-Essentials",
    "geopandas",
    "pyogrio",
    "rasterio",
    "numba",
    "pvlib",
    "matplotlib",
    "openpyxl",
    "typst",
    "folium",
    "pylopdf-fonts-zh-cn",
)
LEAST_FREE_GIB = 2.0
LEAST_MEMORY_GIB = 4.0


@dataclass(frozen=True)
class Finding:
    """One thing Lütu needs: whether it is there, and what to do if not."""

    what: str
    sound: bool
    remedy: str = ""
    optional: bool = False
    values: dict[str, Any] = field(default_factory=dict)

    def said(self) -> str:
        """The finding in the language of the moment."""
        what = text(self.what, **self.values)
        gap = "" if language() == "zh" else " "
        return what if self.sound else f"{what}{gap}{text(self.remedy, **self.values)}"

    @property
    def mark(self) -> str:
        """✓ where it is there, · where one can do without, ✗ where not."""
        return "✓" if self.sound else "·" if self.optional else "✗"

    def record(self) -> dict[str, Any]:
        """The finding as JSON."""
        return {"text": self.said(), "sound": self.sound, "optional": self.optional}


def examine() -> list[Finding]:
    """Everything Lütu needs of this machine."""
    return [_python(), *_packages(), *_libraries(), _display(), _kernels(), _memory(), _space(), _qgis()]


def has_display() -> bool:
    """Whether a window can be shown."""
    asked = os.environ.get("QT_QPA_PLATFORM", "")
    if asked:
        return asked.split(":")[0] not in ("offscreen", "minimal", "vnc")
    if platform.system() == "Linux":
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True


def _python() -> Finding:
    return Finding(
        "Python {version}",
        sys.version_info >= (3, 11),
        "Install Python 3.11 or newer.",
        values={"version": platform.python_version()},
    )


def _packages() -> list[Finding]:
    findings = []
    for name in PACKAGES:
        try:
            findings.append(
                Finding("{name} {version}", True, values={"name": name, "version": version(name)})
            )
        except PackageNotFoundError:
            findings.append(
                Finding("{name} is not installed.", False, "Run: pip install .", values={"name": name})
            )
    return findings


def _libraries() -> list[Finding]:
    if platform.system() != "Linux":
        return []
    missing = [package for package, library in QT_LIBRARIES.items() if not library_is_there(library)]
    return [
        Finding(
            "Libraries of the window: {state}.",
            not missing,
            "Install them: sudo apt-get install -y {packages}",
            optional=True,
            values={
                "state": text("missing") if missing else text("all there"),
                "packages": " ".join(missing),
            },
        )
    ]


def library_is_there(name: str) -> bool:
    """Whether the system knows a library of this name."""
    return ctypes.util.find_library(name) is not None


def _display() -> Finding:
    shown = has_display()
    return Finding(
        "A display for the window" if shown else "No display for the window.",
        shown,
        "All commands but gui work without one.",
        optional=True,
    )


def _kernels() -> Finding:
    folder = compiled.kept_in()
    there = next((one for one in (folder, *folder.parents) if one.exists()), folder)
    return Finding(
        "Compiled kernels are kept in {folder}.",
        there.is_dir() and os.access(there, os.W_OK),
        "The folder cannot be written: every start compiles anew. Set NUMBA_CACHE_DIR to another folder.",
        optional=True,
        values={"folder": folder},
    )


def _memory() -> Finding:
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return Finding("{cores} cores", True, values={"cores": os.cpu_count() or 1})
    gib = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return Finding(
        "{gib} GiB of memory, {cores} cores",
        gib >= LEAST_MEMORY_GIB,
        "Small cities need {least} GiB; choose larger cells where memory is short.",
        optional=True,
        values={"gib": f"{gib:.0f}", "cores": os.cpu_count() or 1, "least": f"{LEAST_MEMORY_GIB:g}"},
    )


def _space() -> Finding:
    free = shutil.disk_usage(tempfile.gettempdir()).free / 2**30
    return Finding(
        "{free} GiB free for temporary files",
        free >= LEAST_FREE_GIB,
        "Free some space: large cities need {least} GiB.",
        values={"free": f"{free:.0f}", "least": f"{LEAST_FREE_GIB:g}"},
    )


def _qgis() -> Finding:
    there = shutil.which("qgis") is not None or importlib.util.find_spec("qgis") is not None
    return Finding(
        "QGIS to open exported layers" if there else "QGIS was not found.",
        there,
        "It is not needed, but opens the exported GeoPackage styled.",
        optional=True,
    )

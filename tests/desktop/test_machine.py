"""The doctor says what is there, what is missing, and what to do about it."""

from __future__ import annotations

import shutil
from collections import namedtuple
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from core.texts import speaking
from desktop import machine
from desktop.machine import Finding
from tests.desktop.conftest import Lutu

Usage = namedtuple("Usage", "total used free")


def finding(words: str) -> Finding:
    return next(one for one in machine.examine() if words in one.said())


def test_a_machine_with_everything_is_sound() -> None:
    assert all(one.sound or one.optional for one in machine.examine())


def test_a_package_that_is_missing_is_named_with_its_remedy(
    lutu: Lutu, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> str:
        if name == "typst":
            raise PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(machine, "version", missing)
    answer = lutu("doctor")
    assert answer.code == 1
    assert "✗ typst is not installed. Run: pip install ." in answer.out
    assert "cannot work on this machine" in answer.out
    assert lutu("doctor", "--json").json["status"] == "problem"


def test_a_full_disk_is_unsound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 10**12, 2**20))
    found = finding("GiB free")
    assert not found.sound and not found.optional
    assert "Free some space" in found.said()


def test_libraries_of_the_window_are_named_by_their_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.platform, "system", lambda: "Linux")
    monkeypatch.setattr(machine, "library_is_there", lambda name: name != "xcb-cursor")
    found = finding("Libraries of the window")
    assert found.optional and not found.sound
    assert found.said().endswith("sudo apt-get install -y libxcb-cursor0")


@pytest.mark.parametrize(
    ("settings", "shown"),
    [
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({}, False),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
        ({"QT_QPA_PLATFORM": "xcb"}, True),
    ],
)
def test_a_display_is_what_the_system_or_qt_says(
    settings: dict[str, str], shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine.platform, "system", lambda: "Linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert machine.has_display() is shown


def test_kernels_that_cannot_be_kept_are_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file" / "x"))
    (tmp_path / "file").write_text("no folder")
    found = finding("Compiled kernels")
    assert found.optional and not found.sound
    assert "NUMBA_CACHE_DIR" in found.said()


def test_findings_are_said_in_chinese_without_a_gap() -> None:
    with speaking("zh"):
        found = Finding("{name} is not installed.", False, "Run: pip install .", values={"name": "typst"})
        assert found.said() == "未安装 typst。请运行：pip install ."

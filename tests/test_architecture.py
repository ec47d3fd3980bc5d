"""The house stands as DESIGN.md says, and speaks of itself alone."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = (
    "core",
    "standards",
    "layers",
    "cartography",
    "sun",
    "demand",
    "potential",
    "plans",
    "reports",
    "sample_city",
    "desktop",
)
MODULES = sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree() -> str:
    """The tree of DESIGN.md as it should be: one line a module, from its own first sentence."""
    lines = []
    for folder in sorted(
        {path.parent for path in MODULES},
        key=lambda one: (FLOORS.index(one.relative_to(ROOT).parts[0]), str(one)),
    ):
        lines.append(f"    {folder.relative_to(ROOT)}/")
        for path in MODULES:
            if path.parent == folder and path.name != "__init__.py":
                sentence = (
                    ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
                ).splitlines()[0]
                lines.append(f"      {path.name:<24} {sentence}")
    return "\n".join(lines)


def test_the_plan_of_the_house_lists_every_module() -> None:
    assert tree() in (ROOT / "DESIGN.md").read_text(encoding="utf-8"), f"\n{tree()}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_in_one_sentence_what_it_is_for(path: Path) -> None:
    sentence = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert sentence, "no docstring"
    assert sentence.split("\n\n")[0].rstrip().endswith((".", "?"))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_stays_readable_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 450


def test_nothing_is_left_for_later_in_the_code() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError")
    found = [name_of(path) for path in MODULES if marks.search(path.read_text(encoding="utf-8"))]
    assert not found


def test_no_error_is_swallowed() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and len(node.body) == 1 and isinstance(node.body[0], ast.Pass)
    ]
    assert not found


def test_kernels_are_compiled_by_one_piece_of_code_which_knows_where_their_cache_lies() -> None:
    direct = re.compile(r"^(from numba import .*\bn?jit\b|import numba)", re.MULTILINE)
    found = [name_of(path) for path in MODULES if direct.search(path.read_text(encoding="utf-8"))]
    assert found == ["core/compiled.py"]


def test_the_lock_file_pins_every_package_and_names_no_host() -> None:
    lines = [
        line
        for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert all("==" in line for line in lines)
    assert not any("://" in line for line in lines)


def test_the_version_is_said_once() -> None:
    from core import VERSION

    written = subprocess.run(
        ["git", "grep", "-lF", f'"{VERSION}"'], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    assert set(written) <= {"core/__init__.py"}

"""Reasons, remarks and technologies of shared sources of heat have their Chinese."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import fields, texts

POTENTIAL = Path(__file__).resolve().parents[3] / "potential"
MODULES = sorted(
    path
    for folder in ("surface_water", "waste_heat", "biomass")
    for path in (POTENTIAL / folder).glob("*.py")
)


def strings(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def words(path: Path) -> Iterator[str]:
    """Reasons given to `judge` and `lack`, and what functions of remarks and options say."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("judge", "lack"):
            yield from strings(node.args[-1])
        if isinstance(node, ast.FunctionDef) and node.name == "_remarks":
            yield from (said for said in strings(node) if said.endswith("."))
        if isinstance(node, ast.FunctionDef) and node.name == "option_rows":
            yield from (said for said in strings(node) if said.endswith(("_pump", "_direct", "_boiler")))
        if isinstance(node, ast.Assign) and "EXCLUDED" in ast.dump(node.value):
            yield from (said for said in strings(node.value) if " " in said)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_reason_and_remark_has_its_chinese(path: Path) -> None:
    known = texts.catalogue("zh")
    assert not [said for said in words(path) if said not in known and said not in fields.fields()]


def test_there_are_words_to_look_at() -> None:
    found = {said for path in MODULES for said in words(path)}
    assert {"lift too high", "water in a protected zone", "waste_heat_direct", "facility"} <= found

"""Kept files: what a planner keeps by name, in JSON beside a project or on the machine, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from core.problems import Problem, UserError
from desktop.session import write_record

Kept = TypeVar("Kept")


def read_kept(path: Path, read: Callable[[Any], Kept], nothing: Kept) -> Kept:
    """What a file keeps, as `read` makes it of the record; `nothing` where no file was written yet.

    `read` may raise ValueError, KeyError, TypeError or AttributeError where the record is none of its kind.

    Raises
    ------
    UserError
        If the file cannot be read.
    """
    if not path.exists():
        return nothing
    try:
        return read(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            Problem(
                "What is kept in {file} cannot be read: {cause}",
                "Move the file away; a new one is written when something is kept again.",
                file=str(path),
                cause=str(error),
            )
        ) from error


def write_kept(path: Path, record: Any, *, indent: int | None = 1) -> None:
    """Keep a record in a file.

    Raises
    ------
    UserError
        If it cannot be written; the file is then as it was.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_record(path, record, indent=indent)
    except OSError as error:
        raise UserError(
            Problem(
                "It cannot be kept in {file}: {cause}",
                "See that the folder can be written and the disk has room.",
                file=str(path),
                cause=str(error),
            )
        ) from error


def named(kept: Mapping[str, Kept], name: str) -> Kept:
    """What is kept by a name; UserError with the names there are where it is none of them."""
    if name not in kept:
        raise UserError(
            Problem(
                "Nothing is kept by the name {name}.",
                "Choose one of: {names}.",
                name=name,
                names=", ".join(kept) or "—",
            )
        )
    return kept[name]

"""Sheet templates: compositions that a planner keeps by name, in a file of the project's folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from core.problems import Problem, UserError
from desktop.session import write_record
from reports.sheets.composition import Composition
from reports.sheets.content import Imprint
from reports.sheets.wanted import PICTURE, FreeItem

FILE = "sheets.json"


def kept_templates(folder: Path) -> dict[str, Composition]:
    """The templates of a project by name; none where no file was written yet.

    Pictures inside the project's folder are found there wherever the folder is. The day is that of printing.

    Raises
    ------
    UserError
        If the file cannot be read.
    """
    path = folder / FILE
    if not path.exists():
        return {}
    try:
        records = json.loads(path.read_text(encoding="utf-8"))["templates"]
        return {str(name): _read(record, folder) for name, record in sorted(records.items())}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            Problem(
                "The templates of sheets in {file} cannot be read: {cause}",
                "Move the file away; a new one is written with the next template.",
                file=str(path),
                cause=str(error),
            )
        ) from error


def template_named(folder: Path, name: str) -> Composition:
    """A template by its name; UserError where there is none."""
    known = kept_templates(folder)
    if name not in known:
        raise UserError(
            Problem(
                "There is no template {name}.",
                "Choose one of: {names}.",
                name=name,
                names=", ".join(known) or "—",
            )
        )
    return known[name]


def keep_template(folder: Path, name: str, wanted: Composition) -> None:
    """Keep a composition; one of the same name is replaced.

    Raises
    ------
    UserError
        It has no name, or cannot be written.
    """
    if not name.strip():
        raise UserError(Problem("The template has no name.", "Give it a name."))
    _write(folder, {**kept_templates(folder), name.strip(): wanted})


def drop_template(folder: Path, name: str) -> None:
    """Forget a template; UserError where there is none of the name."""
    template_named(folder, name)
    _write(folder, {key: one for key, one in kept_templates(folder).items() if key != name})


def _write(folder: Path, templates: Mapping[str, Composition]) -> None:
    path = folder / FILE
    try:
        write_record(
            path, {"templates": {key: _record(one, folder) for key, one in templates.items()}}, indent=1
        )
    except OSError as error:
        raise UserError(
            Problem(
                "The template cannot be kept in {file}: {cause}",
                "See that the folder can be written and the disk has room.",
                file=str(path),
                cause=str(error),
            )
        ) from error


def _record(wanted: Composition, folder: Path) -> dict[str, Any]:
    """A composition as it is written to a file."""
    added = tuple(
        replace(one, value=_inside(one.value, folder)) if one.kind == PICTURE else one for one in wanted.added
    )
    return asdict(replace(wanted, imprint=replace(wanted.imprint, date=None), added=added))


def _inside(value: str, folder: Path) -> str:
    """The path of a picture from the project's folder, where it lies in it; the whole path of others."""
    path, whole = Path(value).resolve(), folder.resolve()
    return path.relative_to(whole).as_posix() if path.is_relative_to(whole) else str(path)


def _read(record: Mapping[str, Any], folder: Path) -> Composition:
    """A composition as it was written; ValueError, KeyError or TypeError where it is not one."""
    centre, layers, base = record["centre"], record["layers"], record["base"]
    words: dict[str, Any] = {
        name: str(value) for name, value in record["imprint"].items() if name != "date"
    }  # the day is that of printing
    items = (FreeItem(**{name: str(value) for name, value in one.items()}) for one in record["added"])
    return Composition(
        key=str(record["key"]),
        paper=str(record["paper"]),
        landscape=bool(record["landscape"]),
        scale=int(record["scale"]),
        centre=None if centre is None else (float(centre[0]), float(centre[1])),
        without=_words(record["without"]),
        layers=None if layers is None else tuple(int(one) for one in layers),
        base=None if base is None else _words(base),
        title=str(record["title"]),
        number=str(record["number"]),
        atlas=str(record["atlas"]),
        places=_words(record["places"]),
        imprint=Imprint(**words),
        added=tuple(
            replace(one, value=str(folder / one.value)) if one.kind == PICTURE else one for one in items
        ),
    )


def _words(record: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in record)

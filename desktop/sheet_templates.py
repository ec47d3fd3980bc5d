"""Sheet templates: compositions that a planner keeps by name, in a file of the project's folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from core.problems import Problem, UserError
from desktop.kept_files import named, read_kept, write_kept
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

    def read(record: Any) -> dict[str, Composition]:
        return {str(name): _read(one, folder) for name, one in sorted(record["templates"].items())}

    return read_kept(folder / FILE, read, {})


def template_named(folder: Path, name: str) -> Composition:
    """A template by its name; UserError where there is none."""
    return named(kept_templates(folder), name)


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
    write_kept(folder / FILE, {"templates": {key: _record(one, folder) for key, one in templates.items()}})


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

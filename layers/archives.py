"""Archives and folders: the layer files inside, with their Chinese names, unpacked where they can be read."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from core.jobs import Job
from core.problems import Problem, UserError
from layers.sources import unreadable

FORMS = {
    ".shp": "Shapefile",
    ".gpkg": "GeoPackage",
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".gdb": "FileGDB",
    ".kml": "KML",
    ".kmz": "KML",
    ".dxf": "DXF",
    ".csv": "CSV",
    ".txt": "CSV",
    ".xlsx": "XLSX",
    ".xlsm": "XLSX",
}
# What files of a kind begin with.
MARKS = {
    "Shapefile": b"\x00\x00\x27\x0a",
    "GeoPackage": b"SQLite format 3",
    "XLSX": b"PK\x03\x04",
    "ZIP": b"PK",
    "XLS": b"\xd0\xcf\x11\xe0",
}
PARTS_OF_SHAPEFILE = (".shp", ".shx", ".dbf", ".prj", ".cpg")
UTF8_NAME = 0x800
ENCRYPTED = 0x1


@dataclass(frozen=True)
class Member:
    """A file that holds layers: its name as the user knows it, where it lies now, and its kind."""

    name: str
    path: Path
    form: str


@contextmanager
def members(path: str | Path, job: Job) -> Iterator[list[Member]]:
    """The layer files of a path: itself, or those inside a folder or a .zip archive.

    Members of an archive lie in a folder for the moment; it is gone when the block ends. A path inside an
    archive may be given the way GDAL writes it, `/vsizip/….zip/inside.gpkg`.

    Raises
    ------
    UserError
        If there is no such file, it is of no known kind, or nothing in it is.
    """
    outer, inner = _split(path)
    if not outer.exists():
        raise UserError(Problem("There is no file {path}.", "Check its name and folder.", path=str(outer)))
    if outer.is_dir() and outer.suffix.lower() != ".gdb":
        yield _of_folder(outer, outer.name)
        return
    if outer.is_file():
        _check_readable(outer)
    if outer.suffix.lower() == ".zip":
        with tempfile.TemporaryDirectory(prefix="lutu_") as folder:
            _unpack(outer, Path(folder), inner, job)
            yield _of_folder(Path(folder), outer.name)
        return
    yield [_single(outer)]


def part(path: Path, suffix: str) -> Path | None:
    """The file beside another with the same name and this ending, in small or capital letters."""
    return next(
        (
            other
            for other in sorted(path.parent.iterdir())
            if other.stem == path.stem and other.suffix.lower() == suffix
        ),
        None,
    )


def check_content(member: Member) -> None:
    """Refuse a file whose content is of another kind than its name says."""
    path, form = member.path, member.form
    if path.is_dir():
        return
    with path.open("rb") as file:
        begins = file.read(512)
    if form == "GeoJSON":
        right = begins.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))
    elif form in ("KML", "DXF", "CSV", "FileGDB"):
        right = not any(begins.startswith(mark) for mark in MARKS.values()) or path.suffix.lower() == ".kmz"
    else:
        right = begins.startswith(MARKS[form])
    if not right:
        holds = next((kind for kind, mark in MARKS.items() if begins.startswith(mark)), "")
        raise UserError(
            Problem(
                "{name} is named like a {form}, but its content is of another kind ({holds}).",
                "Give the file the ending of its content, or export it once more.",
                name=path.name,
                form=form,
                holds=holds or "?",
            )
        )


def _split(path: str | Path) -> tuple[Path, str]:
    """The file on disk and the place inside the archive."""
    word = str(path)
    if not word.startswith("/vsizip/"):
        return Path(path), ""
    word = word.removeprefix("/vsizip/")
    place = word.lower().find(".zip")
    return Path(word[: place + 4]), word[place + 4 :].strip("/")


def _single(path: Path) -> Member:
    suffix = path.suffix.lower()
    if suffix in PARTS_OF_SHAPEFILE[1:]:
        whole = part(path, ".shp")
        if whole is None:
            raise UserError(
                Problem(
                    "{name} is a part of a Shapefile, but the .shp file is not beside it.",
                    "Copy all files of the Shapefile into one folder.",
                    name=path.name,
                )
            )
        return _single(whole)
    if suffix == ".xls":
        raise UserError(
            Problem(
                "{name} is a workbook of the old kind, which is not read.",
                "Save it as .xlsx.",
                name=path.name,
            )
        )
    if suffix == ".dwg":
        raise UserError(
            Problem("{name} is a DWG drawing, which is not read.", "Save it as DXF.", name=path.name)
        )
    if suffix not in FORMS:
        raise UserError(
            Problem(
                "{name} is of no kind that can be read.",
                "Give a Shapefile, GeoPackage, GeoJSON, FileGDB, KML, DXF, CSV or XLSX, or a .zip of them.",
                name=path.name,
            )
        )
    return Member(path.name, path, FORMS[suffix])


def _check_readable(path: Path) -> None:
    try:
        with path.open("rb") as file:
            begins = file.read(1)
    except OSError as error:
        raise unreadable(path.name, error.strerror or error) from error
    if not begins:
        raise UserError(Problem("{name} is empty.", "Copy or export it once more.", name=path.name))


def _of_folder(folder: Path, name: str) -> list[Member]:
    found = []
    for path in sorted(folder.rglob("*")):
        inside_gdb = any(parent.suffix.lower() == ".gdb" for parent in path.relative_to(folder).parents)
        suffix = path.suffix.lower()
        if suffix not in FORMS or suffix == ".txt" or inside_gdb or path.is_dir() != (suffix == ".gdb"):
            continue
        found.append(Member(path.relative_to(folder).as_posix(), path, FORMS[suffix]))
    if not found:
        raise UserError(
            Problem(
                "{name} holds no layer that can be read.",
                "Give a Shapefile, GeoPackage, GeoJSON, FileGDB, KML, DXF, CSV or XLSX, or a .zip of them.",
                name=name,
            )
        )
    return found


def _unpack(path: Path, folder: Path, inner: str, job: Job) -> None:
    """Write the members of an archive into a folder, their names in the encoding Windows wrote them in."""
    try:
        with zipfile.ZipFile(path) as archive:
            wanted = [
                (info, name)
                for info in archive.infolist()
                if not info.is_dir() and (name := _member_name(info)) and _is_inside(name, inner)
            ]
            if any(info.flag_bits & ENCRYPTED for info, _ in wanted):
                raise UserError(
                    Problem("{name} is protected by a password.", "Unpack it first.", name=path.name)
                )
            if sum(info.file_size for info, _ in wanted) > shutil.disk_usage(folder).free:
                raise UserError(
                    Problem(
                        "There is not enough room on the disk to unpack {name}.",
                        "Make room on the disk of the temporary folder.",
                        name=path.name,
                    )
                )
            for info, name in job.each(wanted, "Unpacking"):
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(info) as source, target.open("wb") as file:
                    while block := source.read(1 << 20):
                        job.check()
                        file.write(block)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise unreadable(path.name, error) from error


def _member_name(info: zipfile.ZipInfo) -> str:
    """The name of a member; empty for one that would leave the folder or that a Mac added."""
    name = info.filename
    if not info.flag_bits & UTF8_NAME:
        raw = name.encode("cp437", "replace")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("gb18030", "replace")
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts or parts[0] in ("/", "__MACOSX") or ".." in parts or ":" in parts[0]:
        return ""
    return "/".join(parts)


def _is_inside(name: str, inner: str) -> bool:
    """Whether a member is the one asked for, lies in the folder asked for, or is a part of it."""
    if not inner or name == inner or name.startswith(f"{inner}/"):
        return True
    return PurePosixPath(name).with_suffix("") == PurePosixPath(inner).with_suffix("")

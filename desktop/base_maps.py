"""Base maps: web maps by the user's own address and key, and MBTiles files; none is ever shown unasked."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from cartography.tiles import Grid, Tile
from core.problems import Problem, UserError
from desktop.kept_files import write_kept
from desktop.session import session_file

FILE = "base_maps.json"
LEVELS = (1, 18)
PICTURES = ("png", "jpg", "jpeg", "webp")
# Hosts whose maps lie some hundred metres beside the truth, and the datum they are drawn in.
SHIFTED = (
    ("amap.com", "GCJ-02"),
    ("autonavi.com", "GCJ-02"),
    ("qq.com", "GCJ-02"),
    ("gtimg.com", "GCJ-02"),
    ("google.cn", "GCJ-02"),
    ("baidu.com", "BD-09"),
    ("bdimg.com", "BD-09"),
    ("bdstatic.com", "BD-09"),
)
OTHER_NAMES = {
    "TileMatrix": "z",
    "TileCol": "x",
    "TileRow": "y",
    "level": "z",
    "col": "x",
    "row": "y",
    "tk": "key",
}
TIANDITU = (
    "https://t0.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}"
    "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={{key}}"
)


@dataclass(frozen=True)
class BaseMap:
    """A map to lay under everything.

    Parameters
    ----------
    name : str
        What the planner calls it.
    address : str
        `https://…{z}…{x}…{y}…{key}`, or the path of an MBTiles file.
    key : str
        The user's own key for the service; kept on this machine only, never in a project.
    grid : {"mercator", "degrees"}
        EPSG:3857, or EPSG:4490.
    labels : str
        Address of its place names, which lie over it in the same grid and with the same key; empty for none.
    """

    name: str
    address: str
    key: str = ""
    grid: Grid = "mercator"
    labels: str = ""

    @property
    def names(self) -> BaseMap | None:
        """The place names as a map of their own; None where there are none."""
        return BaseMap(self.name, self.labels, self.key, self.grid) if self.labels.strip() else None

    @property
    def is_file(self) -> bool:
        """Whether it is an MBTiles file on this machine."""
        return not re.match(r"^https?://", self.address)

    @property
    def datum(self) -> str:
        """The datum it is shifted by, `GCJ-02` or `BD-09`; empty where nothing is known."""
        if self.is_file:
            return ""
        host = urlsplit(self.address).hostname or ""
        return next((datum for end, datum in SHIFTED if host == end or host.endswith(f".{end}")), "")

    def url(self, tile: Tile) -> str:
        """The address of one tile."""
        words = _plain(self.address)
        parts = {"z": str(tile.z), "x": str(tile.x), "y": str(tile.y), "key": quote(self.key, safe="")}
        parts["s"] = "abc"[(tile.x + tile.y) % 3]
        parts["-y"] = str(2**tile.z - 1 - tile.y)
        return re.sub(r"\{(z|x|y|-y|s|key)\}", lambda found: parts[found[1]], words)


# Offered to begin with; the key is the user's own.
OFFERED = (
    BaseMap("天地图矢量", TIANDITU.format(layer="vec"), labels=TIANDITU.format(layer="cva")),
    BaseMap("天地图影像", TIANDITU.format(layer="img"), labels=TIANDITU.format(layer="cia")),
    BaseMap("天地图地形", TIANDITU.format(layer="ter"), labels=TIANDITU.format(layer="cta")),
)


def checked(base: BaseMap) -> BaseMap:
    """The base map itself where it can be shown.

    Raises
    ------
    UserError
        If name, address, key or file is missing or cannot be used.
    """
    if not base.name.strip():
        raise UserError(Problem("The base map has no name.", "Give it a name."))
    if base.names is not None:
        checked(base.names)
    if base.is_file:
        MbTiles(Path(base.address))
        return base
    words = _plain(base.address)
    if not all(f"{{{part}}}" in words for part in "zx") or not re.search(r"\{-?y\}", words):
        raise UserError(
            Problem(
                "The address does not say where level, column and row of a tile go.",
                "Write them as {places}.",
                places="{z}, {x}, {y}",
            )
        )
    if "{key}" in words and not base.key.strip():
        raise UserError(
            Problem("This service needs a key.", "Enter the key you were given; the program brings none.")
        )
    return base


class MbTiles:
    """A file of tiles, read by the thread that opened it.

    Raises
    ------
    UserError
        If it is no MBTiles file of pictures.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with closing(self._open()) as file:
                facts = dict(file.execute("SELECT name, value FROM metadata").fetchall())
                low, high = file.execute("SELECT min(zoom_level), max(zoom_level) FROM tiles").fetchone()
        except sqlite3.Error as error:
            raise UserError(
                Problem(
                    "{file} cannot be read as MBTiles: {cause}",
                    "Choose an MBTiles file of pictures.",
                    file=path.name,
                    cause=str(error),
                )
            ) from error
        if low is None or str(facts.get("format", "png")).lower() not in PICTURES:
            raise UserError(
                Problem(
                    "{file} holds no pictures but {kind}.",
                    "Choose an MBTiles file of PNG, JPEG or WebP.",
                    file=path.name,
                    kind=str(facts.get("format", "")) if low is not None else "0",
                )
            )
        self.levels = (int(low), int(high))

    def tile(self, tile: Tile) -> bytes | None:
        """The picture of one tile; rows are counted from the south in the file."""
        with closing(self._open()) as file:
            found = file.execute(
                "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
                (tile.z, tile.x, 2**tile.z - 1 - tile.y),
            ).fetchone()
        return bytes(found[0]) if found else None

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True)


def kept_base_maps() -> list[BaseMap]:
    """The base maps this person entered; none where nothing can be read."""
    try:
        kept = json.loads(session_file().with_name(FILE).read_text(encoding="utf-8"))
        return [BaseMap(**{"labels": _offered_labels(one["address"]), **one}) for one in kept]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def _offered_labels(address: str) -> str:
    """Place names of a base map that was kept when none were offered yet."""
    return next((one.labels for one in OFFERED if one.address == address), "")


def keep_base_map(base: BaseMap) -> None:
    """Keep a base map on this machine; one of the same name is replaced.

    Raises
    ------
    UserError
        If it cannot be shown or the folder cannot be written.
    """
    kept = [one for one in kept_base_maps() if one.name != base.name]
    write_kept(session_file().with_name(FILE), [asdict(one) for one in (*kept, checked(base))], indent=None)


def _plain(address: str) -> str:
    """An address with the names of WMTS as those of XYZ."""
    for name, plain in OTHER_NAMES.items():
        address = re.sub(r"\{" + name + r"\}", "{" + plain + "}", address, flags=re.IGNORECASE)
    return address

"""The picture of the map: what the map shows at twice its resolution, with legend, scale bar, north arrow and sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from cartography.classes import LegendEntry
from cartography.frame import Mask
from cartography.labels import Label
from cartography.layers import StyledLayer
from cartography.view import View
from core.look import LIGHT, MAP_GROUND
from core.texts import text
from core.units import count, unit_said
from desktop.layer_look import LayerLook, unit_of
from desktop.ui import map_overlays as overlays
from desktop.ui import theme
from desktop.ui.map_canvas import MapCanvas
from desktop.ui.map_extras import MapExtras, paint_labels
from desktop.ui.map_frames import MOST_ID_BYTES
from desktop.ui.map_worker import Request, bytes_of_ids, make_frame
from desktop.ui.workspace import Workspace

RATIO = 2.0  # pixels of the picture per pixel of the screen
COLUMN_PX, PADDING_PX, ROW_PX, GAP_PX, COUNT_PX = 236, 14, 21, 8, 58
WORDS_PX = 12


@dataclass(frozen=True, eq=False)
class MapShown:
    """What a map shows at a moment, taken for a picture that is drawn in any thread.

    Parameters
    ----------
    layers : tuple of StyledLayer
        From below to above.
    titles : Mapping of layer name to words
        Of the layers that the legend explains, with the unit where there is one.
    coloured : frozenset of str
        Layers whose classes the legend lists; the others are one row each.
    view : View
        In pixels of the screen.
    selected : Mapping of layer name to mask
        Features that are selected.
    notes : tuple of str
        What is said beside the scale bar.
    labels : tuple of Label
        Words on the map.
    bases : tuple of QImage and View
        The base map and its place names, from below to above.
    source : str
        Whose base map it is; empty without one.
    """

    layers: tuple[StyledLayer, ...]
    titles: Mapping[str, str]
    coloured: frozenset[str]
    view: View
    selected: Mapping[str, Mask]
    notes: tuple[str, ...] = ()
    labels: tuple[Label, ...] = ()
    bases: tuple[tuple[QImage, View], ...] = ()
    source: str = ""


def map_shown(workspace: Workspace, canvas: MapCanvas, extras: MapExtras) -> MapShown:
    """What the map of the window shows now."""
    titles, coloured = explained(canvas.layers, workspace.looks)
    return MapShown(
        layers=canvas.layers,
        titles=titles,
        coloured=coloured,
        view=canvas.view,
        selected=canvas.selections,
        notes=tuple(canvas.notes()),
        labels=tuple(extras.labels.placed),
        bases=tuple(extras.base.pictures),
        source=extras.base.said(),
    )


def explained(
    layers: Sequence[StyledLayer], looks: Mapping[str, LayerLook]
) -> tuple[dict[str, str], frozenset[str]]:
    """Titles, with units, of the layers that a legend explains, and which of them have classes to be listed."""
    titles, coloured = {}, set()
    for layer in layers:
        look = looks.get(layer.name)
        if look is not None and layer.visible:
            unit = unit_of(layer, look)
            titles[layer.name] = f"{layer.title} ({unit_said(unit)})" if unit else layer.title
            if look.theme is not None or layer.raster is not None:
                coloured.add(layer.name)
    return titles, frozenset(coloured)


def map_picture(shown: MapShown) -> QImage:
    """The picture, in light colours whatever those of the window are; the legend stands beside the map."""
    legend = list(_legend(shown))
    columns = _columns(legend, shown.view.height_px)
    wide = shown.view.width_px + (COLUMN_PX * len(columns) + PADDING_PX if columns else 0)
    image = QImage(
        round(wide * RATIO), round(shown.view.height_px * RATIO), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.setDevicePixelRatio(RATIO)
    image.fill(QColor(LIGHT["panel"]))
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(theme.body_font(WORDS_PX))
        painter.save()
        painter.setClipRect(QRectF(0, 0, shown.view.width_px, shown.view.height_px))
        _paint_map(painter, shown)
        painter.restore()
        for number, rows in enumerate(columns):
            _paint_column(painter, rows, shown.view.width_px + PADDING_PX + number * COLUMN_PX)
    return image


def _paint_map(painter: QPainter, shown: MapShown) -> None:
    view = shown.view
    painter.fillRect(QRectF(0, 0, view.width_px, view.height_px), QColor(MAP_GROUND))
    for base, of in shown.bases:
        stretch = of.m_per_px / view.m_per_px
        corner = QPointF(*view.to_px(of.west, of.north))
        target = QRectF(corner.x(), corner.y(), of.width_px * stretch, of.height_px * stretch)
        painter.drawImage(target, base, QRectF(base.rect()))
    fine = View(
        view.west,
        view.north,
        view.m_per_px / RATIO,
        round(view.width_px * RATIO),
        round(view.height_px * RATIO),
    )
    sub_pixels = 2 if bytes_of_ids(shown.layers, fine, 2) <= MOST_ID_BYTES else 1
    frame = make_frame(Request(shown.layers, fine, shown.selected, sub_pixels, RATIO, ground=""))
    if frame is not None:
        painter.drawImage(QPointF(0, 0), frame.image)
    paint_labels(painter, view, shown.labels)
    painter.setFont(theme.body_font(WORDS_PX))
    overlays.paint_scale_bar(painter, view, view.height_px, shown.notes, LIGHT)
    overlays.paint_north_arrow(painter, view.width_px, LIGHT)
    if shown.source:
        metrics = QFontMetricsF(painter.font())
        width = metrics.horizontalAdvance(shown.source) + 12
        box = QRectF(view.width_px - width - GAP_PX, view.height_px - 28, width, 20)
        painter.fillRect(box, QColor(255, 255, 255, 215))
        painter.setPen(QColor(LIGHT["muted"]))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown.source)


def _heading_font() -> QFont:
    font = theme.body_font(WORDS_PX)
    font.setWeight(QFont.Weight.DemiBold)
    return font


@dataclass(frozen=True)
class _Row:
    """A row of the legend: a heading where it has no class, else a class or a plain layer."""

    words: str
    high: float
    entry: LegendEntry | None = None
    outlined: str | None = None


def _legend(shown: MapShown) -> Iterator[_Row]:
    """What the layers on the map mean, from above to below; those with classes before those of one colour."""
    metrics = QFontMetricsF(_heading_font())
    explained = [one for one in reversed(shown.layers) if one.name in shown.titles and not one.relief]
    plain = []
    for layer in explained:
        entries = [one for one in layer.legend() if one.number not in layer.hidden_classes]
        if not entries or layer.name not in shown.coloured:
            plain.append(layer)
            continue
        room = QRectF(0, 0, COLUMN_PX - PADDING_PX, 1000)
        high = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, shown.titles[layer.name]).height()
        yield _Row(shown.titles[layer.name], high + GAP_PX)
        for entry in entries:
            counted = entry if layer.raster is None else entry._replace(features=-1)
            yield _Row(entry.label, ROW_PX, counted, entry.outline)
    if plain and len(plain) < len(explained):
        yield _Row(text("Other layers"), metrics.height() + GAP_PX)
    for layer in plain:
        features = -1 if layer.ragged is None else int(layer.seen.sum())
        entry = LegendEntry(0, layer.title, layer.colour if layer.filled else "", layer.hatch, features)
        yield _Row(layer.title, ROW_PX, entry, layer.outline or None)


def _columns(rows: list[_Row], height: float) -> list[list[_Row]]:
    """Rows in as many columns as they need; a heading never stands alone at the foot."""
    columns: list[list[_Row]] = []
    left = 0.0
    for number, row in enumerate(rows):
        below = rows[number + 1].high if row.entry is None and number + 1 < len(rows) else 0.0
        if not columns or left < row.high + below:
            columns.append([])
            left = height - 2 * PADDING_PX
        columns[-1].append(row)
        left -= row.high
    return columns


def _paint_column(painter: QPainter, rows: list[_Row], left: float) -> None:
    top, width = float(PADDING_PX), COLUMN_PX - PADDING_PX
    for row in rows:
        if row.entry is None:
            painter.setFont(_heading_font())
            painter.setPen(QColor(LIGHT["ink"]))
            box = QRectF(left, top + GAP_PX / 2, width, row.high)
            painter.drawText(box, Qt.TextFlag.TextWordWrap, row.words)
        else:
            painter.setFont(theme.body_font(WORDS_PX))
            _paint_entry(painter, row, row.entry, QRectF(left, top, width, ROW_PX))
        top += row.high


def _paint_entry(painter: QPainter, row: _Row, entry: LegendEntry, box: QRectF) -> None:
    swatch = QRectF(box.left(), box.top() + 4, 18, 13)
    rim = LIGHT["line"] if row.outlined is None else row.outlined
    painter.setPen(QPen(QColor(rim), 1) if rim else QPen(Qt.PenStyle.NoPen))
    painter.setBrush(QColor(entry.colour[:7]) if entry.colour else Qt.BrushStyle.NoBrush)
    painter.drawRect(swatch)
    if entry.hatch:
        painter.setBrush(QBrush(QColor("#ffffff"), Qt.BrushStyle.BDiagPattern))
        painter.drawRect(swatch)
    metrics = QFontMetricsF(painter.font())
    middle = Qt.AlignmentFlag.AlignVCenter
    words = QRectF(box.left() + 26, box.top(), box.width() - 26 - COUNT_PX, box.height())
    painter.setPen(QColor(LIGHT["ink"]))
    painter.drawText(words, middle, metrics.elidedText(row.words, Qt.TextElideMode.ElideRight, words.width()))
    if entry.features >= 0:
        painter.setPen(QColor(LIGHT["muted"]))
        painter.drawText(box, middle | Qt.AlignmentFlag.AlignRight, count(entry.features))

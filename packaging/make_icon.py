"""Draws the icon of the program, a leaf on green, from the icon set of the window.

python packaging/make_icon.py
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import qtawesome  # noqa: E402
from PySide6.QtCore import QRectF, Qt  # noqa: E402
from PySide6.QtGui import QColor, QImage, QPainter  # noqa: E402

from core.look import LIGHT  # noqa: E402
from desktop.ui.app import make_application  # noqa: E402

SIDE = 512
MARGIN = 24  # free rim, as icons of macOS and Windows have it
ROUND = 104


def main() -> None:
    """Draw it."""
    make_application()
    image = QImage(SIDE, SIDE, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    inner = SIDE - 2 * MARGIN
    leaf = qtawesome.icon("ph.leaf-fill", color="#ffffff").pixmap(inner * 3 // 4, inner * 3 // 4)
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(LIGHT["accent"]))
        painter.drawRoundedRect(QRectF(MARGIN, MARGIN, inner, inner), ROUND, ROUND)
        painter.drawPixmap((SIDE - leaf.width()) // 2, (SIDE - leaf.height()) // 2, leaf)
    image.save(str(Path(__file__).with_name("lutu.png")))


if __name__ == "__main__":
    main()

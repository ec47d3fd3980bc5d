"""The log of the program: one rotating file in the user's log folder."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

import platformdirs


def log_file() -> Path:
    """The log of the program; made on first use."""
    folder = Path(platformdirs.user_log_dir("lutu", appauthor=False))
    path = folder / "lutu.log"
    logger = logging.getLogger("lutu")
    if not logger.handlers:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            logger.addHandler(RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8"))
        except OSError:
            logger.addHandler(logging.StreamHandler())
    return path

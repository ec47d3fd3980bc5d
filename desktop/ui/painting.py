"""Painting: a part of the window that fails to paint says so in the log, and the program goes on."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import ParamSpec

log = logging.getLogger(__name__)

Given = ParamSpec("Given")


def guarded(paint: Callable[Given, None]) -> Callable[Given, None]:
    """The `paintEvent` of a widget or `paint` of a delegate, its errors logged.

    An error that got out to Qt could end the program at once.
    """

    @functools.wraps(paint)
    def painted(*given: Given.args, **named: Given.kwargs) -> None:
        try:
            paint(*given, **named)
        except Exception:
            log.exception("%s failed", paint.__qualname__)

    return painted

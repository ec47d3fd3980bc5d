"""Benchmarks say their figures at the end: ratios against a named peer in the same run, in CPU seconds."""

from __future__ import annotations

from typing import Any

import pytest


def said(value: Any) -> str:
    """A recorded figure with three digits; anything else that a test records, as it is."""
    return f"{value:,.3g}" if isinstance(value, int | float) else str(value)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """List what the benchmarks recorded."""
    lines = [
        f"{report.nodeid.rsplit('::', 1)[-1]}: {name} = {said(value)}"
        for report in terminalreporter.stats.get("passed", [])
        for name, value in report.user_properties
    ]
    if lines:
        terminalreporter.section("measured")
        for line in lines:
            terminalreporter.line(line)


@pytest.fixture
def figures(record_property: Any, benchmark: Any) -> Any:
    """Keeps a figure for the list at the end and for the file that pytest-benchmark writes."""

    def keep(name: str, value: float) -> None:
        record_property(name, value)
        benchmark.extra_info[name] = value

    return keep

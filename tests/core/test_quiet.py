"""Compiled libraries that speak on their own are not heard."""

from __future__ import annotations

import subprocess
import sys

HEARD = """
import ctypes
from core.quiet import quiet
said = ctypes.CDLL(None).printf
print("before")
with quiet():
    said(b"inside, from compiled code\\n")
print("after")
"""
FAILING = """
from core.quiet import quiet
try:
    with quiet():
        raise ValueError
except ValueError:
    print("after")
"""


def heard(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout


def test_what_compiled_code_writes_inside_is_dropped_and_what_stands_around_it_is_kept() -> None:
    assert heard(HEARD) == "before\nafter\n"


def test_output_leads_out_again_after_an_error() -> None:
    assert heard(FAILING) == "after\n"

"""What was freed is given back to the system."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.skipif(sys.platform != "linux", reason="only the allocator of Linux keeps what was freed")
def test_memory_freed_between_pieces_in_use_is_given_back() -> None:
    code = (
        "import ctypes, sys\n"
        "from pathlib import Path\n"
        "from core.memory import give_back\n"
        "def resident():\n"
        "    return int(Path('/proc/self/statm').read_text().split()[1]) * 4096\n"
        "c = ctypes.CDLL(None)\n"
        "c.malloc.restype, c.malloc.argtypes, c.free.argtypes = "
        "ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]\n"
        "pieces = [c.malloc(60_000) for _ in range(3000)]\n"
        "for piece in pieces: ctypes.memset(piece, 1, 60_000)\n"
        "for piece in pieces[:-1]: c.free(piece)\n"
        "before = resident(); give_back()\n"
        "sys.stdout.write(str(before - resident()))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) > 100e6

"""Suitability."""
from typing import Any
def suitability() -> Any:
    return None

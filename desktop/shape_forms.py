"""Forms of drawn shapes: what is asked of a new parcel or zone, and the words that may be chosen."""

from __future__ import annotations

from core.texts import language, text
from standards import Standards

ZONE, PARCEL = "protection_zone", "parcel"
SYSTEM = "plan2023"  # the land-use codes that are offered


def asked_of(table: str) -> tuple[str, ...]:
    """Columns that are asked for a new row of a table."""
    return ("name", "kind", "zone_level") if table == ZONE else ("name", "land_use_code", "status")


def zone_kinds(standards: Standards) -> dict[str, str]:
    """Kinds of protection zones that potentials know, with what each is called."""
    limits = standards.table("drilling_limits")
    kinds = [kind for kind in limits.loc[limits["layer"] == ZONE, "kind"].unique() if kind]
    words = standards.table("value_words")
    said = dict(
        zip(words["value"][words["field"] == "kind"], words["word"][words["field"] == "kind"], strict=True)
    )
    if language() == "zh":
        return {kind: said.get(kind, text(kind)) for kind in kinds}
    return {kind: kind.replace("_", " ").capitalize() for kind in kinds}


def land_uses(standards: Standards) -> dict[str, str]:
    """Land-use codes with their names."""
    table = standards.table("land_use_codes")
    table = table[table["system"] == SYSTEM]
    names = table["name_zh" if language() == "zh" else "name_en"]
    return {str(code): f"{code} {name}" for code, name in zip(table["code"], names, strict=True)}

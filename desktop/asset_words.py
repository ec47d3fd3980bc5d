"""Words of the register of PV systems: its sums in a sentence, and what is to be done about which system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.fields import field
from core.texts import text
from core.units import MISSING, count, quantity
from layers.pv_assets import Register


@dataclass(frozen=True)
class AssetShown:
    """A system that needs looking at: its id, where it stands, its capacity and state, and why."""

    asset: str
    building: str
    parcel: str
    capacity: str
    state: str
    why: str


def register_said(made: Register) -> str:
    """The register in a sentence."""
    return text(
        "PV in use: {capacity} in {operating_assets} systems. Not counted: {stopped_assets} stopped, "
        "{removed_assets} removed, {unknown_assets} of unknown state. Acceptance is blocked for "
        "{blocked_assets}; {overdue_assets} removals are overdue.",
        capacity=quantity(made.totals["operating_kwp"], "kWp"),
        **{name: count(value) for name, value in made.totals.items()},
    )


def to_look_at(made: Register) -> Sequence[AssetShown]:
    """Systems that are overdue, blocked, idle or of unknown state, in this order."""
    found: list[tuple[int, AssetShown]] = []
    for name, row in made.assets.iterrows():
        state, blocked = str(row["asset_state"] or ""), str(row["acceptance_blocked"] or "")
        reasons = []
        if row["removal_overdue"]:
            reasons.append((0, text("Removal overdue")))
        if blocked:
            reasons.append((1, field("acceptance_blocked").shown(blocked)))
        if state == "stopped":
            reasons.append((2, text("Out of operation")))
        if not state:
            reasons.append((3, text("State not known")))
        if not reasons:
            continue
        places = (row["building_id"], row["parcel_id"])
        building, parcel = (one if isinstance(one, str) else "" for one in places)
        shown = AssetShown(
            str(name),
            building,
            parcel,
            quantity(float(row["installed_kwp"]), "kWp"),
            field("asset_state").shown(state) if state else MISSING,
            _sentence([words for _, words in reasons]),
        )
        found.append((reasons[0][0], shown))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def _sentence(reasons: Sequence[str]) -> str:
    """Reasons one after another, with a capital letter at their beginning alone."""
    said = text("; ").join(words[:1].lower() + words[1:] for words in reasons)
    return said[:1].upper() + said[1:]

"""Conclusion: the sentences in the box of a parcel report, made from what was found and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.texts import text
from reports.wording import listed

GOOD = ("suitable", "fairly_suitable", "conditional")


@dataclass(frozen=True)
class Finding:
    """What one potential gives on a parcel, in words ready to print.

    `grade` is empty where the parcel was not assessed, `none` where there is nothing to grade; `amount` holds capacity
    and yearly energy, empty where there is none; `gain` the coal replaced and the carbon dioxide avoided.
    """

    title: str
    grade: str
    amount: str
    gain: str
    reason: str


@dataclass(frozen=True)
class RoofStates:
    """How many roofs passed the structural check, still await it, or are excluded, and for which reasons."""

    passed: int
    to_check: int
    excluded: int
    reasons: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """All roofs."""
        return self.passed + self.to_check + self.excluded


def sentences(
    findings: Sequence[Finding], roofs: RoofStates | None, buildings: int, assumptions: int
) -> list[str]:
    """The conclusion, most important first.

    Parameters
    ----------
    findings : sequence of Finding
        One a potential.
    roofs : RoofStates, optional
        None where no assessment looked at roofs.
    buildings : int
        Buildings on the parcel.
    assumptions : int
        Numbers used that nobody published.
    """
    if not findings:
        return [text("No potential has been assessed yet.")]
    said = []
    if not buildings:
        said.append(text("There is no building on this parcel."))
    by_grade = {grade: [item for item in findings if item.grade == grade] for grade in (*GOOD, "")}
    if chosen := by_grade["suitable"]:
        said.append(text("First choice: {list}.", list=_amounts(chosen)))
    if chosen := by_grade["fairly_suitable"]:
        said.append(text("Usable: {list}.", list=_amounts(chosen)))
    if chosen := by_grade["conditional"]:
        said.append(text("Usable under conditions: {list}.", list=_amounts(chosen)))
    said += _gains(by_grade)
    if chosen := [item for item in findings if item.grade == "unsuitable"]:
        said.append(text("Not suitable: {list}.", list=_reasons(chosen)))
    if chosen := [item for item in findings if item.grade == "forbidden"]:
        said.append(text("Forbidden: {list}.", list=_reasons(chosen)))
    if chosen := [item for item in findings if item.grade == "needs_survey"]:
        said.append(text("Needs a survey first: {list}.", list=listed([item.title for item in chosen])))
    if chosen := [item for item in findings if item.grade == "none"]:
        said.append(text("None here: {list}.", list=_reasons(chosen)))
    if chosen := by_grade[""]:
        said.append(text("Not assessed here: {list}.", list=listed([item.title for item in chosen])))
    said += _about_roofs(roofs)
    if assumptions:
        said.append(
            text("Planning assumptions among the numbers used: {count}; see the sources.", count=assumptions)
        )
    return said


def _gains(by_grade: Mapping[str, Sequence[Finding]]) -> list[str]:
    """What the best sources save, in one sentence; those under conditions only where there are no better ones."""
    best = [*by_grade["suitable"], *by_grade["fairly_suitable"]] or by_grade["conditional"]
    gains = [f"{item.title} {item.gain}" for item in best if item.gain]
    return (
        [text("Coal replaced and carbon dioxide avoided a year: {list}.", list=text("; ").join(gains))]
        if gains
        else []
    )


def _about_roofs(roofs: RoofStates | None) -> list[str]:
    if roofs is None or not roofs.total:
        return []
    said = []
    if roofs.to_check:
        said.append(
            text(
                "Roofs that await the structural check: {count} of {total}. "
                "Until it is passed, these figures are potential, not approved.",
                count=roofs.to_check,
                total=roofs.total,
            )
        )
    if roofs.excluded:
        said.append(
            text(
                "Roofs excluded: {count} of {total}; reason: {reasons}.",
                count=roofs.excluded,
                total=roofs.total,
                reasons=listed(list(roofs.reasons)),
            )
            if roofs.reasons
            else text(
                "Roofs excluded for safety: {count} of {total}.", count=roofs.excluded, total=roofs.total
            )
        )
    return said


def _amounts(findings: list[Finding]) -> str:
    return listed([f"{item.title} {item.amount}".strip() for item in findings])


def _reasons(findings: list[Finding]) -> str:
    return listed(
        [
            text("{title} ({reason})", title=item.title, reason=item.reason.rstrip(".。"))
            if item.reason
            else item.title
            for item in findings
        ]
    )

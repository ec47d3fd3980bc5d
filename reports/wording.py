"""Wording: the words of documents for grades, states and kinds of source."""

from __future__ import annotations

from core.fields import Field, field
from core.texts import language, text, word
from core.units import count, percent, quantity
from potential import Assessment
from potential.registry import potentials
from reports.quantities import is_share

AVOIDED = "avoided_tco2"  # in the names of columns that say how much carbon dioxide is avoided


def grade_said(grade: str) -> str:
    """The word on the chip of a grade."""
    return word(grade) if grade else text("Not assessed")


def nothing_said() -> str:
    """What stands on the chip where a potential was looked for and there is none to grade."""
    return text("None here")


def safety_said(state: str) -> str:
    """The word for the safety state of a roof; a roof of which nothing is proved awaits its check."""
    return word(state if state in ("passed", "excluded") else "to_check")


def origin_said(origin: str) -> str:
    """Whether a value was given, derived or is a default."""
    return word(origin).lower() if origin in ("given", "derived", "default") else ""


def investor_said(investor: str) -> str:
    """Whose money a building or parcel is of; empty where it is not known."""
    return word(investor) if investor in ("government", "private") else ""


def outdated_said() -> str:
    """What stands in every document of results that are older than the data."""
    return text("Results are older than the last change of the data.")


def title_of(assessment: Assessment) -> str:
    """What a potential is called."""
    titles = {potential.name: potential.title for potential in potentials()}
    return text(titles.get(assessment.name, assessment.name))


def value_said(item: Field, value: float) -> str:
    """A value of a column with its unit: shares in per cent, counts in full, harm as harm."""
    if item.type == "count":
        return count(value)
    if AVOIDED in item.name and value < 0:  # less than nothing avoided is a harm, and is called so
        return text("{amount} more given off", amount=quantity(-value, item.unit))
    return percent(value) if is_share(item) else quantity(value, item.unit)


def joined(parts: list[str]) -> str:
    """Several words in one line, parted by a middle dot."""
    return ("·" if language() == "zh" else ", ").join(part for part in parts if part)


def listed(parts: list[str]) -> str:
    """Several phrases in one sentence."""
    return ("、" if language() == "zh" else ", ").join(parts)


def reason_said(reason: object) -> str:
    """A reason with its parts in the language of the moment; empty where none was given."""
    return field("reason").shown(reason) if isinstance(reason, str) and reason else ""

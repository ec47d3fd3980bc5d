"""Land use: codes of three systems, names and OpenStreetMap kinds as uses, mixed plots with their shares."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from standards import Standards

SYSTEMS = ("plan2023", "gb50137", "survey3")
SEPARATORS = re.compile(r"[/+、,;，；|&\\]|兼容|兼|混合|与|和")
_CODE_COLUMNS = ("system", "code", "code_gb50137", "building_type")
LETTER_CODES = re.compile(r"(?:[A-Z]\d{0,3}){2,}")
LETTER_CODE = re.compile(r"[A-Z]\d{0,3}")
SURVEY_CODE = re.compile(r"\d{2}H\d|\d{4}[A-Z]")  # 08H1, 0301K


@dataclass(frozen=True)
class Use:
    """What a code, name or kind stands for.

    `coarse` says that the code is a class whose members have different uses, of which the first was taken.
    """

    use: str
    coarse: bool = False


class LandUses:
    """The dictionaries of uses, read from `land_use_codes`, `osm_land_use` and `value_words`."""

    def __init__(self, standards: Standards) -> None:
        self._standards = standards

    @cached_property
    def codes(self) -> Mapping[str, Mapping[str, str]]:
        """Use of each code, by system."""
        found: dict[str, dict[str, str]] = {system: {} for system in SYSTEMS}
        table = self._standards.table("land_use_codes")
        columns = (table[name].fillna("").astype(str) for name in _CODE_COLUMNS)
        for system, code, equivalents, use in zip(*columns, strict=True):
            found.setdefault(system, {})[code] = use
            for equivalent in filter(None, equivalents.split(";")):
                first, *end = equivalent.strip().split("-")  # U11-U39: the whole class U
                found["gb50137"].setdefault(first[0] if end else first, use)
        return found

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Use of each name of land, longest names first."""
        table = self._standards.table("land_use_codes")
        found = dict(zip(table["name_zh"], table["building_type"], strict=True))
        words = self._standards.table("value_words")
        words = words[words["field"] == "use"]
        for word, value in zip(words["word"], words["value"], strict=True):
            found.setdefault(word, value)
        return dict(sorted(found.items(), key=lambda item: -len(item[0])))

    @cached_property
    def kinds(self) -> Mapping[str, str]:
        """Use of each kind of land or building in OpenStreetMap."""
        table = self._standards.table("osm_land_use")
        return dict(zip(table["kind"], table["use"], strict=True))

    def of_code(self, code: str, system: str) -> Use | None:
        """Use of a code: of its longest known beginning, else of the first code that begins with it."""
        codes = self.codes.get(system, {})
        for length in range(len(code), 0, -1):
            if code[:length] in codes:
                return Use(codes[code[:length]])
        members = [use for known, use in sorted(codes.items()) if known.startswith(code)]
        return Use(members[0], coarse=len(set(members)) > 1) if members and code else None

    def of_name(self, name: str) -> Use | None:
        """Use of a name of land: the name itself, else the longest known name in it."""
        name = plain(name)
        if name in self.names:
            return Use(self.names[name])
        for known, use in self.names.items():
            if len(known) >= 2 and not known.isascii() and known in name:
                return Use(use)
        return None

    def of_kind(self, kind: str) -> Use | None:
        """Use of a kind of OpenStreetMap."""
        use = self.kinds.get(plain(kind).lower())
        return Use(use) if use else None

    def disputed(self, code: str) -> bool:
        """Whether the digits of a code mean different uses in the planning guide and in the survey."""
        plan, survey = self.codes["plan2023"].get(code), self.codes["survey3"].get(code)
        if survey is None:
            return False
        begin = self.of_code(code, "plan2023")
        return (plan or (begin.use if begin else None)) != survey


def plain(word: str) -> str:
    """A word in half-width letters without blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", word))


def split_code(code: str) -> list[str]:
    """The codes of a mixed plot: `R2/B1`, `A3+R2`, `0701/0901`, `B1B2`; a lost leading zero is put back."""
    parts: list[str] = []
    for part in filter(None, SEPARATORS.split(plain(code).upper())):
        if LETTER_CODES.fullmatch(part):
            parts += LETTER_CODE.findall(part)
        else:
            parts.append(f"0{part}" if re.fullmatch(r"\d{3}|\d{5}", part) else part)
    return parts


def split_name(name: str) -> list[str]:
    """The names of a mixed plot: `商业/居住`, `商业混合居住`."""
    return [part for part in SEPARATORS.split(plain(name)) if part]


def system_of(codes: Iterable[str]) -> str:
    """The system that the digits of a column belong to; empty where they do not tell.

    Codes with letters first are of GB 50137 and say nothing of the digits beside them.
    """
    digits = [code for code in codes if code[:1].isdigit()]
    survey = any(SURVEY_CODE.fullmatch(code) for code in digits)
    plan = any(re.fullmatch(r"\d{6}", code) for code in digits)
    if survey == plan:
        return ""
    return "survey3" if survey else "plan2023"


def shares_of(ratio: str, count: int, main_share: float) -> tuple[list[float], bool]:
    """Shares of the uses of a mixed plot, and whether they follow from the ratio that was given.

    Parameters
    ----------
    ratio : str
        As given: `7:3`, `70%/30%`, `0.6`; may be empty.
    count : int
        Number of uses.
    main_share : float
        Share of the first use where the ratio does not tell; the others share the rest equally.
    """
    numbers = [float(number) for number in re.findall(r"\d+(?:\.\d+)?", plain(ratio))]
    if len(numbers) == count and sum(numbers) > 0:
        return [number / sum(numbers) for number in numbers], True
    if len(numbers) == 1 and count == 2:
        first = numbers[0] / 100 if numbers[0] > 1 else numbers[0]
        if 0 < first < 1:
            return [first, 1 - first], True
    if count == 1:
        return [1.0], True
    return [main_share, *[(1 - main_share) / (count - 1)] * (count - 1)], False

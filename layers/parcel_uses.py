"""Uses of parcels: from their codes, names or kinds, with everything that is doubtful said."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from core.fields import field as dictionary_field
from core.problems import Problem, Severity
from layers.land_use import SYSTEMS, LandUses, Use, plain, shares_of, split_code, split_name, system_of
from standards import Standards

PARCEL_KINDS = ("kind", "fclass", "kind_detail")
BARE_KINDS = frozenset({"building", "building_part", "yes", "other", "unclassified", "unknown"})


@dataclass
class _Findings:
    """Row labels by what was found, and the words concerned."""

    rows: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    words: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, what: str, row: Any, word: str) -> None:
        self.rows[what].append(row)
        self.words[what].add(word)


def parcel_uses(
    parcels: pd.DataFrame, standards: Standards, system: str = ""
) -> tuple[pd.DataFrame, list[Problem]]:
    """Use of each parcel.

    Parameters
    ----------
    parcels : DataFrame
        With any of `use`, `land_use_code`, `land_use_system`, `mix_ratio`, `land_use_name`, and `kind` or
        `fclass` of OpenStreetMap. A given `use` holds; then code, name and kind are asked in this order.
    standards : Standards
        Dictionaries of uses.
    system : str
        System of all codes (`plan2023`, `gb50137`, `survey3`) where the user has said it.

    Returns
    -------
    DataFrame
        `use`, `use_source`, `use_mix` (uses with shares, missing where there is one), `land_use_system`.
    list of Problem
        Codes of doubtful system, unknown, too coarse or mixed without a ratio, in plain words.
    """
    uses = LandUses(standards)
    main_share = standards.number("given_data_rules", rule="mix_main_share").value
    codes = _words(parcels, "land_use_code")
    systems = _words(parcels, "land_use_system").where(lambda one: one.isin(SYSTEMS), system)
    told = system_of(code for word in set(codes[systems.eq("")]) for code in split_code(word))
    columns = {
        "given": _words(parcels, "use").mask(_words(parcels, "use_source").isin(("derived", "default")), ""),
        "code": codes,
        "system": systems,
        "name": _words(parcels, "land_use_name"),
        "ratio": _words(parcels, "mix_ratio"),
        "kind": first_kind(parcels, PARCEL_KINDS),
    }
    found = _Findings()
    rows: list[tuple[str, str, str | None, str | None]] = []
    for row, given, code, stated, name, ratio, kind in zip(parcels.index, *columns.values(), strict=True):
        if given in _choices() and given != "unknown":
            rows.append((given, "given", None, stated or None))
            continue
        parts, used = _parts(uses, code, stated or told, name, kind, found, row)
        if given and not parts:
            parts = _known(uses, [given])
        if not parts:
            word = " ".join(one for one in (given, code, name, kind) if one)
            found.add("unknown" if word else "silent", row, word)
            rows.append(("unknown", "default", None, used))
            continue
        shares, sure = shares_of(ratio, len(parts), main_share)
        mix: dict[str, float] = defaultdict(float)
        for part, share in zip(parts, shares, strict=True):
            mix[part.use] += share
        if len(mix) > 1 and not sure:
            found.add("mixed", row, code or name)
        if any(part.coarse for part in parts):
            found.add("coarse", row, code)
        main = max(mix, key=lambda use: mix[use])
        rows.append((main, "derived", _mix_text(mix) if len(mix) > 1 else None, used))
    out = pd.DataFrame(
        rows,
        index=parcels.index,
        columns=["use", "use_source", "use_mix", "land_use_system"],
        dtype="str",
    )
    return out, _problems(found, main_share)


def first_kind(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series[Any]:
    """The first kind of OpenStreetMap that says more than that a row is a building."""
    kinds = pd.Series("", index=frame.index, dtype="str")
    for name in columns:
        words = _words(frame, name)
        kinds = kinds.where(kinds.ne("") | words.isin(BARE_KINDS), words)
    return kinds


def _parts(
    uses: LandUses, code: str, system: str, name: str, kind: str, found: _Findings, row: Any
) -> tuple[list[Use], str | None]:
    """Uses of one parcel by code, else by name, else by kind; and the system of its code."""
    codes = split_code(code)
    used = None
    if codes:
        letters = all(one[0].isalpha() for one in codes)
        used = "gb50137" if letters else system or _system_by_name(uses, codes, name)
        if not used:
            used = "plan2023"
            if any(uses.disputed(one) for one in codes):
                found.add("system", row, code)
        by_code = [uses.of_code(one, "gb50137" if one[0].isalpha() else used) for one in codes]
        if all(by_code):
            return [part for part in by_code if part], used
    parts = _known(uses, split_name(name))
    if not parts:
        of_kind = uses.of_kind(kind) or uses.of_name(kind)
        parts = [of_kind] if of_kind else []
    return parts, system or None


def _known(uses: LandUses, names: list[str]) -> list[Use]:
    """Uses of names; empty if one of them is unknown."""
    parts = [uses.of_name(name) or uses.of_kind(name) for name in names]
    return [part for part in parts if part] if all(parts) else []


def _system_by_name(uses: LandUses, codes: list[str], name: str) -> str:
    """The one system in which a code stands for the use that the name says; empty if the name does not tell."""
    by_name = uses.of_name(name) if name else None
    if by_name is None:
        return ""
    fits = []
    for system in ("plan2023", "survey3"):
        by_code = uses.of_code(codes[0], system)
        if by_code is not None and by_code.use == by_name.use:
            fits.append(system)
    return fits[0] if len(fits) == 1 else ""


def _choices() -> tuple[str, ...]:
    return dictionary_field("use").choices


def _words(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    """A column as plain words, empty where missing or absent."""
    if name not in frame.columns:
        return pd.Series("", index=frame.index, dtype="str")
    words = frame[name]
    if words.dtype.kind == "f":
        words = words.astype("Int64")
    words = words.astype("string").fillna("").astype("str")
    plain_words = {word: plain(word) for word in words.unique()}
    return words.map(plain_words)


def _mix_text(mix: dict[str, float]) -> str:
    """Uses with their shares, largest first, as kept in `use_mix`."""
    ordered = sorted(mix.items(), key=lambda item: -item[1])
    return ";".join(f"{use}:{share:.3g}" for use, share in ordered)


def use_shares(mix: pd.Series[Any], use: pd.Series[Any]) -> pd.DataFrame:
    """One row per row and use: `row`, `use`, `share`; shares of a row add up to one.

    Parameters
    ----------
    mix, use : Series
        The columns `use_mix` and `use` of one table.
    """
    rows = []
    for row, text_of_mix, main in zip(mix.index, mix, use, strict=True):
        if isinstance(text_of_mix, str) and text_of_mix:
            parts = [part.split(":") for part in text_of_mix.split(";")]
            total = sum(float(share) for _, share in parts)
            rows += [(row, name, float(share) / total) for name, share in parts]
        else:
            rows.append((row, main, 1.0))
    return pd.DataFrame(rows, columns=["row", "use", "share"])


def _problems(found: _Findings, main_share: float) -> list[Problem]:
    """What was found, one problem of each sort."""
    said = (
        (
            "system",
            "The codes {words} mean one use in the 2023 planning guide and another in the land survey; "
            "the guide was taken.",
            "Say which system these codes belong to.",
        ),
        (
            "unknown",
            "The use “{words}” is not known; the parcels count without a use.",
            "Give them a use, or correct the code or name.",
        ),
        (
            "silent",
            "{count} parcels have neither a code nor a name of land use.",
            "Give them a use.",
        ),
        (
            "coarse",
            "The codes {words} stand for several uses; the first was taken.",
            "Give the code of the use in more digits.",
        ),
        (
            "mixed",
            "{count} mixed parcels have no ratio of uses; the first counts {share} %.",
            "Give the ratio, for instance 7:3.",
        ),
    )
    problems = []
    for what, message, remedy in said:
        rows = found.rows.get(what, [])
        if rows:
            words = sorted(found.words[what])
            problems.append(
                Problem(
                    message,
                    remedy,
                    severity=Severity.WARNING,
                    table="parcel",
                    rows=tuple(rows),
                    count=len(rows),
                    words="、".join(words[:8]) + ("…" if len(words) > 8 else ""),
                    share=f"{main_share * 100:g}",
                )
            )
    return problems

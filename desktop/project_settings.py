"""Project settings: name, nearest city, province, climate zone and other facts of the whole city that a planner sets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd

from core.fields import setting
from core.problems import Problem, UserError
from core.texts import language, word
from desktop.data_in import reference_system
from desktop.places import climate_city
from desktop.words import parsed_value
from layers.edits import Edit
from layers.project import DECIDED, NAME, OF_PROJECT, Project
from standards import Standards

YEAR = "default_year_built"
FACTS = {YEAR: "year_built"}  # settings that the city knows by another name
Offered = Mapping[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class ProjectSettings:
    """What a planner sets of a project; empty words and None are not said.

    Parameters
    ----------
    project_name : str
        Printed on documents and sheets.
    climate_city : str
        City of the climate tables, by its Chinese name.
    province, climate_zone : str
        As in the tables.
    land_use_system : str
        `plan2023`, `gb50137` or `survey3`.
    default_year_built : int, optional
        Holds where the data give no year.
    """

    project_name: str = ""
    climate_city: str = ""
    province: str = ""
    climate_zone: str = ""
    land_use_system: str = ""
    default_year_built: int | None = None


def project_settings(project: Project) -> ProjectSettings:
    """The settings of a project as they are now."""
    facts = project.facts
    year = facts.get(FACTS[YEAR])
    words = {
        one.name: str(facts.get(one.name) or "")
        for one in fields(ProjectSettings)
        if one.name not in (NAME, YEAR)
    }
    return ProjectSettings(project_name=project.name, default_year_built=int(year) if year else None, **words)


def choices_of(standards: Standards) -> Offered:
    """The words each setting may have with what they are called, of those that stand in tables."""
    chinese = language() == "zh"
    cities, zones = standards.table("cities"), standards.table("climate_zones")
    provinces = dict.fromkeys(str(one) for one in cities["province_zh"])
    named, system = "name_zh" if chinese else "name_en", setting("land_use_system")

    def called(row: pd.Series[Any]) -> str:
        if chinese:
            return f"{row['city_zh']}（{row['province_zh']}）"
        return f"{row['city_en']} ({row['city_zh']})"

    return {
        "climate_city": tuple((str(row["city_zh"]), called(row)) for _, row in cities.iterrows()),
        "province": tuple((one, word(one)) for one in provinces),
        "climate_zone": tuple(
            (str(row["zone"]), f"{row['zone']} {row[named]}") for _, row in zones.iterrows()
        ),
        "land_use_system": tuple((one, system.shown(one)) for one in system.choices),
    }


def set_project_settings(project: Project, values: Mapping[str, Any], why: str = "") -> None:
    """Set what holds for the whole project; another nearest city brings its province and climate zone.

    It can be undone; the data must be checked again where anything but the name changed.

    Raises
    ------
    UserError
        There is no such setting, city, province or zone, or the name is empty.
    """
    now = project_settings(project)
    wanted = {name: value for name, value in values.items() if value != getattr(now, name, None)}
    _refuse(wanted, project.standards)
    if city := wanted.get("climate_city"):
        row = climate_city(str(city))
        wanted["climate_city"] = str(row["city_zh"])
        follows = {"province": str(row["province_zh"]), "climate_zone": str(row["zone"])}
        wanted |= {name: value for name, value in follows.items() if name not in values}
    if not wanted:
        return
    index = pd.Index([OF_PROJECT], name=DECIDED["settings"])
    before = {FACTS.get(name, name): getattr(now, name) for name in wanted}
    after = {FACTS.get(name, name): value for name, value in wanted.items()}
    project.apply(
        Edit(
            "Set the project: {names}",
            "settings",
            pd.DataFrame([before], index=index, dtype=object),
            pd.DataFrame([after], index=index, dtype=object),
            why,
            {"names": ", ".join(setting(name).title for name in wanted)},
        )
    )


def set_system(project: Project, words: str) -> None:
    """Choose the reference system of a project without data, by EPSG code or text; UserError where data lie in it."""
    project.set_system(reference_system(words))


def values_of_words(pairs: tuple[str, ...]) -> dict[str, Any]:
    """Settings from words like `climate_city=西安`; UserError where a word is none."""
    known = {one.name for one in fields(ProjectSettings)}
    found: dict[str, Any] = {}
    problems = []
    for pair in pairs:
        name, sign, words = (part.strip() for part in pair.partition("="))
        if name not in known or not sign:
            problems.append(_unknown(pair))
        elif name == YEAR:
            found[name] = parsed_value(FACTS[YEAR], words)
        else:
            found[name] = words
    if problems:
        raise UserError(*problems)
    return found


def _refuse(values: Mapping[str, Any], standards: Standards) -> None:
    """Refuse what is no setting, and words that are not in the tables."""
    known = {one.name for one in fields(ProjectSettings)}
    offered = choices_of(standards)
    problems = [_unknown(name) for name in values if name not in known]
    if not str(values.get(NAME, "-")).strip():
        problems.append(Problem("The project needs a name.", "Write one."))
    for name, words in offered.items():
        value = values.get(name)
        if value and name != "climate_city" and value not in [one for one, _ in words]:
            problems.append(
                Problem(
                    "{words} is no value of {name}.",
                    "Choose one of: {names}.",
                    words=value,
                    name=setting(name).title,
                    names=", ".join(one for one, _ in words),
                )
            )
    if problems:
        raise UserError(*problems)


def _unknown(words: str) -> Problem:
    return Problem(
        "{word} is not a setting of {name}.",
        "Write name=value with one of: {names}.",
        word=words,
        name=OF_PROJECT,
        names=", ".join(one.name for one in fields(ProjectSettings)),
    )

"""Material of a document: a city, what was found, its plan, and the words and pictures that texts are filled with."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from core.texts import speaking, text, word
from layers.city import City
from plans import Part
from plans.period import Period, period_of
from potential import Assessment
from reports.documents.blocks import Document
from reports.documents.markup import Content, chinese, read
from reports.documents.place_words import climate_named, province_named
from standards import Taken

CHINESE = "zh"
ZERO = "〇一二三四五六七八九"


@dataclass(frozen=True)
class Material:
    """What the documents of a city are made from.

    Parameters
    ----------
    city : City
        With its province.
    assessments : Mapping of str to Assessment
        By name; what is missing is said to be missing.
    plan : Part
        Tables and figures of the plan; a part that is missing leaves a sentence that says so.
    author : str
        Who makes the document; empty leaves the place open.
    date : date
        Under the title.
    charts, maps : Mapping of str to callable
        Pictures as SVG by name.
    hands : Mapping of str to sequence of str
        What people wrote into the document before.
    folders : sequence of Path
        Where the project keeps texts of its own.
    """

    city: City
    assessments: Mapping[str, Assessment]
    plan: Part
    author: str
    date: datetime.date
    charts: Mapping[str, Callable[[], str]] = field(default_factory=lambda: MappingProxyType({}))
    maps: Mapping[str, Callable[[], str]] = field(default_factory=lambda: MappingProxyType({}))
    hands: Mapping[str, Sequence[str]] = field(default_factory=lambda: MappingProxyType({}))
    folders: Sequence[Path] = ()

    @property
    def period(self) -> Period:
        """Years of the plan."""
        return period_of(Taken(self.city.standards))


def document(
    material: Material, kind: str, title: str, subtitle: str, file: str, words: Mapping[str, Any]
) -> Document:
    """A document in Chinese from one text file.

    Parameters
    ----------
    material : Material
        Its plan with every table and figure that the text names.
    kind, title, subtitle : str
        As `Document` takes them.
    file : str
        Text file in the folder of texts, e.g. `专项规划/文本.md`.
    words : Mapping of str to object
        Further words of this text.

    Raises
    ------
    UserError
        The text names what the plan does not have, or is not well formed.
    """
    content = Content(
        plan=material.plan,
        words={**common_words(material), **words},
        charts=material.charts,
        maps=material.maps,
        hands=material.hands,
        folders=material.folders,
    )
    with speaking(CHINESE):
        blocks = read(file, content)
    return Document(kind, title, subtitle, material.author, imprint(material), blocks)


def common_words(material: Material) -> dict[str, Any]:
    """Words that every text may name."""
    period = material.period
    return {
        "city": material.city.name,
        "province": str(material.city.facts.get("province") or ""),
        "province_named": province_named(str(material.city.facts.get("province") or "")),
        "climate_zone": str(material.city.facts.get("climate_zone") or ""),
        "climate_named": climate_named(str(material.city.facts.get("climate_zone") or "")),
        "first_year": period.from_year,
        "base_year": period.base_year,
        "target_year": period.target_year,
        "horizon_year": period.horizon_year,
        "assessed": tuple(material.assessments),
        "word": word,
        "pictures": tuple(material.charts),
        "remarks": _remarks(material),
    }


def _remarks(material: Material) -> list[str]:
    """What was assumed in the plan, in the language of documents."""
    with speaking(CHINESE):
        return list(dict.fromkeys(text(one) for one in material.plan.remarks))


def imprint(material: Material) -> str:
    """The month of a document as official documents write it: 二〇二六年十一月."""
    year = "".join(ZERO[int(digit)] for digit in str(material.date.year))
    return f"{year}年{chinese(material.date.month)}月"

"""Every sentence that people read has its Chinese, with the same placeholders."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import fields, texts

ROOT = Path(__file__).resolve().parents[1]
FLOORS = (
    "core",
    "standards",
    "layers",
    "cartography",
    "sun",
    "demand",
    "potential",
    "plans",
    "reports",
    "sample_city",
    "desktop",
)
# Which arguments of a call are sentences, by the name of what is called.
SENTENCES = {
    "text": (0,),
    "Problem": (0, 1),
    "Missing": (0,),
    "Finding": (0, 2),
    "Edit": (0,),
    "each": (1,),
    "map": (2,),
    "say": (0,),
    "Figure": (1,),
}
KEYWORDS = ("help", "short_help", "formula")  # of the command line; of a figure


def sentences() -> Iterator[tuple[str, str]]:
    """Each English sentence in the code, with the place where it stands."""
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    name = (
                        node.func.attr
                        if isinstance(node.func, ast.Attribute)
                        else getattr(node.func, "id", "")
                    )
                    for position in SENTENCES.get(name, ()):
                        if position < len(node.args):
                            for words in literals(node.args[position]):
                                yield words, f"{path.relative_to(ROOT)}:{node.lineno}"
                    for keyword in node.keywords:
                        if keyword.arg in KEYWORDS:
                            for words in literals(keyword.value):
                                yield words, f"{path.relative_to(ROOT)}:{node.lineno}"


def literals(node: ast.expr) -> Iterator[str]:
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and any(c.isalpha() for c in node.value)
    ):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)


def placeholders(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


def test_every_sentence_has_its_chinese() -> None:
    known = texts.catalogue("zh")
    missing = sorted({f"{place}: {words}" for words, place in sentences() if words not in known})
    assert not missing, "\n".join(missing)


def test_a_translation_has_the_placeholders_of_its_sentence() -> None:
    wrong = [
        f"{english} / {chinese}"
        for english, chinese in texts.catalogue("zh").items()
        if not english.startswith("msg:") and placeholders(english) != placeholders(chinese)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_sentence_is_translated_twice_in_two_ways() -> None:
    seen: dict[str, tuple[str, str]] = {}
    clashes = []
    for path in sorted((texts.CATALOGUES / "zh_CN").glob("*.po")):
        for english, chinese in texts.entries(path.read_text(encoding="utf-8")):
            if english in seen and seen[english][0] != chinese:
                clashes.append(f"{english}: {seen[english]} and {(chinese, path.name)}")
            seen[english] = (chinese, path.name)
    assert not clashes, "\n".join(clashes)


def test_catalogues_are_read_as_babel_reads_them() -> None:
    from babel.messages.pofile import read_po

    for path in sorted((texts.CATALOGUES / "zh_CN").glob("*.po")):
        with path.open("rb") as file:
            theirs = {str(one.id): str(one.string) for one in read_po(file) if one.id and one.string}
        assert dict(texts.entries(path.read_text(encoding="utf-8"))) == theirs, path.name


def test_a_catalogue_may_break_its_lines_and_escape_what_it_says() -> None:
    catalogue = r"""
# a remark
msgid ""
msgstr "Language: zh_CN\n"

#: from here
msgid ""
"Say \"yes\", "
"or C:\\new\t!"
msgstr "说“是”\n"
"或否"

msgid "Not yet"
msgstr ""
"""
    assert dict(texts.entries(catalogue)) == {'Say "yes", or C:\\new\t!': "说“是”\n或否"}


def test_every_word_of_the_dictionary_has_its_chinese() -> None:
    known = texts.catalogue("zh")
    missing = sorted(
        {
            f"{field.name}: {word}"
            for field in fields.fields().values()
            for word in field.choices
            if word.isascii() and word not in known
        }
    )
    assert not missing, "\n".join(missing)


def test_every_field_has_titles_in_both_languages_and_a_short_name_of_its_own() -> None:
    known = list(fields.fields().values())
    assert all(field.title_zh and field.title_en for field in known)
    assert all(0 < len(field.short_name.encode()) <= 10 for field in known)
    assert len({field.short_name for field in known}) == len(known)


def test_one_is_said_in_the_singular() -> None:
    with texts.speaking("en"):
        assert texts.text("{count} PV systems have no capacity.", count=1) == "1 PV system has no capacity."
        assert texts.text("{count} PV systems have no capacity.", count="1") == "1 PV system has no capacity."
        assert (
            texts.text("{count} PV systems have no capacity.", count=21) == "21 PV systems have no capacity."
        )
        said = "{name}: {buildings} buildings on {parcels} parcels."
        assert texts.text(said, name="A", buildings=2, parcels=1) == "A: 2 buildings on 1 parcel."
        assert texts.text(said, name="A", buildings=1, parcels=1) == "A: 1 building on 1 parcel."
    with texts.speaking("zh"):
        assert texts.text("{count} parcels", count=1) == "地块 1 个"


def test_every_count_before_a_noun_has_its_singular() -> None:
    """A count of some of a whole, and one that is never one, stay as they are."""
    counted = re.compile(r"\{count\} (?!of )(?:[A-Za-z-]+ ){0,3}?[a-z]+s\b(?<!its)(?<!is)")
    never_one = {
        "The raster has {count} bands; the first was taken.",
        "The raster has {count} million cells, more than can be worked on at once.",
        "With cells of {cell} m the surface has {count} million cells, more than fit into memory.",
        "{layer} is not on the map: {count} features are more than a browser shows smoothly.",
        "Merge {count} shapes into {row}",
        "All {count} results are computed.",
    }
    known = texts.singulars()
    lacking = sorted(
        {
            f"{place}: {words}"
            for words, place in sentences()
            if counted.search(words) and words not in known and words not in never_one
        }
    )
    assert not lacking, "\n".join(lacking)


def test_a_singular_belongs_to_a_sentence_and_has_its_placeholders() -> None:
    known = texts.catalogue("zh")
    for words, forms in texts.singulars().items():
        assert words in known, words
        for ones, said in forms.items():
            assert ones <= placeholders(words), words
            assert placeholders(said) <= placeholders(words), said


def test_a_text_is_said_in_the_language_of_the_moment() -> None:
    with texts.speaking("zh"):
        assert texts.text("yes") == "是"
        with texts.speaking("en"):
            assert texts.text("yes") == "yes"
    assert texts.text("yes") == "yes"


def test_values_are_never_read_as_instructions() -> None:
    assert texts.text("{name} is odd.", name="{0.__class__}") == "{0.__class__} is odd."
    with pytest.raises(KeyError):
        texts.text("{missing} is odd.", name="x")


def test_every_placeholder_of_a_sentence_is_given_its_value() -> None:
    """Of a problem, `table`, `rows` and `severity` are its own and fill no placeholder."""
    own = {"Problem": {"table", "rows", "severity"}, "text": set()}
    lacking = []
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in ("Problem", "text"):
                    continue
                name = node.func.id  # type: ignore[attr-defined]
                if any(keyword.arg is None for keyword in node.keywords):
                    continue  # values in a mapping, known only when it runs
                if name == "text" and not node.keywords:
                    continue  # a template that is filled elsewhere
                given = {str(keyword.arg) for keyword in node.keywords} - own[name]
                said = [node.args[place] for place in SENTENCES[name] if place < len(node.args)]
                lacking += [
                    f"{path.relative_to(ROOT)}:{node.lineno}: {words}: {missing}"
                    for argument in said
                    for words in literals(argument)
                    if (missing := placeholders(words) - given)
                ]
    assert not lacking, "\n".join(lacking)


def test_counts_in_a_sentence_have_gaps_between_thousands_and_years_have_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(texts, "_chosen", "en")
    said = texts.text("{count} of {total} in {year}", count=999, total=3049, year=2030)
    assert said == "999 of 3\u2009049 in 2030"


def test_words_whose_key_cannot_be_read_have_an_english_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_chosen", "en")
    assert texts.word("plan2023") == "Land and sea use guide (2023)"
    assert texts.word("三级") == "Grade 3"
    assert texts.word("retrofit_area_public") == "Retrofit area of public buildings"


def test_letters_that_are_no_words_are_said_in_capitals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_chosen", "en")
    assert texts.word("most_eer") == "Most EER"
    assert texts.word("loss_per_k") == "Loss per K"
    assert texts.word("elec_calorific") == "Electricity calorific"

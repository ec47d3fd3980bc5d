"""Pages set by Typst: what they hold, what they refuse."""

from __future__ import annotations

import datetime
import json
import shutil
import subprocess

import pytest
import typst

from reports.typesetting import FONT_FILE, TEMPLATES, _families_of_the_machine, _glyphs, missing_glyphs

DATE = datetime.date(2026, 11, 23)


def test_every_template_is_there():
    assert (TEMPLATES / "parcel.typ").is_file()


def test_common_characters_are_in_the_font():
    assert (
        missing_glyphs({"a": ["用地 门 车 B1 A33/R2 —— ≥ × ° ㎡ 万tCO₂", {"b": "1\u2009310\u00a0kWh"}]}) == []
    )


def test_lowered_and_raised_digits_need_no_other_font():
    _families_of_the_machine.cache_clear()
    assert missing_glyphs(["s²/m⁵ m³ 10⁶ CO₂ H₂O 10⁰"]) == []
    assert _families_of_the_machine.cache_info().currsize == 0


def test_a_character_that_no_font_has_is_a_problem_that_names_it():
    (problem,) = missing_glyphs(["地块 \U0010fffd"])
    assert "U+10FFFD" in problem.said()
    assert problem.severity == "warning"


def test_private_characters_are_never_taken_from_a_font():
    assert "U+E000" in missing_glyphs(["\ue000"])[0].said()


def test_controls_and_invisible_characters_are_no_problem():
    assert missing_glyphs(["a\x07b\u200b\ufeff\ud800"]) == []


def test_a_character_only_another_font_of_the_machine_has_is_taken_from_it():
    georgian = "ა"
    if shutil.which("fc-list") is None:
        pytest.skip("fc-list is not installed, so nobody says which fonts there are")
    query = ["fc-list", ":charset=10d0", "family"]
    if not subprocess.run(query, capture_output=True, text=True, check=True).stdout.strip():
        pytest.skip("no font of this machine has Georgian letters")
    assert georgian not in _glyphs()
    assert missing_glyphs([georgian]) == []


@pytest.mark.parametrize("template", ["document.typ", "parcel.typ", "sheet_parts.typ", "depth_map.typ"])
def test_thousands_are_kept_together_by_one_rule(template):
    written = (TEMPLATES / template).read_text(encoding="utf-8")
    assert "show: digits" in written
    assert "2009" not in written


def test_no_number_is_parted_between_its_thousands():
    """A number that does not fit behind the words before it goes down as a whole, so that the unit needs a third line."""

    def lines(rule: str) -> int:
        source = f"""#import "digits.typ": digits
        #set text(font: "Noto Sans SC", fallback: false)
        #let high(words) = measure(block(width: 20mm, words)).height
        {rule}
        #context [#let one = high[年]
          #metadata(1 + calc.round((high[年产 1\u2009310\u2009444 kWh] - one) / (high[年 \\ 年] - one)))<lines>]"""
        compiler = typst.Compiler(
            source.encode(), root=TEMPLATES, font_paths=[str(FONT_FILE.parent)], ignore_system_fonts=True
        )
        return int(json.loads(compiler.query("<lines>", field="value", one=True)))

    assert lines("") == 2
    assert lines("#show: digits") == 3

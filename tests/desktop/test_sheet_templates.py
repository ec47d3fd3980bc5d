"""Templates of sheets: what a project keeps, what is refused, and printing one from the command line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from PIL import Image

from core.problems import UserError
from desktop.sheet_templates import FILE, drop_template, keep_template, kept_templates, template_named
from reports.sheets.composition import Composition, FreeItem
from reports.sheets.content import Imprint

WHOLE = Composition(
    "land_use",
    "a1",
    False,
    5_000,
    (1.5, 2.5),
    ("legend",),
    (0,),
    ("parks",),
    "用地",
    "A-7",
    "parcel",
    ("QH-0001",),
    Imprint("规划", "规划局", "甲", "乙", None, "2026", "审"),
    (FreeItem("text", "{city}\n{date}"), FreeItem("chart", "typical_day", "7")),
)


def test_a_template_is_read_as_it_was_kept(tmp_path):
    keep_template(tmp_path, " 月报 ", WHOLE)
    assert kept_templates(tmp_path) == {"月报": WHOLE}
    assert template_named(tmp_path, "月报") == WHOLE


def test_a_template_is_printed_with_the_day_of_printing(tmp_path):
    keep_template(tmp_path, "x", replace(WHOLE, imprint=Imprint(date=date(2020, 1, 1))))
    assert template_named(tmp_path, "x").imprint.date is None


def test_a_template_of_the_same_name_is_replaced_and_others_stay(tmp_path):
    for name, paper in (("b", "a1"), ("a", "a4"), ("b", "a2")):
        keep_template(tmp_path, name, Composition("age", paper))
    assert [(name, one.paper) for name, one in kept_templates(tmp_path).items()] == [("a", "a4"), ("b", "a2")]
    drop_template(tmp_path, "b")
    assert list(kept_templates(tmp_path)) == ["a"]


def test_a_picture_of_the_project_is_found_where_the_folder_was_moved_to(tmp_path):
    old, new, aside = tmp_path / "old", tmp_path / "new", tmp_path / "logo.png"
    old.mkdir()
    items = (FreeItem("picture", str(old / "logo.png"), "40"), FreeItem("picture", str(aside)))
    keep_template(old, "x", replace(WHOLE, added=items))
    old.rename(new)
    assert [one.value for one in template_named(new, "x").added] == [str(new / "logo.png"), str(aside)]


def test_templates_without_a_name_of_another_name_or_in_a_broken_file_are_refused(tmp_path):
    for refused in (
        lambda: keep_template(tmp_path, " ", WHOLE),
        lambda: template_named(tmp_path, "x"),
        lambda: drop_template(tmp_path, "x"),
        lambda: (tmp_path / FILE).write_text('{"templates": {"x": {"key": 1}}}') and kept_templates(tmp_path),
    ):
        with pytest.raises(UserError):
            refused()


def test_a_sheet_is_kept_listed_printed_changed_and_forgotten_on_the_command_line(given, tmp_path, lutu):
    assert lutu("check", given).code == 0
    Image.new("RGB", (30, 30)).save(given / "logo.png")
    item = f"picture:{given / 'logo.png'}"
    kept = lutu("compose", given, "land_use", "--paper", "a4", "--item", item, "--keep-as", "月报")
    assert kept.code == 0, kept.said
    assert lutu("compose", given, "--json").json["templates"] == ["月报"]
    assert "月报" in lutu("compose", given).said
    out = tmp_path / "x.png"
    assert lutu("compose", given, "--template", "月报", "--to", out).code == 0
    assert Image.open(out).size == (3508, 2480)
    assert lutu("compose", given, "--template", "月报", "--paper", "a3", "--to", out).code == 0
    assert Image.open(out).size == (4961, 3508)
    assert lutu("compose", given, "--forget", "月报").code == 0
    assert lutu("compose", given, "--template", "月报", "--to", out).code == 1
    assert lutu("compose", given, "--forget", "月报").code == 1

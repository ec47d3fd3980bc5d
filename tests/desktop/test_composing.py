"""Composing from the command line: what is offered, what is written, and what is refused."""

from __future__ import annotations

from PIL import Image

from desktop.composing import item_of
from reports.sheets.wanted import FreeItem


def test_sheets_that_the_data_allow_are_offered_and_written(given, tmp_path, lutu):
    assert lutu("check", given).code == 0
    offered = lutu("compose", given, "--json").json["sheets"]
    assert "land_use" in offered
    out = tmp_path / "用地.pdf"
    made = lutu("compose", given, "land_use", "--to", out, "--paper", "a4", "--scale", 2000)
    assert made.code == 0 and out.read_bytes().startswith(b"%PDF")


def test_a_sheet_needs_checked_data_a_known_name_and_a_file(given, tmp_path, lutu):
    assert lutu("compose", given).code == 1
    assert lutu("check", given).code == 0
    assert lutu("compose", given, "land_use").code == 1
    assert lutu("compose", given, "no_such_sheet", "--to", tmp_path / "x.pdf").code == 1
    assert lutu("compose", given, "land_use", "--to", tmp_path / "x.pdf", "--centre", "here").code == 1


def test_items_beside_the_map_are_taken_in_their_order_and_all_wrong_ones_are_named(given, tmp_path, lutu):
    assert lutu("check", given).code == 0
    Image.new("RGB", (60, 30), "red").save(tmp_path / "logo.png")
    out = tmp_path / "x.pdf"
    items = [
        "--item",
        f"picture@40:{tmp_path / 'logo.png'}",
        "--item",
        "text:{city}\\n{scenario}",
        "--item",
        "chart@7:typical_day",
    ]
    made = lutu("compose", given, "land_use", "--to", out, *items, "--json")
    assert made.code == 0 and out.exists()
    assert any("典型日" in str(one) for one in made.json["problems"])  # nothing was assessed yet
    assert lutu("compose", given, "land_use", "--to", out, "--item", "film:x").code == 1
    wrong = lutu("compose", given, "land_use", "--to", out, "--item", "text:{capital}", "--item", "chart:x")
    assert wrong.code == 1 and "capital" in wrong.said and "targets" in wrong.said


def test_an_item_is_read_with_its_option_and_colons_of_its_words():
    assert item_of("picture@40:C:\\logo.png") == FreeItem("picture", "C:\\logo.png", "40")
    assert item_of("text:a: b\\nc") == FreeItem("text", "a: b\nc")
    assert item_of("chart:targets") == FreeItem("chart", "targets")

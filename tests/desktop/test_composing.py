"""Composing from the command line: what is offered, what is written, and what is refused."""

from __future__ import annotations


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

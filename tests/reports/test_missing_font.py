"""Pages without the font that comes with the program: refused with what to do, never printed empty."""

from __future__ import annotations

import datetime

import pytest

from core.problems import UserError
from core.texts import speaking
from reports import typesetting
from reports.sheets.book import write_sheets
from tests.reports.small_plan import assessments, city, plan


@pytest.fixture(params=["gone", "damaged"])
def without_font(request, tmp_path, monkeypatch):
    file = tmp_path / "NotoSansSC-Regular.otf"
    if request.param == "damaged":
        file.write_bytes(b"no font at all")
    typesetting._glyphs.cache_clear()
    typesetting._fonts.cache_clear()
    monkeypatch.setattr(typesetting, "FONT_FILE", file)
    yield
    monkeypatch.undo()
    typesetting._glyphs.cache_clear()
    typesetting._fonts.cache_clear()


def test_without_its_font_no_page_is_set_and_the_package_to_install_is_named(without_font):
    with pytest.raises(UserError) as refused, speaking("zh"):
        typesetting.pdf("sheet.typ", {}, date=datetime.date(2026, 11, 26))
    (problem,) = refused.value.problems
    with speaking("zh"):
        assert problem.said().startswith("程序自带字体 NotoSansSC-Regular.otf 缺失或损坏。")
    assert "pylopdf-fonts-zh-cn" in problem.said()


def test_without_its_font_no_map_sheet_is_left_half_written(without_font, tmp_path):
    with pytest.raises(UserError):
        write_sheets(city(), assessments(), plan(), tmp_path / "sheets")
    assert not list((tmp_path / "sheets").iterdir())

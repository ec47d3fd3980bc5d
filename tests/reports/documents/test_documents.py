"""Documents: numbers come from the plan alone, people's words are kept, and every difference is found."""

from __future__ import annotations

import datetime
from pathlib import Path

import docx
import openpyxl
import pandas as pd
import pytest

from core.problems import UserError
from core.texts import speaking
from layers.export_workbook import Origin, write_xlsx
from plans import Part
from plans.figures import Figure, Figures
from reports import svg
from reports.documents.blocks import (
    Document,
    Drawing,
    HandBlock,
    Heading,
    Note,
    Paragraph,
    Table,
    TableColumn,
    said,
)
from reports.documents.check import check_word, check_workbook
from reports.documents.hands import problems_of, written_by_hand
from reports.documents.markup import Content, chinese, read
from reports.documents.pdf import preview, write_pdf
from reports.documents.record import Record, beside, compared, record_of
from reports.documents.word import column_widths, write_word

TEXT = """# 总论
本市屋顶光伏 {{ f("pv.kw") }}，替代率 {{ f("rate") }}。{% if value("rate") >= 0.08 %}
达到目标。{% else %}未达到目标。{% endif %}
## 现状
@ 城东地块建筑面积 {{ cell("parcel", "P1", "gfa_m2") }}。
- 第一点
!table parcel title="地块一览" columns="id,gfa_m2,roof_usable_share" total="gfa_m2"
!table missing title="没有的表"
!chart none title="没有的图"
!hand leaders 组织领导
> 规划阶段估算。
"""


def plan(kw: float = 142_000.0, rate: float = 0.088) -> Part:
    parcels = pd.DataFrame(
        {"gfa_m2": [12_345.0, 100_000.0], "roof_usable_share": [0.3, 0.45]},
        index=pd.Index(["P1", "P2"], name="parcel_id"),
    )
    figures = [Figure("pv.kw", "PV capacity", kw, "kWp"), Figure("rate", "Substitution rate", rate, "%")]
    return Part(tables={"parcel": parcels}, figures=Figures.of(figures))


def document(
    folder: Path, made: Part, hands: dict[str, tuple[str, ...]] | None = None, words: str = TEXT
) -> Document:
    (folder / "方案.md").write_text(words, encoding="utf-8")
    with speaking("zh"):
        blocks = read("方案.md", Content(made, {}, {}, {}, hands or {}, [folder]))
    return Document("方案", "小城实施方案", "", "规划局", "2026年11月", blocks)


def test_numbers_stand_in_the_text_as_the_plan_says_them(tmp_path: Path) -> None:
    lines = [said(line) for line in document(tmp_path, plan()).lines()]
    assert lines[1:3] == ["本市屋顶光伏 142\u00a0MWp，替代率 8.8%。", "达到目标。"]
    assert "1.23\u00a0万㎡" in lines[4]


def test_a_sentence_follows_the_figure(tmp_path: Path) -> None:
    assert "未达到目标。" in "".join(map(said, document(tmp_path, plan(rate=0.05)).lines()))


def test_chapters_articles_tables_and_gaps_are_numbered_and_named(tmp_path: Path) -> None:
    blocks = document(tmp_path, plan()).blocks
    assert [one.number for one in blocks if isinstance(one, Heading)] == ["第一章\u3000", "（一）"]
    assert [one.number for one in blocks if isinstance(one, Paragraph) and one.number] == ["第一条"]
    table = next(one for one in blocks if isinstance(one, Table))
    assert table.number == "表 1-1"
    assert table.columns[1].unit == "万㎡"
    assert table.total[1] == "11.23"
    gaps = [said(one.line) for one in blocks if isinstance(one, Note)]
    assert gaps[:2] == ["（没有的表：本次缺少所需资料。）", "（没有的图：本次缺少所需资料。）"]


@pytest.mark.parametrize(
    "words", ['{{ f("nothing") }}', "!odd x", '!table parcel columns="nothing"', "{% if %}"]
)
def test_a_text_that_names_what_is_not_there_is_refused(tmp_path: Path, words: str) -> None:
    with pytest.raises(UserError):
        document(tmp_path, plan(), words=words)


def test_word_and_print_hold_the_same_document(tmp_path: Path) -> None:
    made = document(tmp_path, plan())
    with speaking("zh"):
        write_word(made, tmp_path / "a.docx")
        write_pdf(made, tmp_path / "a.pdf", datetime.date(2026, 11, 26))
        assert len(preview(made)) >= 3
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    checked = check_word(tmp_path / "a.docx", made)
    assert checked.problems == ()
    assert checked.numbers > 8


def test_a_moved_plan_is_told_from_an_old_file(tmp_path: Path) -> None:
    with speaking("zh"):
        write_word(document(tmp_path, plan()), tmp_path / "a.docx")
        problems = check_word(tmp_path / "a.docx", document(tmp_path, plan(kw=150_000.0))).problems
    assert len(problems) == 1
    assert "142" in problems[0].said() and "150" in problems[0].said()


def test_what_a_person_writes_is_kept_and_what_he_changes_elsewhere_is_said(tmp_path: Path) -> None:
    file = tmp_path / "a.docx"
    with speaking("zh"):
        made = document(tmp_path, plan())
        write_word(made, file)
        record_of(made, plan().figures, "2026-11-26").write(beside(file))
        assert written_by_hand(file).hands == {}
        opened = docx.Document(str(file))
        for paragraph in opened.element.body.iter(
            "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"
        ):
            if paragraph.text.startswith("〔待填写"):
                paragraph.text = "由市长任组长。"
            if paragraph.text.startswith("—第一点"):
                paragraph.text = "—改过的一点"
        opened.save(str(file))
        found = written_by_hand(file)
        again = document(tmp_path, plan(), hands=found.hands)
    assert found.hands == {"leaders": ("由市长任组长。",)}
    assert found.elsewhere == ("改过的一点",)
    assert len(problems_of(found, tmp_path / "a.旧版.docx")) == 1
    assert next(one for one in again.blocks if isinstance(one, HandBlock)).lines == ("由市长任组长。",)


def test_two_versions_are_compared_line_by_line_and_figure_by_figure(tmp_path: Path) -> None:
    old = record_of(document(tmp_path, plan()), plan().figures, "1")
    later = plan(kw=150_000.0)
    new = record_of(document(tmp_path, later), later.figures, "2")
    old.write(tmp_path / "old.json")
    changes = compared(Record.read(tmp_path / "old.json"), new)
    assert ("PV capacity", "142\u00a0MWp", "150\u00a0MWp") in [
        (one.where, one.before, one.after) for one in changes
    ]
    assert any("150" in one.after and one.where.startswith("第一章") for one in changes)


def test_totals_of_the_workbook_are_formulas_and_every_cell_agrees(tmp_path: Path) -> None:
    file = tmp_path / "附表.xlsx"
    write_xlsx(file, plan().tables, Origin("小城", datetime.date(2026, 11, 26)), totals=True)
    assert openpyxl.load_workbook(file)["parcel"]["B5"].value == "=SUM(B3:B4)"
    assert check_workbook(file, plan()).problems == ()
    book = openpyxl.load_workbook(file)
    book["parcel"]["B3"] = 5
    book.save(file)
    found = [one.values["where"] for one in check_workbook(file, plan()).problems]
    assert found == ["parcel!B3 gfa_m2", "parcel!B5"]  # the cell, and the total that follows it


def test_a_chart_becomes_a_picture_with_words_for_those_who_cannot_see_it(tmp_path: Path) -> None:
    picture = svg.picture(50, 20, [svg.rectangle(0, 0, 9, 9, 'fill="#123456"')])
    made = Document("", "题", "", "", "", (Drawing("图", picture, "一个方块", "图 1-1"),))
    with speaking("zh"):
        write_word(made, tmp_path / "a.docx")
    shape = docx.Document(str(tmp_path / "a.docx")).inline_shapes[0]
    assert shape._inline.docPr.get("descr") == "一个方块"


def test_numbers_are_said_in_chinese() -> None:
    said_so = {
        0: "零",
        1: "一",
        10: "十",
        11: "十一",
        20: "二十",
        21: "二十一",
        101: "一百零一",
        110: "一百一十",
    }
    assert {number: chinese(number) for number in said_so} == said_so


def test_pages_are_numbered_from_the_text_on(tmp_path: Path) -> None:
    with speaking("zh"):
        write_word(document(tmp_path, plan()), tmp_path / "a.docx")
    front, body = docx.Document(str(tmp_path / "a.docx")).sections[:2]
    assert "PAGE" not in front.footer._element.xml
    assert "PAGE" in body.footer._element.xml
    assert 'w:start="1"' in body._sectPr.xml


def test_a_short_word_in_a_narrow_column_stays_on_one_line() -> None:
    columns = tuple(TableColumn(name, name, "", False) for name in ("state", "text"))
    table = Table("", "", columns, (("资料不足", "字" * 60),), (("资料不足", "字" * 60),))
    state, words = column_widths(table, 156, 9)
    assert state >= 4 * 9 * 0.3528
    assert state + words == pytest.approx(156)

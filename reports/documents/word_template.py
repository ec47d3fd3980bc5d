"""The Word template: page and styles of official documents after GB/T 9704-2012; a city may lay its own over it.

    python -m reports.documents.word_template

writes `reports/templates/documents/official.docx`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from reports.documents.word_parts import add_field, set_fonts, set_language

TEMPLATE = Path(__file__).parents[1] / "templates" / "documents" / "official.docx"
BODY_PT, TITLE_PT, SMALL_PT, TABLE_PT = 16, 22, 10.5, 10.5  # 三号, 二号, 五号
LINE_PT = 28
SONG, FANG, HEI, KAI = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312"


def make() -> Any:
    """The template as a document without content."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(28)
    _page_number(section.footer.paragraphs[0])
    styles = document.styles
    set_language(styles)
    _body(styles["Normal"], FANG, BODY_PT)
    for level, font in enumerate((HEI, KAI, FANG), start=1):
        heading = styles[f"Heading {level}"]
        _body(heading, font, BODY_PT)
        heading.font.bold = level == 3
        heading.font.color.rgb = RGBColor(0, 0, 0)
        heading.paragraph_format.keep_with_next = True
        heading.paragraph_format.first_line_indent = Pt(2 * BODY_PT)
        heading.paragraph_format.space_before = Pt(6 if level < 3 else 0)
    title = styles["Title"]
    _body(title, SONG, TITLE_PT)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.line_spacing = Pt(36)
    title.font.color.rgb = RGBColor(0, 0, 0)
    for line in title.element.pPr.findall(qn("w:pBdr")):  # no rule under a title
        title.element.pPr.remove(line)
    body = styles.add_style("Body", WD_STYLE_TYPE.PARAGRAPH)
    body.base_style = styles["Normal"]
    body.paragraph_format.first_line_indent = Pt(2 * BODY_PT)
    for name, font, size, centred in (
        ("Caption line", HEI, 12, True),
        ("Small print", FANG, SMALL_PT, False),
        ("Table note", FANG, SMALL_PT, False),
        ("Cell", FANG, TABLE_PT, False),
        ("Imprint", FANG, BODY_PT, True),
        ("Hand prompt", FANG, BODY_PT, False),
    ):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = styles["Normal"]
        _body(style, font, size, line_pt=None)
        if centred:
            style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    styles["Caption line"].paragraph_format.space_before = Pt(8)
    styles["Caption line"].paragraph_format.space_after = Pt(4)
    styles["Hand prompt"].paragraph_format.first_line_indent = Pt(2 * BODY_PT)
    styles["Hand prompt"].font.color.rgb = RGBColor(0x80, 0x80, 0x80)
    return document


def _body(style: Any, chinese: str, size: float, line_pt: float | None = LINE_PT) -> None:
    set_fonts(style, chinese)
    style.font.size = Pt(size)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    if line_pt is not None:
        style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        style.paragraph_format.line_spacing = Pt(line_pt)
    else:
        style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE


def _page_number(paragraph: Any) -> None:
    """Page number between dashes, centred (GB/T 9704 has it outside; one side is printed here)."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("— ")
    add_field(paragraph, "PAGE", "1")
    paragraph.add_run(" —")


if __name__ == "__main__":
    make().save(TEMPLATE)

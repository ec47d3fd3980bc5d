"""Parts of Word files that python-docx has no words for: fonts of two scripts, fields, repeated heads, content controls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm

from core.texts import THIN_SPACE

OF_THE_TEXT = (
    "Heading1",
    "Heading2",
    "Heading3",
    "Body",
    "Smallprint",
)  # styles of running text, as files name them
TWIPS_PER_MM = 56.7
ABOVE_MM = 0.5  # room above and below the words of a cell
NARROW_SPACE = "\u202f"  # as wide as a thin space, and no line ends at it
HAND = "hand:"  # begins the tag of a place where people write


def element(name: str, **attributes: str) -> Any:
    """An element of WordprocessingML with its attributes."""
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def set_fonts(style: Any, chinese: str, latin: str = "Times New Roman") -> None:
    """The fonts of a style for Chinese and for Latin letters and digits."""
    style.font.name = latin
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{key}"), latin)
    fonts.set(qn("w:eastAsia"), chinese)


def set_language(styles: Any) -> None:
    """The words of a document are Chinese: which glyphs stand for them, and where lines may break, follows from it."""
    for one in styles.element.iter(qn("w:lang")):
        one.set(qn("w:eastAsia"), "zh-CN")


def unbroken(words: str) -> str:
    """Words whose thousands are not parted at the end of a line; Word breaks at other thin spaces."""
    return words.replace(THIN_SPACE, NARROW_SPACE)


def plain(words: str) -> str:
    """Words of a file as the program says them; the way back from `unbroken`."""
    return words.replace(NARROW_SPACE, THIN_SPACE)


def keep_with_next(row: Any) -> None:
    """Keep a row on the page of the one after it."""
    for cell in row.cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True


def add_field(paragraph: Any, instruction: str, shown: str = "") -> None:
    """A field that Word computes: page number or table of contents; `shown` stands there until it does."""
    for kind in ("begin", "separate", "end"):
        if kind == "separate":
            run = paragraph.add_run()
            code = element("instrText")
            code.set(qn("xml:space"), "preserve")
            code.text = instruction
            run._r.append(code)
        run = paragraph.add_run()
        run._r.append(element("fldChar", fldCharType=kind))
        if kind == "separate" and shown:
            paragraph.add_run(shown)


def repeat_head(row: Any) -> None:
    """Have the first row of a table stand on every page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(element("cantSplit"))
    properties.append(element("tblHeader"))


def keep_whole(row: Any) -> None:
    """Keep a row on one page."""
    row._tr.get_or_add_trPr().append(element("cantSplit"))


def fix_widths(table: Any, widths: Sequence[float], inset: float) -> None:
    """Widths of the columns of a table, and the room at both sides of the words of a cell. [mm]"""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
            cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    margins = element("tblCellMar")
    for side in ("top", "left", "bottom", "right"):
        room = inset if side in ("left", "right") else ABOVE_MM
        margins.append(element(side, w=str(round(room * TWIPS_PER_MM)), type="dxa"))
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    properties.append(margins) if look is None else look.addprevious(margins)


def number_from_one(front: Any, body: Any) -> None:
    """Pages are numbered from the first of the body on; title and contents in front of it carry no number."""
    number_on(body)
    body._sectPr.append(element("pgNumType", start="1"))
    body.footer.is_linked_to_previous = False
    there = body.footer._element
    for child in list(there):
        there.remove(child)
    for child in list(front.footer._element):
        there.append(child)
    front.footer.add_paragraph()


def number_on(section: Any) -> None:
    """Pages of a section are numbered on from those before it."""
    for kept in section._sectPr.findall(qn("w:pgNumType")):
        section._sectPr.remove(kept)


def shade(cell: Any, colour: str) -> None:
    """Ground of a cell, `#rrggbb`."""
    cell._tc.get_or_add_tcPr().append(
        element("shd", val="clear", color="auto", fill=colour.removeprefix("#").upper())
    )


def update_fields_on_opening(document: Any) -> None:
    """Word computes the table of contents when it opens the file."""
    settings = document.settings.element
    if settings.find(qn("w:updateFields")) is None:
        settings.append(element("updateFields", val="true"))


def wrap_as_hand_block(paragraphs: Sequence[Any], name: str, prompt: str) -> None:
    """Put paragraphs into a content control that people write in."""
    first = paragraphs[0]._p
    control, properties, content = element("sdt"), element("sdtPr"), element("sdtContent")
    properties.append(element("alias", val=prompt[:60]))
    properties.append(element("tag", val=f"{HAND}{name}"))
    control.append(properties)
    control.append(content)
    first.addprevious(control)
    for one in paragraphs:
        content.append(one._p)


def hand_blocks(document: Any) -> Iterator[tuple[str, list[str]]]:
    """Every place where people write, by name, with its lines."""
    for control in document.element.body.iter(qn("w:sdt")):
        tag = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
        value = "" if tag is None else str(tag.get(qn("w:val")))
        if value.startswith(HAND):
            lines = [_words(one) for one in control.iter(qn("w:p"))]
            yield value.removeprefix(HAND), lines


def paragraphs_outside(document: Any) -> Iterator[tuple[str, str]]:
    """Style and words of every paragraph of the body that is in no table and in no place where people write."""
    for child in document.element.body:
        if child.tag == qn("w:p"):
            style = child.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
            yield ("" if style is None else str(style.get(qn("w:val")))), _words(child)


def _words(paragraph: Any) -> str:
    return plain("".join(str(one.text or "") for one in paragraph.iter(qn("w:t"))))

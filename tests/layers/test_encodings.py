"""Encodings of Chinese files: what the file says, what its bytes say, what the user says."""

import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.problems import Severity, UserError
from layers import encodings

NAMES = ["二类居住用地", "金鸡湖街道", "商业服务业用地", "建筑面积（㎡）"]
COMMON = st.text(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5).filter(
        lambda c: len(c.encode("gb2312", "ignore")) == 2 and c.encode("gb2312")[0] < 0xD8
    ),
    min_size=4,
    max_size=12,
)


def texts(encoding):
    return [name.encode(encoding) for name in NAMES]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_bytes_tell_their_encoding_and_the_choice_is_said(encoding):
    choice = encodings.choose(texts(encoding), "地块.dbf")
    assert choice.encoding == encoding and choice.reason == "bytes"
    assert [problem.severity for problem in choice.problems] == [Severity.NOTE]
    assert choice.candidates[0].sample[0] == "二类居住用地"


@given(COMMON, st.sampled_from(["utf-8", "gb18030"]))
def test_four_common_characters_are_enough_to_tell(name, encoding):
    assert encodings.choose([name.encode(encoding)], "x").encoding == encoding


def test_a_true_cpg_is_believed():
    choice = encodings.choose(texts("gb18030"), "a.dbf", stated="GBK")
    assert (choice.encoding, choice.reason) == ("gb18030", "cpg")


def test_a_wrong_cpg_is_not_believed_and_that_is_said():
    choice = encodings.choose(texts("gb18030"), "a.dbf", stated="UTF-8")
    assert choice.encoding == "gb18030" and choice.problems[0].severity is Severity.WARNING
    assert "says its text is UTF-8, but it reads as GB18030" in choice.problems[0].said()


def test_a_wrong_cpg_is_said_even_where_the_head_of_the_table_is_right():
    choice = encodings.choose(texts("gb18030"), "a.dbf", stated="UTF-8", language_byte=0x4D)
    assert choice.encoding == "gb18030" and choice.problems[0].severity is Severity.WARNING


def test_a_language_byte_of_936_over_utf8_text_is_not_believed():
    choice = encodings.choose(texts("utf-8"), "a.dbf", language_byte=0x4D)
    assert choice.encoding == "utf-8" and choice.problems[0].severity is Severity.WARNING


def test_the_user_is_believed_but_told_when_the_text_reads_badly():
    choice = encodings.choose(texts("gb18030"), "a.dbf", override="utf-8")
    assert choice.encoding == "utf-8" and "reads better as GB18030" in choice.problems[0].said()


def test_an_encoding_nobody_knows_is_refused():
    with pytest.raises(UserError, match="no encoding called klingon"):
        encodings.choose([], "a.dbf", override="klingon")


def test_plain_letters_need_no_choice():
    choice = encodings.choose([b"R2", b"A33"], "a.dbf")
    assert choice.encoding == "utf-8" and choice.problems == ()


def test_a_swedish_town_is_not_taken_for_chinese():
    assert encodings.choose(["Göteborg".encode()], "a.csv").encoding == "utf-8"


def test_a_text_cut_inside_its_last_character_still_tells_its_encoding():
    assert encodings.choose(["用地面积".encode()[:10]], "a.dbf").candidates[0].broken == 0


@pytest.mark.parametrize(("said", "name"), [("936", "gb18030"), ("65001", "utf-8"), ("GB2312", "gb18030")])
def test_code_pages_are_known_by_number(said, name):
    assert encodings.encoding_name(said) == name


@pytest.mark.parametrize(("city", "first"), [("shanghai", "宝山区"), ("chongqing", "奉节县")])
def test_districts_of_two_cities_read_as_the_head_of_their_table_says(shared, tmp_path, city, first):
    archive = zipfile.ZipFile(shared / f"data/cn_gbk_shapefiles/{city}_districts_gbk.zip")
    (tmp_path / "a.dbf").write_bytes(archive.read("区县界_area.dbf"))
    choice = encodings.of_dbf(tmp_path / "a.dbf", None)
    assert (choice.encoding, choice.reason) == ("gb18030", "language_byte")
    assert first in choice.candidates[0].sample and choice.candidates[0].score > 0.95

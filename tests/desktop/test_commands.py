"""The command line: what it gives, what it says, what it refuses, and with which exit code."""

from __future__ import annotations

import json
import shlex
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import click
import openpyxl
import pyogrio
import pytest

from core.texts import catalogue
from desktop import commands, result_commands
from desktop.cli import lutu as group
from tests.desktop.conftest import Lutu

HELPED = [one for one in group.commands.values() if one.name]


# Help and usage


def test_help_lists_the_commands_in_the_order_of_the_work(lutu: Lutu) -> None:
    said = lutu("--help").out
    places = [said.index(f"\n  {name} ") for name in ("new", "add", "check", "assess", "report", "export")]
    assert places == sorted(places)


@pytest.mark.parametrize("command", HELPED, ids=lambda command: str(command.name))
def test_every_command_has_help_with_examples_in_both_languages(command: click.Command, lutu: Lutu) -> None:
    chinese = lutu(command.name, "--help", "--language", "zh")
    english = lutu(command.name, "--help", "--language", "en")
    assert (chinese.code, english.code) == (0, 0)
    assert f"\n  lutu {command.name}" in chinese.out and "示例：" in chinese.out and "用法：" in chinese.out
    assert f"\n  lutu {command.name}" in english.out and "Examples:" in english.out
    assert "显示本说明" in chinese.out and "Show this help." in english.out


@pytest.mark.parametrize("command", HELPED, ids=lambda command: str(command.name))
def test_every_option_and_argument_is_explained_in_chinese(command: click.Command) -> None:
    known = catalogue("zh")
    keys = [
        command.help,
        *(getattr(one, "key", None) or getattr(one, "help", None) for one in command.params),
    ]
    assert [key for key in keys if key not in known] == []


def test_an_example_of_help_is_understood(
    lutu: Lutu, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Every example is read without an error of usage; folders and files of the examples are not there."""
    monkeypatch.chdir(tmp_path)
    for command in (
        commands.add,
        commands.assess,
        commands.set_value,
        commands.check,
        result_commands.report,
    ):
        for example in command.examples:
            answer = lutu(*shlex.split(example)[1:])
            assert (answer.code, example) == (1, example)
            assert "no project in qinghe" in answer.said


def test_help_does_not_wait_for_what_only_the_work_needs() -> None:
    code = (
        "import sys; from desktop.cli import main; main(['--help']);"
        "sys.exit(', '.join({'pandas', 'geopandas', 'numba', 'pvlib', 'matplotlib'} & set(sys.modules)))"
    )
    root = Path(__file__).resolve().parents[2]
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False
    )
    assert ended.stderr.strip() == ""
    assert "Commands:" in ended.stdout or "命令" in ended.stdout


def test_no_words_at_all_show_the_help(lutu: Lutu) -> None:
    answer = lutu()
    assert answer.code == 2
    assert "Commands:" in answer.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["chek"], "no command chek; did you mean check?"),
        (["check"], "FOLDER is missing."),
        (["check", "x", "y", "z"], "Not understood: y z."),
        (["check", "x", "--jsno"], "no option --jsno; did you mean --json?"),
        (["export", "x", "--as", "doc"], "--as must be one of: gpkg, shp"),
        (["demo", "--out", "x", "--reports", "many"], "--reports must be a whole number"),
        (["demo", "--out"], "--out needs a value."),
        (["report", "x"], "Name parcels, or say --all."),
        (["report", "x", "P0", "--all"], "Name parcels, or say --all."),
        (["add", "x", "building"], "Name the file to read."),
        (["set", "x", "building", "height_m", "3", "B0", "--wy", "x"], "no option --wy"),
    ],
)
def test_wrong_usage_says_what_is_wrong_and_where_help_is(words: list[str], said: str, lutu: Lutu) -> None:
    answer = lutu(*words)
    assert answer.code == 2
    assert said in answer.err
    assert "--help" in answer.err
    assert answer.out == ""


def test_wrong_usage_is_said_in_chinese_and_as_json(lutu: Lutu) -> None:
    answer = lutu("export", "x", "--as", "doc", "--json", "--language=zh")
    assert answer.code == 2
    assert answer.json["status"] == "usage"
    assert answer.json["message"].startswith("--as 只能是：gpkg")


# Languages


@pytest.mark.parametrize(("locale", "said"), [("zh_CN.UTF-8", "中没有项目"), ("en_GB.UTF-8", "no project")])
def test_messages_follow_the_language_of_the_system(
    locale: str, said: str, lutu: Lutu, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("LUTU_LANGUAGE")
    monkeypatch.setenv("LC_ALL", locale)
    assert said in lutu("check", tmp_path).err


def test_the_language_can_be_asked_for_anywhere_among_the_words(lutu: Lutu, tmp_path: Path) -> None:
    assert "中没有项目" in lutu("--language", "zh", "check", tmp_path).err
    assert "中没有项目" in lutu("check", tmp_path, "--language", "zh").err
    assert "no project" in lutu("check", tmp_path).err


# The whole way


def test_new_takes_the_zone_of_the_nearest_city_and_the_name_of_the_folder(
    lutu: Lutu, tmp_path: Path
) -> None:
    answer = lutu("new", tmp_path / "青禾市", "--city", "西安", "--json")
    assert answer.code == 0
    assert answer.json["name"] == "青禾市"
    assert answer.json["crs"] == "CGCS2000 / 3-degree Gauss-Kruger CM 108E"


def test_add_says_how_many_rows_came_from_where(empty: Path, files: Path, lutu: Lutu) -> None:
    answer = lutu("add", empty, "parcel", files / "city.gpkg", "--layer", "地块", "--json")
    assert answer.code == 0
    assert (answer.json["what"], answer.json["rows"]) == ("parcel", 2)


def test_check_lists_everything_and_ends_well_without_errors(ready: Path, lutu: Lutu) -> None:
    answer = lutu("check", ready)
    assert answer.code == 0
    assert "Errors: 0." in answer.out


def test_check_as_json_counts_what_it_lists(ready: Path, lutu: Lutu) -> None:
    facts = lutu("check", ready, "--json").json
    severities = [one["severity"] for one in facts["problems"]]
    for kind in ("error", "warning", "note"):
        assert facts[kind] == severities.count(kind)


def test_assess_report_and_export_give_the_same_figures(ready: Path, lutu: Lutu, tmp_path: Path) -> None:
    totals = lutu("assess", ready, "rooftop", "--set", "cell_m=2", "--json").json["totals"]["rooftop"]
    assert totals["buildings"] == 6
    assert 900 < totals["pv_kwh_per_year"] / totals["pv_kwp"] < 1300
    exported = lutu("export", ready, "--as", "gpkg", "--out", tmp_path / "out", "--json")
    assert exported.code == 0
    [file] = exported.json["files"]
    summed = pyogrio.read_dataframe(file, layer="Buildings")["pv_kwh_per_year"].sum()
    assert summed == totals["pv_kwh_per_year"]
    reported = lutu("report", ready, "P0", "P1", "P0", "--out", tmp_path / "pdf", "--json")
    assert [Path(one).name for one in reported.json["files"]] == ["P0.pdf", "P1.pdf"]
    assert all(Path(one).read_bytes().startswith(b"%PDF") for one in reported.json["files"])


def test_every_format_is_written_when_none_is_named(ready: Path, lutu: Lutu) -> None:
    assert lutu("assess", ready, "rooftop", "--set", "cell_m=2").code == 0
    facts = lutu("export", ready, "--json").json
    endings = {Path(one).suffix for one in facts["files"]}
    assert endings == {".gpkg", ".shp", ".geojson", ".tif", ".csv", ".xlsx", ".html"}


def test_set_corrects_and_undo_takes_back(ready: Path, lutu: Lutu) -> None:
    answer = lutu("set", ready, "building", "height_m", "24", "B0", "B1", "--why", "实测")
    assert answer.code == 0
    assert ": 2 rows" in answer.out
    assert lutu("undo", ready, "--json").json["label"] == answer.out.strip()
    assert lutu("undo", ready, "--redo").out.startswith("Made again: ")
    assert lutu("undo", ready).out.startswith("Undone: ")
    assert lutu("undo", ready).out == "There is nothing to undo.\n"
    (change,) = lutu("history", ready, "--json").json["changes"]
    assert change["undone"] is True
    assert lutu("undo", ready, "--to", str(change["number"])).out.startswith("Undone or made again: 1 change")
    assert lutu("history", ready).out.rstrip().endswith("1 change in force.")
    assert lutu("undo", ready, "--to", "0", "--json").json["moved"] == 1
    assert lutu("set", ready, "building", "height_m", "15", "B0").out.startswith("Nothing to change")


def test_results_out_of_date_are_computed_anew(ready: Path, lutu: Lutu) -> None:
    first = lutu("assess", ready, "rooftop", "--set", "cell_m=2", "--json").json["totals"]["rooftop"]
    lutu("set", ready, "building", "planned_demolition", "yes", "B0")
    second = lutu("assess", ready, "--json").json["totals"]["rooftop"]
    assert second["pv_kwp"] < first["pv_kwp"]


def test_results_older_than_the_data_are_said_wherever_they_go(
    ready: Path, lutu: Lutu, tmp_path: Path
) -> None:
    lutu("assess", ready, "rooftop", "--set", "cell_m=2")
    assert lutu("report", ready, "P0", "--json").json["problems"] == []
    assert lutu("export", ready, "--as", "xlsx", "--json").json["problems"] == []
    lutu("set", ready, "building", "height_m", "24", "B0")
    said = "older than the last change of the data"
    words = ("--as", "gpkg", "--as", "xlsx", "--as", "html", "--out", tmp_path / "out")
    exported = lutu("export", ready, *words, "--json").json
    assert [one["severity"] for one in exported["problems"] if said in one["text"]] == ["warning"]
    gpkg, xlsx, page = (Path(one) for one in exported["files"])
    with closing(sqlite3.connect(gpkg)) as base:
        remarks = {row[0] for row in base.execute("SELECT description FROM gpkg_contents")}
    about = openpyxl.load_workbook(xlsx)["About"]
    assert all(said in remark for remark in remarks)
    assert said in str(about["B1"].value)
    assert said in page.read_text("utf-8")
    assert said in lutu("export", ready, "--as", "xlsx").out
    assert said in lutu("report", ready, "P0").out


def test_doctor_finds_this_machine_fit_and_says_so_as_json(lutu: Lutu) -> None:
    facts = lutu("doctor", "--json").json
    assert facts["status"] == "done"
    assert all(one["sound"] or one["optional"] for one in facts["findings"])
    assert lutu("doctor").code == 0


def test_the_window_is_refused_without_a_display(lutu: Lutu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    answer = lutu("gui")
    assert answer.code == 1
    assert "no display" in answer.err


# JSON


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["check", "{project}"], "done"),
        (["undo", "{project}"], "done"),
        (["set", "{project}", "building", "height_m", "20", "B1"], "done"),
        (["add", "{project}", "building", "{file}", "--layer", "建筑", "--list"], "done"),
        (["add", "{project}", "building", "{file}"], "problem"),
        (["assess", "{project}", "--set", "x=1"], "problem"),
        (["assess", "{project}"], "problem"),
        (["report", "{project}", "P0"], "problem"),
        (["export", "{project}"], "problem"),
        (["check", "nowhere"], "problem"),
    ],
)
def test_json_is_one_object_and_nothing_else(
    words: list[str], status: str, given: Path, files: Path, lutu: Lutu
) -> None:
    filled = [word.format(project=given, file=files / "city.gpkg") for word in words]
    answer = lutu(*filled, "--json")
    assert answer.json["status"] == status
    assert answer.code == (1 if status == "problem" else 0)
    assert answer.err == ""
    if status == "problem":
        assert answer.json["problems"] and all(one["text"] for one in answer.json["problems"])


def test_json_of_a_problem_names_the_rows(given: Path, lutu: Lutu) -> None:
    facts = lutu("set", given, "building", "height_m", "9", "B0", "B77", "B78", "--json").json
    assert facts["problems"][0]["rows"] == ["B77", "B78"]


# What was broken is the program's


def test_a_bug_is_said_with_its_log_and_leaves_the_project_as_it_was(
    given: Path, lutu: Lutu, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr("desktop.operations.prepare", broken)
    monkeypatch.setattr("platformdirs.user_log_dir", lambda *_, **__: str(tmp_path / "log"))
    before = (given / "city.gpkg").read_bytes()
    answer = lutu("check", given)
    assert answer.code == 70
    assert "ZeroDivisionError: a bug" in answer.err and "lutu.log" in answer.err
    assert (given / "city.gpkg").read_bytes() == before
    assert lutu("check", given, "--json").json["status"] == "crash"


def test_what_the_system_refuses_is_for_the_user(
    given: Path, lutu: Lutu, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", "/x/y.tif")

    monkeypatch.setattr("desktop.operations.prepare", full)
    answer = lutu("check", given)
    assert answer.code == 1
    assert "/x/y.tif cannot be read or written: No space left on device" in answer.err


def test_memory_that_bursts_is_for_the_user(given: Path, lutu: Lutu, monkeypatch: pytest.MonkeyPatch) -> None:
    def bursting(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("desktop.operations.prepare", bursting)
    answer = lutu("check", given)
    assert answer.code == 1
    assert "Choose larger cells" in answer.err


# Projects


def test_a_project_is_not_made_over_another(empty: Path, lutu: Lutu) -> None:
    answer = lutu("new", empty, "--city", "西安")
    assert answer.code == 1
    assert "already a project" in answer.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "Name one, for instance EPSG:4545"),
        (["--city", "亚特兰蒂斯"], "Choose one of these cities"),
        (["--crs", "EPSG:4490"], "does not measure in metres"),
        (["--crs", "EPSG:3857"], "Web Mercator inflates"),
        (["--crs", "Mars"], "Give an EPSG code"),
    ],
)
def test_a_project_needs_a_place_that_is_known_in_metres(
    options: list[str], said: str, lutu: Lutu, tmp_path: Path
) -> None:
    answer = lutu("new", tmp_path / "p", *options)
    assert answer.code == 1
    assert said in answer.err
    assert not (tmp_path / "p").exists()


def test_a_folder_that_cannot_be_made_is_said(lutu: Lutu, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    answer = lutu("new", tmp_path / "file", "--city", "西安")
    assert answer.code == 1
    assert "cannot be made: File exists" in answer.err


def test_a_broken_project_is_said(empty: Path, lutu: Lutu) -> None:
    (empty / "city.gpkg").write_bytes(b"SQLite format 3\x00 and then nothing")
    answer = lutu("check", empty)
    assert answer.code == 1
    assert "is damaged: file is not a database" in answer.err


def test_a_geopackage_of_another_program_is_no_project(files: Path, lutu: Lutu) -> None:
    answer = lutu("check", files)
    assert answer.code == 1
    assert "not a project of Lütu" in answer.err


def test_a_project_cut_off_in_the_middle_is_said(given: Path, lutu: Lutu) -> None:
    whole = (given / "city.gpkg").read_bytes()
    (given / "city.gpkg").write_bytes(whole[: len(whole) // 2])
    assert lutu("check", given).code == 1


def test_a_project_of_a_newer_program_is_said_and_not_touched(empty: Path, lutu: Lutu) -> None:
    with sqlite3.connect(empty / "city.gpkg") as connection:
        connection.execute("UPDATE lutu_meta SET value = '99' WHERE key = 'store_version'")
        connection.execute("UPDATE lutu_meta SET value = ? WHERE key = 'program'", [json.dumps("9.9")])
    connection.close()
    before = (empty / "city.gpkg").read_bytes()
    answer = lutu("check", empty)
    assert answer.code == 1
    assert "Open it with version 9.9 or newer" in answer.err
    assert (empty / "city.gpkg").read_bytes() == before


def test_a_raster_that_was_deleted_from_the_project_is_said(ready: Path, lutu: Lutu) -> None:
    assert lutu("assess", ready, "rooftop", "--set", "cell_m=2").code == 0
    for file in (ready / "rasters").glob("*.tif"):
        file.unlink()
    answer = lutu("export", ready)
    assert answer.code == 1
    assert "Import the raster again, or assess again" in answer.err


@pytest.mark.parametrize("name", ["a b", "楼#1", "😀 & co", 'o\'brien "x"', "50%"])
def test_names_of_any_letters_go_the_whole_way(name: str, files: Path, lutu: Lutu, tmp_path: Path) -> None:
    folder = tmp_path / name
    (files / "city.gpkg").rename(files / f"{name}.gpkg")
    assert lutu("new", folder, "--city", "西安").code == 0
    assert lutu("add", folder, "building", files / f"{name}.gpkg", "--layer", "建筑").code == 0
    assert lutu("add", folder, "weather").code == 0
    assert lutu("assess", folder, "rooftop", "--set", "cell_m=2").code == 0
    assert lutu("export", folder, "--as", "gpkg", "--as", "csv", "--as", "html").code == 0


def test_a_city_called_what_no_file_may_be_called_is_exported(
    files: Path, lutu: Lutu, tmp_path: Path
) -> None:
    folder = tmp_path / "p"
    assert lutu("new", folder, "--city", "西安", "--name", "A/B: <c>?*#").code == 0
    lutu("add", folder, "building", files / "city.gpkg", "--layer", "建筑")
    lutu("add", folder, "weather")
    lutu("assess", folder, "rooftop", "--set", "cell_m=2")
    facts = lutu("export", folder, "--as", "gpkg", "--json").json
    assert [Path(one).name for one in facts["files"]] == ["A_B_ _c___#.gpkg"]

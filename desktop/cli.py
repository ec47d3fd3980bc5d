"""The command line `lutu`: languages, exit codes and crashes; the commands are in modules beside this one."""

from __future__ import annotations

import errno
import logging
import os
import sys
import traceback
import warnings
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import click

from core import VERSION, texts
from core.jobs import Cancelled
from core.problems import UserError
from core.texts import LANGUAGES, text
from desktop import (
    calculate_commands,
    chart_commands,
    commands,
    compose_commands,
    copy_commands,
    document_commands,
    ground_commands,
    history_commands,
    own_commands,
    picture_commands,
    plan_commands,
    result_commands,
    scenario_commands,
    shape_commands,
    standard_commands,
)
from desktop.click_words import Group, Option, option, said
from desktop.log import log_file
from desktop.session import load_session
from desktop.speaking import MARKS, records, say_json

DONE, USER, USAGE, OUR_BUG, STOPPED = 0, 1, 2, 70, 130
WINDOWS = ("gui", "run")  # commands whose language can change while they run
# What the system refuses for reasons that the user can put right: space, rights, names, devices.
OF_THE_SYSTEM = {
    getattr(errno, name)
    for name in ("ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS", "ENAMETOOLONG", "EIO", "EMFILE", "EBUSY")
    if hasattr(errno, name)
}


@click.group(
    cls=Group,
    help="Lütu finds what sun, ground, water and air can give a city's buildings and parcels.",
    examples=("lutu demo --out qinghe", "lutu check qinghe/project", "lutu gui qinghe/project"),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@option(
    "--language", type=click.Choice(LANGUAGES), expose_value=False, help="Language of messages, zh or en."
)
@click.version_option(VERSION, prog_name="lutu", cls=Option, help="Show the version.")
def lutu() -> None:
    """Group of all commands."""


for _command in (
    commands.new,
    own_commands.project,
    copy_commands.copies,
    copy_commands.save_as,
    commands.add,
    commands.check,
    commands.assess,
    result_commands.assets,
    plan_commands.target,
    own_commands.decide,
    own_commands.grade,
    own_commands.retrofit,
    own_commands.settings,
    own_commands.template,
    standard_commands.standards,
    plan_commands.plan,
    scenario_commands.scenario,
    plan_commands.trace,
    document_commands.document,
    document_commands.sheets,
    compose_commands.compose,
    document_commands.layers,
    result_commands.report,
    result_commands.export,
    result_commands.layout,
    chart_commands.chart,
    picture_commands.picture,
    ground_commands.depth_map,
    commands.set_value,
    shape_commands.draw,
    shape_commands.split,
    shape_commands.merge,
    shape_commands.delete,
    calculate_commands.calculate,
    history_commands.history,
    history_commands.undo,
    result_commands.demo,
    result_commands.gui,
    result_commands.doctor,
    result_commands.run,
):
    lutu.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and give its exit code.

    0 done, 1 the user can put it right, 2 wrong usage, 130 stopped, 70 our bug.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a name of any file can be said anywhere
    with _speaking(words), warnings.catch_warnings():
        if not os.environ.get("LUTU_TRACE"):
            warnings.simplefilter("ignore")  # of libraries, for programmers
        return _run(words, "--json" in words)


def _run(words: list[str], as_json: bool) -> int:
    """Carry out a command; whatever ends it is said and becomes an exit code."""
    try:
        code = lutu.main(args=words, prog_name="lutu", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return USAGE
    except click.ClickException as error:
        _say(_usage(error, as_json), as_json, "usage")
        return USAGE
    except (Cancelled, KeyboardInterrupt, click.Abort):
        _say(text("Stopped. What was not finished is not kept."), as_json, "stopped")
        return STOPPED
    except UserError as error:
        from desktop.copies import with_offer  # late: a command that succeeds need not wait for it

        problems = with_offer(error)
        lines = [f"{MARKS[problem.severity]} {problem.said()}" for problem in problems]
        _say(str(error) if as_json else "\n".join(lines), as_json, "problem", records(problems))
        return USER
    except MemoryError:
        _say(
            text("The memory of this machine is not enough. Choose larger cells or a smaller area."),
            as_json,
            "problem",
        )
        return USER
    except Exception as error:
        if isinstance(error, OSError) and error.errno in OF_THE_SYSTEM:
            _say(_refused_by_system(error), as_json, "problem")
            return USER
        log = log_file()
        logging.getLogger("lutu").exception("crash")
        _say(
            text(
                "Lütu {version} failed: {error}. The trace is in {log}.",
                version=VERSION,
                error=f"{type(error).__name__}: {error}",
                log=log,
            ),
            as_json,
            "crash",
        )
        if os.environ.get("LUTU_TRACE"):
            traceback.print_exc()
        return OUR_BUG
    return code if isinstance(code, int) else DONE


def _speaking(words: list[str]) -> AbstractContextManager[None]:
    """The language of a command; a window speaks that of the program, which its user can change."""
    asked, command = _asked(words)
    if command not in WINDOWS:
        return texts.speaking(asked or texts.language())
    if asked:
        texts.use(asked)
    elif not os.environ.get("LUTU_LANGUAGE"):
        texts.use(load_session().spoken)
    return nullcontext()


def _asked(words: list[str]) -> tuple[str, str]:
    """The language asked for with --language, anywhere among the words, or nothing; and the command."""
    asked, others = "", []
    rest = iter(words)
    for word in rest:
        name, sign, value = word.partition("=")
        if name == "--language":
            asked = value if sign else next(rest, "")
        elif not word.startswith("-"):
            others.append(word)
    return asked if asked in LANGUAGES else "", next(iter(others), "")


def _usage(error: click.ClickException, as_json: bool) -> str:
    """What was wrong with the words, and where the right ones are listed."""
    if as_json:
        return said(error)
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "lutu"
    return said(error) + "\n" + text("See: {command} --help", command=command)


def _refused_by_system(error: OSError) -> str:
    return text(
        "{file} cannot be read or written: {cause}. Check free space and permissions.",
        file=error.filename or "",
        cause=error.strerror or error,
    ).strip()


def _say(message: str, as_json: bool, status: str, problems: list[dict[str, Any]] | None = None) -> None:
    if not as_json:
        click.echo(message, err=True)
    elif problems is None:
        say_json({"status": status, "message": message})
    else:
        say_json({"status": status, "message": message, "problems": problems})

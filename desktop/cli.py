"""The command line `lutu`: languages, exit codes and crashes; the commands are in `desktop.commands`."""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
from collections.abc import Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path

import click
import platformdirs

from core import VERSION, texts
from core.jobs import Cancelled
from core.problems import UserError
from core.texts import text

DONE, USER, USAGE, OUR_BUG, STOPPED = 0, 1, 2, 70, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and give its exit code.

    0 done, 1 the user can put it right, 2 wrong usage, 130 stopped, 70 our bug.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    _choose_language(words)
    from desktop.commands import lutu  # late: its help is written in the chosen language

    as_json = "--json" in words
    try:
        lutu.main(args=words, prog_name="lutu", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.Abort:
        return STOPPED
    except (Cancelled, KeyboardInterrupt):
        _say(text("Stopped. Nothing was changed."), as_json, "stopped")
        return STOPPED
    except click.ClickException as error:
        error.show()
        return USAGE
    except UserError as error:
        _say(str(error), as_json, "problem")
        return USER
    except Exception as error:
        log = log_file()
        logging.getLogger("lutu").exception("crash")
        _say(
            text(
                "Lütu {version} failed: {error}. The trace is in {log}.",
                version=VERSION,
                error=error,
                log=log,
            ),
            as_json,
            "crash",
        )
        if os.environ.get("LUTU_TRACE"):
            traceback.print_exc()
        return OUR_BUG
    return DONE


def log_file() -> Path:
    """The log of the program; made on first use."""
    folder = Path(platformdirs.user_log_dir("lutu", appauthor=False))
    path = folder / "lutu.log"
    logger = logging.getLogger("lutu")
    if not logger.handlers:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            logger.addHandler(RotatingFileHandler(path, maxBytes=1_000_000, backupCount=3, encoding="utf-8"))
        except OSError:
            logger.addHandler(logging.StreamHandler())
    return path


def _choose_language(words: list[str]) -> None:
    for number, word in enumerate(words):
        name, _, value = word.partition("=")
        if name == "--language":
            chosen = value or (words[number + 1] if number + 1 < len(words) else "")
            if chosen in texts.LANGUAGES:
                texts.use(chosen)


def _say(message: str, as_json: bool, kind: str) -> None:
    if as_json:
        click.echo(json.dumps({"status": kind, "message": message}, ensure_ascii=False))
    else:
        click.echo(message, err=True)

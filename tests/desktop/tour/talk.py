"""A talk with a program: questions in lines, answers in JSON, each within a time; a program that ended is said at once."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

ANSWER_S = 120.0  # the program is loaded before it answers for the first time
LOOK_AGAIN_S = 0.2  # whether the program still runs
STOP_S = 10.0
LAST_WORDS = 4000


class Ended(RuntimeError):
    """The program ended while somebody still wanted something of it."""


class Talk:
    """One program that is started, asked, and stopped.

    Parameters
    ----------
    command : sequence of str
        What is started. It reads questions on standard input and answers each with one line of JSON:
        `{"answer": ...}`, or `{"trouble": "..."}` where it could not.
    environment : mapping
        Its environment.
    errors : Path
        File that gets what it writes to standard error.
    answer_s : float
        Longest time that an answer may take. [s]
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        errors: Path,
        answer_s: float = ANSWER_S,
    ) -> None:
        self.errors, self.answer_s = errors, answer_s
        with errors.open("wb") as file:
            self.program = subprocess.Popen(
                command,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=file,
                text=True,
                encoding="utf-8",
            )
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._listen, name="answers", daemon=True).start()

    def _listen(self) -> None:
        assert self.program.stdout is not None
        for line in self.program.stdout:
            self._lines.put(line)

    def ask(self, question: str) -> Any:
        """What the program answers.

        Raises
        ------
        Ended
            The program ended; says with which code and what it wrote to standard error.
        RuntimeError
            It could not answer; says why.
        TimeoutError
            It runs and does not answer.
        """
        assert self.program.stdin is not None
        try:
            self.program.stdin.write(question + "\n")
            self.program.stdin.flush()
        except BrokenPipeError:
            self.program.wait(STOP_S)
            self.runs(question)
            raise
        said = json.loads(self._line(question))
        if "trouble" in said:
            raise RuntimeError(f"no answer to: {question}\n{said['trouble']}")
        return said["answer"]

    def _line(self, question: str) -> str:
        end = time.monotonic() + self.answer_s
        while time.monotonic() < end:
            with suppress(queue.Empty):
                return self._lines.get(timeout=LOOK_AGAIN_S)
            self.runs(question)
        raise TimeoutError(f"no answer within {self.answer_s:g} s: {question}\n{self.last_words()}")

    def runs(self, wanted: str) -> None:
        """Make sure that the program runs, of which something is wanted; raises `Ended` else."""
        code = self.program.poll()
        if code is not None:
            raise Ended(f"the program ended with {code}; wanted was: {wanted}\n{self.last_words()}")

    def last_words(self) -> str:
        """The end of what the program wrote to standard error."""
        return self.errors.read_text("utf-8", errors="replace")[-LAST_WORDS:]

    def stop(self) -> None:
        """End the program, by force where it does not hear."""
        stop(self.program)


def stop(program: subprocess.Popen[Any]) -> None:
    """End a program, by force where it does not hear."""
    program.terminate()
    try:
        program.wait(STOP_S)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait(STOP_S)

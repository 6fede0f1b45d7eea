"""A line counts for the question that was on the screen when it was typed, and for no other."""

import asyncio
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from workbench.cli.keyboard import Keyboard, read_line
from workbench.cli.terminal import Terminal

if sys.platform == "win32":
    pytest.skip("pseudo terminals", allow_module_level=True)

import pty
import tty


@pytest.fixture
def hand(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The other end of a terminal that is standard input."""
    ours, theirs = pty.openpty()
    tty.setcbreak(theirs)
    with io.TextIOWrapper(io.BufferedReader(io.FileIO(theirs)), encoding="utf-8") as terminal:
        monkeypatch.setattr("sys.stdin", terminal)
        yield ours
        os.write(ours, b"\n")  # for a thread that still reads
    os.close(ours)


class Prompt(Terminal):
    """A terminal that says when a question is on the screen."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []
        self.is_shown = asyncio.Event()

    def ask(self, prompt: str) -> None:
        self.shown.append(prompt)
        self.is_shown.set()


async def test_what_was_typed_before_the_question_is_no_answer_to_it(hand: int) -> None:
    prompt = Prompt()
    os.write(hand, b"a\n")
    asked = asyncio.create_task(Keyboard(prompt).line("? "))
    await prompt.is_shown.wait()
    os.write(hand, b"r\n")
    assert await asked == "r"


async def test_a_line_typed_for_a_question_that_went_away_answers_the_next_one_only_if_typed_after_it(
    hand: int,
) -> None:
    prompt = Prompt()
    keyboard = Keyboard(prompt)
    first = asyncio.create_task(keyboard.line("first? "))
    await prompt.is_shown.wait()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    prompt.is_shown.clear()
    second = asyncio.create_task(keyboard.line("second? "))
    await prompt.is_shown.wait()
    os.write(hand, b"for the second\n")
    assert await second == "for the second"
    assert prompt.shown == ["first? ", "second? "]


def test_bytes_that_are_no_text_do_not_stop_the_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "typed").write_bytes(b"\xff\xed\xa0\x80a\r\nsecond")
    with (tmp_path / "typed").open(encoding="utf-8") as typed:
        monkeypatch.setattr("sys.stdin", typed)
        line = read_line()
        assert line is not None
        assert (line[0], line[-1]) == ("\ufffd", "a")
        assert line.encode()
        assert read_line() == "second"
        assert read_line() is None


def test_the_program_ends_in_the_middle_of_a_question(tmp_path: Path) -> None:
    code = (
        "import asyncio\n"
        "from workbench.cli.keyboard import Keyboard\n"
        "from workbench.cli.terminal import Terminal\n"
        "async def main():\n"
        "    try:\n"
        "        async with asyncio.timeout(0.2): await Keyboard(Terminal()).line('? ')\n"
        "    except TimeoutError: print('left')\n"
        "asyncio.run(main())\n"
    )
    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-c", code], stdin=theirs, capture_output=True, text=True, timeout=60, check=False
        )
    finally:
        os.close(ours)
        os.close(theirs)
    assert (done.returncode, done.stdout, done.stderr) == (0, "? left\n", "")

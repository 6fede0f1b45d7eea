"""A child process that is started and not wanted any more is gone."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.engine.child_process import spawn

pytestmark = pytest.mark.child_process

PIPES = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}


async def test_a_child_that_is_started_answers() -> None:
    process = await spawn(sys.executable, "-c", "print('here')", **PIPES)
    said, _ = await process.communicate()
    assert said.strip() == b"here"


@pytest.mark.skipif(sys.platform == "win32", reason="groups have no number there")
async def test_ctrl_c_in_the_terminal_is_not_for_a_child() -> None:
    process = await spawn(sys.executable, "-c", "import os; print(os.getpgrp() == os.getpid())", **PIPES)
    said, _ = await process.communicate()
    assert said.strip() == b"True"


@pytest.mark.parametrize("steps", range(8))
async def test_a_start_that_is_cancelled_at_any_step_leaves_no_child(steps: int, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    code = f"import os, sys; open({str(note)!r}, 'w').write(str(os.getpid())); sys.stdin.read()"
    starting = asyncio.ensure_future(spawn(sys.executable, "-c", code, **PIPES))
    for _ in range(steps):
        await asyncio.sleep(0)
    if starting.done():  # it was up before it could be cancelled: the ordinary case, ended by the code that started it
        process = starting.result()
        process.kill()
        await process.wait()
        process._transport.close()  # type: ignore[attr-defined]
        return
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    if note.exists() and (text := note.read_text()):
        with pytest.raises(ProcessLookupError):
            os.kill(int(text), 0)


async def test_a_program_that_is_not_there_is_said() -> None:
    with pytest.raises(FileNotFoundError):
        await spawn("there-is-no-such-program", **PIPES)

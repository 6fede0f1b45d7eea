"""How calls of Python functions are ended: time-out, Stop, crash, close."""

import asyncio
import os
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.support.python_workers import workers_of
from tests.unit.executors.conftest import WriteModule
from tests.unit.executors.orders import order
from tests.unit.executors.waiting import is_gone, until, written
from workbench.core.errors import ExecutorUnavailable, ToolError
from workbench.engine.child_process import spawn
from workbench.engine.ports import ExecutionResult
from workbench.executors.python import PythonExecutor
from workbench.executors.python_workers import PythonWorkers

pytestmark = pytest.mark.child_process

# A function that tells its process id through a file and then never ends.
STUCK = (
    "import os, pathlib, time\n"
    "def stuck(name):\n"
    "    print('begun', flush=True)\n"
    "    pathlib.Path(name + '.part').write_text(str(os.getpid()))\n"
    "    os.replace(name + '.part', name)\n"
    "    while True: time.sleep(60)\n"
    "def quick(): return os.getpid()\n"
)

posix = pytest.mark.skipif(sys.platform == "win32", reason="process groups are a POSIX matter")


def begun(project: Path) -> list[int]:
    """The numbers of the calls that have told their process id."""
    return sorted(int(path.stem) for path in project.glob("*.pid"))


def start(
    workers: PythonWorkers, function: str, limit_s: float = 600.0, **arguments: str
) -> asyncio.Task[ExecutionResult]:
    return asyncio.create_task(PythonExecutor(workers, function).execute(order(limit_s, **arguments)))


@posix
async def test_stop_kills_the_worker_of_that_call_and_no_other(
    write: WriteModule, project: Path, workers: PythonWorkers
) -> None:
    write(STUCK)
    first, second = start(workers, "desk:stuck", name="a.pid"), start(workers, "desk:stuck", name="b.pid")
    pids = [int(await written(project / name)) for name in ("a.pid", "b.pid")]
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    await until(partial(is_gone, pids[0]))
    os.kill(pids[1], 0)
    assert not second.done()
    assert (await PythonExecutor(workers, "desk:quick").execute(order())).value not in pids
    second.cancel()
    await asyncio.gather(second, return_exceptions=True)


@posix
async def test_a_stopped_call_takes_the_programs_it_started_with_it(
    write: WriteModule, project: Path, workers: PythonWorkers
) -> None:
    write(
        "import os, pathlib, subprocess\n"
        "def f():\n"
        "    child = subprocess.Popen(['sleep', '600'])\n"
        "    pathlib.Path('part').write_text(str(child.pid))\n"
        "    os.replace('part', 'child.pid')\n"
        "    child.wait()\n"
    )
    task = start(workers, "desk:f")
    pid = int(await written(project / "child.pid"))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await until(partial(is_gone, pid))


async def test_a_call_beyond_its_time_is_ended_and_says_that_it_may_have_taken_effect(
    write: WriteModule, project: Path, workers: PythonWorkers
) -> None:
    write(STUCK)
    with pytest.raises(ToolError) as caught:
        await PythonExecutor(workers, "desk:stuck", time_limit_s=1.0).execute(order(name="a.pid"))
    assert caught.value.kind == "timeout"
    assert "may have taken effect" in str(caught.value)
    assert "after 1 s" in str(caught.value)


@posix
async def test_the_time_limit_holds_against_a_function_that_ignores_signals(
    write: WriteModule, workers: PythonWorkers
) -> None:
    write(
        "import signal\ndef f():\n    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "    while True:\n        try:\n            while True: pass\n        except BaseException: pass"
    )
    with pytest.raises(ToolError, match="no result after"):
        await PythonExecutor(workers, "desk:f", time_limit_s=0.5).execute(order())


async def test_importing_does_not_count_as_the_calls_time(write: WriteModule, workers: PythonWorkers) -> None:
    write("import time\ntime.sleep(1.5)\ndef f(): return 'in time'")
    found = await PythonExecutor(workers, "desk:f", time_limit_s=1.0).execute(order())
    assert found.value == "in time"


@posix
@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("os._exit(7)", "ended by itself with exit code 7"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "was ended by SIGSEGV"),
    ],
)
async def test_a_crash_is_an_error_of_that_call_and_the_next_call_has_a_new_worker(
    write: WriteModule, workers: PythonWorkers, body: str, said: str
) -> None:
    write(f"import os, signal\ndef f():\n    print('last words', flush=True)\n    {body}\ndef g(): return 'fine'")
    with pytest.raises(ToolError) as caught:
        await PythonExecutor(workers, "desk:f").execute(order())
    assert caught.value.kind == "crashed"
    assert said in str(caught.value)
    assert caught.value.output == "last words\n"
    assert (await PythonExecutor(workers, "desk:g").execute(order())).value == "fine"


@posix
async def test_a_worker_killed_from_outside_while_idle_is_replaced(write: WriteModule, workers: PythonWorkers) -> None:
    write(STUCK)
    quick = PythonExecutor(workers, "desk:quick")
    pid = (await quick.execute(order())).value
    assert isinstance(pid, int)
    os.kill(pid, signal.SIGKILL)
    await until(lambda: not workers._idle[0].is_alive)
    assert (await quick.execute(order())).value != pid


async def test_a_warm_worker_is_used_again(write: WriteModule, workers: PythonWorkers) -> None:
    write("import os\ndef f(): return os.getpid()\ndef g(): raise ValueError")
    executor = PythonExecutor(workers, "desk:f")
    first = (await executor.execute(order())).value
    with pytest.raises(ToolError):
        await PythonExecutor(workers, "desk:g").execute(order())
    assert (await executor.execute(order())).value == first


async def test_a_changed_file_is_seen_by_the_next_call(write: WriteModule, workers: PythonWorkers) -> None:
    write("def f(): return 1")
    executor = PythonExecutor(workers, "desk:f")
    assert (await executor.execute(order())).value == 1
    write("def f(): return 22")
    assert (await executor.execute(order())).value == 22


async def test_a_changed_module_deeper_down_is_seen_too(
    write: WriteModule, project: Path, workers: PythonWorkers
) -> None:
    (project / "python" / "parts").mkdir()
    write("VALUE = 1", "parts/piece")
    write("from parts.piece import VALUE\ndef f(): return VALUE")
    executor = PythonExecutor(workers, "desk:f")
    assert (await executor.execute(order())).value == 1
    write("VALUE = 22", "parts/piece")
    assert (await executor.execute(order())).value == 22


async def test_no_more_workers_run_than_the_pool_is_wide(write: WriteModule, project: Path) -> None:
    write(STUCK)
    workers = workers_of(project, size=2)
    tasks = [start(workers, "desk:stuck", name=f"{number}.pid") for number in range(3)]
    try:
        await until(lambda: len(begun(project)) == 2)
        assert len(workers._busy) == 2
        assert workers._free.locked()
        tasks[begun(project)[0]].cancel()
        await until(lambda: len(begun(project)) == 3)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await workers.close()


@posix
async def test_closing_ends_running_calls_and_refuses_new_ones(write: WriteModule, project: Path) -> None:
    write(STUCK)
    workers = workers_of(project, size=2)
    task = start(workers, "desk:stuck", name="a.pid")
    pid = int(await written(project / "a.pid"))
    await workers.close()
    with pytest.raises(ToolError, match="may have taken effect"):
        await task
    await until(partial(is_gone, pid))
    with pytest.raises(ExecutorUnavailable, match="was closed"):
        await PythonExecutor(workers, "desk:quick").execute(order())
    await workers.close()


@pytest.mark.parametrize("steps", [0, 1, 3, 8, 20])
async def test_close_waits_for_a_worker_that_is_being_started_and_ends_it(
    write: WriteModule, project: Path, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(STUCK)
    started: list[asyncio.subprocess.Process] = []
    is_starting = asyncio.Event()

    async def watched(*command: str, **options: Any) -> asyncio.subprocess.Process:
        is_starting.set()
        started.append(await spawn(*command, **options))
        return started[-1]

    monkeypatch.setattr("workbench.executors.python_process.spawn", watched)
    workers = workers_of(project, size=1)
    calls = [start(workers, "desk:quick") for _ in range(2)]
    await is_starting.wait()
    for _ in range(steps):
        await asyncio.sleep(0)
    await workers.close()
    assert all(each.returncode is not None for each in started)
    assert len(started) <= 1
    for said in await asyncio.gather(*calls, return_exceptions=True):
        assert isinstance(said, ExecutorUnavailable | ToolError)
    await workers.close()


@posix
async def test_closing_does_not_wait_for_an_interpreter_that_never_comes_up(project: Path) -> None:
    program = project / "mute-python"
    program.write_text("#!/bin/sh\necho $$ > part\nmv part a.pid\nexec sleep 600\n")
    program.chmod(0o755)
    workers = workers_of(project, size=1, python=str(program))
    calls = [start(workers, "desk:quick") for _ in range(2)]
    pid = int(await written(project / "a.pid"))
    await workers.close()
    for call in calls:
        with pytest.raises(ExecutorUnavailable, match="was closed"):
            await call
    assert is_gone(pid)


@posix
async def test_closing_twice_at_once_ends_all_running_calls(write: WriteModule, project: Path) -> None:
    write(STUCK)
    workers = workers_of(project, size=2)
    calls = [start(workers, "desk:stuck", name=f"{number}.pid") for number in range(2)]
    await until(lambda: len(begun(project)) == 2)
    async with asyncio.timeout(60):
        await asyncio.gather(workers.close(), workers.close())
    assert all(isinstance(said, ToolError) for said in await asyncio.gather(*calls, return_exceptions=True))


@posix
async def test_a_memory_limit_ends_in_an_error_of_that_call(write: WriteModule, project: Path) -> None:
    write("def f(): return len(bytearray(2_000_000_000))\ndef g(): return 'fine'")
    workers = workers_of(project, size=1, memory_mb=1000)
    try:
        with pytest.raises(ToolError, match="MemoryError"):
            await PythonExecutor(workers, "desk:f").execute(order())
        assert (await PythonExecutor(workers, "desk:g").execute(order())).value == "fine"
    finally:
        await workers.close()


@posix
async def test_the_worker_ends_when_the_workbench_is_gone(write: WriteModule, project: Path) -> None:
    write(STUCK)
    script = (
        "import asyncio, os, pathlib\n"
        "from tests.support.python_workers import workers_of\n"
        "from workbench.executors.python import PythonExecutor\n"
        "from tests.unit.executors.orders import order\n"
        f"folder = pathlib.Path({str(project)!r})\n"
        "async def main():\n"
        "    call = PythonExecutor(workers_of(folder, size=1), 'desk:stuck').execute(order(name='a.pid'))\n"
        "    task = asyncio.create_task(call)\n"
        "    while not (folder / 'a.pid').exists(): await asyncio.sleep(0.01)\n"
        "    os._exit(9)\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", script)
    assert await parent.wait() == 9
    await until(partial(is_gone, int(await written(project / "a.pid"))))


@posix
async def test_closing_does_not_wait_for_programs_that_left_the_group(
    write: WriteModule, project: Path, workers: PythonWorkers
) -> None:
    write(
        "import os, pathlib, subprocess\n"
        "def leave(): return subprocess.Popen(['sleep', '600'], start_new_session=True).pid\n"
        "def stay(name):\n"
        "    pathlib.Path(name + '.part').write_text(str(leave()))\n"
        "    os.replace(name + '.part', name)\n"
        "    while True: pass\n"
    )
    pid = (await PythonExecutor(workers, "desk:leave").execute(order())).value
    assert isinstance(pid, int)
    task = start(workers, "desk:stay", name="a.pid")
    pids = [pid, int(await written(project / "a.pid"))]
    try:
        async with asyncio.timeout(60):
            await workers.close()
        await asyncio.gather(task, return_exceptions=True)
    finally:
        for each in pids:
            os.kill(each, signal.SIGKILL)


@pytest.mark.parametrize(
    "line", ["rubbish", "[]", '{"id": 2}', '{"id": 9, "ok": 1}', '{"id": 2, "failed": 3}', '{"ok": 1}', "[" * 100_000]
)
async def test_a_forged_answer_ends_the_process_and_nothing_else(
    write: WriteModule, workers: PythonWorkers, line: str
) -> None:
    write(
        "import os\n"
        "def forge(line):\n"
        "    for descriptor in range(3, 16):\n"
        "        try: os.write(descriptor, line.encode() + b'\\n')\n"
        "        except OSError: pass\n"
        "    return 'mine'\n"
        "def honest(): return 'honest'\n"
    )
    with pytest.raises(ToolError, match="not an answer") as caught:
        await PythonExecutor(workers, "desk:forge").execute(order(line=line))
    assert caught.value.kind == "crashed"
    assert (await PythonExecutor(workers, "desk:honest").execute(order())).value == "honest"


async def test_half_of_a_surrogate_pair_does_not_get_out_of_the_process(
    write: WriteModule, workers: PythonWorkers
) -> None:
    write(
        "def fail(): raise ValueError('a\\ud800b')\n"
        "def give(): return {'k\\udfff': ['v\\ud800']}\n"
        "def whole(): return '\\U0001f600'\n"
    )
    with pytest.raises(ToolError) as caught:
        await PythonExecutor(workers, "desk:fail").execute(order())
    assert caught.value.message == "ValueError: a\ufffdb"
    given = (await PythonExecutor(workers, "desk:give").execute(order())).value
    assert isinstance(given, dict)
    assert [*given] == ["k\ufffd"]
    assert (await PythonExecutor(workers, "desk:whole").execute(order())).value == "\U0001f600"


async def test_an_exception_that_cannot_say_what_it_is_fails_its_own_call_only(
    write: WriteModule, workers: PythonWorkers
) -> None:
    write(
        "class Mute(Exception):\n    def __str__(self): raise RuntimeError\n"
        "def mute(): raise Mute\n"
        "def long(): raise ValueError('x' * 5_000_000)\n"
    )
    for name, said in (("mute", "Mute: its text cannot be read"), ("long", "5,000,000 characters")):
        with pytest.raises(ToolError) as caught:
            await PythonExecutor(workers, f"desk:{name}").execute(order())
        assert caught.value.kind == "exception"
        assert said in caught.value.message

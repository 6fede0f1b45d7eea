"""A worker's child process: keys, cancelling, crashes, idleness. A stand-in takes the model's place."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.support.spawned import watch_spawn
from workbench.core.errors import ProviderFailure
from workbench.core.exchange import ModelRequest, ModelResponse
from workbench.core.message import UserMessage
from workbench.providers.local.adapter import LocalAdapter
from workbench.providers.local.pool import NeedlePool
from workbench.providers.worker_process import WorkerProcess

pytestmark = pytest.mark.child_process

STAND_IN = "tests.unit.providers.local_stand_in"
posix = pytest.mark.skipif(sys.platform == "win32", reason="reads process states the POSIX way")


@pytest.fixture
async def process() -> AsyncIterator[WorkerProcess]:
    started = WorkerProcess(module=STAND_IN)
    yield started
    await started.close()


async def ask(process: WorkerProcess, text: str) -> str:
    adapter = LocalAdapter(NeedlePool(lambda threads: process))
    items = [item async for item in adapter.stream(adapter.encode(ModelRequest("needle-3", (UserMessage(text),))))]
    assert isinstance(items[-1], ModelResponse)
    return items[-1].message.text


async def told(process: WorkerProcess, text: str = "hello") -> tuple[int, list[str]]:
    pid, names = json.loads((await ask(process, text)).removeprefix("Needle's note: "))
    return pid, names


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(120):
        while not condition():  # noqa: ASYNC110 — another process cannot set our event
            await asyncio.sleep(0.01)


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


async def test_nothing_is_started_before_the_first_request(process: WorkerProcess) -> None:
    assert process.pid is None
    pid, _ = await told(process)
    assert process.pid == pid


async def test_the_process_is_used_again(process: WorkerProcess) -> None:
    assert (await told(process))[0] == (await told(process))[0]


async def test_the_process_gets_no_keys_and_the_switches_against_telemetry(
    process: WorkerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "HF_TOKEN", "NEEDLE_API_KEY", "NEEDLE_TELEMETRY_URL", "MY_PASSWORD"):
        monkeypatch.setenv(name, "canary")
    _, names = await told(process)
    assert not {"OPENAI_API_KEY", "HF_TOKEN", "NEEDLE_API_KEY", "NEEDLE_TELEMETRY_URL", "MY_PASSWORD"} & set(names)
    assert {"NEEDLE_TELEMETRY", "DO_NOT_TRACK", "HF_HUB_OFFLINE", "PATH"} <= set(names)


@posix
async def test_cancelling_a_request_kills_the_process_and_the_next_request_has_a_new_one(
    process: WorkerProcess, tmp_path: Path
) -> None:
    task = asyncio.create_task(ask(process, f"hang {tmp_path / 'pid'}"))
    await until((tmp_path / "pid").exists)
    pid = int((tmp_path / "pid").read_text())
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(lambda: is_gone(pid))
    assert (await told(process))[0] != pid


@posix
async def test_cancelling_a_request_that_waits_for_its_turn_leaves_the_other_alone(
    process: WorkerProcess, tmp_path: Path
) -> None:
    first = asyncio.create_task(ask(process, f"hang {tmp_path / 'pid'}"))
    await until((tmp_path / "pid").exists)
    second = asyncio.create_task(ask(process, "hello"))
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    assert process.pid == int((tmp_path / "pid").read_text())
    assert not first.done()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)


async def test_requests_at_the_same_time_take_turns(process: WorkerProcess) -> None:
    answers = await asyncio.gather(*(told(process) for _ in range(5)))
    assert len({pid for pid, _ in answers}) == 1


async def test_a_process_that_ends_in_the_middle_is_an_answer_cut_off(process: WorkerProcess) -> None:
    with pytest.raises(ProviderFailure, match=r"exit code 5.* It said: terminate called: out of memory") as caught:
        await ask(process, "exit")
    assert caught.value.kind == "cut_off"
    assert await told(process)


@posix
async def test_a_process_that_was_killed_while_idle_is_replaced(process: WorkerProcess) -> None:
    pid, _ = await told(process)
    os.kill(pid, signal.SIGKILL)
    await until(lambda: process.pid is None)
    assert (await told(process))[0] != pid


@posix
async def test_an_idle_process_is_ended(tmp_path: Path) -> None:
    process = WorkerProcess(module=STAND_IN, idle_limit_s=0.05)
    pid, _ = await told(process)
    await until(lambda: is_gone(pid))
    assert (await told(process))[0] != pid
    await process.close()


@posix
async def test_closing_ends_the_process_and_refuses_what_comes_later(process: WorkerProcess) -> None:
    pid, _ = await told(process)
    await process.close()
    assert is_gone(pid)
    with pytest.raises(ProviderFailure, match="was closed"):
        await ask(process, "hello")


@pytest.mark.parametrize("steps", [1, 2, 3, 5, 8, 13, 100])
async def test_closing_waits_for_a_process_that_is_being_started_and_ends_it(
    steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = watch_spawn(monkeypatch, "workbench.providers.worker_process.spawn")
    process = WorkerProcess(module=STAND_IN)
    asked = [asyncio.create_task(ask(process, "hello")) for _ in range(2)]
    for _ in range(steps):
        await asyncio.sleep(0)
    await process.close()
    assert all(each.returncode is not None for each in started)
    assert {type(said) for said in await asyncio.gather(*asked, return_exceptions=True)} <= {ProviderFailure, str}
    assert len(started) <= 1
    assert process.pid is None


async def test_closing_without_ever_starting_is_nothing() -> None:
    await LocalAdapter().close()

"""G6 · Hostile schemas are contained: each ends soon with a reason, fetches nothing, reads nothing, freezes nothing."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.hostile_schemas import hostile
from tests.support.tally import counted, size
from workbench.checking.process import ProcessChecker
from workbench.core.schema import check_schema

LIMIT_S = 1.0
STALL_S = 0.1
TRIES = 3
"""On a busy machine the best of several tries says what the program takes; a hang is a hang in all of them."""

pytestmark = pytest.mark.timeout(900)


class Listener:
    """A port on loopback that counts who comes."""

    def __init__(self) -> None:
        self.visits = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def _serve(self) -> None:
        while True:
            try:
                visitor, _ = self._socket.accept()
            except OSError:
                return
            self.visits += 1
            visitor.sendall(b"HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n{}")
            visitor.close()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()


@contextmanager
def listener() -> Iterator[Listener]:
    opened = Listener()
    try:
        yield opened
    finally:
        opened.close()


class Heart:
    """Beats on the event loop that the window shares; `stall_s` is its longest pause."""

    def __init__(self) -> None:
        self.stall_s = 0.0
        self._task = asyncio.create_task(self._beat())

    async def _beat(self) -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.005)
            now = time.perf_counter()
            self.stall_s, last = max(self.stall_s, now - last - 0.005), now

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


async def test_a_hostile_schema_ends_soon_with_its_reason_and_reaches_for_nothing(tmp_path: Path) -> None:
    is_timed = size(0, 1, 1)
    tempting = tmp_path / "accepts-everything.json"
    tempting.write_text("{}", encoding="utf-8")
    checker = ProcessChecker()
    await checker.check({"type": "object", "properties": {"a": {"pattern": "a"}}}, {})
    slowest = longest = 0.0
    with counted("G6", "hostile schemas: arguments checked") as tally, listener() as spied:
        for name, (schema, arguments) in hostile(spied.address, str(tempting)).items():
            with tally.case(name):
                took = stall = float("inf")
                for _ in range(TRIES if is_timed else 1):
                    heart = Heart()
                    begun = time.perf_counter()
                    problems = await checker.check(schema, arguments)
                    took = min(took, time.perf_counter() - begun)
                    await heart.stop()
                    stall = min(stall, heart.stall_s)
                    assert any("refused" in problem.message for problem in problems), problems[:2]
                    if took < LIMIT_S and stall < STALL_S:
                        break
                slowest, longest = max(slowest, took), max(longest, stall)
                assert not is_timed or (took < LIMIT_S and stall < STALL_S), (
                    f"{took:.2f} s, stall {stall * 1000:.0f} ms"
                )
                assert spied.visits == 0, "something was fetched"
        await checker.close()
        tally.notes.append(f"slowest {slowest:.2f} s, longest pause of the event loop {longest * 1000:.0f} ms")


def test_looking_at_a_hostile_schema_when_a_project_is_opened_neither_hangs_nor_raises(tmp_path: Path) -> None:
    is_timed = size(0, 1, 1)
    with counted("G6", "hostile schemas: looked at when a project is opened") as tally, listener() as spied:
        for name, (schema, _) in hostile(spied.address, str(tmp_path / "none.json")).items():
            with tally.case(name):
                took = float("inf")
                for _ in range(TRIES if is_timed else 1):
                    begun = time.perf_counter()
                    check_schema(schema)
                    took = min(took, time.perf_counter() - begun)
                assert not is_timed or took < STALL_S, f"{took:.2f} s"
                assert spied.visits == 0, "something was fetched"


async def test_what_an_honest_validator_says_about_honest_schemas_is_not_changed_by_all_this() -> None:
    honest = {"type": "object", "properties": {"a": {"type": "array", "uniqueItems": True, "items": {"pattern": "^a"}}}}
    checker = ProcessChecker()
    assert await checker.check(honest, {"a": ["a1", "a2"]}) == ()
    assert [problem.path for problem in await checker.check(honest, {"a": ["a1", "b"]})] == ["/a/1"]
    assert json.loads(json.dumps(honest)) == honest
    await checker.close()

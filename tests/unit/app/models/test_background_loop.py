"""Reading answers on a second loop: the same items, the same failures, the same endings."""

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing

import pytest

from workbench.app.models.background_loop import BackgroundLoop, BackgroundProvider
from workbench.core.errors import ProviderFailure
from workbench.core.exchange import Delta, ModelRequest, ModelResponse, StreamItem, WireRequest
from workbench.core.tool_choice import ChoiceSupport

WIRE = WireRequest("test", "/x", "{}")
RESPONSE = ModelResponse(parts=(), stop_reason="answered")
PATIENCE_S = 30.0


class Spoken:
    """A provider that says what it is told to say, and remembers on which thread it lived and died."""

    name = "spoken"

    def __init__(self, items: Sequence[StreamItem], *, failure: Exception | None = None, waits: bool = False) -> None:
        self._items = items
        self._failure = failure
        self._waits = waits
        self.read_on = ""
        self.closed_on = ""
        self.is_stream_closed = False

    def choice_support(self, model: str) -> ChoiceSupport:
        return ChoiceSupport()

    def encode(self, request: ModelRequest) -> WireRequest:
        return WIRE

    async def stream(self, wire: WireRequest) -> AsyncGenerator[StreamItem, None]:
        self.read_on = threading.current_thread().name
        try:
            for item in self._items:
                yield item
            if self._waits:
                await asyncio.Event().wait()
            if self._failure is not None:
                raise self._failure
        finally:
            await asyncio.sleep(0)
            self.is_stream_closed = True

    async def close(self) -> None:
        self.closed_on = threading.current_thread().name


@pytest.fixture
async def background() -> AsyncIterator[BackgroundLoop]:
    async with asyncio.timeout(PATIENCE_S):
        loop = BackgroundLoop()
        yield loop
        await loop.close()


async def test_every_piece_arrives_in_order_on_the_thread_that_asked(background: BackgroundLoop) -> None:
    said: list[StreamItem] = [*(Delta("text", 0, f"{number} ") for number in range(5000)), RESPONSE]
    provider = Spoken(said)
    heard: list[StreamItem] = []
    threads = set()
    async for item in BackgroundProvider(provider, background).stream(WIRE):
        heard.append(item)
        threads.add(threading.current_thread().name)
    assert heard == said
    assert threads == {threading.current_thread().name}
    assert provider.read_on == "background loop"


async def test_a_failure_comes_after_the_pieces_before_it(background: BackgroundLoop) -> None:
    failure = ProviderFailure("Gone.", kind="cut_off")
    stream = BackgroundProvider(Spoken([Delta("text", 0, "a")], failure=failure), background).stream(WIRE)
    assert await anext(stream) == Delta("text", 0, "a")
    with pytest.raises(ProviderFailure) as caught:
        await anext(stream)
    assert caught.value is failure


async def test_closing_the_answer_waits_until_the_connection_is_closed(background: BackgroundLoop) -> None:
    provider = Spoken([Delta("text", 0, "a")], waits=True)
    async with aclosing(BackgroundProvider(provider, background).stream(WIRE)) as items:
        assert await anext(items) == Delta("text", 0, "a")
        assert not provider.is_stream_closed
    assert provider.is_stream_closed


async def test_a_cancelled_run_closes_the_connection(background: BackgroundLoop) -> None:
    provider = Spoken([Delta("text", 0, "a")], waits=True)
    has_begun = asyncio.Event()

    async def read() -> None:
        async with aclosing(BackgroundProvider(provider, background).stream(WIRE)) as items:
            async for _ in items:
                has_begun.set()

    task = asyncio.get_running_loop().create_task(read())
    await has_begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert provider.is_stream_closed


async def test_a_run_cancelled_before_anything_was_read_ends_all_the_same(background: BackgroundLoop) -> None:
    stream = BackgroundProvider(Spoken([], waits=True), background).stream(WIRE)
    waiting = asyncio.get_running_loop().create_task(anext(stream))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_many_answers_cross_at_the_same_time_without_mixing(background: BackgroundLoop) -> None:
    async def read(number: int) -> list[StreamItem]:
        said: list[StreamItem] = [*(Delta("text", number, str(piece)) for piece in range(200)), RESPONSE]
        return [item async for item in BackgroundProvider(Spoken(said), background).stream(WIRE)]

    for number, heard in enumerate(await asyncio.gather(*(read(number) for number in range(20)))):
        assert [item.index for item in heard if isinstance(item, Delta)] == [number] * 200
        assert heard[-1] is RESPONSE


async def test_the_provider_is_closed_where_its_connections_are(background: BackgroundLoop) -> None:
    provider = Spoken([])
    await BackgroundProvider(provider, background).close()
    assert provider.closed_on == "background loop"


async def test_closing_the_loop_ends_its_thread() -> None:
    background = BackgroundLoop()
    await background.run(asyncio.sleep(0))
    assert "background loop" in {thread.name for thread in threading.enumerate()}
    await background.close()
    assert "background loop" not in {thread.name for thread in threading.enumerate()}


async def test_a_loop_nobody_used_has_nothing_to_close() -> None:
    await BackgroundLoop().close()
    assert "background loop" not in {thread.name for thread in threading.enumerate()}

"""Recorded conversations served over HTTP, with faults, through the real adapters and SDKs."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.contract.formats import FORMATS, read_pieces
from tests.contract.invented import request
from tests.contract.recordings import FOLDER, REPLAY_SERVER, Exchange, recorded_exchanges
from tests.contract.test_recordings import stream_bytes
from workbench.core.errors import ProviderFailure
from workbench.core.exchange import ModelResponse, StreamItem

EXCHANGES = recorded_exchanges() if REPLAY_SERVER.exists() else []
STREAMED = [exchange for exchange in EXCHANGES if exchange.sse is not None and exchange.position == 0]
PER_WIRE = 4

pytestmark = [
    pytest.mark.child_process,
    pytest.mark.skipif(not EXCHANGES, reason="there is no replay server beside the repository"),
]


def some_of(exchanges: list[Exchange]) -> list[Exchange]:
    """The first few of each wire format."""
    return [
        exchange for wire in FORMATS for exchange in [each for each in exchanges if each.wire_format == wire][:PER_WIRE]
    ]


def each(exchanges: list[Exchange]) -> Any:
    return pytest.mark.parametrize("exchange", exchanges, ids=[exchange.label for exchange in exchanges])


@pytest.fixture(scope="module")
def root() -> Iterator[str]:
    """The address of a replay server that lives as long as this file's tests."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, str(REPLAY_SERVER), "--port", str(port), "--dir", str(FOLDER)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
        process.terminate()


def wait_for(port: int) -> None:
    """It says that it is there a moment before it is."""
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            time.sleep(0.02)
        else:
            return
    raise AssertionError("the replay server did not start")


async def asked(root: str, exchange: Exchange, **faults: Any) -> list[StreamItem]:
    """The items an adapter yields for a recorded exchange that is served with these faults."""
    form = FORMATS[exchange.wire_format]
    place = f"{root}/c/{exchange.recording}"
    async with httpx2.AsyncClient(trust_env=False) as client:
        assert (await client.post(f"{place}/_reset", json=faults)).status_code == 200
    adapter = form.adapter(
        api_key="no-key-is-needed",
        base_url=place + form.base_suffix,
        timeout_s=10.0,
    )
    try:
        for _ in range(exchange.position + 1):
            items = [item async for item in adapter.stream(adapter.encode(request("some-model")))]
        return items
    finally:
        await adapter.close()


@each(some_of(STREAMED))
@pytest.mark.parametrize(
    "faults", [{}, {"rechunk": 7}, {"crlf": True, "rechunk": 11}, {"comments": True}, {"drop_done": True}], ids=str
)
async def test_a_served_stream_is_read_like_the_recording(root: str, exchange: Exchange, faults: Any) -> None:
    expected = read_pieces(FORMATS[exchange.wire_format], [stream_bytes(exchange)])
    items = await asked(root, exchange, **faults)
    assert (items[:-1], items[-1]) == expected


@each(some_of([exchange for exchange in EXCHANGES if exchange.sse is None and exchange.status == 200]))
async def test_a_served_body_is_read_as_a_response(root: str, exchange: Exchange) -> None:
    items = await asked(root, exchange)
    assert isinstance(items[-1], ModelResponse)
    assert [call.tool for call in items[-1].calls] == exchange.tool_calls


@each(some_of(STREAMED))
@pytest.mark.parametrize(
    "faults", [{"truncate_after_events": 0}, {"truncate_after_events": 4}, {"cut_after_bytes": 700}], ids=str
)
async def test_a_served_stream_that_is_cut_is_reported(root: str, exchange: Exchange, faults: Any) -> None:
    with pytest.raises(ProviderFailure) as caught:
        await asked(root, exchange, **faults)
    assert caught.value.kind == "cut_off"


@each(some_of([exchange for exchange in EXCHANGES if exchange.status >= 400]))
async def test_a_served_refusal_is_a_typed_failure(root: str, exchange: Exchange) -> None:
    with pytest.raises(ProviderFailure) as caught:
        await asked(root, exchange)
    assert (caught.value.kind, caught.value.status) == ("invalid_request", exchange.status)
    assert exchange.response["error"]["message"] in caught.value.message

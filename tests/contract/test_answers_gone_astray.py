"""Answers that lead elsewhere, are packed wrongly, or say how long to wait: the same on every wire."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.contract.formats import FORMATS, Format
from tests.contract.misbehaving_server import Answer, MisbehavingServer, Received
from tests.contract.test_adapters import JSON, adapter_for, failure_of, good, half, items_of, serving
from workbench.core.exchange import ModelResponse

every_format = pytest.mark.parametrize("form", FORMATS.values(), ids=list(FORMATS))


@pytest.fixture
async def elsewhere() -> AsyncIterator[MisbehavingServer]:
    with serving(Answer(500)) as server:
        yield server


@every_format
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_another_place_is_refused_in_words(
    form: Format, status: int, elsewhere: MisbehavingServer
) -> None:
    with serving(Answer(status, b"", (("location", f"{elsewhere.root}/v1/there?key=secret"),))) as server:
        failure = await failure_of(adapter_for(form, server))
    assert elsewhere.received == []
    assert len(server.received) == 1
    assert (failure.kind, failure.status) == ("malformed", status)
    assert f"redirects to {elsewhere.root}/v1/there (status {status})" in failure.message
    assert "secret" not in failure.message
    assert "base URL" in failure.hint


@every_format
@pytest.mark.parametrize("location", ["//localhost:1/v1", "https://127.0.0.1/v1", "/elsewhere", "http://[", ""])
async def test_a_redirect_that_would_lose_the_request_is_refused(form: Format, location: str) -> None:
    with serving(Answer(302, b"", (("location", location),))) as server:
        failure = await failure_of(adapter_for(form, server))
    assert len(server.received) == 1
    assert (failure.kind, "redirects" in failure.message) == ("malformed", True)


@every_format
async def test_a_redirect_within_the_place_is_followed_with_the_whole_request(form: Format) -> None:
    def answer(received: Received) -> Answer:
        return good(form) if received.path.endswith("/here") else Answer(307, b"", (("location", "/here"),))

    with serving(answer) as server:
        items = await items_of(adapter_for(form, server))
    assert isinstance(items[-1], ModelResponse)
    assert server.received[0].body == server.received[1].body


@every_format
async def test_a_redirect_in_a_loop_is_given_up(form: Format) -> None:
    with serving(Answer(307, b"", (("location", "/again"),))) as server:
        failure = await failure_of(adapter_for(form, server))
    assert (failure.kind, "loop" in failure.message) == ("malformed", True)


@every_format
@pytest.mark.parametrize("status", [200, 429, 500])
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "x"])
async def test_a_body_that_cannot_be_decompressed_is_called_that(form: Format, status: int, encoding: str) -> None:
    with serving(Answer(status, b"no such thing", (*JSON, ("content-encoding", encoding)))) as server:
        failure = await failure_of(adapter_for(form, server))
    assert len(server.received) == 1
    assert (failure.kind, failure.status) == ("malformed", status)
    assert "cannot be decompressed" in failure.message
    assert "network" not in failure.hint


@every_format
async def test_the_wait_a_server_asks_for_may_be_a_date(form: Format) -> None:
    due = format_datetime(datetime.now(UTC) + timedelta(seconds=300), usegmt=True)
    with serving(Answer(429, b"{}", (*JSON, ("retry-after", due)))) as server:
        failure = await failure_of(adapter_for(form, server))
    assert failure.retry_after_s is not None
    assert 250 < failure.retry_after_s <= 301
    assert "min" in failure.hint


@every_format
@pytest.mark.parametrize("ending", ["torn", "held"])
async def test_the_words_of_an_error_count_although_its_body_never_ends(form: Format, ending: str) -> None:
    broken = Answer(500, b"CUDA out of memory", (("content-type", "text/plain"),), ending)  # type: ignore[arg-type]
    with serving(broken) as server:
        failure = await failure_of(adapter_for(form, server, timeout_s=0.3))
    assert (failure.kind, failure.status, "CUDA out of memory" in failure.message) == ("server", 500, True)


@every_format
@pytest.mark.parametrize(
    "last",
    [
        b"Internal Server Error: out of memory\n",
        b'{"error": {"message": "out of memory"}}\n',
        b'{\n  "error": {\n    "message": "out of memory"\n  }\n}\n',
        b"<html><body>out of memory</body></html>",
        b'error: {"code": 500, "message": "out of memory"}\n\n',
        b'data: {"object": "error", "message": "out of memory"}\n\n',
        b"event: error\ndata: out of memory\n\n",
    ],
)
async def test_what_a_server_says_when_it_gives_up_in_mid_answer_is_told(form: Format, last: bytes) -> None:
    body = half(form)
    with serving(Answer(body=body[: body.rindex(b"\n\n") + 2] + last)) as server:
        failure = await failure_of(adapter_for(form, server))
    assert "out of memory" in failure.message
    assert failure.partial_text.startswith("Grüße"[:1])
    assert "network" not in failure.hint


@every_format
@pytest.mark.parametrize(
    "body", [b"out of memory", b"<html><h1>out of memory</h1></html>", b'{"note": "out of memory"}']
)
async def test_what_stands_in_place_of_an_answer_is_told(form: Format, body: bytes) -> None:
    with serving(Answer(body=body)) as server:
        failure = await failure_of(adapter_for(form, server))
    assert failure.kind == "malformed"
    assert "out of memory" in failure.message
    assert server.root in failure.hint

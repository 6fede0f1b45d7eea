"""The adapters and the SDKs together, against a server on loopback that behaves well or badly."""

import asyncio
import os
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from tests.contract.formats import FORMATS, Format
from tests.contract.invented import answer_bytes, request
from tests.contract.misbehaving_server import Answer, MisbehavingServer, Received
from workbench.core.content import ReasoningPart, TextPart
from workbench.core.errors import ProviderFailure
from workbench.core.exchange import Delta, ModelResponse, StreamItem, WireRequest
from workbench.core.message import UserMessage
from workbench.providers import guarded_http, wire_client
from workbench.providers.adapter import WireAdapter
from workbench.providers.answer import AnswerReader, Reading

KEY = "sk-canary-0123456789-WXYZ"
JSON = (("content-type", "application/json"),)
every_format = pytest.mark.parametrize("form", FORMATS.values(), ids=list(FORMATS))


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


def serving(answer: Answer | Callable[[Received], Answer]) -> MisbehavingServer:
    return MisbehavingServer(answer if callable(answer) else lambda _: answer)


def adapter_for(form: Format, server: MisbehavingServer, **options: Any) -> WireAdapter:
    return form.adapter(**{"api_key": KEY, "base_url": server.root + form.base_suffix, "timeout_s": 5.0, **options})


def wire_of(adapter: WireAdapter, **changes: Any) -> WireRequest:
    return adapter.encode(request("some-model", messages=(UserMessage("Grüße 🏔"),), **changes))


async def items_of(adapter: WireAdapter, wire: WireRequest | None = None) -> list[StreamItem]:
    try:
        return [item async for item in adapter.stream(wire or wire_of(adapter))]
    finally:
        await adapter.close()


async def failure_of(adapter: WireAdapter) -> ProviderFailure:
    with pytest.raises(ProviderFailure) as caught:
        await items_of(adapter)
    return caught.value


def key_in(received: Received, form: Format) -> str:
    """The key that a request carried."""
    access = form.wire.http
    return received.headers[access.key_header.lower()].removeprefix(access.key_prefix)


def good(form: Format) -> Answer:
    return Answer(body=answer_bytes(form.wire_format, "text.sse"))


def half(form: Format) -> bytes:
    """The good answer up to the middle of its text."""
    body = good(form).body
    return body[: body.index(b"aus")]


@every_format
async def test_the_recorded_body_is_sent_byte_for_byte(form: Format) -> None:
    with serving(good(form)) as server:
        adapter = adapter_for(form, server)
        wire = wire_of(adapter, settings={"a_setting": [1.0, "ü"]})
        items = await items_of(adapter, wire)
    (received,) = server.received
    assert received.body == wire.body_json.encode()
    assert received.path.endswith(wire.path)
    assert key_in(received, form) == KEY
    assert received.headers["content-type"] == "application/json"
    assert isinstance(items[-1], ModelResponse)
    assert items[-1].parts == (TextPart("Grüße aus Bern 🏔"),)
    assert all(isinstance(item, Delta) for item in items[:-1])


@every_format
async def test_a_server_that_answers_in_plain_json_is_understood(form: Format) -> None:
    name = "hosted_tool.json" if form.wire_format == "openai_responses" else "calls.json"
    with serving(Answer(body=answer_bytes(form.wire_format, name), headers=JSON)) as server:
        (response,) = await items_of(adapter_for(form, server))
    assert isinstance(response, ModelResponse)
    assert [call.tool for call in response.calls] == ["get_weather"]


@every_format
@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "invalid_request"),
        (401, "authentication"),
        (402, "quota"),
        (403, "permission"),
        (404, "not_found"),
        (408, "timeout"),
        (409, "server"),
        (413, "invalid_request"),
        (422, "invalid_request"),
        (429, "rate_limit"),
        (500, "server"),
        (502, "server"),
        (503, "overloaded"),
        (504, "timeout"),
        (529, "overloaded"),
    ],
)
async def test_every_status_has_its_kind_and_is_asked_once(form: Format, status: int, kind: str) -> None:
    answer = Answer(
        status, b'{"error":{"message":"Not today."}}', (*JSON, ("Retry-After", "7"), ("x-request-id", "req_1"))
    )
    with serving(answer) as server:
        failure = await failure_of(adapter_for(form, server))
    assert (failure.kind, failure.status, failure.retry_after_s, failure.request_id) == (kind, status, 7.0, "req_1")
    assert "Not today." in failure.message
    assert len(server.received) == 1
    assert not failure.has_partial


@every_format
async def test_the_finer_wish_for_a_pause_wins(form: Format) -> None:
    answer = Answer(429, b"", (("Retry-After", "7"), ("Retry-After-Ms", "250")))
    with serving(answer) as server:
        assert (await failure_of(adapter_for(form, server))).retry_after_s == 0.25


@every_format
async def test_a_wait_that_only_the_body_names_is_kept_too(form: Format) -> None:
    info = b'{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"3.5s"}'
    body = b'{"error":{"code":429,"message":"Please retry in 99s.","details":[' + info + b"]}}"
    with serving(Answer(429, body, JSON)) as server:
        assert (await failure_of(adapter_for(form, server))).retry_after_s == 3.5
    with serving(Answer(429, body, (*JSON, ("Retry-After", "7")))) as server:
        assert (await failure_of(adapter_for(form, server))).retry_after_s == 7.0


@every_format
async def test_an_error_page_that_is_not_json_still_has_its_kind(form: Format) -> None:
    with serving(Answer(502, b"<html>Bad gateway</html>", (("content-type", "text/html"),))) as server:
        failure = await failure_of(adapter_for(form, server))
    assert (failure.kind, failure.status) == ("server", 502)
    assert "html" not in failure.message


@every_format
async def test_a_web_page_instead_of_an_answer_is_malformed(form: Format) -> None:
    with serving(Answer(200, b"<html>Log in first</html>", (("content-type", "text/html"),))) as server:
        failure = await failure_of(adapter_for(form, server))
    assert failure.kind == "malformed"
    assert server.root in failure.hint


@every_format
async def test_bytes_that_are_not_text_are_malformed(form: Format) -> None:
    with serving(Answer(body=half(form) + b'"}\n\ndata: {"x": "\xff\xfe\xfa"}\n\n')) as server:
        assert (await failure_of(adapter_for(form, server))).kind == "malformed"


@every_format
async def test_a_stream_that_ends_early_is_cut_off(form: Format) -> None:
    with serving(Answer(body=half(form))) as server:
        failure = await failure_of(adapter_for(form, server))
    assert (failure.kind, failure.partial_text, failure.has_partial) == ("cut_off", "Grüße ", True)


@every_format
async def test_what_arrived_before_a_cut_is_yielded_first(form: Format) -> None:
    with serving(Answer(body=half(form))) as server:
        adapter = adapter_for(form, server)
        stream: Any = adapter.stream(wire_of(adapter))
        assert await anext(stream) == Delta("text", 0, "Grüße ")
        with pytest.raises(ProviderFailure, match="cut off"):
            await anext(stream)
        await adapter.close()


async def test_done_without_a_finish_reason_is_an_answer_only_where_the_connection_says_so() -> None:
    form = FORMATS["openai_chat"]
    chunk = b'data: {"choices":[{"delta":{"content":"<think>hm</think>Hi"}}]}\n\n'
    with serving(Answer(body=chunk + b"data: [DONE]\n\n")) as server:
        assert (await failure_of(adapter_for(form, server))).kind == "cut_off"
        reading = Reading(accept_done=True, think_tags=True)
        items = await items_of(adapter_for(form, server, reading=reading))
    response = items[-1]
    assert isinstance(response, ModelResponse)
    assert response.parts == (ReasoningPart("hm"), TextPart("Hi"))
    assert "this connection accepts" in response.remarks[0]


@every_format
async def test_a_connection_that_breaks_in_mid_answer_cuts_it_off(form: Format) -> None:
    with serving(Answer(body=half(form), ending="torn")) as server:
        failure = await failure_of(adapter_for(form, server))
    assert (failure.kind, failure.partial_text) == ("cut_off", "Grüße ")


@every_format
async def test_a_connection_that_breaks_before_an_answer_may_be_tried_again(form: Format) -> None:
    with serving(Answer(0)) as server:
        failure = await failure_of(adapter_for(form, server))
    assert (failure.kind, failure.has_partial) == ("connection", False)


@every_format
async def test_a_server_that_says_nothing_runs_into_the_time_limit(form: Format) -> None:
    with serving(Answer(0, ending="held")) as server:
        failure = await failure_of(adapter_for(form, server, timeout_s=0.1))
    assert (failure.kind, failure.has_partial) == ("timeout", False)


@every_format
async def test_a_server_that_falls_silent_in_mid_answer_runs_into_the_time_limit(form: Format) -> None:
    with serving(Answer(body=half(form), ending="held")) as server:
        failure = await failure_of(adapter_for(form, server, timeout_s=0.1))
    assert (failure.kind, failure.partial_text) == ("timeout", "Grüße ")


@every_format
async def test_an_answer_is_given_although_the_server_never_ends_it(
    form: Format, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire_client, "AFTERWORD_S", 0.05)
    body = good(form).body.replace(b"data: [DONE]\n\n", b"")
    with serving(Answer(body=body, ending="held")) as server:
        items = await items_of(adapter_for(form, server))
    assert isinstance(items[-1], ModelResponse)
    assert items[-1].usage is not None


@every_format
@pytest.mark.parametrize(("status", "kind"), [(401, "authentication"), (500, "server"), (307, "malformed")])
async def test_an_error_without_an_end_is_not_read_without_an_end(
    form: Format, status: int, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarded_http, "MAX_ERROR_BYTES", 3_000)
    elsewhere = (*JSON, ("location", "/elsewhere"))
    with serving(Answer(status, b'{"error":{"message":"' + b"x" * 2_900, elsewhere, "endless")) as server:
        failure = await failure_of(adapter_for(form, server))
    assert failure.kind in (kind, "connection")
    assert len(failure.message) < 3_000


@every_format
async def test_an_answer_without_an_end_is_given_up(form: Format, monkeypatch: pytest.MonkeyPatch) -> None:
    defaults = AnswerReader.__init__.__kwdefaults__
    monkeypatch.setattr(AnswerReader.__init__, "__kwdefaults__", {**defaults, "max_bytes": 2_000})
    for body in (b'{"a":"', half(form)):
        with serving(Answer(body=body, ending="endless")) as server:
            failure = await failure_of(adapter_for(form, server))
        assert (failure.kind, "longer than 2,000 bytes" in failure.message) == ("malformed", True)


@every_format
async def test_an_address_nobody_listens_at_is_a_failed_connection(form: Format) -> None:
    with serving(good(form)) as server:
        adapter = adapter_for(form, server)
    failure = await failure_of(adapter)
    assert failure.kind == "connection"
    assert server.root in failure.hint


@every_format
async def test_an_address_that_is_none_is_a_failed_connection(form: Format) -> None:
    failure = await failure_of(form.adapter(api_key=KEY, base_url="gopher://nowhere"))
    assert failure.kind == "connection"


def places_of(error: BaseException) -> str:
    """Everything an exception could be printed as, by the most curious of reporters."""
    seen: list[str] = []
    chain: BaseException | None = error
    while chain is not None:
        seen += [str(chain), repr(chain), repr(vars(chain)), repr(chain.args)]
        seen += traceback.TracebackException.from_exception(chain, capture_locals=True).format()
        seen += traceback.format_exception(chain)
        chain = chain.__cause__ or chain.__context__
    return "\n".join(seen)


@every_format
@pytest.mark.parametrize(
    "answer",
    [
        Answer(401, f'{{"error":{{"message":"Bad key {KEY}","code":"{KEY}","type":"{KEY}"}}}}'.encode(), JSON),
        Answer(403, f"Bearer {KEY}".encode(), (*JSON, ("x-request-id", KEY))),
        Answer(400, f'{{"error":{{"message":"x","param":"{KEY}"}}}}'.encode(), JSON),
        Answer(200, f'{{"error":{{"message":"Bad key {KEY}"}}}}'.encode(), JSON),
        Answer(200, f'data: {{"error":{{"message":"Bad key {KEY}"}}}}\n\n'.encode()),
        Answer(200, f"data: not json {KEY}\n\n".encode()),
        Answer(200, f"<html>{KEY}".encode()),
        Answer(0),
    ],
    ids=range(8),
)
async def test_a_key_echoed_by_the_server_is_nowhere_in_the_failure(form: Format, answer: Answer) -> None:
    with serving(answer) as server:
        failure = await failure_of(adapter_for(form, server))
    assert key_in(server.received[0], form) == KEY
    text = places_of(failure)
    assert "0123456789" not in text


@every_format
async def test_a_refused_key_is_named_by_its_ending_and_its_source(form: Format) -> None:
    with serving(Answer(401, b"{}", JSON)) as server:
        failure = await failure_of(adapter_for(form, server, key_name="MY_KEY"))
    assert "…WXYZ" in failure.hint
    assert "MY_KEY" in failure.hint


@every_format
def test_an_adapter_prints_nothing_about_its_key(form: Format) -> None:
    adapter = form.adapter(api_key=KEY)
    assert "0123456789" not in repr(adapter)
    assert "0123456789" not in str(adapter)


@every_format
async def test_without_a_key_the_vendor_is_not_asked_at_all(form: Format) -> None:
    failure = await failure_of(form.adapter(api_key=lambda: None))
    assert failure.kind == "authentication"
    assert "API_KEY" in failure.hint


@every_format
async def test_a_server_of_ones_own_is_asked_without_a_key(form: Format) -> None:
    with serving(good(form)) as server:
        await items_of(adapter_for(form, server, api_key=None))
    assert form.wire.http.key_header.lower() not in server.received[0].headers


@every_format
async def test_a_key_that_no_header_can_carry_is_refused_without_being_shown(form: Format) -> None:
    with serving(good(form)) as server:
        failure = await failure_of(adapter_for(form, server, api_key=f"{KEY}\nü"))
    assert failure.kind == "authentication"
    assert server.received == []
    assert "0123456789" not in places_of(failure)


@every_format
async def test_a_changed_key_is_used_with_the_next_request(form: Format) -> None:
    keys = iter(["first-key-00000000", "second-key-0000000"])
    with serving(good(form)) as server:
        adapter = adapter_for(form, server, api_key=lambda: next(keys))
        for _ in range(2):
            assert [item async for item in adapter.stream(wire_of(adapter))]
        await adapter.close()
    assert [key_in(one, form) for one in server.received] == ["first-key-00000000", "second-key-0000000"]


@every_format
async def test_the_connection_is_kept_for_the_next_request(form: Format) -> None:
    with serving(good(form)) as server:
        adapter = adapter_for(form, server)
        for _ in range(3):
            assert [item async for item in adapter.stream(wire_of(adapter))]
        await adapter.close()
    assert len({received.client_port for received in server.received}) == 1


@every_format
async def test_closing_the_iterator_closes_the_connection(form: Format) -> None:
    with serving(Answer(body=half(form), ending="endless")) as server:
        adapter = adapter_for(form, server)
        stream: Any = adapter.stream(wire_of(adapter))
        async with aclosing(stream) as items:
            first = await anext(items)
        assert isinstance(first, Delta)
        assert await asyncio.to_thread(server.client_left.wait, 10)
        await adapter.close()


@every_format
async def test_cancelling_the_reader_closes_the_connection(form: Format) -> None:
    with serving(Answer(body=half(form), ending="endless")) as server:
        adapter = adapter_for(form, server)
        arrived = asyncio.Event()

        async def read() -> None:
            async for _ in adapter.stream(wire_of(adapter)):
                arrived.set()

        task = asyncio.create_task(read())
        await arrived.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await asyncio.to_thread(server.client_left.wait, 10)
        await adapter.close()


@every_format
def test_one_adapter_serves_several_event_loops(form: Format) -> None:
    answered: list[list[StreamItem]] = []
    with serving(good(form)) as server:
        adapter = adapter_for(form, server)

        def run() -> None:
            answered.append(asyncio.run(items_of(adapter)))

        threads = [threading.Thread(target=run) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        run()
    assert [len(items) for items in answered] == [3, 3, 3, 3]


def test_no_sdk_is_imported_before_the_first_request() -> None:
    script = (
        "import sys\n"
        "from workbench.providers.adapter import WireAdapter\n"
        "from workbench.providers.registry import WIRES\n"
        "for wire in WIRES: WireAdapter(wire, api_key='k')\n"
        "assert not {'openai', 'anthropic', 'httpx2'} & sys.modules.keys()\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


async def test_sampling_settings_go_out_under_the_version_that_knows_them() -> None:
    form = FORMATS["anthropic_messages"]
    with serving(good(form)) as server:
        adapter = adapter_for(form, server)
        for settings in ({"temperature": 0.5}, {}):
            assert [item async for item in adapter.stream(wire_of(adapter, settings=settings))]
        await adapter.close()
    first, second = (received.headers for received in server.received)
    assert first["anthropic-version"] == "2023-06-01"
    assert second["anthropic-version"] > first["anthropic-version"]


@pytest.mark.log_expected
async def test_the_vendors_own_debug_log_does_not_print_the_key() -> None:
    code = (
        "import asyncio, sys\n"
        "from tests.contract.formats import FORMATS\n"
        "from tests.contract.test_adapters import adapter_for, good, items_of, serving\n"
        "async def main():\n"
        "    for form in FORMATS.values():\n"
        "        with serving(good(form)) as server:\n"
        "            assert await items_of(adapter_for(form, server))\n"
        "asyncio.run(main())\n"
    )
    loud = {"ANTHROPIC_LOG": "debug", "OPENAI_LOG": "debug"}
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, **loud, "PYTHONPATH": str(Path(__file__).parents[2])},
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "canary" not in done.stdout + done.stderr

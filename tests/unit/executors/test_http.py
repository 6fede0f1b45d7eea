"""Calls carried out by an HTTP endpoint, against a real one on this machine."""

import asyncio
import base64
import gzip
import logging
import struct
import zlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.unit.executors.http_endpoint import HANG, Asked, Endpoint, answer, endpoint
from tests.unit.executors.orders import order
from workbench.core.errors import ExecutorUnavailable, ToolError
from workbench.core.message import Attachment
from workbench.engine.ports import ExecutionResult
from workbench.executors.http import HttpExecutor
from workbench.executors.http_connections import HttpConnections
from workbench.executors.http_request import HttpAuth, HttpEndpoint

KEY = "canary-key-0123456789+/="


class Caller:
    """Calls the endpoint and keeps how long it was told to wait."""

    def __init__(self, server: Endpoint) -> None:
        self.server = server
        self.connections = HttpConnections()
        self.waits: list[float] = []

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)

    def executor(self, path: str = "/", **fields: Any) -> HttpExecutor:
        made = HttpEndpoint(url=self.server.origin + path, **fields)
        return HttpExecutor(made, self.connections, secret={"SHOP_KEY": KEY}.get, sleep=self._sleep)

    async def call(self, path: str = "/", *, limit_s: float = 60.0, **fields: Any) -> ExecutionResult:
        return await self.executor(path, **fields).execute(order(limit_s))

    async def failure(self, path: str = "/", *, limit_s: float = 60.0, **fields: Any) -> ToolError:
        with pytest.raises(ToolError) as caught:
            await self.call(path, limit_s=limit_s, **fields)
        return caught.value


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    async with endpoint() as server:
        calling = Caller(server)
        yield calling
        await calling.connections.close()


@pytest.fixture
def server(caller: Caller) -> Endpoint:
    return caller.server


async def test_json_comes_back_as_a_value_and_text_as_text(caller: Caller, server: Endpoint) -> None:
    server.answers = [
        answer(200, b'{"temp": 3, "big": 12345678901234567890}'),
        answer(200, "grüß".encode("latin-1"), "text/plain; charset=latin-1"),
        answer(200, b'{"broken', "application/json"),
        answer(200, b"\x89PNG", "image/png"),
        answer(204),
    ]
    values = [(await caller.call()).value for _ in range(5)]
    assert values == [{"temp": 3, "big": 12345678901234567890}, "grüß", '{"broken', "[image/png, 4 bytes]", ""]


async def test_a_picture_is_kept_beside_its_words_and_no_key_hides_in_a_file(caller: Caller, server: Endpoint) -> None:
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", 640, 480) + b"\xff"
    server.answers = [
        answer(200, png, "image/jpeg; q=1"),
        answer(200, f"a,{KEY}".encode(), "x/table"),
        answer(200, bytes(3_000_001), "x/large"),
        answer(200, b"text", "text/plain"),
        answer(204, b"", "image/png"),
    ]
    shown = [await caller.call(auth=HttpAuth("SHOP_KEY"), max_bytes=5_000_000) for _ in range(5)]
    assert shown[0].attachments == (Attachment("image/png", base64.b64encode(png).decode(), "", 640, 480),)
    (table,) = shown[1].attachments
    assert KEY.encode() not in base64.b64decode(table.data)
    assert [result.attachments for result in shown[2:]] == [(), (), ()]


async def test_the_key_goes_into_its_header_and_nowhere_else(caller: Caller, server: Endpoint) -> None:
    await caller.call("/a?x=1", headers={"X-Team": "blue"}, auth=HttpAuth("SHOP_KEY"))
    await caller.call(auth=HttpAuth("SHOP_KEY", "X-Api-Key", ""))
    first, second = server.asked
    assert first.headers["authorization"] == f"Bearer {KEY}"
    assert first.headers["x-team"] == "blue"
    assert second.headers["x-api-key"] == KEY
    assert KEY not in first.target


@pytest.mark.parametrize(
    ("auth", "target", "cookie"),
    [
        (HttpAuth("SHOP_KEY", query="api key"), "/a?x=%20&api+key=canary-key-0123456789%2B%2F%3D", None),
        (HttpAuth("SHOP_KEY", cookie="session"), "/a?x=%20", f"session={KEY}"),
    ],
)
async def test_a_key_in_the_query_or_in_a_cookie_is_in_no_log_and_no_message(
    caller: Caller,
    server: Endpoint,
    caplog: pytest.LogCaptureFixture,
    auth: HttpAuth,
    target: str,
    cookie: str | None,
) -> None:
    caplog.set_level(logging.DEBUG)
    server.answers = [
        answer(307, location="/b"),
        lambda asked: answer(500, f"{asked.target} {asked.headers.get('cookie')}".encode(), "text/plain"),
    ]
    executor = caller.executor("/a?x=%20", auth=auth, retries=0)
    with pytest.raises(ToolError) as caught:
        await executor.execute(order(60.0))
    assert (server.asked[0].target, server.asked[0].headers.get("cookie")) == (target, cookie)
    assert "canary" in server.asked[1].target + server.asked[1].headers.get("cookie", "")
    assert "authorization" not in server.asked[0].headers
    assert "[key]" in str(caught.value)
    assert "canary" not in f"{executor.name} {caught.value!r} {caught.value.__context__} {caplog.text}"


async def test_a_redirect_that_repeats_the_key_does_not_show_it(caller: Caller, server: Endpoint) -> None:
    server.answers = [lambda asked: answer(301, location=f"/moved/{asked.target.partition('=')[2]}")]
    error = await caller.failure("/a", auth=HttpAuth("SHOP_KEY", query="k"), method="POST")
    assert "redirects to /moved/[key]" in str(error)


async def test_a_key_takes_the_place_of_an_argument_of_its_name(caller: Caller, server: Endpoint) -> None:
    await caller.call("/a?k=from-the-model", auth=HttpAuth("SHOP_KEY", query="k"))
    assert server.asked[0].target == "/a?k=canary-key-0123456789%2B%2F%3D"


async def test_several_keys_go_each_into_its_place_and_none_is_shown(caller: Caller, server: Endpoint) -> None:
    auths = {
        "auth": HttpAuth("SHOP_KEY"),
        "more_keys": (HttpAuth("APP_ID", query="app"), HttpAuth("SID", cookie="sid"), HttpAuth("TEAM", cookie="team")),
    }
    values = {"SHOP_KEY": KEY, "APP_ID": "canary-app", "SID": "canary-sid", "TEAM": "canary-team"}
    made = HttpEndpoint(url=server.origin + "/a", **auths)  # type: ignore[arg-type]
    executor = HttpExecutor(made, caller.connections, secret=values.get)
    server.answers = [
        answer(307, location="/b"),
        lambda asked: answer(401, f"{asked.target} {dict(asked.headers)}".encode(), "text/plain"),
    ]
    with pytest.raises(ToolError) as caught:
        await executor.execute(order(60.0))
    for asked in server.asked:
        assert asked.headers["authorization"] == f"Bearer {KEY}"
        assert asked.headers["cookie"] == "sid=canary-sid; team=canary-team"
        assert asked.target.endswith("?app=canary-app")
    assert "canary" not in str(caught.value)
    assert caught.value.hint.endswith(
        "Check SHOP_KEY and APP_ID and SID and TEAM, or change auth next to the url of this tool in workbench.toml."
    )
    with pytest.raises(ExecutorUnavailable, match="needs the key SID"):
        await HttpExecutor(made, caller.connections, secret=(values | {"SID": None}).get).execute(order(60.0))
    assert len(server.asked) == 2


async def test_a_missing_key_is_said_before_anything_is_sent(caller: Caller, server: Endpoint) -> None:
    with pytest.raises(ExecutorUnavailable, match="needs the key OTHER_KEY"):
        await caller.call(auth=HttpAuth("OTHER_KEY"))
    assert not server.asked


@pytest.mark.parametrize("status", [200, 401, 500])
async def test_a_server_that_echoes_the_key_does_not_get_it_past_us(
    caller: Caller, server: Endpoint, status: int
) -> None:
    def echo(asked: Asked) -> bytes:
        packed = base64.b64encode(KEY.encode()).decode()
        return answer(status, f'{{"you sent": "{asked.headers["authorization"]}", "also": "{packed}"}}'.encode())

    server.answers = [echo]
    if status == 200:
        said = str((await caller.call(auth=HttpAuth("SHOP_KEY"))).value)
    else:
        error = await caller.failure(auth=HttpAuth("SHOP_KEY"))
        said = f"{error} {error!r} {error.output} {error.__cause__} {error.__context__}"
    assert "[key]" in said
    assert KEY not in said
    assert base64.b64encode(KEY.encode()).decode().rstrip("=") not in said


async def test_an_error_status_is_an_error_with_the_beginning_of_its_body(caller: Caller, server: Endpoint) -> None:
    server.answers = [answer(404, b"x" * 5000, "text/plain")]
    error = await caller.failure()
    assert error.kind == "http_404"
    assert error.message.startswith("HTTP 404 Said: xxx")
    assert len(error.message) < 2_200
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
async def test_what_may_pass_is_tried_again_and_then_given_up(caller: Caller, server: Endpoint, status: int) -> None:
    server.answers = [answer(status)]
    error = await caller.failure(retries=2)
    assert (error.kind, len(server.asked), caller.waits) == (f"http_{status}", 3, [0.5, 1.0])
    server.answers = [answer(status), answer(200, b"1")]
    assert (await caller.call()).value == 1


async def test_the_servers_own_wish_to_wait_is_kept_unless_it_is_beyond_the_limit(
    caller: Caller, server: Endpoint
) -> None:
    server.answers = [answer(429, retry_after="7"), answer(200, b"1")]
    assert (await caller.call()).value == 1
    server.answers = [answer(429, retry_after="Wed, 21 Oct 2015 07:28:00 GMT"), answer(200, b"2")]
    assert (await caller.call()).value == 2
    server.answers = [answer(429, retry_after="Wed, 21 Oct 2015 07:28:07 GMT", date="Wed, 21 Oct 2015 07:28:00 GMT")]
    server.answers.append(answer(200, b"3"))
    assert (await caller.call()).value == 3
    server.answers = [answer(429, b'{"error": {"details": [{"retryDelay": "2.5s"}]}}'), answer(200, b"4")]
    assert (await caller.call()).value == 4
    assert caller.waits == [7.0, 0.0, 7.0, 2.5]


@pytest.mark.parametrize(
    ("status", "auth", "words"),
    [
        (401, None, "No key was sent. Name one as auth.key"),
        (403, None, "No key was sent"),
        (
            401,
            HttpAuth("SHOP_KEY", "X-Key", ""),
            "SHOP_KEY was sent in the header X-Key without a scheme. Check SHOP_KEY",
        ),
        (401, HttpAuth("SHOP_KEY"), "in the header Authorization with the scheme Bearer"),
        (401, HttpAuth("SHOP_KEY", query="k"), "The key SHOP_KEY was sent as k in the query. Check SHOP_KEY"),
        (403, HttpAuth("SHOP_KEY"), "The key SHOP_KEY was sent in the header Authorization; it was not enough"),
        (404, HttpAuth("SHOP_KEY"), ""),
    ],
)
async def test_a_refusal_says_which_key_was_sent_and_where_it_is_set(
    caller: Caller, server: Endpoint, status: int, auth: HttpAuth | None, words: str
) -> None:
    server.answers = [answer(status, b"no", "text/plain")]
    error = await caller.failure(auth=auth)
    assert (words in error.hint, bool(words)) == (True, bool(error.hint))
    assert KEY not in error.hint


@pytest.mark.parametrize("due", ["3600", "Wed, 21 Oct 2015 08:28:00 GMT"])
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_wait_beyond_the_limit_is_told_at_once(caller: Caller, server: Endpoint, due: str, method: str) -> None:
    server.answers = [answer(429, b"slow down", "text/plain", retry_after=due, date="Wed, 21 Oct 2015 07:28:00 GMT")]
    error = await caller.failure(method=method)
    assert (error.kind, len(server.asked), caller.waits) == ("http_429", 1, [])
    assert error.message == "HTTP 429 Said: slow down; it asks for a wait of 1 h 0 min"


@pytest.mark.parametrize("status", [400, 500])
@pytest.mark.parametrize(
    ("whole", "said"),
    [
        (lambda status: answer(status, b"<style>p {}</style><p>No&nbsp;stock</p>", "text/html"), "No stock"),
        (lambda status: answer(status, b'{"stock": 0}'), '{"stock": 0}'),
        (lambda status: answer(status, b"No stock" + b"x" * 5000, "text/plain"), "No stock"),
        (lambda status: answer(status, b"No stock", "text/plain").replace(b"length: 8", b"length: 80"), "No stock"),
    ],
)  # fmt: skip
async def test_the_words_of_an_error_reach_the_model_whatever_holds_them(
    caller: Caller, server: Endpoint, status: int, whole: Any, said: str
) -> None:
    server.answers = [whole(status)]
    error = await caller.failure(retries=0, max_bytes=1_000)
    assert error.message.startswith(f"HTTP {status} Said: {said}")


@pytest.mark.parametrize("status", [200, 404, 503])
@pytest.mark.parametrize(
    ("body", "encoding"), [(b"junk", "gzip"), (gzip.compress(b"[1]" * 99, mtime=0)[:-9], "gzip"), (b"junk", "br")]
)
async def test_a_body_that_cannot_be_unpacked_is_asked_for_once(
    caller: Caller, server: Endpoint, status: int, body: bytes, encoding: str
) -> None:
    server.answers = [answer(status, body, content_encoding=encoding)]
    error = await caller.failure(retries=2)
    assert (error.kind, len(server.asked)) == ("http_encoding", 1)
    assert encoding in error.message


@pytest.mark.parametrize("status", [301, 302])
async def test_a_redirect_that_would_drop_the_arguments_is_not_followed(
    caller: Caller, server: Endpoint, status: int
) -> None:
    server.answers = [answer(status, location="/there"), answer(200, b"1")]
    error = await caller.failure(method="POST")
    assert (error.kind, len(server.asked)) == ("http_redirect", 1)
    assert "/there" in error.message


async def test_what_cannot_be_repeated_harmlessly_is_sent_once(caller: Caller, server: Endpoint) -> None:
    server.answers = [answer(503)]
    await caller.failure(method="POST")
    assert len(server.asked) == 1
    await caller.failure(method="POST", retry_unsafe=True, retries=1)
    assert len(server.asked) == 3
    await caller.failure(method="PUT", retries=1)
    assert len(server.asked) == 5


async def test_a_connection_that_breaks_is_named_and_may_have_taken_effect(caller: Caller, server: Endpoint) -> None:
    server.answers = [b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf"]
    error = await caller.failure(retries=0)
    assert error.kind == "http_connection"
    assert "may have taken effect" in error.message


async def test_nobody_listening_is_a_connection_error_without_an_effect(caller: Caller) -> None:
    made = HttpEndpoint(url="http://127.0.0.1:1/", retries=0)
    with pytest.raises(ToolError, match=r"http://127\.0\.0\.1:1: ConnectError") as caught:
        await HttpExecutor(made, caller.connections, secret=lambda _: None).execute(order())
    assert caught.value.kind == "http_connection"
    assert "effect" not in caught.value.message


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_another_place_is_not_followed(caller: Caller, server: Endpoint, status: int) -> None:
    async with endpoint() as other:
        server.answers = [answer(status, location=f"{other.origin}/steal")]
        error = await caller.failure(auth=HttpAuth("SHOP_KEY"))
        assert error.kind == "http_redirect"
        assert not other.asked


@pytest.mark.parametrize("place", ["//evil.invalid/", "http://localhost/", "http://x@127.0.0.1/", "ftp://a/", ""])
async def test_no_odd_way_of_writing_a_place_is_followed(caller: Caller, server: Endpoint, place: str) -> None:
    server.answers = [answer(302, location=place) if place else answer(302)]
    error = await caller.failure(auth=HttpAuth("SHOP_KEY"), retries=0)
    assert error.kind in ("http_redirect", "http_connection")
    assert len(server.asked) == 1


async def test_a_redirect_within_the_same_origin_is_followed_with_the_key(caller: Caller, server: Endpoint) -> None:
    server.answers = [answer(307, location="/b?x=1"), answer(200, b"1")]
    assert (await caller.call("/a", auth=HttpAuth("SHOP_KEY"))).value == 1
    assert [one.target for one in server.asked] == ["/a", "/b?x=1"]
    assert server.asked[1].headers["authorization"] == f"Bearer {KEY}"


async def test_redirects_without_end_are_ended(caller: Caller, server: Endpoint) -> None:
    server.answers = [answer(302, location="/again")]
    assert (await caller.failure()).kind == "http_redirect"
    assert len(server.asked) == 6


async def test_an_answer_that_is_too_long_is_cut_off_also_when_it_is_packed(caller: Caller, server: Endpoint) -> None:
    server.answers = [answer(200, b"x" * 1001, "text/plain")]
    assert (await caller.failure(max_bytes=1000)).kind == "http_too_large"
    server.answers = [answer(200, gzip.compress(b"x" * 50_000_000), "text/plain", content_encoding="gzip")]
    assert (await caller.failure(max_bytes=100_000)).kind == "http_too_large"


async def test_a_packed_answer_is_unpacked_and_an_unknown_packing_refused(caller: Caller, server: Endpoint) -> None:
    server.answers = [answer(200, gzip.compress(b"[1]"), content_encoding="gzip")]
    assert (await caller.call()).value == [1]
    server.answers = [answer(200, zlib.compress(b"[2]"), content_encoding="deflate")]
    assert (await caller.call()).value == [2]
    server.answers = [answer(200, b"junk", content_encoding="gzip")]
    assert (await caller.failure()).kind == "http_encoding"
    server.answers = [answer(200, b"junk", content_encoding="br")]
    assert (await caller.failure()).kind == "http_encoding"


async def test_a_mapping_takes_out_what_counts(caller: Caller, server: Endpoint) -> None:
    server.answers = [answer(200, b'{"rows": [{"id": 1}, {"id": 2}], "page": 1}')]
    assert (await caller.call(response="$.page")).value == 1
    assert (await caller.call(response="$.rows[*].id")).value == [1, 2]
    assert (await caller.failure(response="$.nothing")).kind == "http_mapping"


async def test_no_answer_in_time_is_a_timeout(caller: Caller, server: Endpoint) -> None:
    server.answers = [HANG]
    error = await caller.failure(time_limit_s=0.05)
    assert (error.kind, "may have taken effect" in error.message) == ("timeout", True)


async def test_cancelling_closes_the_connection(caller: Caller, server: Endpoint) -> None:
    server.answers = [HANG]
    task = asyncio.create_task(caller.call())
    await server.hanging.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_cookies_are_not_kept(caller: Caller, server: Endpoint) -> None:
    server.answers = [answer(200, b"1", set_cookie="session=abc; Path=/")]
    await caller.call()
    await caller.call()
    assert "cookie" not in server.asked[1].headers


async def test_the_name_is_the_method_and_the_address_as_written(caller: Caller, server: Endpoint) -> None:
    assert caller.executor("/items/{id}", method="PUT").name == f"http PUT {server.origin}/items/{{id}}"

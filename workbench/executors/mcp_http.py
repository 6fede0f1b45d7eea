"""An MCP server that is reached over streamable HTTP: what it answers instead of messages, made into messages.

The SDK says of such answers only that they came. So each becomes an error for the very call it answers, with the
server's own words, before the SDK sees it.
"""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from workbench.core.body_wait import wait_in_body
from workbench.core.http_rules import retry_after_s, status_words, wait_words
from workbench.core.json_text import JsonObject, compact
from workbench.core.secret import shown_address
from workbench.core.server_words import clip, words_of_body
from workbench.executors.mcp_events import MessageEvents, error_event, message_event
from workbench.executors.mcp_message import read_answer, read_messages
from workbench.executors.sign_in_setup import SIGN_IN

if TYPE_CHECKING:
    import httpx2

SESSION_ENDED = 404_404
"""The code of the error a call gets when the server has forgotten our session; it was not carried out."""
UNREACHABLE = 404_503
"""The code of the error a call gets when there is no connection; it was not carried out."""
CONNECTION_BROKEN = 404_504
"""The code of the error a call gets when the connection broke; it may have been carried out."""
_SESSION = "mcp-session-id"
_KEYS = "workbench_keys"
_MAX_BYTES = 32 * 1024 * 1024
_MAX_ERROR_BYTES = 256 * 1024
_CODES = {404: -32601}  # what tells the SDK that a method is not known there; anything else is an internal error


@asynccontextmanager
async def http_transport(
    url: str, headers: Mapping[str, str], shown_keys: str = "", auth: "httpx2.Auth | None" = None
) -> AsyncGenerator[Any]:
    """Carry messages to and from `url`. Redirects are followed within its origin only, so that is where keys stay.

    `shown_keys` names the keys in the headers, for messages. `auth` adds the token of a sign-in.
    """
    import httpx2
    from mcp.client.streamable_http import streamable_http_client

    class Client(httpx2.AsyncClient):
        async def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
            request.extensions[_KEYS] = shown_keys
            return await _send(super().send, request, options)

    sent = {"accept-encoding": "identity", **{name.lower(): value for name, value in headers.items()}}
    timeout = httpx2.Timeout(30.0, read=300.0)
    async with (
        Client(headers=sent, timeout=timeout, auth=auth, follow_redirects=False) as client,
        streamable_http_client(url, http_client=client, max_sse_event_size=_MAX_BYTES) as streams,
    ):
        yield streams


async def _send(send: Any, request: "httpx2.Request", options: dict[str, Any]) -> "httpx2.Response":
    import httpx2

    # Workaround (no upstream issue known): only a private function of the SDK says which redirects it follows, and we
    # refuse exactly the others, by name. Remove when the SDK refuses them with an error, or makes the function public.
    from mcp.shared._httpx_utils import next_request_within_origin

    call = _call_of(request)
    if call is not None:  # it has a limit of its own, which does not run while a person is asked
        request.extensions["timeout"] = {**request.extensions.get("timeout", {}), "read": None}
    try:
        response: httpx2.Response = await send(request, **options)
        if response.has_redirect_location:
            return response if next_request_within_origin(response) else await _refuse_redirect(request, response, call)
        return await _as_messages(request, response, call)
    except httpx2.DecodingError as error:
        return _refusal(request, call, -32603, f"it sent a body that cannot be decompressed: {error}")
    except (httpx2.TransportError, httpx2.InvalidURL) as error:
        if request.method == "DELETE":  # the end of a session, which needs no answer
            return httpx2.Response(200, request=request)
        if call is None:
            raise
        reason = str(error.__cause__ or error) or type(error).__name__
        if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout):
            return _refusal(request, call, UNREACHABLE, f"it cannot be reached: {reason}")
        return _refusal(request, call, CONNECTION_BROKEN, f"the connection broke: {reason}")


async def _refuse_redirect(
    request: "httpx2.Request", response: "httpx2.Response", call: int | str | None
) -> "httpx2.Response":
    """The refusal of a redirect that leads elsewhere, or would drop the message."""
    await response.aclose()
    where = shown_address(response.headers["location"])
    said = f"it redirects to {where} (status {response.status_code}), which was not followed"
    return _refusal(request, call, -32603, f"{said}; if it has moved there, change its url")


async def _as_messages(
    request: "httpx2.Request", response: "httpx2.Response", call: int | str | None
) -> "httpx2.Response":
    import httpx2
    from mcp_types import JSONRPCError, JSONRPCResponse

    kind = response.headers.get("content-type", "").lower()
    if request.method == "DELETE":
        await response.aclose()
        return httpx2.Response(200, request=request)
    if response.status_code < 300 and "text/event-stream" in kind:
        return httpx2.Response(200, headers=_kept(response), stream=_sound_stream(response, call), request=request)
    if call is None:
        return response
    async with aclosing(response):
        body = await _body(response)
    if not response.is_success:
        return _error(request, response, call, body)
    messages = read_messages(body) if "json" in kind else []
    if len(messages) == 1:
        [message] = messages
        if isinstance(message, JSONRPCResponse | JSONRPCError):
            message.id = call
        content = message.model_dump_json(by_alias=True, exclude_unset=True).encode("utf-8")
        return httpx2.Response(200, headers=_kept(response), content=content, request=request)
    if messages:
        headers = _kept(response) | {"content-type": "text/event-stream"}
        return httpx2.Response(200, headers=headers, content=b"".join(map(message_event, messages)), request=request)
    if response.status_code == 202:
        return _refusal(request, call, -32603, "it accepted the call, but gave no result")
    said = f"it answered with {kind.partition(';')[0].strip() or 'something'} that is not a message"
    return _refusal(request, call, -32603, _quoting(said, words_of_body(body, kind)))


async def _body(response: "httpx2.Response") -> bytes:
    """The body; that of an error as far as it comes."""
    import httpx2

    limit = _MAX_BYTES if response.is_success else _MAX_ERROR_BYTES
    found = bytearray()
    try:
        async for piece in response.aiter_bytes():
            found += piece
            if len(found) > limit:
                break
    except httpx2.TransportError:
        if response.is_success:
            raise
    return bytes(found[:limit])


def _sound_stream(response: "httpx2.Response", call: int | str | None) -> "httpx2.AsyncByteStream":
    """The events of a stream, with messages that can be read."""
    import httpx2

    class SoundStream(httpx2.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            events = MessageEvents()
            try:
                async for piece in response.aiter_bytes():
                    if text := events.feed(piece):
                        yield text
                    if events.waiting_bytes > _MAX_BYTES:
                        yield error_event(call, -32603, f"it sent an event of more than {_MAX_BYTES:,} bytes")
                        return
            except httpx2.DecodingError as error:
                yield b"\n" + error_event(call, -32603, f"it sent a body that cannot be decompressed: {error}")
                return
            yield events.finish()
            if call is not None and not events.has_answer and not events.can_resume:
                yield error_event(call, CONNECTION_BROKEN, "its answer ended without a result", events.stray_words)

        async def aclose(self) -> None:
            await response.aclose()

    return SoundStream()


def _kept(response: "httpx2.Response") -> dict[str, str]:
    """The headers that still hold for a body that was read."""
    gone = ("content-length", "content-encoding", "transfer-encoding")
    return {name: value for name, value in response.headers.items() if name.lower() not in gone}


def _error(request: "httpx2.Request", response: "httpx2.Response", call: int | str, body: bytes) -> "httpx2.Response":
    """The error for an answer with an error status. A message in its body is the server's own, and counts."""
    status, headers = response.status_code, response.headers
    words = words_of_body(body, headers.get("content-type", ""))
    if _SESSION in request.headers and (status in (404, 410) or (status == 400 and "session" in words.lower())):
        return _refusal(request, call, SESSION_ENDED, _quoting("its session has ended", words))
    error = _own_error(body)
    if error is not None and status not in (401, 403):
        return _json(request, {"jsonrpc": "2.0", "id": call, "error": error})
    keys, asked = request.extensions.get(_KEYS), request.extensions.get(SIGN_IN)
    said = _in_words(status, keys or ("the token" if "authorization" in request.headers else ""))
    if asked:  # with a key of the person's, either may be what is wrong
        said = f"{said}. Or {asked}" if keys and status == 401 else f"it answered {status_words(status)}: {asked}"
    wait_s = retry_after_s(headers, datetime.now(UTC))
    wait_s = wait_in_body(body.decode("utf-8", "replace")) if wait_s is None else wait_s
    if wait_s:
        said += f"; it asks for a wait of {wait_words(wait_s)}"
    code = error["code"] if error is not None else _CODES.get(status, -32603)
    return _refusal(request, call, code, _quoting(said, words))


def _own_error(body: bytes) -> JsonObject | None:
    from mcp_types import JSONRPCError

    answer = read_answer(body)
    return answer.error.model_dump(exclude_unset=True) if isinstance(answer, JSONRPCError) else None


def _in_words(status: int, given: str) -> str:
    """`given` names the keys that were sent, and their headers."""
    said = f"it answered {status_words(status)}"
    match status:
        case 401 if given:
            return f"{said}: it does not accept {given}. Check it, or change headers of the server in workbench.toml"
        case 401:
            return f"{said}: it requires a key; put a token of yours in the key store and name it under headers"
        case 403:
            return f"{said}: {given or 'the token'} does not allow this"
        case 404 | 405:
            return f"{said}: there is no MCP server at this address"
        case _:
            return said


def _quoting(said: str, words: str) -> str:
    return f"{said}. It said: {clip(words)}" if words else said


def _refusal(request: "httpx2.Request", call: int | str | None, code: Any, said: str) -> "httpx2.Response":
    error = {"code": code, "message": said}
    return _json(request, {"jsonrpc": "2.0", "id": call, "error": error})


def _json(request: "httpx2.Request", document: JsonObject) -> "httpx2.Response":
    import httpx2

    headers = {"content-type": "application/json"}
    return httpx2.Response(200, headers=headers, content=compact(document).encode("utf-8"), request=request)


def _call_of(request: "httpx2.Request") -> int | str | None:
    """The id of the call that a POST carries."""
    if request.method != "POST":
        return None
    try:
        call = json.loads(request.content).get("id")
    except (ValueError, AttributeError):
        return None
    return call if isinstance(call, int | str) else None

"""One JSON-RPC message as servers really write it, made into one that can be delivered. Pure.

A message that answers a call but cannot be read would leave the call waiting for its time limit. So what is meant is
read where there is no doubt (half of a surrogate pair, bytes that are no UTF-8, `[]` for `{}`), and any other answer
becomes an error for its call at once.
"""

import json
import re
from typing import TYPE_CHECKING, Any

from workbench.core.json_text import JsonValue, compact, without_surrogates
from workbench.core.server_words import clip, words_of_json
from workbench.executors.mcp_words import first_problem

if TYPE_CHECKING:
    from mcp.shared.exceptions import MCPError
    from mcp_types import JSONRPCError, JSONRPCMessage, JSONRPCResponse

_ID = re.compile(rb'"id"\s*:\s*(\d{1,15}|"[^"\\]{1,100}")')
_LOOKED_AT = 300


def read_messages(text: bytes) -> "list[JSONRPCMessage]":
    """The messages in `text`: one, or several in a list, as protocol 2025-03-26 has it; none in what is not a message.

    An answer that cannot be read is an error for its call.
    """
    from mcp_types import jsonrpc_message_adapter

    try:
        return [_with_greeting(jsonrpc_message_adapter.validate_json(text, by_name=False))]
    except ValueError:
        pass
    try:
        document = without_surrogates(json.loads(text.decode("utf-8-sig", "replace")))
    except (ValueError, RecursionError) as error:
        found = _unreadable(text, type(error).__name__)
        return [found] if found is not None else []
    documents = document if isinstance(document, list) else [document]
    return [read for one in documents if (read := _message_of(one)) is not None]


def read_answer(body: bytes) -> "JSONRPCResponse | JSONRPCError | None":
    """The first result or error in `body`."""
    from mcp_types import JSONRPCError, JSONRPCResponse

    answers = (one for one in read_messages(body) if isinstance(one, JSONRPCResponse | JSONRPCError))
    return next(answers, None)


def _message_of(document: JsonValue) -> "JSONRPCMessage | None":
    from mcp_types import jsonrpc_message_adapter

    if not isinstance(document, dict) or not ("method" in document or "result" in document or "error" in document):
        return None
    try:
        return _with_greeting(jsonrpc_message_adapter.validate_python(_as_meant(document), by_name=False))
    except ValueError as error:
        return _failed(document.get("id"), f"it does not follow MCP: {first_problem(error)}")


def error_words(error: "MCPError") -> str:
    """All that a server says in an error: its message, and the details with it."""
    message, data = error.message.strip(), error.data
    if data is None or data == {}:
        return clip(message)
    more = data if isinstance(data, str) else words_of_json(data) or compact(data)
    if not more.strip() or more in message:
        return clip(message)
    return clip(more if message in more else f"{message}: {more}")


def _as_meant(document: dict[str, Any]) -> dict[str, Any]:
    message = {"jsonrpc": "2.0", **document}
    if message.get("error") is None:
        message.pop("error", None)
    elif message.get("result") is None:
        message.pop("result", None)
    if "result" in message and message["result"] in (None, []):
        message["result"] = {}
    error = message.get("error")
    if error is not None and "method" not in message:
        message.setdefault("id", None)
    if error is not None and not (isinstance(error, dict) and type(error.get("code")) is int):
        said = words_of_json(error) or compact(error)
        message["error"] = {"code": -32603, "message": said, "data": error if isinstance(error, dict) else None}
    elif isinstance(error, dict) and not isinstance(error.get("message"), str):
        message["error"] = {**error, "message": words_of_json(error.get("message")) or compact(error)}
    return message


def _with_greeting(message: "JSONRPCMessage") -> "JSONRPCMessage":
    """`message`; where a server says what it is, as it is meant: `{}` where some languages write an empty object as a
    list, texts where a name or a version is a number, nothing where instructions are no text."""
    from mcp_types import JSONRPCResponse

    if not isinstance(message, JSONRPCResponse) or "capabilities" not in message.result:
        return message
    said = message.result["capabilities"] or {}
    if isinstance(said, dict):
        said = {key: {} if value in ([], True) else value for key, value in said.items() if value is not False}
    info = message.result.get("serverInfo")
    info = info if isinstance(info, dict) else {}
    texts = {key: str(info.get(key) or "") for key in ("name", "version")}
    message.result = {**message.result, "serverInfo": {**info, **texts}, "capabilities": said}
    if not isinstance(message.result.get("instructions", ""), str):
        del message.result["instructions"]
    return message


def _unreadable(line: bytes, why: str) -> "JSONRPCMessage | None":
    """An error for a broken answer whose call is known all the same."""
    start = line.lstrip()[:_LOOKED_AT]
    if not start.startswith(b"{") or b'"jsonrpc"' not in start or b'"method"' in start:
        return None
    found = _ID.search(start)
    words = start.decode("utf-8", "replace")
    return _failed(json.loads(found[1]), f"it cannot be read ({why}): {words}") if found else None


def _failed(call: object, why: str) -> "JSONRPCMessage | None":
    from mcp_types import PARSE_ERROR, ErrorData, JSONRPCError

    if not isinstance(call, int | str) or isinstance(call, bool):
        return None
    return JSONRPCError(
        jsonrpc="2.0", id=call, error=ErrorData(code=PARSE_ERROR, message=f"the server has answered, but {why}")
    )

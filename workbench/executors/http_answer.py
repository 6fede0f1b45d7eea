"""What an HTTP endpoint answered: read within bounds, and turned into a result."""

import base64
import json
import zlib
from typing import TYPE_CHECKING, NoReturn

from workbench.core.errors import ToolError
from workbench.core.json_path import BadJsonPath, find_json
from workbench.core.json_text import JsonValue, without_surrogates
from workbench.core.message import Attachment
from workbench.core.picture_header import attachment_of
from workbench.core.result_file import KEPT_CHARS
from workbench.core.server_words import words_of_text

if TYPE_CHECKING:
    import httpx2

_TEXT_TYPES = ("text/", "application/json", "application/xml", "application/javascript", "application/x-www-form")


async def bounded_body(response: "httpx2.Response", max_bytes: int) -> bytes:
    """The unpacked body; raises `ToolError` of kind `http_too_large` as soon as it is longer than `max_bytes`."""
    found = bytearray()
    await _read_into(found, response, max_bytes)
    return bytes(found)


async def error_words(response: "httpx2.Response", max_bytes: int) -> str:
    """What an error's body says, as far as it came and fits. Raises `ToolError` for a body that is packed wrongly."""
    import httpx2  # loaded by the code that sent the request

    found = bytearray()
    try:
        await _read_into(found, response, max_bytes)
    except httpx2.TransportError:
        pass
    except ToolError as error:
        if error.kind != "http_too_large":
            raise
    text = body_text(response, bytes(found[:max_bytes])).strip()
    is_markup = "html" in response.headers.get("content-type", "").lower()
    return text if text.startswith(("{", "[")) else words_of_text(text, is_markup=is_markup)


async def _read_into(found: bytearray, response: "httpx2.Response", max_bytes: int) -> None:
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise ToolError(f"the answer is packed as {encoding[:40]!r}, which was not asked for", kind="http_encoding")
    unpack = None if encoding in ("", "identity") else zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        async for piece in response.aiter_raw():
            found += piece if unpack is None else unpack.decompress(piece, max_bytes + 1 - len(found))
            if len(found) > max_bytes or (unpack is not None and unpack.unconsumed_tail):
                raise ToolError(f"the answer is longer than {max_bytes:,} bytes", kind="http_too_large")
    except zlib.error:
        raise ToolError(f"the answer is not packed as {encoding}, as it says", kind="http_encoding") from None
    if unpack is not None and found and not unpack.eof:
        raise ToolError(f"the answer is incomplete: it lacks part of the {encoding} data", kind="http_encoding")


def body_text(response: "httpx2.Response", body: bytes) -> str:
    """The body as text; what is not text is described."""
    if not _is_text(response):
        return f"[{_type_of(response)[:80]}, {len(body):,} bytes]"
    charset = response.charset_encoding or "utf-8"
    try:
        return body.decode(charset, "replace")
    except LookupError:
        return body.decode("utf-8", "replace")


def attachments_in(response: "httpx2.Response", body: bytes) -> tuple[Attachment, ...]:
    """The body where it is a picture, a sound or another file, and is not too large to keep."""
    if _is_text(response) or not body or len(body) > KEPT_CHARS // 4 * 3:
        return ()
    found = attachment_of(base64.b64encode(body).decode(), _type_of(response))
    return (found,) if found is not None else ()


def _is_text(response: "httpx2.Response") -> bool:
    content_type = _type_of(response)
    return not content_type or content_type.startswith(_TEXT_TYPES) or content_type.endswith(("+json", "+xml"))


def _type_of(response: "httpx2.Response") -> str:
    return str(response.headers.get("content-type", "")).lower().partition(";")[0].strip()


def result_of(text: str, content_type: str, path: str) -> JsonValue:
    """The value the model is given: JSON where the answer is JSON, cut down to what `path` finds.

    Raises `ToolError` when `path` finds nothing.
    """
    value = _parsed(text) if path or "json" in content_type.lower() else text
    if not path:
        return value
    try:
        found = find_json(path, value)
    except BadJsonPath as error:
        raise ToolError(str(error), kind="http_mapping") from None
    if not found:
        raise ToolError(f"the answer has nothing at {path}", kind="http_mapping")
    return found[0] if len(found) == 1 else found


def _parsed(text: str) -> JsonValue:
    try:
        return without_surrogates(json.loads(text, parse_constant=_refuse))
    except (ValueError, RecursionError):
        return text


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)

"""What an MCP server answered to a call, as a result. Pure; works on the JSON as it arrived."""

import base64
import hashlib
import json

from workbench.core.json_text import JsonObject, JsonValue, compact
from workbench.core.message import Attachment
from workbench.core.picture_header import HEADER_BYTES, attachment_of, picture_header, plain_base64
from workbench.core.result_file import KEPT_CHARS, KEPT_FILES
from workbench.engine.ports import ExecutionResult

_MAX_READ_CHARS = 2 * KEPT_CHARS


def call_result(answer: JsonObject, notes: list[str]) -> ExecutionResult:
    """The result: everything the server says, once. Structured content alone where the rest only repeats it, else the
    text, with a line for everything that is not text, and the structured content below it.

    Pictures, sounds and files are its attachments. Other blocks, and those that are broken or too large, are kept as
    far as they fit, one JSON line each, in the output, after `notes`.
    """
    blocks = _blocks(answer.get("content"))
    attachments, rest = _apart(blocks)
    structured = answer.get("structuredContent")
    texts = [_text(block.get("text")) for block in blocks if block.get("type") == "text"]
    others = [_in_words(block) for block in blocks if block.get("type") != "text"]
    value: JsonValue = "\n".join(_in_words(block) for block in blocks)
    if structured not in (None, {}, [], ""):
        if not _repeats(texts, structured):
            value = f"{value}\n{compact(structured)}"
        else:
            value = "\n".join([compact(structured), *others]) if others else structured
    elif not value and structured is not None:
        value = structured
    elif not answer.keys() & {"content", "structuredContent"}:  # of an older protocol, or of the server's own making
        value = {key: said for key, said in answer.items() if key not in ("_meta", "isError", "resultType")} or value
    is_error = answer.get("isError") in (True, "true", "True")
    output = "\n".join([*notes, *_kept(rest)])
    return ExecutionResult(value, output, is_error=is_error, attachments=attachments)


def _text(value: JsonValue) -> str:
    """What stands where a text belongs: null is none, and anything else is said as JSON."""
    return value if isinstance(value, str) else "" if value is None else compact(value)


def _blocks(content: JsonValue) -> list[JsonObject]:
    """The blocks of the content; some servers send one block, or bare text, instead of a list."""
    listed = content if isinstance(content, list) else [content]
    return [
        {"type": "text", "text": block} if isinstance(block, str) else block
        for block in listed
        if isinstance(block, str | dict)
    ]


def _in_words(block: JsonObject) -> str:
    kind = block.get("type")
    match kind:
        case "text":
            return _text(block.get("text"))
        case "image" | "audio":
            said, data = str(block.get("mimeType", "")), str(block.get("data", ""))
            data = plain_base64(data) if len(data) <= _MAX_READ_CHARS else data
            return f"[{kind} {said}, {_size(data)}{_picture(said, data) if kind == 'image' else ''}]"
        case "resource_link":
            title = block.get("title") or block.get("name") or ""
            return f"[resource {title}: {block.get('uri', '')}]"
        case "resource":
            return _resource_in_words(block.get("resource"))
        case _:
            return f"[{kind}]"


def _picture(said: str, data: str) -> str:
    """What a picture is, by its first bytes: its size, and what is wrong with it."""
    try:
        header = picture_header(base64.b64decode(data[: HEADER_BYTES // 3 * 4], validate=True))
    except ValueError:
        return ", broken: its data is not base64"
    if header is None:
        return ", broken: it is not a PNG, JPEG, GIF, or WebP"
    facts = f", {header.width:,} × {header.height:,} pixels"
    facts += f", really {header.mime_type}" if header.mime_type != said else ""
    return facts + (f", not to be shown: {header.problem}" if header.problem else "")


def _resource_in_words(resource: JsonValue) -> str:
    if not isinstance(resource, dict):
        return "[resource]"
    where = resource.get("uri", "")
    if isinstance(resource.get("text"), str):
        return f"[resource {where}]\n{resource['text']}"
    return f"[resource {where}, {resource.get('mimeType', '')}, {_size(str(resource.get('blob', '')))}]"


def _size(encoded: str) -> str:
    return f"{len(encoded) * 3 // 4:,} bytes, sha256 {hashlib.sha256(encoded.encode()).hexdigest()[:12]}"


def _apart(blocks: list[JsonObject]) -> tuple[tuple[Attachment, ...], list[JsonObject]]:
    """The data in the blocks, as far as there is room, and the blocks that are left. Texts come last: they are in the
    words of the result as well."""
    read = [_attachment(block) for block in blocks]
    kept: dict[int, Attachment] = {}
    room = KEPT_CHARS
    held = [(number, one) for number, one in enumerate(read) if one is not None]
    for number, one in sorted(held, key=lambda each: each[1].is_text):
        if len(one.data) <= room and len(kept) < KEPT_FILES:
            room -= len(one.data)
            kept[number] = one
    rest = [block for number, block in enumerate(blocks) if number not in kept]
    return tuple(kept[number] for number in sorted(kept)), rest


def _attachment(block: JsonObject) -> Attachment | None:
    """The data in a block; None where there is none, or none that can be read."""
    resource = block.get("resource")
    held = resource if block.get("type") == "resource" and isinstance(resource, dict) else block
    name, mime_type = str(held.get("uri", "")), str(held.get("mimeType", ""))
    if held is resource and isinstance(text := held.get("text"), str):
        encoded = base64.b64encode(text.encode("utf-8", "replace")).decode()
        return Attachment(mime_type or "text/plain", encoded, name, is_text=True)
    data = held.get("blob" if held is resource else "data")
    if not isinstance(data, str) or not data or len(data) > _MAX_READ_CHARS:
        return None
    return attachment_of(data, mime_type, name)


def _kept(blocks: list[JsonObject]) -> list[str]:
    lines: list[str] = []
    room = KEPT_CHARS
    for block in blocks:
        if block.get("type") == "text":
            continue
        line = compact(block)
        room -= len(line)
        lines.append(line if room >= 0 else f"[{block.get('type')} of {len(line):,} characters was too long to keep]")
    return lines


def _repeats(texts: list[str], structured: JsonValue) -> bool:
    """Whether the texts only repeat the structured content: all of it or a value in it, written out."""
    said = {_form(structured), *map(_form, _values(structured))}
    whole = "\n".join(texts).strip()
    return _is_repeated(whole, said) or all(_is_repeated(text.strip(), said) for text in texts)


def _is_repeated(text: str, said: set[str]) -> bool:
    if not text or _form(text) in said:
        return True
    try:
        return _form(json.loads(text)) in said
    except (ValueError, RecursionError):
        return False


def _values(structured: JsonValue) -> list[JsonValue]:
    """The values in it, and those in its lists, which many servers write as a text each."""
    held = structured if isinstance(structured, list) else [structured]
    found = [value for one in held for value in (one.values() if isinstance(one, dict) else [one])]
    return [*held, *found, *(item for value in found if isinstance(value, list) for item in value)]


def _form(value: JsonValue) -> str:
    return json.dumps(value, sort_keys=True)

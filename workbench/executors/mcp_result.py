"""What an MCP server answered to a call, as a result. Pure; works on the JSON as it arrived."""

import hashlib

from workbench.core.errors import MalformedJson, ToolError
from workbench.core.json_text import JsonObject, JsonValue, compact, parse_strict
from workbench.engine.ports import ExecutionResult
from workbench.executors.mcp_connection import asked_back

_MAX_KEPT_CHARS = 4_000_000


def call_result(answer: JsonObject, notes: list[str]) -> ExecutionResult:
    """The result: structured content where there is some, else the text, with a line for everything that is no text.

    Pictures, sounds and resources are kept whole, one JSON line each, in the output, after `notes`. Raises
    `ToolError` of kind `mcp_input` when the server wants to ask something back, which is not offered to servers.
    """
    if answer.get("resultType") == "input_required":
        raise ToolError(
            f"in the middle of the call the server asks back for {_wanted(answer)}, which servers are not given; what "
            "it has done by then is not known",
            kind="mcp_input",
            mend="Give what it needs in the arguments, or use a tool that does not ask back.",
        )
    listed = answer.get("content")
    blocks = [block for block in listed if isinstance(block, dict)] if isinstance(listed, list) else []
    text = "\n".join(_in_words(block) for block in blocks)
    structured = answer.get("structuredContent")
    lines = [*notes, *_kept(blocks)]
    is_error = answer.get("isError") is True
    if structured is None or is_error:
        return ExecutionResult(text, "\n".join(lines), is_error=is_error)
    if text and not _says_the_same(text, structured):
        lines.append(text)
    return ExecutionResult(structured, "\n".join(lines))


def _wanted(answer: JsonObject) -> str:
    asked = answer.get("inputRequests")
    requests = asked.values() if isinstance(asked, dict) else ()
    methods = [str(one.get("method", "")) for one in requests if isinstance(one, dict)]
    return " and ".join(dict.fromkeys(map(asked_back, methods))) or "something it does not name"


def _in_words(block: JsonObject) -> str:
    kind = block.get("type")
    match kind:
        case "text":
            return str(block.get("text", ""))
        case "image" | "audio":
            return f"[{kind} {block.get('mimeType', '')}, {_size(str(block.get('data', '')))}]"
        case "resource_link":
            title = block.get("title") or block.get("name") or ""
            return f"[resource {title}: {block.get('uri', '')}]"
        case "resource":
            return _resource_in_words(block.get("resource"))
        case _:
            return f"[{kind}]"


def _resource_in_words(resource: JsonValue) -> str:
    if not isinstance(resource, dict):
        return "[resource]"
    where = resource.get("uri", "")
    if isinstance(resource.get("text"), str):
        return f"[resource {where}]\n{resource['text']}"
    return f"[resource {where}, {resource.get('mimeType', '')}, {_size(str(resource.get('blob', '')))}]"


def _size(encoded: str) -> str:
    return f"{len(encoded) * 3 // 4:,} bytes, sha256 {hashlib.sha256(encoded.encode()).hexdigest()[:12]}"


def _kept(blocks: list[JsonObject]) -> list[str]:
    lines: list[str] = []
    room = _MAX_KEPT_CHARS
    for block in blocks:
        if block.get("type") == "text":
            continue
        line = compact(block)
        room -= len(line)
        lines.append(line if room >= 0 else f"[{block.get('type')} of {len(line):,} characters was too much to keep]")
    return lines


def _says_the_same(text: str, structured: JsonValue) -> bool:
    try:
        said = parse_strict(text)
    except MalformedJson:
        return isinstance(structured, dict) and structured == {"result": text}
    return said == structured or (isinstance(structured, dict) and structured == {"result": said})

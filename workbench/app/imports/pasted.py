"""What a text holds: which format it is in, and the tools in it. Nothing is run, and nothing else is read."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from workbench.app.imports.document_text import read_document, text_of_file
from workbench.app.imports.formats.collections import (
    is_bru,
    is_bruno,
    is_postman,
    tools_of_bru,
    tools_of_bruno,
    tools_of_postman,
)
from workbench.app.imports.formats.curl import is_curl, tools_of_curl
from workbench.app.imports.formats.har import is_har, tools_of_har
from workbench.app.imports.formats.logs import found_in_log, holds_requests
from workbench.app.imports.formats.traces import found_in_traces, holds_traces
from workbench.app.imports.found import OWN, Found, FoundTool
from workbench.app.imports.openapi.reading import is_openapi, tools_of_openapi
from workbench.app.imports.python_text import tools_of_code, tools_of_python
from workbench.app.imports.tool_import import found_in
from workbench.app.models.wires import VENDORS, in_words
from workbench.core.errors import MalformedJson, UsageError, WorkbenchError
from workbench.core.json_text import JsonValue

KNOWN_SHAPES = (
    f"tools or logged requests for {in_words((*VENDORS, OWN))}, JSON Schema, OpenAPI, curl commands, a HAR file, a "
    "trace, a Postman or Bruno collection, or Python functions"
)
_FENCE = re.compile(r"\A\s*```[A-Za-z]*\n(.*?)\n?```\s*\Z", re.DOTALL)


class Format(msgspec.Struct, frozen=True):
    """One format. `name` is what `--as` takes; one of the two readers is there, for a text or for a document."""

    name: str
    label: str
    of_text: Callable[[str], Found] | None = None
    of_document: Callable[[Any], Found] | None = None
    is_text: Callable[[str], bool] | None = None
    is_document: Callable[[JsonValue], bool] | None = None


def _of_python(text: str) -> Found:
    return _found_python(tools_of_python(text))


def _of_code(name: str, text: str) -> Found:
    """A file of Python: its functions are to carry out the calls of their tools."""
    found = _found_python(tools_of_code(name, text))
    return _or_obstacle(found, "This Python file has no typed functions, models, or lists of tools.")


def _found_python(items: tuple[FoundTool, ...]) -> Found:
    return Found(items, ", ".join(dict.fromkeys(one.shape for one in items)))


FORMATS: tuple[Format, ...] = (
    Format("curl", "curl commands", of_text=tools_of_curl, is_text=is_curl),
    Format("bru", "a request of Bruno", of_text=tools_of_bru, is_text=is_bru),
    Format("openapi", "an OpenAPI document", of_document=tools_of_openapi, is_document=is_openapi),
    Format("har", "a HAR file", of_document=tools_of_har, is_document=is_har),
    Format("postman", "a Postman collection", of_document=tools_of_postman, is_document=is_postman),
    Format("bruno", "a Bruno collection", of_document=tools_of_bruno, is_document=is_bruno),
    Format("requests", "a log of requests", of_document=found_in_log, is_document=holds_requests),
    Format("traces", "a trace", of_document=found_in_traces, is_document=holds_traces),
    Format("tools", "tools as JSON", of_document=found_in),
    Format("python", "Python", of_text=_of_python),
)
"""In the order in which they are tried."""


def recognize(text: str, name: str = "") -> Found:
    """The tools in a text; `name` is the format it is said to be in, empty to find out. Raises `UsageError` for a name
    that there is not; what is wrong with the text is the obstacle."""
    if not text.strip():
        return Found(obstacle=f"Paste {KNOWN_SHAPES}.")
    if name and all(one.name != name for one in FORMATS):
        names = ", ".join(one.name for one in FORMATS)
        raise UsageError(f"there is no format {name!r}", hint=f"Formats: {names}.")
    text = found[1] if (found := _FENCE.match(text)) is not None else text
    try:
        return _read(text, name)
    except WorkbenchError as error:
        return Found(obstacle=_sentence(error))
    except RecursionError:
        return Found(obstacle="This is nested too deeply to be read.")


def recognize_file(path: Path, name: str = "") -> Found:
    """The tools in a file; what is wrong with it is the obstacle."""
    try:
        text = text_of_file(path)
        if path.suffix.casefold() == ".py" and name in ("", "python"):
            return _of_code(path.name, text)
    except OSError as error:
        return Found(obstacle=f"{path.name} cannot be read: {error.strerror or error}.")
    except WorkbenchError as error:
        return Found(obstacle=_sentence(error))
    return recognize(text, name)


def _read(text: str, name: str) -> Found:
    for one in FORMATS:
        if one.of_text is None or name not in ("", one.name):
            continue
        is_it = one.is_text(text) if one.is_text is not None else bool(name)
        if is_it:
            return _or_obstacle(one.of_text(text), f"No tools were found in {one.label}.")
        if name:
            return Found(obstacle=f"This is not {one.label}.")
    try:
        document = read_document(text)
    except MalformedJson as error:
        if name or text.lstrip()[:1] == "{":
            return Found(obstacle=f"This is not JSON ({error}).")
        if text.lstrip().startswith(("openapi", "swagger")):
            return Found(obstacle=f"This YAML cannot be read ({error}).")
        words = f"This is not JSON ({error}), and no Python with typed functions."
        return _or_obstacle(_of_python(text), words)
    for one in FORMATS:
        if one.of_document is None or name not in ("", one.name):
            continue
        if one.is_document is not None and one.is_document(document):
            return _or_obstacle(one.of_document(document), f"Nothing that can be imported was found in {one.label}.")
        if name and one.is_document is not None:
            return Found(obstacle=f"This is not {one.label}.")
    return _or_obstacle(found_in(document), f"No tools were found. Paste {KNOWN_SHAPES}.")


def _or_obstacle(found: Found, words: str) -> Found:
    if not found.is_empty or found.obstacle:
        return found
    reasons = [f"{name}: {why}" for name, why in found.skipped[:3]]
    return Found(obstacle=" ".join([words, *([f"{'; '.join(reasons)}."] if reasons else [])]), skipped=found.skipped)


def _sentence(error: WorkbenchError) -> str:
    words = str(error)
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "!", "?")) else ".")

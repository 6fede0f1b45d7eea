"""A wire: everything the program knows of one vendor's API. Each vendor's folder fills one in, in its `wire.py`.

The facts are plain values, so that lists and forms can be made without importing anything; what encodes, reads and
connects is imported by `load` when it is first needed. `providers/registry.py` lists all wires.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from workbench.core.exchange import ModelRequest, ModelResponse, WireRequest
from workbench.core.ids import WireFormat, WireId
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.request_shape import RequestShape
from workbench.core.sealed_thinking import SealedThinking
from workbench.core.tool import Tool
from workbench.core.tool_choice import ChoiceSupport
from workbench.providers.answer import EventFold
from workbench.providers.batch import MakeBatches
from workbench.providers.logged import LogReader
from workbench.providers.parameter_place import Places
from workbench.providers.strict_schema import Notes, StrictNote
from workbench.providers.transport import Connect, HttpAccess
from workbench.providers.wire_failure import KindOf


class ToolLimits(msgspec.Struct, frozen=True):
    """What the vendor refuses, or has refused, in tools; 0 and empty mean that nothing is known.

    `parameter_name` is a pattern for names of parameters, `parameter_name_words` describes it for people.
    """

    name_chars: int = 0
    description_chars: int = 0
    tools: int = 0
    parameter_name: str = ""
    parameter_name_words: str = ""


class Listing(msgspec.Struct, frozen=True):
    """How to ask for the vendor's models. `ids` raises KeyError or TypeError for what is not a list of models."""

    path: str
    ids: Callable[[Any], Iterable[str]]


class Embedding(msgspec.Struct, frozen=True):
    """How to ask for texts as vectors. `vectors` raises KeyError or TypeError for what are none."""

    path: str
    vectors: Callable[[Any], Sequence[Sequence[float]]]


class Counting(msgspec.Struct, frozen=True):
    """How to ask how many tokens a request would be. `body` gets the model and the encoded tools."""

    path: Callable[[str], str]
    body: Callable[[str, Sequence[JsonValue]], JsonObject]
    answer_key: str


class SdkNames(msgspec.Struct, frozen=True):
    """By what a tool loop in somebody's code is recognized, as it is written with the vendor's own SDK.

    `requests` are the ends of functions that ask the model, `tools` the argument that holds the tools. `calls` are the
    lists of calls in an answer. `results` mark a result on its way to the model: `key=value` in a message, or the name
    of a key or function.
    """

    requests: tuple[str, ...]
    results: tuple[str, ...]
    calls: tuple[str, ...] = ()
    tools: str = "tools"


class WireCode(msgspec.Struct, frozen=True, kw_only=True):
    """What encodes, reads and connects. All of it is pure, except what `connect` makes.

    `encode_tool` takes a strictness that overrides the tool's own; it never rewrites a schema. `strict_schema` does,
    and lists what it changed or could not change. `strict_limits` says where a request with all these strict schemas
    exceeds a limit. `headers` are asked for with each request.
    `batches` makes the vendor's batch API, where it has one.
    `lenient_stream` takes `[DONE]` for the end of an answer, where the wire has it.
    """

    encode: Callable[[ModelRequest], WireRequest]
    encode_tool: Callable[[Tool, bool | None], JsonObject]
    strict_schema: Callable[[JsonObject], tuple[JsonObject, Notes]]
    stream: Callable[[], EventFold]
    lenient_stream: Callable[[], EventFold] | None = None
    decode: Callable[[bytes], ModelResponse]
    kind_of: KindOf
    connect: Connect
    choice_support: Callable[[str], ChoiceSupport]
    thinking: SealedThinking
    logged: LogReader
    """Reads its requests back from a log."""
    strict_limits: Callable[[Sequence[JsonObject]], tuple[str, ...]] = lambda _schemas: ()
    headers: Callable[[WireRequest], Mapping[str, str]] = lambda _wire: {}
    batches: MakeBatches | None = None


class Wire(msgspec.Struct, frozen=True, kw_only=True):
    """One wire. `id` is its name in project files, exports and logs, `wire_format` the one in recorded requests.

    `label` is its short name, `title` its long one. `telemetry_name` is the vendor's in OpenTelemetry's conventions.
    `prefixes` are what a SPEC of it can begin with. `address_hint` says what may be typed as its base URL, and
    `example_model` is one that a SPEC could name. `packages` have to be installed for it. `strict_name` names its
    strict mode, which takes only some schemas; empty where a request cannot be refused for that. `parameters` are the
    sampling parameters it has, and their places. `http` is for plain requests, `shown_http` for those that people
    copy. `confidence_note` says how to get the likelihood of an answer.
    `has_done`: its streams end with `[DONE]`. `load(is_own)` gives the code, for the vendor's own address or another.
    """

    id: WireId
    wire_format: WireFormat
    label: str
    title: str
    vendor: str
    telemetry_name: str
    prefixes: tuple[str, ...]
    key_name: str
    base_url: str
    load: Callable[[bool], WireCode]
    address_hint: str = ""
    example_model: str = ""
    packages: tuple[str, ...] = ()
    shape: RequestShape
    sdk_names: SdkNames
    limits: ToolLimits = ToolLimits()
    strict_name: str = ""
    parameters: Places
    http: HttpAccess = HttpAccess()
    shown_http: HttpAccess = HttpAccess()
    listing: Listing
    counting: Counting | None = None
    embedding: Embedding | None = None
    confidence_note: str = ""
    has_done: bool = False
    own_schema: Callable[[JsonObject], JsonObject] | None = None
    """Makes JSON Schema of the vendor's own kind of schema, where there is one."""

    def define(self, tool: Tool, *, strict: bool) -> tuple[JsonObject, tuple[StrictNote, ...]]:
        """The tool as a request has it, and what had to be changed for that or may be refused. Without `strict`, no
        schema is changed."""
        code = self.load(True)
        if not strict:
            return code.encode_tool(tool, None), ()
        schema, notes = code.strict_schema(tool.input_schema)
        return code.encode_tool(Tool({**tool.document, "inputSchema": schema}), True), tuple(notes)

"""Gemini as a wire: names, addresses, limits, and what to load. There is no SDK; the HTTP library is enough."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from workbench.core.ids import WireFormat, WireId
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.request_shape import RequestShape, ToolShape
from workbench.providers.gemini.models import PLACES, SUPPORT, model_name, model_path
from workbench.providers.transport import HttpAccess
from workbench.providers.wire import Counting, Listing, SdkNames, ToolLimits, Wire, WireCode

_URL = "https://generativelanguage.googleapis.com/v1beta"
_ACCESS = HttpAccess(key_header="x-goog-api-key", key_prefix="")


def _load(_is_own: bool) -> WireCode:
    from workbench.providers.gemini.decode import decode
    from workbench.providers.gemini.encode import encode, encode_tool
    from workbench.providers.gemini.failures import kind_of
    from workbench.providers.gemini.logged import LOGGED
    from workbench.providers.gemini.schema import plain_schema
    from workbench.providers.gemini.stream import GeminiStream
    from workbench.providers.gemini.thinking import THINKING
    from workbench.providers.http_transport import HttpTransport

    return WireCode(
        encode=encode,
        encode_tool=encode_tool,
        strict_schema=plain_schema,
        stream=GeminiStream,
        decode=decode,
        kind_of=kind_of,
        connect=partial(HttpTransport, _ACCESS, _URL),
        choice_support=lambda _model: SUPPORT,
        logged=LOGGED,
        thinking=THINKING,
    )


def _model_ids(document: Any) -> Iterable[str]:
    """Those that generate; the list holds others as well, such as models that only embed."""
    for row in document["models"]:
        if "generateContent" in row.get("supportedGenerationMethods", ("generateContent",)):
            yield str(row["name"]).removeprefix("models/")


def _own_schema(schema: JsonObject) -> JsonObject:
    from workbench.providers.gemini.own_schema import json_schema

    return json_schema(schema)


def _count_path(model: str) -> str:
    return f"/{model_path(model)}:countTokens"


def _count_body(model: str, tools: Sequence[JsonValue]) -> JsonObject:
    request: JsonObject = {
        "model": model_name(model),
        "contents": [{"role": "user", "parts": [{"text": "Hello."}]}],
    }
    if tools:
        request["tools"] = [{"functionDeclarations": list(tools)}]
    return {"generateContentRequest": request}


GEMINI = Wire(
    id=WireId("gemini"),
    wire_format=WireFormat("gemini"),
    label="Gemini",
    title="Google Gemini",
    vendor="Google",
    telemetry_name="gcp.gemini",
    prefixes=("gemini",),
    key_name="GEMINI_API_KEY",
    base_url=_URL,
    address_hint="empty for Google itself",
    example_model="gemini-flash-latest",
    shape=RequestShape(
        messages="contents",
        instructions=("systemInstruction",),
        tool=ToolShape(
            parameters=("parametersJsonSchema", "parameters", "parameters_json_schema"),
            lists=("functionDeclarations", "function_declarations"),
        ),
    ),
    sdk_names=SdkNames(
        requests=("generate_content", "generate_content_stream"),
        results=("functionResponse", "function_response", "from_function_response", "FunctionResponse"),
        calls=("function_calls",),
        tools="config",
    ),
    limits=ToolLimits(parameter_name=r"[a-zA-Z_][a-zA-Z0-9_]{0,63}", parameter_name_words="letters, digits and _"),
    http=_ACCESS,
    shown_http=_ACCESS,
    parameters=PLACES,
    listing=Listing("/models?pageSize=1000", _model_ids),
    counting=Counting(_count_path, _count_body, "totalTokens"),
    own_schema=_own_schema,
    load=_load,
)

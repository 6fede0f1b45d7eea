"""OTLP as protobuf, which every collector takes. The one place that imports the protocol's classes."""

import base64
import importlib
from typing import Any

from workbench.core.errors import UsageError
from workbench.core.json_text import JsonObject, JsonValue

_MODULES = {
    "traces": ("opentelemetry.proto.collector.trace.v1.trace_service_pb2", "ExportTraceServiceRequest"),
    "logs": ("opentelemetry.proto.collector.logs.v1.logs_service_pb2", "ExportLogsServiceRequest"),
}
_IDS = frozenset({"traceId", "spanId", "parentSpanId"})


def check_protobuf() -> None:
    """Raises `UsageError` where the extra `otel` is not installed."""
    try:
        importlib.import_module("opentelemetry.proto.collector.trace.v1.trace_service_pb2")
    except ImportError:
        raise UsageError(
            "sending to a collector needs the extra `otel`",
            hint="Install it with: pip install 'tool-calling-workbench[otel]', or give the name of a file.",
        ) from None


def otlp_bytes(path: str, document: JsonObject) -> bytes:
    """The bytes of a document of `core.telemetry.otlp_json`; `path` is `traces` or `logs`."""
    module, name = _MODULES[path]
    message: Any = getattr(importlib.import_module(module), name)()
    importlib.import_module("google.protobuf.json_format").ParseDict(_with_bytes(document), message)
    found: bytes = message.SerializeToString()
    return found


def _with_bytes(value: JsonValue, key: str = "") -> JsonValue:
    """OTLP writes ids as hexadecimal where protobuf's JSON has base64."""
    if isinstance(value, dict):
        return {name: _with_bytes(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_with_bytes(item) for item in value]
    if key in _IDS and isinstance(value, str):
        return base64.b64encode(bytes.fromhex(value)).decode()
    return value

"""OTLP in JSON, as files and collectors take it: one document a line.

Source: the OpenTelemetry protocol, JSON encoding. Ids are hexadecimal, 64-bit integers are texts, enumerations numbers.
"""

from collections.abc import Mapping, Sequence

from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.telemetry.conventions import SCOPE
from workbench.core.telemetry.span import LogRecord, Span

_KIND = {"internal": 1, "client": 3}
_ERROR, _INFO = 2, 9


def traces_document(spans: Sequence[Span], resource: Mapping[str, JsonValue], version: str) -> JsonObject:
    """What `/v1/traces` takes."""
    scope: JsonObject = {
        "scope": {"name": SCOPE, "version": version},
        "spans": [_span(span) for span in spans],
    }
    return {"resourceSpans": [{"resource": {"attributes": _pairs(resource)}, "scopeSpans": [scope]}]}


def logs_document(records: Sequence[LogRecord], resource: Mapping[str, JsonValue], version: str) -> JsonObject:
    """What `/v1/logs` takes."""
    scope: JsonObject = {
        "scope": {"name": SCOPE, "version": version},
        "logRecords": [_record(record) for record in records],
    }
    return {"resourceLogs": [{"resource": {"attributes": _pairs(resource)}, "scopeLogs": [scope]}]}


def _span(span: Span) -> JsonObject:
    found: JsonObject = {
        "traceId": span.trace_id,
        "spanId": span.span_id,
        "name": span.name,
        "kind": _KIND[span.kind],
        "startTimeUnixNano": str(span.start_ns),
        "endTimeUnixNano": str(span.end_ns),
        "attributes": _pairs(span.attributes),
        "status": {"code": _ERROR, "message": span.failure} if span.failure else {},
    }
    if span.parent_id:
        found["parentSpanId"] = span.parent_id
    if span.links:
        found["links"] = [{"traceId": trace, "spanId": linked} for trace, linked in span.links]
    return found


def _record(record: LogRecord) -> JsonObject:
    return {
        "timeUnixNano": str(record.at_ns),
        "observedTimeUnixNano": str(record.at_ns),
        "severityNumber": _INFO,
        "eventName": record.event,
        "traceId": record.trace_id,
        "spanId": record.span_id,
        "attributes": _pairs(record.attributes),
    }


def _pairs(attributes: Mapping[str, JsonValue]) -> list[JsonValue]:
    return [{"key": key, "value": _value(value)} for key, value in attributes.items()]


def _value(value: JsonValue) -> JsonObject:
    if value is None:
        return {}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    if isinstance(value, float):
        return {"doubleValue": value}
    if isinstance(value, str):
        return {"stringValue": value}
    if isinstance(value, list):
        return {"arrayValue": {"values": [_value(item) for item in value]}}
    return {"kvlistValue": {"values": _pairs(value)}}

"""A span and a log record of OpenTelemetry, as values."""

import hashlib
from typing import Literal

import msgspec

from workbench.core.ids import RunId, SpanPath
from workbench.core.json_text import JsonObject

SpanKind = Literal["internal", "client"]


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """One span. Ids are in hexadecimal, times in nanoseconds since the epoch; `failure` is set where it failed."""

    trace_id: str
    span_id: str
    parent_id: str = ""
    name: str
    kind: SpanKind = "internal"
    start_ns: int
    end_ns: int
    attributes: JsonObject
    failure: str = ""
    links: tuple[tuple[str, str], ...] = ()
    """(trace id, span id) of each linked span."""


class LogRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One event, which belongs to the span of that id."""

    trace_id: str
    span_id: str
    at_ns: int
    event: str
    attributes: JsonObject


def trace_id_of(run_id: RunId) -> str:
    """32 hexadecimal digits, always the same for a run: sending it again makes no second trace."""
    return hashlib.sha256(f"workbench trace {run_id}".encode()).hexdigest()[:32]


def span_id_of(run_id: RunId, path: SpanPath) -> str:
    """16 hexadecimal digits, always the same for a place in a run."""
    return hashlib.sha256(f"workbench span {run_id} {path}".encode()).hexdigest()[:16]


def nanoseconds(at: float) -> int:
    """Seconds since the epoch in whole nanoseconds, exact to the microsecond."""
    return round(at * 1e6) * 1000

"""What commands share to declare their arguments."""

import argparse
from typing import TypeVar

import msgspec

from workbench.core.telemetry.telemetry_order import TelemetryOrder

Order = TypeVar("Order", bound=msgspec.Struct)


def positive(text: str) -> int:
    """A number from 1 up; raises `argparse.ArgumentTypeError` for any other text."""
    if not text.isdecimal() or len(text) > 9 or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text[:20]!r} is not a number from 1 to 999,999,999")
    return int(text)


def utf8(text: str) -> str:
    """Requests and records must be text; raises `argparse.ArgumentTypeError` for other bytes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError("this is not UTF-8") from None
    return text


def add_telemetry(parser: argparse.ArgumentParser) -> None:
    """Where telemetry goes, for commands that run something."""
    parser.add_argument(
        "--otel", type=utf8, metavar="URL|FILE", help="send OpenTelemetry traces to a collector, or add to a file"
    )
    parser.add_argument("--otel-content", action="store_true", help="with --otel: also messages, arguments and results")


def telemetry_of(parsed: argparse.Namespace) -> TelemetryOrder | None:
    """The telemetry that these arguments request, if any."""
    return TelemetryOrder(parsed.otel, parsed.otel_content) if getattr(parsed, "otel", None) else None


def order_of(kind: type[Order], parsed: argparse.Namespace) -> Order:
    """The struct whose fields have the names of the arguments."""
    return kind(**{name: getattr(parsed, name) for name in kind.__struct_fields__})

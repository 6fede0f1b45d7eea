"""Finds recorded conversations beside the repository; they are not part of it."""

import json
from pathlib import Path
from typing import Any, NamedTuple

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
FOLDER = SHARED / "fixtures" / "recordings"
REPLAY_SERVER = SHARED / "tools" / "replay_server.py"


class Exchange(NamedTuple):
    """One recorded exchange."""

    recording: str
    position: int
    wire_format: str
    status: int
    headers: dict[str, str]
    tool_calls: list[str]
    sse: str | None
    response: Any

    @property
    def label(self) -> str:
        """How a failing test names it."""
        return f"{self.recording}-{self.position}"


def recorded_exchanges() -> list[Exchange]:
    """All of them, in order of file and position; empty when there are none."""
    return [
        Exchange(
            path.stem,
            position,
            recording["wire_format"],
            exchange["status"],
            exchange["headers"],
            exchange.get("tool_calls") or [],
            _stream_text(exchange["sse"]) if "sse" in exchange else None,
            exchange.get("response"),
        )
        for path in sorted(FOLDER.glob("*.json"))
        for recording in (json.loads(path.read_text()),)
        for position, exchange in enumerate(recording["exchanges"])
    ]


def _stream_text(lines: list[str]) -> str:
    return "\n".join(lines).rstrip("\n") + "\n\n"

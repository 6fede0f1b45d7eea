"""A model that chooses by words: the tool whose description has most in common with what was asked."""

import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from tests.support.projects import make_project
from workbench.app.project.folders import UserFolders
from workbench.app.runs.run_options import RunOptions
from workbench.app.session import Session
from workbench.core.approval import ALLOW_ALL
from workbench.core.content import TextPart, ToolCallPart
from workbench.core.event import RunFinished
from workbench.core.exchange import ModelResponse, StreamItem, WireRequest
from workbench.core.json_text import JsonObject, digest
from workbench.core.similarity import Vector
from workbench.core.word_overlap import word_overlap
from workbench.engine.ports import Effort
from workbench.providers.scripted import Script, ScriptedAdapter

ASKED = "Where is my parcel now?"
TOOLS: tuple[JsonObject, ...] = (
    {
        "name": "details",
        "description": "Get what is in an order. Tell where my parcel is, now and then.",
        "inputSchema": {"type": "object", "properties": {}},
    },
    {
        "name": "track",
        "description": "Find where a consignment is. Say the day of arrival.",
        "inputSchema": {"type": "object", "properties": {}},
    },
    {"name": "refund", "description": "Pay money back.", "inputSchema": {"type": "object", "properties": {}}},
)


class WordyModel(ScriptedAdapter):
    """Calls one tool, then says that it is done. Its confidence is the overlap it went by."""

    def __init__(self, *, confidence: bool = True) -> None:
        super().__init__(Script(()))
        self._has_confidence = confidence
        self.asked = 0

    async def stream(self, wire: WireRequest) -> AsyncIterator[StreamItem]:
        body: dict[str, Any] = json.loads(wire.body_json)
        self.asked += 1
        if body["answer"] > 1:
            yield ModelResponse((TextPart("Done."),), "answered", model="wordy")
            return
        text = next(message["text"] for message in reversed(body["messages"]) if message["role"] == "user")
        forced = {tool["name"] for tool in body["tools"]} & {body["tool_choice"]}
        scored = [
            (word_overlap(text, tool.get("description", "")), tool["name"])
            for tool in body["tools"]
            if not forced or tool["name"] in forced
        ]
        score, name = max(scored, key=lambda pair: pair[0])
        details: JsonObject = {"confidence": round(min(1.0, score), 3)} if self._has_confidence else {}
        parts = (ToolCallPart(f"call_{self.asked}", name, "{}"),)
        yield ModelResponse(parts, "tool_calls", model="wordy", details=details)


class ExactModel(WordyModel):
    """Says of itself what it is: it always answers the same. Reading tools takes it seconds, so it says."""

    def effort(self, wire: WireRequest) -> Effort:
        return Effort(digest(json.loads(wire.body_json)["tools"]), 7.0, 0.3, 2)


class Letters:
    """Makes vectors out of counted letters, in place of the local model."""

    def __init__(self, is_there: bool = True) -> None:
        self.is_there = is_there
        self.texts: list[str] = []

    async def embed(self, texts: Sequence[str]) -> Sequence[Vector]:
        self.texts += texts
        return [[float(text.lower().count(letter)) for letter in "aeiourtdmnsp"] for text in texts]

    async def close(self) -> None:
        """Nothing is open."""


def wordy_project(folder: Path) -> Path:
    """A project whose tools are `TOOLS`, mocked."""
    made = make_project(folder)
    for file in (made / "tools").iterdir():
        file.unlink()
    for tool in TOOLS:
        (made / "tools" / f"{tool['name']}.json").write_text(json.dumps(tool), encoding="utf-8")
    toml = made / "workbench.toml"
    mocks = "".join(f'[executors.{tool["name"]}]\nkind = "mock"\nresult = "done"\n\n' for tool in TOOLS)
    toml.write_text(toml.read_text().partition("[executors")[0] + mocks, encoding="utf-8")
    return made


def wordy_session(folder: Path, home: Path, model: WordyModel) -> Session:
    """An open project that asks `model`, whatever model is named."""
    folders = UserFolders(home / "state", home / "config", home / "data")
    session = Session(folder, folders=folders, trust_for_now=True)
    session.providers.provider = lambda target: model  # type: ignore[method-assign]
    session.text_overlaps = type(session.text_overlaps)(Letters())
    return session


async def wordy_run(session: Session, asked: str = ASKED) -> RunFinished:
    """A run in which the wrong tool is chosen: `details`, where `track` would have been right."""
    return await session.runs.start(asked, RunOptions(policy=ALLOW_ALL)).finished()

"""A model that does not always choose the same, and a project whose run it went wrong in."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from tests.support.projects import make_project
from workbench.app.project.folders import UserFolders
from workbench.app.runs.run_options import RunOptions
from workbench.app.session import Session
from workbench.core.approval import ALLOW_ALL
from workbench.core.content import Part, TextPart, ToolCallPart
from workbench.core.errors import FailureKind, ProviderFailure
from workbench.core.exchange import ModelRequest, ModelResponse, StreamItem, Usage, WireRequest
from workbench.core.ids import RunId
from workbench.core.json_text import JsonObject
from workbench.core.tool_choice import ChoiceSupport
from workbench.providers.scripted import Script, ScriptedAdapter

WRONG: list[JsonObject] = [{"calls": [{"tool": "touch", "arguments": {"mark": "gate"}}]}, {"text": "Done."}]
"""`look` was wanted, and `touch` is what the run chose."""

Says = str | tuple[str, JsonObject] | FailureKind
"""Words; a call; or, as `!kind`, a failure."""


class FickleModel:
    """Answers in turn from a list; which list, `lists` decides by the body of the request."""

    name = "scripted"

    def __init__(self, *answers: Says, lists: Callable[[str], tuple[Says, ...]] | None = None) -> None:
        self._lists = lists or (lambda body: answers)
        self._asked: dict[str, int] = {}
        self.bodies: list[str] = []
        self.under_way = self.most_under_way = 0
        self.follows = False
        """Whether the place in the list follows from the conversation, as in a script."""
        self.gate: asyncio.Event | None = None
        """While it is set up and not open, answers wait."""
        self.hold_after = 0
        """How many answers come before the gate holds the others."""

    def choice_support(self, model: str) -> ChoiceSupport:
        return ChoiceSupport()

    def encode(self, request: ModelRequest) -> WireRequest:
        return ScriptedAdapter(Script(())).encode(request)

    async def stream(self, wire: WireRequest) -> AsyncIterator[StreamItem]:
        self.bodies.append(wire.body_json)
        number = len(self.bodies)
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            for _ in range(20):  # long enough for others to begin meanwhile
                await asyncio.sleep(0)
            if self.gate is not None and number > self.hold_after:
                await self.gate.wait()
            answers = self._lists(wire.body_json)
            key = repr(answers)
            place = self._asked[key] = self._asked.get(key, -1) + 1
            if self.follows:
                place = json.loads(wire.body_json)["answer"] - 1
            yield _response(answers[place % len(answers)])
        finally:
            self.under_way -= 1

    async def close(self) -> None:
        pass


def _response(says: Says) -> ModelResponse:
    if isinstance(says, tuple):
        parts: tuple[Part, ...] = (ToolCallPart("w-1", says[0], json.dumps(says[1])),)
        return ModelResponse(parts, "tool_calls", usage=Usage(100, 10))
    if says.startswith("!"):
        raise ProviderFailure("It fails here.", kind=says[1:])  # type: ignore[arg-type]
    return ModelResponse((TextPart(says),), "answered", usage=Usage(100, 5))


async def wrong_run(session: Session) -> RunId:
    """A finished run that touched where it should have looked."""
    live = session.runs.start("What is at the gate?", RunOptions(policy=ALLOW_ALL))
    await live.finished()
    return live.run_id


def wrong_project(folder: Path) -> Path:
    """The project of that run."""
    return make_project(folder, *WRONG)


def open_session(project: Path, home: Path, model: FickleModel | None = None) -> Session:
    """The project, opened by somebody who trusts it; `model` answers in place of every provider from now on."""
    session = Session(project, folders=UserFolders(home / "state", home / "config", home / "data"), trust_for_now=True)
    if model is not None:
        answer_with(session, model)
    return session


def answer_with(session: Session, model: FickleModel) -> None:
    """Let this model answer from now on."""
    session.providers.provider = lambda target: model  # type: ignore[method-assign,assignment,return-value]

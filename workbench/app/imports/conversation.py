"""A logged conversation in the words of the engine: what was asked, what was answered, what tools returned."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from workbench.app.imports.value_schema import schema_of
from workbench.core.content import TextPart, ToolCallPart
from workbench.core.exchange import ModelResponse
from workbench.core.ids import WireId
from workbench.core.json_text import canonical
from workbench.core.message import Attachment
from workbench.core.tool import Tool
from workbench.providers.call_ids import same_arguments


class Returned(msgspec.Struct, frozen=True):
    """What went back for one call."""

    text: str
    is_error: bool = False
    attachments: tuple[Attachment, ...] = ()


class ImportedRound(msgspec.Struct, frozen=True):
    """One answer, and what its calls returned, in their order; None for a call without a result in the log."""

    answer: ModelResponse
    results: tuple[Returned | None, ...] = ()


class Turn(msgspec.Struct, frozen=True):
    """A person's message and everything it caused."""

    prompt: str
    steps: tuple[ImportedRound, ...]


class LoggedConversation(msgspec.Struct, frozen=True):
    """`model` was asked over the wire `wire`. `notes` say what the log holds and a run cannot."""

    wire: WireId
    model: str
    instructions: str
    tools: tuple[Tool, ...]
    turns: tuple[Turn, ...]
    notes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """How it begins."""
        return " ".join(self.turns[0].prompt.split())[:80] if self.turns else ""

    @property
    def words(self) -> str:
        """How much of it there is."""
        calls = sum(len(step.answer.calls) for turn in self.turns for step in turn.steps)
        turns = len(self.turns)
        parts = [f"{turns} turn{'' if turns == 1 else 's'}", f"{calls} call{'' if calls == 1 else 's'}", self.model]
        return ", ".join(part for part in parts if part)

    @property
    def signature(self) -> tuple[str, ...]:
        """What it says, step by step: a log of a conversation that goes on begins with the same."""
        return tuple(self._signs())

    def _signs(self) -> Iterator[str]:
        for turn in self.turns:
            yield f"user {turn.prompt}"
            for step in turn.steps:
                said = "".join(part.text for part in step.answer.parts if isinstance(part, TextPart))
                yield canonical(["answer", said, [call.tool for call in step.answer.calls]])
                if any(step.results):
                    yield canonical(["results", [one.text if one else None for one in step.results]])


def longest(found: Iterable[LoggedConversation]) -> tuple[LoggedConversation, ...]:
    """Without those that are the beginning of another one: every request of a conversation repeats what came before."""
    held = list(found)
    signs = [one.signature for one in held]
    return tuple(
        one
        for place, one in enumerate(held)
        if not any(
            other[: len(signs[place])] == signs[place] and (len(other) > len(signs[place]) or number > place)
            for number, other in enumerate(signs)
            if number != place
        )
    )


class TurnBuilder:
    """Takes the entries of a log in their order and makes turns of them."""

    def __init__(self) -> None:
        self._turns: list[tuple[list[str], list[tuple[ModelResponse, list[Returned | None]]]]] = []
        self.notes: dict[str, None] = {}

    def add_user(self, text: str) -> None:
        """A person's message; several in a row are one."""
        if self._turns and not self._turns[-1][1]:
            self._turns[-1][0].append(text)
        else:
            self._turns.append(([text], []))

    def add_answer(self, answer: ModelResponse) -> None:
        """An answer. One that follows an answer without calls is joined with it."""
        if not self._turns:
            self.notes["it begins with an answer, so the message before it is not known"] = None
            self._turns.append((["(not in the log)"], []))
        steps = self._turns[-1][1]
        if steps and not steps[-1][0].calls:
            before, _ = steps.pop()
            parts = (*before.parts, *answer.parts)
            answer = msgspec.structs.replace(answer, parts=parts, wire_copy=None)
        steps.append((answer, [None] * len(answer.calls)))

    def add_result(self, call_id: str, returned: Returned) -> None:
        """A result, for the newest open call of that id, or of that tool."""
        steps = [step for _, steps in self._turns for step in steps]
        for answer, results in reversed(steps):
            for place, call in enumerate(answer.calls):
                if results[place] is None and call_id in (call.wire_call_id, call.tool):
                    results[place] = returned
                    return
        self.notes["some results belong to no call in the log; they are left out"] = None

    def ends_with(self, answer: ModelResponse) -> bool:
        """Whether the newest answer is this one already."""
        steps = self._turns[-1][1] if self._turns else []
        return bool(steps) and _same_answer(steps[-1][0], answer)

    def turns(self) -> tuple[Turn, ...]:
        """The turns that have an answer."""
        made = [
            Turn("\n\n".join(said), tuple(ImportedRound(answer, tuple(results)) for answer, results in steps))
            for said, steps in self._turns
            if steps
        ]
        if len(made) < len(self._turns):
            self.notes["messages without an answer in the log are left out"] = None
        return tuple(made)


def with_called(tools: Sequence[Tool], turns: Sequence[Turn]) -> tuple[Tool, ...]:
    """The tools, and one for each that is called and defined nowhere in the log, after what it was called with."""
    known = {tool.name: tool for tool in tools}
    called: dict[str, list[ToolCallPart]] = {}
    for turn in turns:
        for step in turn.steps:
            for call in step.answer.calls:
                if call.tool and call.tool not in known:
                    called.setdefault(call.tool, []).append(call)
    for name, calls in called.items():
        arguments = [value for call in calls if isinstance(value := _value(call.arguments_json), dict)]
        schema = schema_of(arguments) or {"type": "object"}
        known[name] = Tool.make(name, "", {"type": "object", "properties": {}, **schema})
    return tuple(known.values())


def _value(text: str) -> object:
    try:
        return msgspec.json.decode(text) if text.strip() else {}
    except msgspec.DecodeError:
        return None


def _same_answer(one: ModelResponse, other: ModelResponse) -> bool:
    def said(answer: ModelResponse) -> str:
        return "".join(part.text for part in answer.parts if isinstance(part, TextPart))

    pairs = zip(one.calls, other.calls, strict=False)
    return (
        said(one) == said(other)
        and len(one.calls) == len(other.calls)
        and all(a.tool == b.tool and same_arguments(a.arguments_json, b.arguments_json) for a, b in pairs)
    )

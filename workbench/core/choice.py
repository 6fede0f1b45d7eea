"""What a model chose at one point: calls, an answer in words, or neither."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from workbench.core.errors import MalformedJson
from workbench.core.exchange import ModelResponse
from workbench.core.json_text import JsonObject, canonical, compact, parse_strict_object

ChoiceKind = Literal["calls", "answer", "withheld", "refused", "cut off"]
WITHHELD = "withheld_calls"
"""The key in `ModelResponse.details` of `[{"tool", "arguments_json"}, …]`: calls that the model would have made, but
its own program withheld because the model was not sure enough. They are never run."""


class ChosenCall(msgspec.Struct, frozen=True):
    """A call as it was chosen; `arguments_json` is the model's own text."""

    tool: str
    arguments_json: str

    @property
    def arguments(self) -> JsonObject | None:
        """The parsed arguments; None when the text is not a JSON object."""
        try:
            return parse_strict_object(self.arguments_json) if self.arguments_json.strip() else {}
        except MalformedJson:
            return None

    @property
    def meaning(self) -> str:
        """Equal for equal calls: spaces and the order of keys do not count."""
        arguments = self.arguments
        return f"{self.tool} {self.arguments_json if arguments is None else canonical(arguments)}"

    def __str__(self) -> str:
        arguments = self.arguments
        return f"{self.tool}({self.arguments_json if arguments is None else compact(arguments)})"


class Choice(msgspec.Struct, frozen=True):
    """One choice. `text` is what was said with the calls or instead of them; `withheld` are calls that were held
    back.
    """

    kind: ChoiceKind
    calls: tuple[ChosenCall, ...] = ()
    text: str = ""
    withheld: tuple[ChosenCall, ...] = ()

    @property
    def meaning(self) -> str:
        """Equal for choices that count as the same: the same calls in the same order, with any text."""
        return "\n".join((self.kind, *(call.meaning for call in self.calls or self.withheld)))

    @property
    def names(self) -> tuple[str, ...]:
        """The tools that were called, or else held back, which counts as a different choice: `withheld: look`."""
        return tuple(call.tool for call in self.calls) or tuple(f"{self.kind}: {call.tool}" for call in self.withheld)

    @property
    def tools(self) -> str:
        """Equal for choices of the same tools, with any arguments."""
        return " + ".join(self.names) or self.kind

    def renamed(self, names: Mapping[str, str]) -> "Choice":
        """The choice with tools called by other names."""

        def other(calls: tuple[ChosenCall, ...]) -> tuple[ChosenCall, ...]:
            return tuple(ChosenCall(names.get(call.tool, call.tool), call.arguments_json) for call in calls)

        return msgspec.structs.replace(self, calls=other(self.calls), withheld=other(self.withheld))

    @property
    def asks_back(self) -> bool:
        """Whether a question was asked instead of a call being made."""
        return self.kind == "answer" and self.text.rstrip().endswith(("?", "？", "؟"))

    def __str__(self) -> str:
        if self.kind == "withheld":
            return f"withheld: {' + '.join(map(str, self.withheld))}"
        return " + ".join(map(str, self.calls)) or (f"{self.kind}: asks back" if self.asks_back else self.kind)


def choice_of(response: ModelResponse) -> Choice:
    """The choice a response stands for. Calls in a response that is not a success were not chosen."""
    text = response.message.text
    if response.stop_reason == "refused":
        return Choice("refused", text=text)
    if not response.is_whole or (response.calls and not response.may_run_calls):
        return Choice("cut off", text=text)
    calls = tuple(ChosenCall(part.tool, part.arguments_json) for part in response.calls)
    withheld = withheld_calls(response)
    if calls:
        return Choice("calls", calls, text, withheld)
    if withheld:
        return Choice("withheld", (), text, withheld)
    return Choice("answer", text=text)


def withheld_calls(response: ModelResponse) -> tuple[ChosenCall, ...]:
    """The calls that were held back; see `WITHHELD`."""
    found = response.details.get(WITHHELD)
    rows = found if isinstance(found, list) else []
    calls = [row for row in rows if isinstance(row, dict)]
    return tuple(ChosenCall(str(row.get("tool", "")), str(row.get("arguments_json", ""))) for row in calls)

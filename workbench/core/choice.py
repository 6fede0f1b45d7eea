"""What a model chose at one point: calls, an answer in words, or neither."""

from typing import Literal

import msgspec

from workbench.core.errors import MalformedJson
from workbench.core.exchange import ModelResponse
from workbench.core.json_text import JsonObject, canonical, compact, parse_strict_object

ChoiceKind = Literal["calls", "answer", "refused", "cut off"]


class ChosenCall(msgspec.Struct, frozen=True):
    """A call as it was chosen; `arguments_json` is the model's own text."""

    tool: str
    arguments_json: str

    @property
    def arguments(self) -> JsonObject | None:
        """What the text stands for; None when it is not a JSON object."""
        try:
            return parse_strict_object(self.arguments_json) if self.arguments_json.strip() else {}
        except MalformedJson:
            return None

    @property
    def meaning(self) -> str:
        """Equal for equal calls: spaces and the order of keys say nothing."""
        arguments = self.arguments
        return f"{self.tool} {self.arguments_json if arguments is None else canonical(arguments)}"

    def __str__(self) -> str:
        arguments = self.arguments
        return f"{self.tool}({self.arguments_json if arguments is None else compact(arguments)})"


class Choice(msgspec.Struct, frozen=True):
    """One choice. `text` is what was said besides or instead."""

    kind: ChoiceKind
    calls: tuple[ChosenCall, ...] = ()
    text: str = ""

    @property
    def meaning(self) -> str:
        """Equal for choices that count as the same: the same calls in the same order, whatever was said."""
        return "\n".join((self.kind, *(call.meaning for call in self.calls)))

    @property
    def tools(self) -> str:
        """Equal for choices of the same tools, whatever their arguments."""
        return " + ".join(call.tool for call in self.calls) or self.kind

    @property
    def asks_back(self) -> bool:
        """Whether a question was asked instead of a call being made."""
        return self.kind == "answer" and self.text.rstrip().endswith(("?", "？", "؟"))

    def __str__(self) -> str:
        return " + ".join(map(str, self.calls)) or (f"{self.kind}: asks back" if self.asks_back else self.kind)


def choice_of(response: ModelResponse) -> Choice:
    """The choice a response stands for. Calls in a response that is no success were not chosen."""
    text = response.message.text
    if response.stop_reason == "refused":
        return Choice("refused", text=text)
    if not response.is_whole or (response.calls and not response.may_run_calls):
        return Choice("cut off", text=text)
    calls = tuple(ChosenCall(part.tool, part.arguments_json) for part in response.calls)
    if calls:
        return Choice("calls", calls, text)
    return Choice("answer", text=text)

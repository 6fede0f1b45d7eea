"""A case: what is said to a model, and what it is expected to do."""

from functools import cached_property
from typing import Literal, get_args

import msgspec

from workbench.core.json_text import JsonObject, JsonValue, digest

Split = Literal["tune", "held-out"]
SPLITS: tuple[Split, ...] = get_args(Split)
NO_CALL = "no call"
ASKS_BACK = "asked back"
KEY_CHARS = 12


class WantedCall(msgspec.Struct, frozen=True, omit_defaults=True):
    """A call that has to be made. `arguments` may hold matchers (`core.suite.matcher`); None: any arguments are right.
    `exactly`: no others may be given. Made `at_least` and `at_most` so often."""

    tool: str
    arguments: JsonObject | None = None
    exactly: bool = False
    at_least: int = 1
    at_most: int = 1


class Expected(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is right in a turn: these calls, in any order unless `in_order`; no call at all where there are none, or a
    question to the user where it `asks_back`.

    `also_ok` are tools that are as good as the first call's; `never` are tools that must not be called on the way.
    """

    calls: tuple[WantedCall, ...] = ()
    in_order: bool = False
    asks_back: bool = False
    also_ok: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """`track_order`, `lookup_user + get_user_profile`, `no call`, `asked back`."""
        if self.asks_back:
            return ASKS_BACK
        return " + ".join(call.tool for call in self.calls) or NO_CALL

    @property
    def tools(self) -> tuple[str, ...]:
        """Every tool that is named, each once."""
        return tuple(dict.fromkeys((*(call.tool for call in self.calls), *self.also_ok, *self.never)))


class CaseTurn(msgspec.Struct, frozen=True):
    """What the user says, and what is expected then."""

    request: str
    expected: Expected


class ServedResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a tool returns in a case. `arguments`, which may hold matchers, says for which calls; None: for all."""

    tool: str
    result: JsonValue = None
    arguments: JsonObject | None = None
    is_error: bool = False


class EarlierEntry(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entry of the conversation before the case: what the user said, what the assistant said, or a call with its
    result. Exactly one of `user`, `assistant` and `tool` is given."""

    user: str = ""
    assistant: str = ""
    tool: str = ""
    arguments: JsonObject = {}
    result: JsonValue = None


class Case(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One case. `case_id` is the name it has in its file; `key` is what it is to the statistics.

    `tools` are the ones in play; all of the project's where there are none. `offers` are whole tool documents that are
    in play instead: then no variant changes anything. Cases of one `cluster` come from one template or conversation
    and are not independent of each other.
    """

    case_id: str
    turns: tuple[CaseTurn, ...]
    earlier: tuple[EarlierEntry, ...] = ()
    tools: tuple[str, ...] = ()
    offers: tuple[JsonObject, ...] = ()
    results: tuple[ServedResult, ...] = ()
    tags: tuple[str, ...] = ()
    notes: str = ""
    cluster: str = ""
    split: Split = "tune"
    line: int = 0
    """Its line in the file, from 1."""

    @cached_property
    def key(self) -> str:
        """Equal for cases that ask and expect the same: an edited case is a new one, other tags or notes are not."""
        parts = (self.turns, self.earlier, self.tools, self.results, *((self.offers,) if self.offers else ()))
        return digest(msgspec.to_builtins(parts))[:KEY_CHARS]

    @property
    def unit(self) -> str:
        """What is resampled as a whole: the cluster, or the case where it has none."""
        return self.cluster or self.key

    @property
    def request(self) -> str:
        """What the user says last."""
        return self.turns[-1].request

    @property
    def label(self) -> str:
        """What is expected, in a few words: `track_order`, `lookup_user → no call`."""
        return " → ".join(turn.expected.label for turn in self.turns)

    @property
    def expected_tools(self) -> tuple[str, ...]:
        """Every tool that an expectation names, each once."""
        return tuple(dict.fromkeys(tool for turn in self.turns for tool in turn.expected.tools))

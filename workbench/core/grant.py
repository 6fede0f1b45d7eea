"""A grant: a person's standing permission for one tool, as it was when it was given. Any change ends it.

Nothing but a person's decision about a call makes a grant. Annotations, names and rules never do.
"""

from collections.abc import Iterable
from typing import Literal, assert_never

import msgspec

from workbench.core.argument_glob import fit_wholly
from workbench.core.ids import CallId
from workbench.core.json_text import JsonObject, digest
from workbench.core.tool import Tool

GrantScope = Literal["once", "conversation", "project"]
GrantBinding = Literal["any", "exact", "patterns"]


class GrantRequest(msgspec.Struct, frozen=True):
    """What a person who approves a call allows from now on. `once` makes no grant.

    `any`: any arguments; `exact`: only the arguments that were approved; `patterns`: a glob for each argument, and no
    other arguments.
    """

    scope: GrantScope = "once"
    binds: GrantBinding = "any"
    patterns: dict[str, str] = {}


class CallIdentity(msgspec.Struct, frozen=True):
    """Everything about a call that a grant is bound to.

    `fingerprint` is a digest of what carries out the call and of the tool's document as it is now; `server` is the MCP
    server the tool comes from.
    """

    tool: Tool
    arguments: JsonObject
    executor: str = ""
    fingerprint: str = ""
    server: str = ""


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """A standing permission. `grant_id` is the id of the call it was given with; `at` is seconds since the epoch."""

    grant_id: str
    scope: Literal["conversation", "project"]
    tool: str
    tool_digest: str
    executor: str
    fingerprint: str
    binds: GrantBinding = "any"
    arguments_digest: str = ""
    patterns: dict[str, str] = {}
    conversation: str = ""
    by: str = ""
    at: float = 0.0

    def covers(self, call: CallIdentity, conversation: str) -> bool:
        """Whether this call may run without asking."""
        return not self.why_not(call, conversation)

    def why_not(self, call: CallIdentity, conversation: str) -> str:
        """What has changed since the grant was given, in words; empty when the grant covers the call."""
        match self:
            case Grant(tool=tool) if tool != call.tool.name:
                return "it is for another tool"
            case Grant(scope="conversation") if self.conversation != conversation:
                return "it is for another conversation"
            case Grant(tool_digest=known) if known != call.tool.digest:
                return "the tool's description or schema has changed"
            case Grant(executor=known) if known != call.executor:
                return "the tool now runs in a different way"
            case Grant(fingerprint=known) if known != call.fingerprint:
                return "what runs the tool has changed"
            case Grant(binds="exact") if self.arguments_digest != digest(call.arguments):
                return "it is for other arguments"
            case Grant(binds="patterns") if not fit_wholly(self.patterns, call.arguments):
                return "the arguments do not fit its patterns"
            case _:
                return ""

    def __str__(self) -> str:
        match self.binds:
            case "any":
                arguments = "with any arguments"
            case "exact":
                arguments = "with exactly those arguments"
            case "patterns":
                arguments = "where " + ", ".join(f"{name}={glob}" for name, glob in self.patterns.items())
            case _:
                assert_never(self.binds)
        return f"{self.tool} {arguments}, in this {self.scope}"


def make_grant(
    request: GrantRequest, call: CallIdentity, *, call_id: CallId, conversation: str, by: str, at: float
) -> Grant:
    """The grant that a request for `conversation` or `project` becomes when its call is approved."""
    assert request.scope != "once"
    return Grant(
        grant_id=call_id,
        scope=request.scope,
        tool=call.tool.name,
        tool_digest=call.tool.digest,
        executor=call.executor,
        fingerprint=call.fingerprint,
        binds=request.binds,
        arguments_digest=digest(call.arguments) if request.binds == "exact" else "",
        patterns=dict(request.patterns) if request.binds == "patterns" else {},
        conversation=conversation if request.scope == "conversation" else "",
        by=by,
        at=at,
    )


def covering(grants: Iterable[Grant], call: CallIdentity, conversation: str) -> Grant | None:
    """The first grant that covers the call."""
    return next((grant for grant in grants if grant.covers(call, conversation)), None)

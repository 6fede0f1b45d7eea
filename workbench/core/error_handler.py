"""Error handlers: what a project does when a call of a tool fails in a certain way."""

from collections.abc import Mapping

import msgspec

from workbench.core.tool import Tool

EVERY = "*"
SUGGEST = "Find out from this error what was wrong, correct the arguments, and call the tool again."

Handlers = Mapping[str, Mapping[str, "ErrorHandler"]]
"""Tool name or `*` → error kind or `*` → handler."""


class ErrorHandler(msgspec.Struct, frozen=True):
    """`retry` more attempts, `wait_s` apart, only for a tool marked idempotent unless `repeats_effects` allows a second
    effect; then `reply` in place of the error, or `hint` added to it. `suggests` asks the model itself for a
    correction."""

    retry: int = 0
    wait_s: float = 1.0
    repeats_effects: bool = False
    reply: str | None = None
    hint: str = ""
    suggests: bool = False

    @property
    def advice(self) -> str:
        """What the model gets in addition to the error."""
        return " ".join(text for text in (self.hint, SUGGEST if self.suggests else "") if text)

    def may_retry(self, tool: Tool) -> bool:
        """Whether a failed call of this tool may be carried out again."""
        return self.retry > 0 and (self.repeats_effects or tool.hint("idempotentHint") is True)


NO_HANDLER = ErrorHandler()


def handler_for(handlers: Handlers, tool: str, kind: str) -> ErrorHandler:
    """The handler of the tool for this kind of error; the tool's own handlers come first, and exact kinds before
    `*`.
    """
    for name in (tool, EVERY):
        of_tool = handlers.get(name, {})
        for wanted in (kind, EVERY):
            if wanted in of_tool:
                return of_tool[wanted]
    return NO_HANDLER

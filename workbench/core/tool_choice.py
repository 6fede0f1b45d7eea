"""Tool choice: the constraint sent with a request, and what to do where a wire cannot express it."""

from typing import Literal

import msgspec

from workbench.core.errors import UsageError
from workbench.core.tool import Toolset

ChoiceMode = Literal["auto", "none", "required"]


class ToolChoice(msgspec.Struct, frozen=True):
    """`mode` says whether a call may or must be made, `only` to which tools it is confined (empty: all).

    One named tool is `required` with one name; a subset is either mode with several names.
    """

    mode: ChoiceMode = "auto"
    only: tuple[str, ...] = ()

    @property
    def named(self) -> str | None:
        """The one tool that must be called, if that is the choice."""
        return self.only[0] if self.mode == "required" and len(self.only) == 1 else None

    def __str__(self) -> str:
        if not self.only:
            return self.mode
        names = ",".join(self.only)
        return names if self.mode == "required" else f"{self.mode}:{names}"


AUTO = ToolChoice()
NONE = ToolChoice("none")
REQUIRED = ToolChoice("required")


class ToolChoicePlan(msgspec.Struct, frozen=True):
    """The choice for the first round of a turn and, where it differs, for the rounds after it.

    Forcing a call in every round makes a model call forever, so a forced first round is followed by `auto` unless the
    project says otherwise.
    """

    first: ToolChoice = AUTO
    then: ToolChoice | None = None

    def for_round(self, round_number: int) -> ToolChoice:
        """The choice for a round, counted from 1."""
        if round_number <= 1:
            return self.first
        if self.then is not None:
            return self.then
        if self.first.mode == "none":
            return NONE
        return ToolChoice("auto", self.first.only if self.first.mode == "auto" else ())


class ChoiceSupport(msgspec.Struct, frozen=True):
    """What a wire and a model accept. `why` names the refusal for the person.

    `subset` is several names, of which one must be called; `auto_subset` several names, of which one may be.
    """

    required: bool = True
    named: bool = True
    subset: bool = True
    auto_subset: bool = True
    none: bool = True
    parallel_off: bool = True
    tool_search: bool = False
    """Whether the vendor searches among tools whose loading is deferred."""
    why: str = ""


class ResolvedChoice(msgspec.Struct, frozen=True):
    """What will really be sent: a choice the wire accepts, the tools offered, and what was emulated. `narrowing` says
    what is sent where a wire cannot narrow tools in the way that routing asks for."""

    choice: ToolChoice
    offered: tuple[str, ...]
    instruction: str = ""
    emulation: str = ""
    narrowing: str = ""
    deferred: tuple[str, ...] = ()
    """Those of the offered tools that only the vendor's search shows to the model."""


def parse_choice(text: str) -> ToolChoice:
    """`auto`, `none`, `required`, `NAME[,NAME…]` (must call one of them) or `auto:NAME[,NAME…]`.

    Raises `UsageError` for any other text.
    """
    if text in ("auto", "none", "required"):
        return ToolChoice(text)  # type: ignore[arg-type]
    mode: ChoiceMode = "required"
    names = text
    if text.startswith("auto:"):
        mode, names = "auto", text.removeprefix("auto:")
    found = tuple(name.strip() for name in names.split(",") if name.strip())
    if not found:
        raise UsageError(f"{text!r} is not a tool choice", hint="Use auto, none, required, or tool names with commas.")
    return ToolChoice(mode, found)


def check_choice(choice: ToolChoice, tools: Toolset) -> None:
    """Raise `UsageError` when the choice names a tool that is not offered, or forces a call of nothing."""
    for name in choice.only:
        if tools.named(name) is None:
            offered = ", ".join(tools.names) or "none"
            raise UsageError(f"the tool choice names {name!r}, which is not offered", hint=f"Offered: {offered}.")
    if choice.mode == "required" and not tools:
        raise UsageError("a call is required, but no tool is offered")


def resolve_choice(choice: ToolChoice, tools: Toolset, support: ChoiceSupport) -> ResolvedChoice:
    """Turn the requested choice into one the wire accepts; `emulation` says what is emulated."""
    names = tools.names
    if not names:
        return ResolvedChoice(AUTO if choice.mode != "none" else choice, ())
    if choice.mode == "none":
        if support.none:
            return ResolvedChoice(NONE, names)
        return ResolvedChoice(AUTO, (), emulation=f"{support.why} No tools are sent instead.")
    confined = tuple(name for name in names if name in choice.only) if choice.only else names
    if choice.mode == "auto":
        if not choice.only or (support.subset and support.auto_subset):
            return ResolvedChoice(choice, names)
        return ResolvedChoice(AUTO, confined, emulation=_subset_note(confined))
    if choice.named is not None and support.named:
        return ResolvedChoice(choice, names)
    if support.required and (not choice.only or support.subset):
        return ResolvedChoice(choice, names)
    if support.required:
        return ResolvedChoice(REQUIRED, confined, emulation=_subset_note(confined))
    wanted = " or ".join(confined) if choice.only else "one of the tools"
    return ResolvedChoice(
        AUTO,
        confined,
        instruction=f"Answer this request by calling {wanted}. Do not answer without a tool call.",
        emulation=f"{support.why} Emulated: only {', '.join(confined)} offered, and an instruction to call. "
        "The model may still answer without a call.",
    )


def _subset_note(confined: tuple[str, ...]) -> str:
    return f"This wire has no subset of tools. Emulated: only {', '.join(confined)} sent."

"""What if? Small changes around one decision, each to be sampled by itself, so that its effect can be seen.

They are made around the tool that was chosen and, if one is named, the tool that should have been.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

from workbench.core.sentence import Sentence, sentences, without
from workbench.core.tool import Tool, Toolset
from workbench.core.variant import Offer, ToolEdit, Variant, misfits
from workbench.core.word_overlap import word_overlap

AblationKind = Literal[
    "drop tool",
    "blank description",
    "swap descriptions",
    "rename tool",
    "move tool",
    "force tool",
    "cut history",
    "drop instructions",
    "drop sentence",
    "swap sentences",
]
NEUTRAL_NAME = "tool_{}"
MOST_SENTENCES = 60
"""Sentences beyond this are not left out one by one."""
RIVALS = 3
"""How many rivals a chosen tool has when none is named: those whose names and descriptions are most like its own."""


class AblationChange(msgspec.Struct, frozen=True):
    """One change. `renames` in the variant must be undone before choices are compared; `keep_messages` is how many
    user messages stay, None: all. `sentence` is set for a sentence that is left out of `tool`'s description."""

    kind: AblationKind
    name: str
    variant: Variant
    tool: str = ""
    keep_messages: int | None = None
    sentence: Sentence | None = None


def ablation_changes(
    offer: Offer, chosen: tuple[str, ...], *, expected: str | None = None, user_messages: int = 1
) -> tuple[AblationChange, ...]:
    """Every change that makes sense here. `chosen` are the tools that were called, none of them twice; `expected`
    the expected tool; `user_messages` how many the conversation has."""
    named = dict.fromkeys((*chosen, *([expected] if expected else [])))
    subjects = [name for name in named if offer.toolset.named(name) is not None]
    found = [
        *_about_tools(offer.toolset, subjects),
        *_about_sentences(offer.toolset, subjects),
        *_about_the_rest(offer, user_messages),
    ]
    by_name = {each.name: each for each in reversed(found) if not misfits(each.variant, offer)}
    return tuple(reversed(by_name.values()))


def rivals_of(tool: Tool, toolset: Toolset, *, most: int = RIVALS) -> tuple[Tool, ...]:
    """The other tools, most similar first."""
    others = [other for other in toolset if other.name != tool.name]
    others.sort(key=lambda other: -word_overlap(_tool_text(tool), _tool_text(other)))
    return tuple(others[:most])


def _about_tools(toolset: Toolset, subjects: list[str]) -> Iterator[AblationChange]:
    for number, name in enumerate(subjects, 1):
        tool = toolset.named(name)
        assert tool is not None
        yield _make("drop tool", f"without {name}", name, removed=(name,))
        if tool.description:
            yield _make("blank description", f"{name} without its description", name, tools={name: _says("")})
        neutral = NEUTRAL_NAME.format(number)
        yield _make("rename tool", f"{name} called {neutral}", name, tools={name: ToolEdit(name=neutral)})
        if toolset.names[0] != name:
            yield _make("move tool", f"{name} first", name, order=(name,))
        if toolset.names[-1] != name:
            rest = tuple(other for other in toolset.names if other != name)
            yield _make("move tool", f"{name} last", name, order=(*rest, name))
        yield _make("force tool", f"{name} forced", name, tool_choice=name)
        for rival in rivals_of(tool, toolset):
            if rival.name not in subjects:
                yield _make("drop tool", f"without {rival.name}", rival.name, removed=(rival.name,))
            if rival.description != tool.description and rival.name not in subjects[: number - 1]:
                yield _make(
                    "swap descriptions",
                    f"{name} and {rival.name} with each other's descriptions",
                    name,
                    tools={name: _says(rival.description), rival.name: _says(tool.description)},
                )


def _about_sentences(toolset: Toolset, subjects: list[str]) -> Iterator[AblationChange]:
    for name in subjects:
        tool = toolset.named(name)
        assert tool is not None
        parts = sentences(tool.description)[:MOST_SENTENCES]
        for number, sentence in enumerate(parts if len(parts) > 1 else (), 1):
            shorter = _says(without(tool.description, sentence))
            made = _make("drop sentence", f"{name} without sentence {number}", name, tools={name: shorter})
            yield msgspec.structs.replace(made, sentence=sentence)


def _about_the_rest(offer: Offer, user_messages: int) -> Iterator[AblationChange]:
    if offer.instructions:
        yield _make("drop instructions", "without instructions", "", instructions="")
    if user_messages > 1:
        made = _make("cut history", "without the conversation before the last message", "")
        yield msgspec.structs.replace(made, keep_messages=1)


def _make(kind: AblationKind, name: str, tool: str, **changes: object) -> AblationChange:
    return AblationChange(kind, name, Variant(name=name, **changes), tool)  # type: ignore[arg-type]


def _says(description: str) -> ToolEdit:
    return ToolEdit(description=description)


def _tool_text(tool: Tool) -> str:
    return f"{tool.name} {tool.description}"

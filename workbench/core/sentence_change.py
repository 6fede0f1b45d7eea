"""Changes of single sentences, each to be sampled by itself: one left out, or two tools' sentences exchanged."""

from workbench.core.ablation_change import MOST_SENTENCES, AblationChange
from workbench.core.clause import clauses
from workbench.core.sentence import Sentence, sentences, without
from workbench.core.tool import Tool
from workbench.core.variant import ToolEdit, Variant

MOST_EXCHANGES = 16
"""Pairs of sentences beyond this are not exchanged: each costs as many requests as any other change."""


def sentence_changes(tool: Tool) -> tuple[AblationChange, ...]:
    """The tool without each sentence of its description in turn. A description of one sentence becomes empty."""
    return _changes(tool, "sentence", sentences(tool.description))


def clause_changes(tool: Tool) -> tuple[AblationChange, ...]:
    """The tool without each clause of its description in turn, for descriptions of one sentence or few."""
    return _changes(tool, "clause", clauses(tool.description))


def exchanges(one: Tool, other: Tool) -> tuple[AblationChange, ...]:
    """Each sentence of the one in the place of each sentence of the other, and the other way round at once."""
    found = []
    theirs = sentences(other.description)[:MOST_EXCHANGES]
    for number, mine in enumerate(sentences(one.description)[:MOST_EXCHANGES], 1):
        for place, yours in enumerate(theirs, 1):
            if mine.text.strip() == yours.text.strip():
                continue
            name = f"{one.name} sentence {number} ⇄ {other.name} sentence {place}"
            edits = {
                one.name: ToolEdit(description=_with(one.description, mine, yours)),
                other.name: ToolEdit(description=_with(other.description, yours, mine)),
            }
            found.append(AblationChange("swap sentences", name, Variant(name=name, tools=edits), one.name))
    return tuple(found[:MOST_EXCHANGES])


def _changes(tool: Tool, noun: str, parts: tuple[Sentence, ...]) -> tuple[AblationChange, ...]:
    found = []
    for number, part in enumerate(parts[:MOST_SENTENCES], 1):
        name = f"{tool.name} without {noun} {number}"
        edit = ToolEdit(description=without(tool.description, part))
        variant = Variant(name=name, tools={tool.name: edit})
        found.append(AblationChange("drop sentence", name, variant, tool.name, sentence=part))
    return tuple(found)


def _with(text: str, old: Sentence, new: Sentence) -> str:
    """The text with one sentence in the place of another; the spaces around stay."""
    space = old.text[len(old.text.rstrip()) :]
    return f"{text[: old.start]}{new.text.strip()}{space}{text[old.end :]}"

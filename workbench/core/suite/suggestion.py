"""Edits that might help where one tool is chosen in place of another, made by rules from tune cases alone. Pure.

No rule knows whether its edit helps: a race finds out.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from workbench.core.json_text import compact
from workbench.core.sentence import sentences, without
from workbench.core.similarity import WordScale
from workbench.core.suite.case import ASKS_BACK, NO_CALL
from workbench.core.suite.results import SuiteResults
from workbench.core.suite.trial import ArmKey
from workbench.core.token_estimate import estimated_tokens
from workbench.core.tool import Tool, Toolset
from workbench.core.variant import ToolEdit
from workbench.core.word_overlap import word_counts

MOST_WORDS = 5
MOST_PATTERNS = 4
_LEAST_OFTEN = 2
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_VARIABLE = re.compile(r"\S*\d\S*|\S+@\S+")
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]+")
_FILLER = frozenset(
    {"i", "me", "my", "mine", "we", "us", "our", "they", "them", "their", "he", "she", "his", "her", "have"}
    | {"has", "had", "do", "does", "did", "can", "could", "would", "will", "shall", "should", "was", "were"}
    | {"am", "been", "being", "not", "no", "yes", "but", "so", "just", "very", "too", "also", "please", "plz"}
    | {"hi", "hey", "hello", "thanks", "thank", "ok", "okay", "up", "out", "about", "into", "over", "any"}
    | {"some", "all", "there", "here", "then", "than", "now", "again", "need", "want", "like", "know", "tell"}
    | {"give", "show", "see", "let"}
)
"""Words that say nothing about what somebody wants."""


class Confusion(msgspec.Struct, frozen=True):
    """What was expected, what was chosen in its place, the requests where that happened, and all other requests of tune
    cases, each with what it expects."""

    expected: str
    chosen: str
    requests: tuple[str, ...]
    others: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        """`track_order expected, get_order chosen · 12`."""
        return f"{self.expected} expected, {self.chosen} chosen · {len(self.requests)}"


class Suggestion(msgspec.Struct, frozen=True):
    """Edits by the tools' present names, and why they might help. `rule` is a word or two."""

    rule: str
    edits: dict[str, ToolEdit]
    why: str


def confusions(results: SuiteResults, arm: ArmKey) -> tuple[Confusion, ...]:
    """The confusions of an arm on tune cases, the most frequent first: held-out cases have no part in any edit."""
    found: dict[tuple[str, str], list[str]] = {}
    for place, trials in results.matrix(arm, only=lambda case: case.split == "tune").cells.items():
        if place[0] != place[1]:
            keys = list(dict.fromkeys(trial.case for trial in trials))
            found[place] = keys
    cases = {key: results.cases[key] for key in results.run.cases if key in results.cases}
    tune = {key: case for key, case in cases.items() if case.split == "tune"}
    made = [
        Confusion(
            *place,
            tuple(tune[key].request for key in keys),
            tuple((case.request, case.label) for key, case in tune.items() if key not in keys),
        )
        for place, keys in found.items()
    ]
    return tuple(sorted(made, key=lambda each: (-len(each.requests), each.expected, each.chosen)))


def suggestions(confusion: Confusion, toolset: Toolset, *, reads_triggers: bool = False) -> tuple[Suggestion, ...]:
    """What the rules propose; none where neither side is a tool."""
    return tuple(_suggestions(confusion, toolset, reads_triggers=reads_triggers))


def token_change(edits: dict[str, ToolEdit], toolset: Toolset) -> int:
    """About how many tokens the edits add to every request; negative where they save some."""
    change = 0
    for name, edit in edits.items():
        tool = toolset.named(name)
        if tool is not None:
            change += estimated_tokens(compact(edit.applied(tool).document)) - estimated_tokens(compact(tool.document))
    return change


def telling_words(confusion: Confusion) -> tuple[str, ...]:
    """Words of requests that expect the same, confused or not, that other requests hardly have: the most telling
    first. A word of a single request tells nothing."""
    alike = (*confusion.requests, *(text for text, expected in confusion.others if expected == confusion.expected))
    rest = [text for text, expected in confusion.others if expected != confusion.expected]
    own, other = _documents(alike), _documents(rest)
    scored = [
        (count / len(alike) - other[word] / (len(rest) or 1), word)
        for word, count in own.items()
        if count >= _LEAST_OFTEN and count / len(alike) > other[word] / (len(rest) or 1)
    ]
    return tuple(word for _, word in sorted(scored, key=lambda pair: (-pair[0], pair[1]))[:MOST_WORDS])


def _suggestions(confusion: Confusion, toolset: Toolset, *, reads_triggers: bool) -> Iterator[Suggestion]:
    wanted, taken = toolset.named(confusion.expected), toolset.named(confusion.chosen)
    words = telling_words(confusion)
    about = f"requests about {_listed(words)}" if words else ""
    if wanted is not None and about:
        say = ToolEdit(description=_with(wanted, f"Use this tool for {about}."))
        yield Suggestion("say when", {wanted.name: say}, f"These words are in the requests that missed {wanted.name}.")
        lead = ToolEdit(description=f"For {about}. {wanted.description}".strip())
        yield Suggestion("say when first", {wanted.name: lead}, "Models read the first words of a description most.")
    if wanted is not None and taken is not None:
        yield from _between(wanted, taken, about)
    elif wanted is not None and not about:
        plain = ToolEdit(description=_with(wanted, "Use this tool whenever the user asks for it, in any words."))
        yield Suggestion(
            "use it more", {wanted.name: plain}, f"{wanted.name} was not called where it should have been."
        )
    if wanted is None and taken is not None:
        yield from _refusals(confusion, taken, about)
    if wanted is not None and taken is None:
        ready = ToolEdit(description=_with(wanted, "Call it as soon as its required arguments are known."))
        yield Suggestion("do not wait", {wanted.name: ready}, "The model did not call although it could.")
    if taken is not None:
        yield from _shorter(confusion, taken)
    if reads_triggers and wanted is not None:
        yield from _triggers(confusion, wanted)


def _between(wanted: Tool, taken: Tool, about: str) -> Iterator[Suggestion]:
    """Where the line between two tools is; by their own descriptions where no words tell their requests apart."""
    if about:
        point = ToolEdit(description=_with(taken, f"Not for {about}: use {wanted.name} instead."))
        say = ToolEdit(description=_with(wanted, f"Use this tool, not {taken.name}, for {about}."))
    else:
        job = sentences(wanted.description)
        named = f" for this: {job[0].text.strip().rstrip('.')}" if job else ""
        point = ToolEdit(description=_with(taken, f"Use {wanted.name} instead{named}."))
        say = ToolEdit(description=_with(wanted, f"Where {taken.name} seems to fit as well, use this tool."))
        yield Suggestion("take precedence", {wanted.name: say}, "No words tell these requests apart from others.")
    yield Suggestion(
        "point to the other", {taken.name: point}, f"{taken.name} turns away requests that are not its own."
    )
    yield Suggestion("draw the line", {wanted.name: say, taken.name: point}, "Both draw the line.")


def _refusals(confusion: Confusion, taken: Tool, about: str) -> Iterator[Suggestion]:
    """No call was right, or a question back."""
    if confusion.expected == NO_CALL:
        plain = f"Do not call it for {about}." if about else "Do not call it for greetings, thanks, or small talk."
        yield Suggestion(
            "say when not", {taken.name: ToolEdit(description=_with(taken, plain))}, "No call was right there."
        )
        strict = "Call it only when the user asks for exactly this."
        yield Suggestion(
            "only when asked", {taken.name: ToolEdit(description=_with(taken, strict))}, "No call was right there."
        )
    if confusion.expected == ASKS_BACK:
        ask = "If a required argument was not given, ask the user for it and do not guess."
        yield Suggestion("ask first", {taken.name: ToolEdit(description=_with(taken, ask))}, "A question was right.")


def _shorter(confusion: Confusion, taken: Tool) -> Iterator[Suggestion]:
    """Leave out the sentence that has most in common with the confused requests."""
    parts = sentences(taken.description)
    if len(parts) < 2:
        return
    scale = WordScale([part.text for part in parts])
    asked = " ".join(confusion.requests)
    similarity, place = max((scale.similarity(asked, part.text), -number) for number, part in enumerate(parts))
    if similarity > 0:
        edit = ToolEdit(description=without(taken.description, parts[-place]))
        yield Suggestion("say less", {taken.name: edit}, f"That sentence of {taken.name} sounds like these requests.")


def _triggers(confusion: Confusion, wanted: Tool) -> Iterator[Suggestion]:
    """Phrases that only requests for this tool have become triggers, which force a call of it."""
    other = {phrase for text, expected in confusion.others if expected != wanted.name for phrase in _phrases(text)}
    alike = {*confusion.requests, *(text for text, expected in confusion.others if expected == wanted.name)}
    own = Counter(phrase for text in alike for phrase in set(_phrases(text)) - other)
    patterns: list[str] = []
    left = set(confusion.requests)
    for phrase, count in sorted(own.items(), key=lambda item: (-item[1], -len(item[0]), item[0])):
        covered = {text for text in left if phrase in _phrases(text)}
        if count >= _LEAST_OFTEN and covered and len(patterns) < MOST_PATTERNS:
            patterns.append(rf"\b{re.escape(phrase)}\b".replace(r"\ ", r"\W+"))
            left -= covered
    if patterns:
        edit = ToolEdit(triggers=(*wanted.triggers, *patterns))
        yield Suggestion(
            "triggers", {wanted.name: edit}, "These phrases are in no other tune request; they force a call."
        )


def _phrases(text: str) -> list[str]:
    words = _words(text)
    pairs = [f"{one} {other}" for one, other in pairwise(words)]
    return [*(word for word in words if _is_telling(word)), *pairs]


def _words(text: str) -> list[str]:
    """Without numbers, ids and addresses, and without names: what is capitalized inside a sentence."""
    return _WORD.findall(_NAME.sub(" ", _VARIABLE.sub(" ", text)).casefold())


def _is_telling(word: str) -> bool:
    return bool(word_counts(word)) and word not in _FILLER and "'" not in word and "’" not in word


def _documents(texts: Sequence[str]) -> Counter[str]:
    """In how many of the texts each meaningful word is."""
    return Counter(word for text in texts for word in {word for word in _words(text) if _is_telling(word)})


def _with(tool: Tool, sentence: str) -> str:
    before = tool.description.strip()
    if before and before[-1] not in ".!?:":
        before += "."
    return f"{before} {sentence}".strip()


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])}, or {words[-1]}"

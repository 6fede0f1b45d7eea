"""What would make a claim from a suite untrue, found in the cases themselves. `audit_results` looks at what was run."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from workbench.core.argument_mistake import argument_mistakes
from workbench.core.choice import ChosenCall
from workbench.core.json_text import JsonObject, compact
from workbench.core.suite.case import Case, WantedCall
from workbench.core.suite.matcher import operator_of
from workbench.core.suite.suite import Suite
from workbench.core.tool import Tool, Toolset

Weight = Literal["blocks", "warns"]
"""Whether a claim must not be made, or has to be made with care."""
AuditKind = Literal[
    "leak",
    "unreadable lines",
    "unknown tool",
    "impossible expectation",
    "near-duplicate",
    "near-duplicate across splits",
    "cluster across splits",
    "too few clusters",
    "too few negative cases",
    "ceiling",
    "floor",
    "harder to find",
    "unbalanced completion",
    "unfinished",
    "cached answers",
    "changed model",
    "changed date",
    "changed cases",
    "renamed parameter",
    "judge under test",
    "held-out was read",
]
"""The classes of findings: of the cases, then of what was run."""
LEAST_CLUSTERS = 10
LEAST_NO_CALL = 0.05
MOST_COMPARED = 4_000
"""How many requests are compared with each other; where there are more, only equal ones are found."""
_ALIKE = 0.85
_SHOWN_CASES = 5
_WORD = re.compile(r"[^\W_]+")
_COINED = re.compile(r"\w[_.]\w|[a-z][A-Z]")
"""In a name that nobody says without having read it: `track_order`, `orders.track`, `trackOrder`."""
_VARIABLE = re.compile(r"\S*\d\S*|\S+@\S+")


class AuditFinding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong. `cases` are ids, or keys where no id is known."""

    kind: AuditKind
    weight: Weight
    message: str
    cases: tuple[str, ...] = ()

    def __str__(self) -> str:
        shown = ", ".join(self.cases[:_SHOWN_CASES])
        more = f" and {len(self.cases) - _SHOWN_CASES} more" if len(self.cases) > _SHOWN_CASES else ""
        return f"{self.kind}: {self.message}" + (f" ({shown}{more})" if shown else "")


def audit_suite(suite: Suite, toolset: Toolset) -> tuple[AuditFinding, ...]:
    """Everything that is wrong with the cases, what blocks a claim first."""
    found = [
        *_lines(suite),
        *_leaks(suite.cases),
        *_unknown_tools(suite.cases, toolset),
        *_broken_schemas(suite.cases, toolset),
        *_duplicates(suite.cases),
        *_split_clusters(suite.cases),
        *_few_clusters(suite),
        *_no_calls(suite),
    ]
    return tuple(sorted(found, key=lambda finding: finding.weight))


def _lines(suite: Suite) -> Iterator[AuditFinding]:
    if suite.problems:
        message = f"{len(suite.problems)} lines cannot be read; the first is {suite.problems[0]}"
        yield AuditFinding(kind="unreadable lines", weight="blocks", message=message)


def _leaks(cases: Sequence[Case]) -> Iterator[AuditFinding]:
    names, words, parameters = [], [], []
    for case in cases:
        for turn in case.turns:
            text = turn.request.casefold()
            plain = " ".join(_WORD.findall(text))
            for call in turn.expected.calls:
                name = call.tool.casefold()
                if _COINED.search(call.tool) and name in text:
                    names.append(case.case_id)
                elif " " in (spoken := " ".join(_WORD.findall(name))) and f" {spoken} " in f" {plain} ":
                    words.append(case.case_id)
                if any(_COINED.search(each) and each.casefold() in text for each in call.arguments or {}):
                    parameters.append(case.case_id)
    leaks: tuple[tuple[list[str], Weight, str], ...] = (
        (names, "blocks", "the request contains the name of the expected tool"),
        (parameters, "blocks", "the request contains the name of a parameter"),
        (words, "warns", "the words of the expected tool's name appear in the request, in this order"),
    )
    for found, weight, what in leaks:
        if found:
            yield AuditFinding(kind="leak", weight=weight, message=what, cases=tuple(found))


def _unknown_tools(cases: Sequence[Case], toolset: Toolset) -> Iterator[AuditFinding]:
    missing: dict[str, list[str]] = defaultdict(list)
    for case in cases:
        offered = _offered(case, toolset)
        for tool in (*case.expected_tools, *case.tools, *(result.tool for result in case.results)):
            if offered.named(tool) is None and case.case_id not in missing[tool]:
                missing[tool].append(case.case_id)
    for tool, found in missing.items():
        if found:
            message = f"the project has no tool {tool!r}"
            yield AuditFinding(kind="unknown tool", weight="blocks", message=message, cases=tuple(found))


def _broken_schemas(cases: Sequence[Case], toolset: Toolset) -> Iterator[AuditFinding]:
    for case in cases:
        for turn in case.turns:
            for call in turn.expected.calls:
                tool = _offered(case, toolset).named(call.tool)
                message = schema_breach(call, tool) if tool is not None else ""
                if message:
                    yield AuditFinding(
                        kind="impossible expectation", weight="blocks", message=message, cases=(case.case_id,)
                    )


def _offered(case: Case, toolset: Toolset) -> Toolset:
    return Toolset([Tool(document) for document in case.offers]) if case.offers else toolset


def schema_breach(call: WantedCall, tool: Tool) -> str:
    """Where the arguments that are wanted can never fit the tool's schema; empty when they can."""
    if call.arguments is None:
        return ""
    plain: JsonObject = {name: value for name, value in call.arguments.items() if operator_of(value) is None}
    declared = tool.input_schema.get("properties")
    names = declared if isinstance(declared, dict) else {}
    is_closed = bool(names) or tool.input_schema.get("additionalProperties") is False
    for name in call.arguments:
        if name not in names and is_closed and not tool.input_schema.get("additionalProperties"):
            return f"{call.tool} has no parameter {name!r}"
    for mistake in argument_mistakes(ChosenCall(call.tool, compact(plain)), tool):
        if mistake.kind != "missing required" or (call.exactly and mistake.path[1:] not in call.arguments):
            return f"{call.tool}: {mistake.message}"
    return ""


def _duplicates(cases: Sequence[Case]) -> Iterator[AuditFinding]:
    same: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        same[" / ".join(masked(turn.request) for turn in case.turns)].append(case)
    apart: list[str] = []
    unmarked: list[str] = []
    for group in same.values():
        _sort_out(group, apart, unmarked)
    if len(same) <= MOST_COMPARED:
        for one, other in _alike(list(same)):
            _sort_out((same[one][0], same[other][0]), apart, unmarked)
    if apart:
        message = "requests of both splits are the same but for numbers, or nearly so"
        yield AuditFinding(kind="near-duplicate across splits", weight="blocks", message=message, cases=_once(apart))
    if unmarked:
        message = "requests are the same but for numbers, or nearly so, and do not share a cluster"
        yield AuditFinding(kind="near-duplicate", weight="warns", message=message, cases=_once(unmarked))


def _sort_out(group: Sequence[Case], apart: list[str], unmarked: list[str]) -> None:
    if len(group) < 2:
        return
    ids = [case.case_id for case in group]
    if len({case.split for case in group}) > 1:
        apart += ids
    elif len({case.unit for case in group}) > 1:
        unmarked += ids


def masked(request: str) -> str:
    """A request without what changes from one use of a template to the next: numbers, ids, addresses, case, signs."""
    return " ".join(_WORD.findall(_VARIABLE.sub(" ", request.casefold())))


def _alike(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pairs that share nearly all of their words, found by their rarest words."""
    words = [frozenset(text.split()) for text in texts]
    frequent: dict[str, int] = defaultdict(int)
    for each in words:
        for word in each:
            frequent[word] += 1
    places: dict[str, list[int]] = defaultdict(list)
    for place, each in enumerate(words):
        if len(each) < 4:
            continue
        # Of two sets that share 85 % of their words, any few words more than 15 % of one have one in common.
        for word in sorted(each, key=lambda word: (frequent[word], word))[: int(len(each) * (1 - _ALIKE)) + 1]:
            for other in places[word]:
                shared = len(each & words[other]) / len(each | words[other])
                if shared >= _ALIKE:
                    yield texts[other], texts[place]
            places[word].append(place)


def _split_clusters(cases: Sequence[Case]) -> Iterator[AuditFinding]:
    splits: dict[str, set[str]] = defaultdict(set)
    for case in cases:
        if case.cluster:
            splits[case.cluster].add(case.split)
    for cluster in sorted(cluster for cluster, found in splits.items() if len(found) > 1):
        message = f"the cluster {cluster!r} has cases of both splits, so what is tuned has seen what it is measured on"
        yield AuditFinding(kind="cluster across splits", weight="blocks", message=message)


def _few_clusters(suite: Suite) -> Iterator[AuditFinding]:
    for split in ("tune", "held-out"):
        cases = suite.of_split(split)
        clusters = len({case.unit for case in cases})
        if cases and clusters < LEAST_CLUSTERS:
            message = f"the {len(cases)} {split} cases come from {clusters} clusters; a claim needs {LEAST_CLUSTERS}"
            yield AuditFinding(kind="too few clusters", weight="blocks", message=message)


def _no_calls(suite: Suite) -> Iterator[AuditFinding]:
    if not suite.cases:
        return
    without = sum(not case.turns[-1].expected.calls for case in suite.cases)
    if without < LEAST_NO_CALL * len(suite.cases):
        message = f"{without} of {len(suite.cases)} cases expect no call, so unnecessary calls would hardly be noticed"
        yield AuditFinding(kind="too few negative cases", weight="warns", message=message)


def _once(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))

"""Inverted generation: calls are invented first, then a request for each of them is written, by a model or from a
sentence with gaps. Neither sees any description."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from workbench.app.models.provider_registry import ProviderRegistry
from workbench.app.suites.case_making import escaped, free_id
from workbench.app.suites.one_answer import answer_of
from workbench.app.suites.suite_files import SuiteFiles
from workbench.core.errors import MalformedJson, UsageError
from workbench.core.json_text import JsonValue, compact, parse_strict_object
from workbench.core.suite.case import Case, CaseTurn, Expected, Split, WantedCall
from workbench.core.suite.case_import import CaseImportRow, ImportReport
from workbench.core.suite.invention import SMALL_TALK, Invention, inventions, leaks, plain_request, values_of_cases
from workbench.core.suite.suite import Suite
from workbench.core.tool import Toolset

MOST_OF_A_TOOL = 200
NO_CALL_SHARE = 0.25
"""Cases without a call for each one with a call: a fifth of all."""
_MAX_TOKENS = 300
_ROLE = (
    "You write one message of a user to an assistant. You are given the name of a function and the arguments it must "
    "be called with. Write what a real person would say so that exactly this call is needed: every argument can be "
    "found in the message or follows from it. Do not use the function's name or the names of its parameters. "
    "Answer with the message alone. Style: {style}."
)
_STYLES = ("short", "long and friendly", "with typing mistakes", "indirect", "with unrelated chatter", "curt")


class GenerationOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be made: `count` cases for each of these tools, all where none is named. `model` writes the requests;
    without one they come from sentences with gaps. `entities` are values by parameter."""

    suite: str
    tools: tuple[str, ...] = ()
    count: int = 5
    model: str = ""
    split: Split = "tune"
    entities: Mapping[str, Sequence[JsonValue]] = {}


async def generate_cases(
    files: SuiteFiles,
    toolset: Toolset,
    providers: ProviderRegistry,
    order: GenerationOrder,
    told: Callable[[int, int], object] = lambda done, wanted: None,
) -> ImportReport:
    """Make the cases and add them to the suite, which is made where there is none. What cannot be made has a row that
    says why; what was made before a failure or Stop is kept. Raises `UsageError` for a tool that is not there,
    `ProviderFailure` when the model fails."""
    chosen = [toolset.named(name) for name in order.tools or toolset.names]
    missing = [name for name in order.tools if toolset.named(name) is None]
    if missing or not chosen:
        raise UsageError(f"there is no tool {missing[0]!r}" if missing else "the project has no tools")
    if not 1 <= order.count <= MOST_OF_A_TOOL:
        raise UsageError(f"{order.count} cases of a tool cannot be made", hint=f"Use 1 to {MOST_OF_A_TOOL}.")
    suite = _suite(files, order.suite)
    entities = {**values_of_cases(suite.cases), **order.entities}
    calls = [made for tool in chosen if tool is not None for made in inventions(tool, order.count, entities)]
    cases: list[Case] = []
    rows: list[CaseImportRow] = []
    keys = {case.key for case in suite.cases}
    try:
        for number, invention in enumerate(calls):
            told(number, len(calls))
            try:
                request, cluster = await _request(providers, order.model, invention, number)
            except UsageError as error:
                rows.append(CaseImportRow(f"{invention.tool} {invention.number}", "unsupported", str(error)))
                continue
            wanted = WantedCall(invention.tool, escaped(invention.arguments) or None)
            _add(cases, rows, keys, suite, order, request, Expected((wanted,)), cluster)
        for number in range(round(len(cases) * NO_CALL_SHARE)):
            if number < len(SMALL_TALK):
                _add(cases, rows, keys, suite, order, SMALL_TALK[number], Expected(), "")
    finally:
        if cases:
            suite = _suite(files, order.suite)  # it may have been edited meanwhile
            files.save(msgspec.structs.replace(suite, cases=(*suite.cases, *cases)))
    return ImportReport("generated cases", tuple(rows), tuple(cases))


def _suite(files: SuiteFiles, name: str) -> Suite:
    return files.load(name) if name in files.names() else Suite(name=name)


def read_entities(path: Path) -> dict[str, list[JsonValue]]:
    """Values by parameter from a JSON file: `{"order_id": ["A-1001", "A-1002"]}`. Raises `UsageError`."""
    try:
        found = parse_strict_object(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, MalformedJson) as error:
        raise UsageError(f"{path.name} cannot be read: {error}", hint='Write {"parameter": ["value", …]}.') from None
    wrong = [name for name, values in found.items() if not isinstance(values, list) or not values]
    if wrong:
        raise UsageError(
            f"{path.name}: {wrong[0]!r} is not a list of values", hint='Write {"parameter": ["value", …]}.'
        )
    return {name: values for name, values in found.items() if isinstance(values, list)}


async def _request(providers: ProviderRegistry, model: str, invention: Invention, number: int) -> tuple[str, str]:
    """The request, and its cluster: what a model writes has none. Raises `UsageError` where there is none."""
    if invention.problem:
        raise UsageError(invention.problem)
    if not model:
        return plain_request(invention)
    said = compact({"function": invention.tool, "arguments": invention.arguments})
    role = _ROLE.format(style=_STYLES[number % len(_STYLES)])
    for _ in range(2):
        text = " ".join((await answer_of(providers, model, role, said, max_tokens=_MAX_TOKENS)).split())
        if not leaks(text, invention.tool, invention.arguments):
            return text.strip('"“”'), ""
    raise UsageError("the model's request names the tool or a parameter")


def _add(
    cases: list[Case],
    rows: list[CaseImportRow],
    keys: set[str],
    suite: Suite,
    order: GenerationOrder,
    request: str,
    expected: Expected,
    cluster: str,
) -> None:
    case_id = free_id(request, [each.case_id for each in (*suite.cases, *cases)])
    case = Case(
        case_id=case_id,
        turns=(CaseTurn(request, expected),),
        tags=("generated",),
        cluster=cluster,
        split=order.split,
    )
    if case.key in keys:
        rows.append(CaseImportRow(case_id, "unsupported", "the suite already has it"))
        return
    keys.add(case.key)
    cases.append(case)
    rows.append(CaseImportRow(case_id, "exact"))

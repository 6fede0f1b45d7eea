"""The classic mistakes of tool loops in a project's own code. The code is read, never run."""

import ast
from collections.abc import Iterator

from workbench.core.lint.finding import Finding
from workbench.core.lint.rule import Grounds, LintRule
from workbench.providers.registry import WIRES

_REQUESTS = tuple(name for wire in WIRES for name in wire.sdk_names.requests)
_TOOLS = {wire.sdk_names.tools for wire in WIRES} | {None}
_CALLS = tuple(name for wire in WIRES for name in wire.sdk_names.calls)
_RESULTS = {mark for wire in WIRES for mark in wire.sdk_names.results}
_LOOP = "how the tool loop works"

Placed = tuple[int, Finding]
"""A line, counted from 1, and its problem."""


def loop_findings(text: str) -> Iterator[Placed]:
    """The problems of a module's loops; none for an unreadable module."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _asks(node):
            yield from _first_only(node)
            yield from _unchecked(node)
            for loop in ast.walk(node):
                if isinstance(loop, ast.While | ast.For) and _asks(loop):
                    yield from _endless(loop)
                    yield from _forgotten(loop)


def _asks(node: ast.AST) -> bool:
    """Whether a request with tools is made in there."""
    return any(
        isinstance(call, ast.Call)
        and ast.unparse(call.func).endswith(_REQUESTS)
        and any(word.arg in _TOOLS for word in call.keywords)
        for call in ast.walk(node)
    )


def _endless(loop: ast.While | ast.For) -> Iterator[Placed]:
    is_open = isinstance(loop, ast.While) and isinstance(loop.test, ast.Constant) and bool(loop.test.value)
    counted = {ast.unparse(each.target) for each in ast.walk(loop) if isinstance(each, ast.AugAssign)}
    compared = {
        ast.unparse(part) for each in ast.walk(loop) if isinstance(each, ast.Compare) for part in ast.walk(each)
    }
    if is_open and not counted & compared:
        words = "the loop has no limit of rounds, so a model that keeps calling tools keeps it running"
        yield loop.lineno, Finding("warning", "", words, rule=NO_LIMIT.id)


def _first_only(function: ast.AST) -> Iterator[Placed]:
    for node in ast.walk(function):
        is_first = isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and node.slice.value == 0
        if is_first and ast.unparse(node.value).endswith(_CALLS):  # type: ignore[attr-defined]
            words = "only the first call is looked at; every call needs its result"
            yield node.lineno, Finding("warning", "", words, rule=FIRST_ONLY.id)  # type: ignore[attr-defined]


def _forgotten(loop: ast.While | ast.For) -> Iterator[Placed]:
    """Results are added to the messages, and nothing else."""
    added = [
        call.args[0]
        for call in ast.walk(loop)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "append"
        and call.args
    ]
    others = [
        node
        for node in ast.walk(loop)
        if (
            isinstance(node, ast.AugAssign)
            and isinstance(node.op, ast.Add)
            and not isinstance(node.value, ast.Constant)
        )
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "extend")
        or isinstance(node, ast.Starred)
    ]
    results = [value for value in added if _is_result(value)]
    if results and len(results) == len(added) and not others:
        words = "results are added without the model's own message that asked for them"
        yield results[0].lineno, Finding("warning", "", words, rule=FORGOTTEN.id)


def _is_result(value: ast.expr) -> bool:
    return any(mark in _RESULTS for node in ast.walk(value) for mark in _marks(node))


def _marks(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Dict(keys=keys, values=values):
            for key, held in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value
                    if isinstance(held, ast.Constant):
                        yield f"{key.value}={held.value!s}"
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            yield name


def _unchecked(function: ast.AST) -> Iterator[Placed]:
    guarded = {id(inner) for each in ast.walk(function) if isinstance(each, ast.Try) for inner in ast.walk(each)}
    for node in ast.walk(function):
        if not isinstance(node, ast.Call) or not node.args or not ast.unparse(node.args[0]).endswith("arguments"):
            continue
        name = ast.unparse(node.func)
        if name in ("eval", "exec"):
            words = "arguments that a model wrote are run as code"
            yield node.lineno, Finding("error", "", words, rule=UNCHECKED.id)
        elif name.endswith("loads") and id(node) not in guarded:
            words = "arguments that are not JSON end the loop; the model should get the error as its result"
            yield node.lineno, Finding("warning", "", words, rule=UNCHECKED.id)


def _rule(name: str, about: str, why: str) -> LintRule:
    return LintRule(name, "warning", about, Grounds(why, _LOOP), lambda _document, _surroundings: ())


NO_LIMIT = _rule(
    "loop-without-limit", "A tool loop without a limit of rounds.", "Nothing else ends a model that repeats itself."
)
FIRST_ONLY = _rule(
    "loop-first-call-only",
    "A tool loop that answers only the first of several calls.",
    "Vendors refuse a request in which a call has no result.",
)
FORGOTTEN = _rule(
    "loop-forgets-the-call",
    "Results without the message that asked for them.",
    "Vendors refuse a result whose call is not in the conversation.",
)
UNCHECKED = _rule(
    "loop-unchecked-arguments",
    "Arguments that are run, or read without a guard.",
    "A model writes them, and may write anything.",
)
LOOP_RULES = (NO_LIMIT, FIRST_ONLY, FORGOTTEN, UNCHECKED)

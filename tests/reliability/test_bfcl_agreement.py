"""G16 · BFCL's cases are graded as its public checker judges them: right answers, and answers with one fault each.

An integer written as 10.0 is left out: it is an integer to JSON Schema and to us, and none to the checker.
"""

import copy
import json
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.support.tally import counted, size
from workbench.app.suites.case_file import read_cases
from workbench.core.choice import Choice, ChosenCall
from workbench.core.json_text import JsonValue
from workbench.core.suite.case import Case
from workbench.core.suite.grade import Rules, grade
from workbench.core.suite.path import TurnPath
from workbench.core.tool import Tool, Toolset

bfcl_eval = pytest.importorskip("bfcl_eval")
DATA = Path(bfcl_eval.__file__).parent / "data"
LIVE = ("live_simple", "live_multiple", "live_parallel", "live_parallel_multiple")
CATEGORIES = ("simple_python", "multiple", "parallel", "parallel_multiple", *LIVE)
Calls = list[tuple[str, dict[str, Any]]]


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[Any], Calls, list[Any], str], bool]:
    """The public checker, as for a model whose API takes no dots in names; its list of models needs every vendor."""

    class Models(dict[str, object]):
        def __missing__(self, name: str) -> object:
            return type("Model", (), {"underscore_to_dot": True})

    models = ModuleType("models")
    models.MODEL_CONFIG_MAPPING = Models()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "bfcl_eval.constants.model_config", models)
    from bfcl_eval.constants.enums import Language  # type: ignore[import-not-found]
    from bfcl_eval.eval_checker.ast_eval.ast_checker import ast_checker  # type: ignore[import-not-found]

    def check(functions: list[Any], calls: Calls, truth: list[Any], category: str) -> bool:
        said = [{name: arguments} for name, arguments in calls]
        return bool(ast_checker(functions, said, truth, Language.PYTHON, category, "any")["valid"])

    return check


def test_cases_are_graded_as_the_public_checker_judges_them(checks: Callable[..., bool]) -> None:
    chance = random.Random(16)
    with counted("G16", "answers to BFCL's cases, judged by both") as tally:
        for category in CATEGORIES:
            path = DATA / f"BFCL_v4_{category}.json"
            asked, truths = _lines(path), _lines(DATA / "possible_answer" / path.name)
            for case in read_cases(path).cases:
                functions, truth = asked[case.case_id]["function"], truths[case.case_id]["ground_truth"]
                for fault, calls in _answers(truth, chance, size(2, 4, 12)):
                    with tally.case(f"{case.case_id}, {fault}"):
                        assert _is_right(case, calls) == checks(functions, calls, truth, category), calls


def _lines(path: Path) -> dict[str, Any]:
    return {line["id"]: line for line in map(json.loads, path.read_text(encoding="utf-8").splitlines())}


def _is_right(case: Case, calls: Calls) -> bool:
    chosen = tuple(ChosenCall(tool, json.dumps(arguments)) for tool, arguments in calls)
    path = TurnPath((Choice("calls", chosen), Choice("answer"))) if chosen else TurnPath((Choice("answer"),))
    found = grade(case, (path,), Rules(Toolset([Tool(each) for each in case.offers])), lambda schema, value: True)
    return found.is_right and found.has_right_arguments is not False


def _answers(truth: list[Any], chance: random.Random, faults: int) -> Iterator[tuple[str, Calls]]:
    """Each accepted answer, one without what may be left out, and some with a fault."""
    for number in range(2):
        yield f"answer {number}", _right(truth, number)
    yield "without what may be left out", _right(truth, 0, is_short=True)
    for _ in range(faults):
        calls = copy.deepcopy(_right(truth, chance.randrange(2)))
        fault = chance.choice(list(FAULTS))
        FAULTS[fault](calls, chance)
        yield fault, calls


def _right(truth: list[Any], number: int, *, is_short: bool = False) -> Calls:
    return [
        (
            name.replace(".", "_"),
            {
                key: _value(values, number)
                for key, values in arguments.items()
                if any(value != "" for value in values) and not (is_short and "" in values)
            },
        )
        for call in truth
        for name, arguments in call.items()
    ]


def _value(values: JsonValue, number: int) -> Any:
    options = [value for value in values if value != ""] if isinstance(values, list) else [values]
    return _plain(options[number % len(options)])


def _plain(value: JsonValue) -> Any:
    """Within an object, too, each value is a list of those that are accepted."""
    if isinstance(value, dict):
        return {key: _value(each, 0) for key, each in value.items() if each != [""]}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _one(calls: Calls, chance: random.Random) -> tuple[dict[str, Any], str]:
    arguments = chance.choice(calls)[1]
    return arguments, chance.choice(list(arguments) or ["nothing"])


def _drop(calls: Calls, chance: random.Random) -> None:
    arguments, key = _one(calls, chance)
    arguments.pop(key, None)


def _change(calls: Calls, chance: random.Random) -> None:
    arguments, key = _one(calls, chance)
    match arguments.get(key):
        case bool() as value:
            arguments[key] = not value
        case int() | float() as value:
            arguments[key] = value + 1
        case str() as value:
            arguments[key] = f"{value}q"
        case list() as value:
            arguments[key] = value[:-1]
        case _:
            arguments[key] = {}


def _retype(calls: Calls, chance: random.Random) -> None:
    arguments, key = _one(calls, chance)
    value = arguments.get(key)
    arguments[key] = [value] if isinstance(value, str) else str(value)


def _shout(calls: Calls, chance: random.Random) -> None:
    for _, arguments in calls:
        for key, value in arguments.items():
            if isinstance(value, str):
                arguments[key] = value.upper().replace(" ", "  ")


def _rename(calls: Calls, chance: random.Random) -> None:
    calls[0] = ("another_tool", calls[0][1])


FAULTS: dict[str, Callable[[Calls, random.Random], object]] = {
    "an argument is missing": _drop,
    "an argument too many": lambda calls, chance: _one(calls, chance)[0].update(zz_more=1),
    "another value": _change,
    "another type": _retype,
    "null": lambda calls, chance: _one(calls, chance)[0].update({_one(calls, chance)[1]: None}),
    "capitals and spaces": _shout,
    "another tool": _rename,
    "a call is missing": lambda calls, chance: calls.pop(),
    "a call too many": lambda calls, chance: calls.append(calls[0]),
    "another order": lambda calls, chance: calls.reverse(),
}

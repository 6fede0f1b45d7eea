"""A suite: cases, and how they are run. Its text has one line of JSON a case, so that a diff shows the cases.

A first line `{"suite": "name", …}` may say how the suite is run; without one everything is as it is by default.
"""

from collections import Counter
from typing import Literal

import msgspec

from workbench.core.errors import MalformedJson, ProjectError, with_advice
from workbench.core.json_text import JsonObject, compact, digest, parse_strict_object
from workbench.core.suite.case import Case, Split
from workbench.core.suite.case_line import case_document, read_case

FORMAT = 1
MOST_CASES = 100_000
ToolsMode = Literal["mocks", "reads"]
"""What answers calls: `mocks`, or `reads`, where read-only tools run for real and everything else is mocked."""


class LineProblem(msgspec.Struct, frozen=True):
    """What is wrong with a line, counted from 1. The other lines are used all the same."""

    line: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"line {self.line}: {with_advice(self.message, self.hint)}"


class SuiteSettings(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """How a suite is run. `rounds` is the limit of each turn; None: the project's. `harmless` are tools that may be
    called on the way beside those that are read-only."""

    format: int = FORMAT
    about: str = ""
    tools: ToolsMode = "mocks"
    rounds: int | None = None
    harmless: tuple[str, ...] = ()


class Suite(msgspec.Struct, frozen=True, kw_only=True):
    """The cases that can be used, in order, and the lines that cannot."""

    name: str
    cases: tuple[Case, ...] = ()
    settings: SuiteSettings = SuiteSettings()
    problems: tuple[LineProblem, ...] = ()

    @property
    def digest(self) -> str:
        """Equal for suites of the same cases, in whatever order."""
        return digest(sorted(case.key for case in self.cases))[:12]

    def of_split(self, split: Split | Literal["all"]) -> tuple[Case, ...]:
        """The cases of that split."""
        return tuple(case for case in self.cases if split in ("all", case.split))

    def case(self, case_id: str) -> Case | None:
        """The case of that id."""
        return next((case for case in self.cases if case.case_id == case_id), None)


def read_suite(text: str, name: str) -> Suite:
    """The suite that a text stands for. A line that is wrong becomes a problem; the others are used."""
    cases: list[Case] = []
    problems: list[LineProblem] = []
    settings = SuiteSettings()
    seen: dict[str, int] = {}
    is_first = True
    for number, line in enumerate(lines_of(text), 1):
        if not line.strip():
            continue
        if len(cases) == MOST_CASES:
            problems.append(LineProblem(number, f"a suite has at most {MOST_CASES:,} cases", "Split it."))
            break
        try:
            document = parse_strict_object(line)
            if is_first and "suite" in document:
                settings = _settings(document)
            else:
                case = read_case(document, number)
                if case.case_id in seen:
                    where = f"line {seen[case.case_id]}"
                    raise ProjectError(f"the id {case.case_id!r} is taken by {where}", hint="Give it another one.")
                seen[case.case_id] = number
                cases.append(case)
        except MalformedJson as error:
            problems.append(LineProblem(number, f"not valid JSON: {error}", "One JSON object on each line."))
        except ProjectError as error:
            problems.append(LineProblem(number, error.message, error.hint))
        is_first = False
    return Suite(name=name, cases=tuple(cases), settings=settings, problems=tuple(problems))


def lines_of(text: str) -> list[str]:
    """The lines of a file of JSON lines. Inside a string JSON may hold other characters that end lines elsewhere."""
    return [line.removesuffix("\r") for line in text.lstrip("\ufeff").split("\n")]


def suite_text(suite: Suite) -> str:
    """The text of a suite; lines that could not be read are not in it."""
    header: JsonObject = {"suite": suite.name, **msgspec.to_builtins(suite.settings)}
    return "".join(f"{compact(document)}\n" for document in (header, *map(case_document, suite.cases)))


def tag_counts(suite: Suite) -> Counter[str]:
    """How many cases have each tag."""
    return Counter(tag for case in suite.cases for tag in case.tags)


def _settings(document: JsonObject) -> SuiteSettings:
    version = document.get("format", FORMAT)
    if isinstance(version, int) and version > FORMAT:
        raise ProjectError(f"this suite has format {version}", hint="Update the workbench.")
    try:
        return msgspec.convert({key: value for key, value in document.items() if key != "suite"}, SuiteSettings)
    except msgspec.ValidationError as error:
        raise ProjectError(f"the settings of the suite are wrong: {error}") from None

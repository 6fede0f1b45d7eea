"""The mock of a tool: its rules, one of them in a form or as JSON, and their answers to recorded calls."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import msgspec

from workbench.app.mocks.mock_editing import (
    MockLine,
    mock_from_call,
    mock_lines,
    read_rule,
    recent_coverage,
    rule_text,
    write_mock,
)
from workbench.app.mocks.mock_ending import MockEnding, default_reply, ending_of, write_ending
from workbench.app.mocks.mock_rules import mock_plans, redacted_trace, unmock
from workbench.app.parts import HasHistory, HasMockTrial, HasModels, HasProject, HasRuns, HasTools
from workbench.app.project.file_change import FileChange, project_text
from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.ids import CallId, RunId
from workbench.core.json_text import compact, parse_strict_object
from workbench.core.mock import MockPlan, MockReply, MockRule, When
from workbench.viewmodels.mocks.rule_draft import MockRuleDraft
from workbench.viewmodels.project.rule_list_form import RuleListForm
from workbench.viewmodels.rules.condition_list import ConditionList
from workbench.viewmodels.schema_editor.argument_form import ArgumentForm
from workbench.viewmodels.shared.plain import one_line

ENDINGS: tuple[tuple[MockEnding, str], ...] = (
    ("error", "If no rule matches: an error"),
    ("default", "If no rule matches: the default reply"),
    ("model", "If no rule matches: a model plays the tool"),
    ("hand", "Every call: I enter the result"),
)


class MockParts(HasProject, HasTools, HasModels, HasRuns, HasHistory, HasMockTrial, Protocol):
    """What editing a mock needs."""


class MockForm(RuleListForm[MockParts, MockLine]):
    """Every change is written at once and can be undone."""

    moved_words = "Moved. The first matching rule answers."

    def __init__(self, parts: MockParts, reload: Callable[[], Awaitable[None]]) -> None:
        """`reload` reads the project's files again and updates the window."""
        super().__init__(parts, reload)
        self.tool = ""
        self.conditions = ConditionList()
        self.form = MockRuleDraft()
        self.is_json = False
        """Whether the rule is edited as JSON."""
        self.draft = ""
        """The JSON while it is edited."""
        self.problem = ""
        self.counts: dict[str, int] = {}
        self.open(next(iter(mock_plans(parts.project)), next(iter(parts.project.toolset.names), "")))
        self.conditions.changed.connect(self._judge)

    @property
    def tools(self) -> tuple[tuple[str, str], ...]:
        """All tools, including those of MCP servers, and how each runs, in words."""
        runs = self._parts.executor_names
        return tuple((name, runs.get(name, "no executor")) for name in self._parts.toolset.names)

    @property
    def is_mock(self) -> bool:
        """Whether the tool is mocked now."""
        return self.tool in mock_plans(self._parts.project)

    @property
    def ending(self) -> tuple[MockEnding | None, str]:
        """What happens when no rule matches, and the model that plays the tool; None: it is not mocked."""
        return ending_of(self._parts.project, self.tool)

    @property
    def models(self) -> tuple[tuple[str, str], ...]:
        """The models that can play the tool: SPEC and name. The local one cannot: it only calls tools."""
        known = [
            (choice.spec, choice.label)
            for choice in self._parts.model_choices()
            if choice.is_ready and choice.spec != "local"
        ]
        played = self.ending[1]
        return tuple(known) if not played or played in dict(known) else (*known, (played, one_line(played, 60)))

    @property
    def is_strict(self) -> bool:
        """Whether a call is an error when no rule matches."""
        return self._plan.strict

    @property
    def rows(self) -> tuple[tuple[str, str, str, str], ...]:
        """Each rule in words: name, when, reply, and how many recorded calls it answered."""
        plan = MockPlan(tuple(line.rule for line in self.lines))
        rows = [
            (rule.name, str(rule.when), _reply(rule), self._count(plan.label(place)))
            for place, rule in enumerate(plan.rules)
        ]
        if self.is_mock:
            when = "every call" if self.ending[0] == "hand" else "otherwise"
            rows.append(("", when, self._otherwise, self._count("no rule" if self.is_strict else "default")))
        return tuple(rows)

    @property
    def plan(self) -> MockPlan:
        """The mock as it is saved."""
        return self._plan

    @property
    def tried_plan(self) -> MockPlan:
        """The mock as it would be with the edited rule saved; as it is while that is invalid."""
        rules = [line.rule for line in self.lines]
        try:
            rule = self._rule()
        except UsageError:
            return self._plan
        if self.selected is None:
            rules.append(rule)
        else:
            rules[self.selected] = rule
        return msgspec.structs.replace(self._plan, rules=tuple(rules))

    def open(self, tool: str) -> None:
        """Show the mock of another tool."""
        self.tool = tool
        self.counts = {}
        self._take(0 if mock_lines(self._parts.project, tool) else None, "")

    def select(self, place: int | None) -> None:
        """Put a rule into the editor; None for a new one."""
        self.selected = place if place is not None and 0 <= place < len(self.lines) else None
        rule = self.lines[self.selected].rule if self.selected is not None else MockRule(When(), self._example())
        self._show(rule)
        self._tell("", is_good=True)

    def change(self, form: MockRuleDraft) -> None:
        """Apply what was typed or chosen."""
        if form != self.form:
            self.form = form
            self._judge()

    def write(self, draft: str) -> None:
        """The JSON is now this."""
        if draft != self.draft:
            self.draft = draft
            self._judge()

    def show_json(self, *, is_json: bool) -> bool:
        """Edit the rule as JSON, or in the form; False while it is not a valid rule."""
        try:
            rule = self._rule()
        except UsageError:
            return is_json == self.is_json
        self.is_json = is_json
        self._show(rule)
        self._tell("", is_good=True)
        return True

    def _rule(self) -> MockRule:
        """The edited rule. Raises `UsageError`."""
        return read_rule(self.draft if self.is_json else rule_text(self.form.rule(self.conditions)))

    def _show(self, rule: MockRule) -> None:
        tool = self._parts.toolset.named(self.tool)
        self.draft, self.form, self.problem = rule_text(rule), MockRuleDraft.of(rule), ""
        self.conditions.offer((tool.input_schema,) if tool is not None else ())
        self.conditions.show(rule.when.where)

    def _judge(self) -> None:
        try:
            self._rule()
            self.problem = ""
        except UsageError as error:
            self.problem = error.message
        self._tell("", is_good=True)

    def _example(self) -> MockReply:
        """A result that matches the tool's output schema, as far as there is one."""
        tool = self._parts.toolset.named(self.tool)
        schema = tool.output_schema if tool is not None else None
        example = ArgumentForm(schema).arguments_json if schema else None
        return MockReply(static=parse_strict_object(example) if example else {"done": True})

    async def save(self) -> bool:
        """Save the edited rule: in its place, or as a new one at the end."""
        try:
            rule = self._rule()
        except UsageError as error:
            self.problem = error.message
            self.changed.emit()
            return False
        return await self._put(lambda was: MockLine(rule, was))

    async def end_with(self, ending: MockEnding, model: str = "") -> bool:
        """Set what happens when no rule matches; `hand` is for every call. Mocks the tool if necessary."""
        if (ending, model if ending == "model" else "") == self.ending:
            return False
        if not await self._write_change(lambda: write_ending(self._parts.project, self.tool, ending, model)):
            return False
        self.counts = {}
        self._take(self.selected, "Written.")
        return True

    async def let_run(self) -> bool:
        """Remove the mock; the tool's earlier executor runs it again."""

        def take_away() -> FileChange:
            before = project_text(self._parts.project.folder)
            unmock(self._parts.project, self.tool)
            return FileChange(before, project_text(self._parts.project.folder))

        if not await self._write_change(take_away):
            return False
        runs = self._parts.executor_names.get(self.tool)
        self._take(
            None,
            f"{self.tool} is no longer mocked: {runs} runs it again."
            if runs
            else f"{self.tool} is no longer mocked. It has no executor, so you are asked for each result.",
        )
        return True

    async def take_call(self, run: RunId, call_id: CallId) -> bool:
        """Answer like this call from now on; the form shows the rule."""
        try:
            tool, change = await asyncio.to_thread(self._mock_from_call, run, call_id)
        except WorkbenchError as error:
            self._fail(error)
            return False
        await self._reload()
        self.open(tool)
        if change.before != change.after:
            self._undone.append(change)
        self._take(len(self.lines) - 1, f"{tool} now answers such calls with the recorded result; nothing runs.")
        return True

    def _mock_from_call(self, run: RunId, call_id: CallId) -> tuple[str, FileChange]:
        trace = redacted_trace(self._parts.runs, self._parts.redactor, run)
        return mock_from_call(self._parts.project, trace, call_id)

    async def count(self) -> None:
        """Count which rules answered the calls of the newest runs."""
        tool = self.tool
        found = await asyncio.to_thread(recent_coverage, self._parts.project, self._parts.runs, tool)
        if tool == self.tool:
            self.counts = {one.rule: one.calls for one in found}
            self.changed.emit()

    def refresh(self) -> None:
        """The project was reloaded."""
        if self.lines != mock_lines(self._parts.project, self.tool):
            self._take(None, "")
        else:
            self.changed.emit()

    @property
    def _plan(self) -> MockPlan:
        return mock_plans(self._parts.project).get(self.tool, MockPlan(strict=True))

    def _count(self, label: str) -> str:
        return f"{self.counts[label]:,}" if label in self.counts else ""

    @property
    def _otherwise(self) -> str:
        match self.ending:
            case "error", _:
                return "an error: no rule matches"
            case "model", spec:
                return f"invented by {dict(self.models).get(spec, spec)}"
            case "hand", _:
                return "you are asked for the result"
            case _:
                reply = default_reply(self._parts.project, self.tool)
                return _reply(MockRule(When(), reply)) if reply is not None else ""

    async def _write(self, lines: list[MockLine], place: int | None, message: str) -> bool:
        if not await self._write_change(
            lambda: write_mock(self._parts.project, self.tool, lines, is_strict=self.is_strict)
        ):
            return False
        self.counts = {}
        self._take(place, message)
        return True

    def _take(self, place: int | None, message: str) -> None:
        self.lines = mock_lines(self._parts.project, self.tool)
        self.select(place)
        self._tell(message, is_good=True)


def _reply(rule: MockRule) -> str:
    fields = parse_strict_object(rule_text(rule)).get("reply")
    return one_line(compact(fields), 200) if fields else "nothing"

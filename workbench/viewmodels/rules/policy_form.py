"""The approval rules of a project: a list in order, one rule in a form, and what would happen to a call."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Protocol

from workbench.app.parts import HasPreview, HasProject, HasTools, HasTrust
from workbench.app.rules.policy_editing import PolicyLine, policy_lines, write_policy
from workbench.app.rules.policy_preview import PreviewedCall
from workbench.core.approval import NO_RULE, Policy, Rule, RuleAction
from workbench.core.condition import Condition
from workbench.core.errors import WorkbenchError
from workbench.core.signal import Signal
from workbench.viewmodels.project.rule_list_form import RuleListForm
from workbench.viewmodels.rules.condition_list import ConditionList
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.tone import Tone

ACTIONS: tuple[tuple[RuleAction, str], ...] = (("ask", "Ask"), ("allow", "Allow"), ("deny", "Deny"))
UNTRUSTED = (
    "These rules came with the project and are not trusted: “allow” rules ask instead. Trust the project to apply them."
)
MAX_COMPARED_RULES = 500
NO_MATCH = "Calls that match no rule ask for approval."


HINTS: tuple[tuple[str, str], ...] = (
    ("readOnlyHint", "Only reads"),
    ("destructiveHint", "May destroy"),
    ("idempotentHint", "Safe to repeat"),
    ("openWorldHint", "Reaches outside"),
)
"""The annotations of MCP that a rule can test, in words."""
MOST_TOOLS = 50


@dataclass(frozen=True)
class RuleDraft:
    """A rule as it is typed; its conditions are in a `ConditionList`. `annotations` are pairs of a hint and what it has
    to be."""

    tool: str = "*"
    action: RuleAction = "ask"
    annotations: tuple[tuple[str, bool], ...] = ()
    server: str = ""

    @classmethod
    def of(cls, rule: Rule) -> "RuleDraft":
        """The draft that gives the rule back, but for its conditions."""
        return cls(rule.tool, rule.action, tuple(rule.annotations.items()), rule.server)

    def with_hint(self, hint: str, wanted: bool | None) -> "RuleDraft":
        """Test this annotation; None to leave it out."""
        others = tuple(pair for pair in self.annotations if pair[0] != hint)
        return replace(self, annotations=others if wanted is None else (*others, (hint, wanted)))


class RuleParts(HasProject, HasTools, HasTrust, Protocol):
    """What rules are edited with."""


class PolicyForm(RuleListForm[RuleParts, PolicyLine]):
    """Every change is written at once and can be undone."""

    moved_words = "Moved. The first matching rule decides."

    def __init__(self, parts: RuleParts, reload: Callable[[], Awaitable[None]]) -> None:
        """`reload` reads the project's files again, and shows it everywhere."""
        super().__init__(parts, reload)
        self.lines = policy_lines(parts.project)
        self.draft = RuleDraft()
        self.conditions = ConditionList()
        self._offer()
        self.conditions.changed.connect(self.changed.emit)

    @property
    def tools(self) -> tuple[str, ...]:
        """The names of all tools, for those who type one."""
        return tuple(self._parts.toolset.names)

    @property
    def draft_problems(self) -> tuple[str, ...]:
        """What is wrong with the rule in the form."""
        return self._read()[1]

    @property
    def tried_policy(self) -> Policy | None:
        """The rules as they would be if the rule in the form were saved; None while it cannot be."""
        rule, _ = self._read()
        if rule is None:
            return None
        rules = [line.rule for line in self.lines]
        if self.selected is None:
            rules.append(rule)
        else:
            rules[self.selected] = rule
        return Policy(tuple(rules))

    @property
    def warning(self) -> str:
        """What keeps the rules from counting as they stand there; empty when nothing does."""
        return "" if self._parts.trust_seen.trusts_rules else UNTRUSTED

    @property
    def silenced(self) -> dict[int, int]:
        """Rules that never speak, by place, and the earlier rule that always speaks first."""
        return dict(Policy(tuple(line.rule for line in self.lines[:MAX_COMPARED_RULES])).silenced())

    def conditions_in_words(self, rule: Rule) -> str:
        """The conditions on arguments in a cell of the list."""
        return ", ".join(map(str, _conditions(rule)))

    def select(self, place: int | None) -> None:
        """Put a rule into the form; None for a new one."""
        self.selected = place if place is not None and 0 <= place < len(self.lines) else None
        rule = self.lines[self.selected].rule if self.selected is not None else None
        self.draft = RuleDraft.of(rule) if rule is not None else RuleDraft()
        self._offer()
        self.conditions.show(_conditions(rule) if rule is not None else ())
        self._tell("", is_good=True)

    def change(self, draft: RuleDraft) -> None:
        """Take over what was typed."""
        if draft != self.draft:
            self.draft = draft
            self._offer()
            self._tell("", is_good=True)

    async def save(self) -> bool:
        """Save the rule in the form: in its place, or as a new one at the end."""
        rule, problems = self._read()
        if rule is None:
            self._tell(problems[0], is_good=False)
            return False
        return await self._put(lambda was: PolicyLine(rule, was))

    def refresh(self) -> None:
        """The project was reloaded."""
        self._offer()
        if self.lines != policy_lines(self._parts.project):
            self._take(None, "")

    def _offer(self) -> None:
        names = [name for name in self.tools if fnmatchcase(name, self.draft.tool.strip())][:MOST_TOOLS]
        tools = filter(None, map(self._parts.toolset.named, names))
        self.conditions.offer(tool.input_schema for tool in tools)

    def _read(self) -> tuple[Rule | None, tuple[str, ...]]:
        """The rule in the form, or what is wrong with it."""
        draft, conditions = self.draft, self.conditions.read()
        if conditions is None:
            place, words = next(iter(self.conditions.problems.items()))
            return None, (f"Condition {place + 1}: {words}.",)
        known = self.lines[self.selected].rule if self.selected is not None else NO_RULE
        globs = {one.name: str(one.value) for one in conditions if known.arguments.get(one.name) == one.value}
        where = tuple(one for one in conditions if one.operator != "like" or globs.get(one.name) != one.value)
        if {one.name for one in where} & set(globs):  # the same argument twice: keep the order of the conditions
            globs, where = {}, conditions
        rule = Rule(draft.tool.strip(), draft.action, globs, dict(draft.annotations), draft.server.strip(), where)
        return (None, rule.faults) if rule.faults else (rule, ())

    async def _write(self, lines: list[PolicyLine], place: int | None, message: str) -> bool:
        if not await self._write_change(lambda: write_policy(self._parts.project, lines, self._parts.take_rules)):
            return False
        self._take(place, message)
        return True

    def _removed_words(self, gone: PolicyLine) -> str:
        return f"Removed “{one_line(str(gone.rule), 80)}”."

    def _take(self, place: int | None, message: str) -> None:
        self.lines = policy_lines(self._parts.project)
        self.select(place)
        self._tell(message, is_good=True)


class PreviewParts(HasTools, HasPreview, Protocol):
    """What a call is previewed with."""


class PolicyPreviewViewModel:
    """The box that tells what would happen to a call, as it is typed."""

    def __init__(self, parts: PreviewParts) -> None:
        self._parts = parts
        self.changed: Signal[[]] = Signal()
        self.tool = next(iter(parts.toolset.names), "")
        self.arguments = "{}"
        self.title = ""
        self.reasons: tuple[str, ...] = ()
        self.tone: Tone = "plain"

    @property
    def tools(self) -> tuple[str, ...]:
        """The tools a call could be of."""
        return tuple(self._parts.toolset.names)

    async def preview(self) -> None:
        """Look at the call with the rules and permissions of this moment. Runs nothing."""
        asked = (self.tool, self.arguments)
        try:
            found = await self._parts.policy_preview.preview(self.tool, self.arguments)
        except WorkbenchError as error:
            self._show("", "error", (error.message, error.hint))
            return
        if asked == (self.tool, self.arguments):
            self._show(*_verdict(found))

    def _show(self, title: str, tone: Tone, reasons: tuple[str, ...]) -> None:
        self.title, self.tone, self.reasons = title, tone, tuple(reason for reason in reasons if reason)
        self.changed.emit()


def _verdict(found: PreviewedCall) -> tuple[str, Tone, tuple[str, ...]]:
    changes = tuple(f"changed first: {change.path} by {change.by}" for change in found.changes)
    policy_outcome = found.policy_outcome
    if policy_outcome is None:
        problems = tuple(one_line(str(problem), 200) for problem in found.problems[:5])
        return "✗ It would not run: the arguments do not fit", "error", (*problems, *changes)
    titles: dict[RuleAction, tuple[str, Tone]] = {
        "allow": ("✓ It would run without asking", "ok"),
        "ask": ("? You would be asked", "warn"),
        "deny": ("✗ It would be refused", "error"),
    }
    title, tone = titles[policy_outcome.action]
    rule = f"rule: {policy_outcome.rule}" if policy_outcome.rule else ""
    runs = f"runs as: {found.executor}" if found.executor else "no executor runs this tool"
    return title, tone, (policy_outcome.why, rule, runs, *changes)


def _conditions(rule: Rule) -> tuple[Condition, ...]:
    """All conditions on arguments. A glob in the older form is one, too."""
    return (*(Condition(name, "like", glob) for name, glob in rule.arguments.items()), *rule.where)

"""The approval rules of a project: a list in order, one rule in a form, and what would happen to a call."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Protocol

from workbench.app.parts import HasPreview, HasProject, HasTools, HasTrust
from workbench.app.rules.policy_editing import PolicyLine, policy_lines, write_policy
from workbench.app.rules.policy_preview import PreviewedCall
from workbench.core.approval import Policy, Rule, RuleAction
from workbench.core.errors import MalformedJson, WorkbenchError
from workbench.core.json_text import compact, parse_strict_object
from workbench.viewmodels.project.rule_list_form import RuleListForm
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.signal import Signal
from workbench.viewmodels.shared.tone import Tone

ACTIONS: tuple[tuple[RuleAction, str], ...] = (("ask", "Ask"), ("allow", "Allow"), ("deny", "Deny"))
UNTRUSTED = (
    "These rules came with the project and are not trusted: “allow” rules ask instead. Trust the project to apply them."
)
MAX_COMPARED_RULES = 500
NO_MATCH = "Calls that match no rule ask for approval."


@dataclass(frozen=True)
class RuleDraft:
    """A rule as it is typed: `arguments` and `annotations` are JSON objects, or empty."""

    tool: str = "*"
    action: RuleAction = "ask"
    arguments: str = ""
    annotations: str = ""
    server: str = ""

    @classmethod
    def of(cls, rule: Rule) -> "RuleDraft":
        """The draft that gives the rule back."""
        arguments = compact(rule.arguments) if rule.arguments else ""
        annotations = compact(rule.annotations) if rule.annotations else ""
        return cls(rule.tool, rule.action, arguments, annotations, rule.server)

    def read(self) -> tuple[Rule | None, tuple[str, ...]]:
        """The rule, or what is wrong with the draft."""
        problems: list[str] = []
        arguments = _object(self.arguments, "arguments", str, "a glob in quotes", problems)
        annotations = _object(self.annotations, "annotations", bool, "true or false", problems)
        rule = Rule(self.tool.strip(), self.action, arguments, annotations, self.server.strip())
        problems += rule.faults
        return (None, tuple(problems)) if problems else (rule, ())


class RuleParts(HasProject, HasTrust, Protocol):
    """What rules are edited with."""


class PolicyForm(RuleListForm[RuleParts, PolicyLine]):
    """Every change is written at once and can be undone."""

    moved_words = "Moved. The first matching rule decides."

    def __init__(self, parts: RuleParts, reload: Callable[[], Awaitable[None]]) -> None:
        """`reload` reads the project's files again, and shows it everywhere."""
        super().__init__(parts, reload)
        self.lines = policy_lines(parts.project)
        self.draft = RuleDraft()

    @property
    def draft_problems(self) -> tuple[str, ...]:
        """What is wrong with the rule in the form."""
        return self.draft.read()[1]

    @property
    def warning(self) -> str:
        """What keeps the rules from counting as they stand there; empty when nothing does."""
        return "" if self._parts.trusts_rules else UNTRUSTED

    @property
    def silenced(self) -> dict[int, int]:
        """Rules that never speak, by place, and the earlier rule that always speaks first."""
        return dict(Policy(tuple(line.rule for line in self.lines[:MAX_COMPARED_RULES])).silenced())

    def select(self, place: int | None) -> None:
        """Put a rule into the form; None for a new one."""
        self.selected = place if place is not None and 0 <= place < len(self.lines) else None
        self.draft = RuleDraft.of(self.lines[self.selected].rule) if self.selected is not None else RuleDraft()
        self._tell("", is_good=True)

    def change(self, draft: RuleDraft) -> None:
        """Take over what was typed."""
        if draft != self.draft:
            self.draft = draft
            self._tell("", is_good=True)

    async def save(self) -> bool:
        """Save the rule in the form: in its place, or as a new one at the end."""
        rule, problems = self.draft.read()
        if rule is None:
            self._tell(problems[0], is_good=False)
            return False
        return await self._put(lambda was: PolicyLine(rule, was))

    def refresh(self) -> None:
        """The project was reloaded."""
        if self.lines != policy_lines(self._parts.project):
            self._take(None, "")

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
        "ask": ("✋ You would be asked", "warn"),
        "deny": ("✗ It would be refused", "error"),
    }
    title, tone = titles[policy_outcome.action]
    rule = f"rule: {policy_outcome.rule}" if policy_outcome.rule else ""
    runs = f"runs as: {found.executor}" if found.executor else "no executor runs this tool"
    return title, tone, (policy_outcome.why, rule, runs, *changes)


def _object(text: str, name: str, kind: type, wanted: str, problems: list[str]) -> dict[str, Any]:
    if not text.strip():
        return {}
    try:
        found = parse_strict_object(text)
    except MalformedJson as error:
        problems.append(f"{name}: not a JSON object: {error}")
        return {}
    for key, value in found.items():
        if not isinstance(value, kind):
            problems.append(f"{name}: {one_line(key, 40)} needs {wanted}")
    return found

"""What happens to calls of one tool: its own rule, in one choice, without leaving the tool."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Literal, get_args

import msgspec

from workbench.app.rules.policy_editing import PolicyLine, policy_lines, write_policy
from workbench.core.approval import Rule, RuleAction
from workbench.core.argument_glob import glob_of
from workbench.core.tool import Tool
from workbench.viewmodels.project.project_form import ProjectForm
from workbench.viewmodels.rules.policy_form import RuleParts
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.tone import Tone

CallChoice = Literal["rules", "ask", "allow", "deny"]
RuleReach = Literal["none", "some", "every"]
CHOICES: tuple[tuple[CallChoice, str], ...] = (
    ("rules", "Follow the rules"),
    ("ask", "Ask every time"),
    ("allow", "Allow without asking"),
    ("deny", "Never run"),
)
_VERBS: dict[RuleAction, str] = {"ask": "You are asked", "allow": "It runs without asking", "deny": "It never runs"}


class ToolPolicy(ProjectForm[RuleParts]):
    """Reads and writes the rule of workbench.toml that names this tool and nothing else.

    The rule goes where it takes effect: `allow` before the first rule about every call of the tool, so that rules about
    some calls still ask and deny; `deny` before every rule about it; `ask` before rules that allow some calls, unless
    a rule that denies some would then come too late.
    """

    def __init__(self, parts: RuleParts, tool: Callable[[], str], reload: Callable[[], Awaitable[None]]) -> None:
        """`tool` returns the tool's current name; `reload` reads the project's files again."""
        super().__init__(parts, reload)
        self._tool = tool

    @property
    def choice(self) -> CallChoice:
        """What the tool's own rule says; `rules` when it has none."""
        own = self._own(policy_lines(self._parts.project))
        return "rules" if own is None else own.rule.action

    @property
    def effect(self) -> tuple[str, Tone]:
        """What happens to a call now and which rule decides, with the conditions that come before it."""
        before = 0
        for number, rule in enumerate(self._parts.project.rules, start=1):
            reach = self._reach(rule)
            if reach == "none":
                continue
            if reach == "some":
                before += 1
                continue
            words = f"{_VERBS[rule.action]}: rule {number}, “{one_line(str(rule), 80)}”"
            tone: Tone = "plain"
            if rule.action == "allow" and not self._parts.trust_seen.trusts_rules:
                words, tone = f"You are asked: rule {number} allows, but this project's rules are not trusted", "warn"
            return words + _further_rules(before), tone
        return "You are asked: no rule covers all of its calls" + _further_rules(before), "plain"

    async def choose(self, choice: CallChoice) -> bool:
        """Save the rule at once; it can be undone."""
        assert choice in get_args(CallChoice)
        lines = [line for line in policy_lines(self._parts.project) if not self._is_own(line.rule)]
        if choice != "rules":
            known = self._own(policy_lines(self._parts.project))
            rule = Rule(glob_of(self._tool()), choice)
            lines.insert(
                self._place(choice, [line.rule for line in lines]),
                PolicyLine(rule, known.was if known is not None else None),
            )
        if [line.rule for line in lines] == [line.rule for line in policy_lines(self._parts.project)]:
            return False
        if not await self._write_change(lambda: write_policy(self._parts.project, lines, self._parts.take_rules)):
            return False
        self._tell("Saved to workbench.toml.", is_good=True)
        return True

    def refresh(self) -> None:
        """The project or the tool's name was reloaded."""
        self._tell("", is_good=True)

    def _place(self, action: RuleAction, rules: Sequence[Rule]) -> int:
        """Where the tool's own rule must be to do this."""
        reaches = [self._reach(rule) for rule in rules]
        first = next((at for at, reach in enumerate(reaches) if reach == "every"), len(rules))
        some = [at for at in range(first) if reaches[at] == "some"]
        if action == "deny" and some:
            return some[0]
        loose = [at for at in some if rules[at].action == "allow"]
        if action == "ask" and loose and all(rules[at].action != "deny" for at in some if at > loose[0]):
            return loose[0]
        return first

    def _reach(self, rule: Rule) -> RuleReach:
        """The calls of the tool that a rule covers. Its annotations are known, so they decide."""
        name = self._tool()
        tool = self._parts.project.toolset.named(name) or Tool.make(name)
        if not msgspec.structs.replace(rule, arguments={}, where=()).matches(tool, {}):
            return "none"
        return "some" if rule.arguments or rule.where else "every"

    def _own(self, lines: tuple[PolicyLine, ...]) -> PolicyLine | None:
        return next((line for line in lines if self._is_own(line.rule)), None)

    def _is_own(self, rule: Rule) -> bool:
        return rule.tool in (self._tool(), glob_of(self._tool())) and rule.is_plain


def _further_rules(count: int) -> str:
    if not count:
        return ""
    return f". Before it, {count} {'rule with conditions applies' if count == 1 else 'rules with conditions apply'}"

"""What would happen if the model made a certain call: nothing is run, asked or recorded."""

from collections.abc import Callable

import msgspec

from workbench.app.rules.grants import GrantRegistry
from workbench.core.approval import Policy, PolicyOutcome, what_would_happen
from workbench.core.errors import UsageError
from workbench.core.problem import Problem
from workbench.core.sanitizer import SanitizedValue
from workbench.core.tool import Toolset
from workbench.engine.decider import identity_of
from workbench.engine.examiner import Examiner
from workbench.engine.pattern_judge import judged_patterns
from workbench.engine.ports import Checker, Executors, Registry
from workbench.store.project import Project


class PreviewedCall(msgspec.Struct, frozen=True):
    """`policy_outcome` is None when the arguments are invalid and no rule would be looked at. `arguments_json` is what
    would be shown and run, after the project's sanitizers made `changes`. `executor` is empty when nothing runs the
    tool."""

    policy_outcome: PolicyOutcome | None
    arguments_json: str
    executor: str
    problems: tuple[Problem, ...] = ()
    changes: tuple[SanitizedValue, ...] = ()


class PolicyPreview:
    """Looks at a call with the rules, grants, sanitizers and schemas of this moment."""

    def __init__(
        self,
        project: Callable[[], Project],
        *,
        toolset: Callable[[], Toolset],
        executors: Callable[[], Executors],
        checker: Checker,
        grants: GrantRegistry | None,
        registry: Registry,
    ) -> None:
        self._project = project
        self._toolset = toolset
        self._executors = executors
        self._checker = checker
        self._grants = grants
        self._registry = registry

    async def preview(
        self, tool_name: str, arguments_json: str, *, conversation: str = "", policy: Policy | None = None
    ) -> PreviewedCall:
        """What would become of the call in that conversation, named by its first run; `policy` instead of the project's
        rules, as if the person had written them. Raises `UsageError`."""
        project, toolset = self._project(), self._toolset()
        tool = toolset.named(tool_name)
        if tool is None:
            raise UsageError(
                f"there is no tool {tool_name!r}", hint=f"Available: {', '.join(toolset.names) or 'none'}."
            )
        fit = await Examiner(self._checker, project.handling, project.is_inside).examine(arguments_json, tool)
        executor = self._executors().executor_for(tool)
        name = executor.name if executor is not None else ""
        if fit.problems:
            return PreviewedCall(None, fit.text, name, fit.problems, fit.changes)
        identity = await identity_of(tool, fit.arguments, executor, self._registry)
        rules = policy or project.policy
        found = await judged_patterns(
            {**rules.patterns_for(fit.arguments), **Policy(project.rules).patterns_for(fit.arguments)}, self._checker
        )
        held = self._grants.held(tool.name) if self._grants is not None else ()
        policy_outcome = what_would_happen(rules, held, identity, conversation=conversation, found=found)
        as_written = Policy(project.rules).rule_for(tool, fit.arguments, identity.server, found)
        if (
            policy is None
            and as_written.action == "allow"
            and policy_outcome.action == "ask"
            and as_written not in project.policy.rules
        ):
            why = f"{policy_outcome.why}; it says “allow”, which has no effect until this project's rules are trusted"
            policy_outcome = msgspec.structs.replace(policy_outcome, why=why)
        if executor is None and policy_outcome.action == "allow":
            why = f"{policy_outcome.why}, but no executor runs this tool, so you are asked for its result"
            policy_outcome = msgspec.structs.replace(policy_outcome, action="ask", why=why)
        return PreviewedCall(policy_outcome, fit.text, name, (), fit.changes)

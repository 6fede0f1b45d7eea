"""Which approval rules of a project count. One that lets calls run without asking counts only when this user trusts it.

A project can come from anywhere, and must not approve its own calls. Rules that ask or deny count always.
"""

from collections.abc import Callable, Sequence

import msgspec

from workbench.app.approvals.stepper import asking_policy
from workbench.core.approval import Rule
from workbench.core.errors import ProjectError
from workbench.store.project import Project
from workbench.store.trust import TrustStore, bound_rules_digest, rules_digest


class RuleTrust:
    """Looks rules up in the user's trust store, and among those that came with the program."""

    def __init__(self, store: TrustStore, built_in: Callable[[], frozenset[str]]) -> None:
        """`built_in` gives the `bound_rules_digest` of everything that came with the program."""
        self._store = store
        self._built_in = built_in
        self._for_now: frozenset[str] = frozenset()

    def counts(self, project: Project) -> bool:
        """Whether every rule counts as it is written, because none allows or this user trusts them."""
        if not any(rule.action == "allow" for rule in project.rules):
            return True
        digest = rules_digest(project, project.rules)
        return digest in self._for_now or self._store.trusts(digest) or self._came_with_the_program(project)

    def applied(self, project: Project) -> Project:
        """A project as it was read, with the policy that counts: untrusted rules ask where they would allow."""
        policy = project.policy if self.counts(project) else asking_policy(project.policy)
        return msgspec.structs.replace(project, policy=policy)

    def trust(self, project: Project, rules: Sequence[Rule], *, for_now: bool = False) -> None:
        """Let these rules count as they are written, in this project's folder; `for_now` until the program ends."""
        if for_now:
            self._for_now |= {rules_digest(project, rules)}
        elif any(rule.action == "allow" for rule in rules):
            self._store.add(rules_digest(project, rules), project.folder)

    def _came_with_the_program(self, project: Project) -> bool:
        try:
            return bound_rules_digest(project) in self._built_in()
        except ProjectError:
            return False

"""The active permissions, each as a line that can be revoked."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from workbench.app.rules.grants import GrantRegistry
from workbench.core.errors import WorkbenchError
from workbench.core.grant import Grant
from workbench.core.signal import Signal
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.plain import one_line


@dataclass(frozen=True)
class GrantLine:
    """One permission in words."""

    grant_id: str
    tool: str
    arguments: str
    scope: str
    given: str
    runs_as: str


class GrantList:
    """Listens to a `GrantRegistry` until it is closed."""

    def __init__(self, grants: GrantRegistry, later: Callable[[Callable[[], None]], None] = lambda act: act()) -> None:
        """`later` defers listening: whoever adds a permission must not run view code."""
        self._grants = grants
        self.changed: Signal[[]] = Signal()
        self.message = ""
        self.lines: tuple[GrantLine, ...] = ()
        self._unsubscribe = grants.changed.connect(lambda: later(self.refresh))
        self.refresh()

    def close(self) -> None:
        """Stop listening."""
        self._unsubscribe()

    def revoke(self, grant_id: str) -> None:
        """Revoke one permission now."""
        self._end(lambda: int(self._grants.revoke(grant_id)))

    def revoke_all(self) -> None:
        """Revoke all of them now."""
        self._end(self._grants.revoke_all)

    def refresh(self) -> None:
        """Read the permissions again."""
        try:
            self.lines = tuple(map(_line, self._grants.listed()))
        except WorkbenchError as error:
            self.message = f"Cannot read the permissions: {error.message}"
        self.changed.emit()

    def _end(self, act: Callable[[], int]) -> None:
        try:
            ended = act()
            self.message = f"{figures.count(ended, 'permission')} revoked. The next such call asks again."
        except WorkbenchError as error:
            self.message = f"Nothing was revoked: {error.message}"
        self.changed.emit()


def _line(grant: Grant) -> GrantLine:
    match grant.binds:
        case "any":
            arguments = "any arguments"
        case "exact":
            arguments = f"exactly the approved arguments ({grant.arguments_digest[:8]})"
        case "patterns":
            arguments = ", ".join(f"{name}={glob}" for name, glob in grant.patterns.items())
        case _:
            assert_never(grant.binds)
    scope = "this project" if grant.scope == "project" else "one conversation, until you quit"
    given = f"{figures.clock_time(grant.at)} by {grant.by}"
    return GrantLine(grant.grant_id, grant.tool, one_line(arguments, 200), scope, given, grant.executor)

"""The standing permissions of an open project: given with a decision, listed, revoked at once."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress

from workbench.core.grant import CallIdentity, Grant, GrantRequest, covering, make_grant
from workbench.core.ids import CallId
from workbench.core.signal import Signal
from workbench.engine.ports import Clock
from workbench.store.grants import GrantStore


class GrantRegistry:
    """Grants for the project are kept in its run database; those for a conversation end with the program."""

    def __init__(self, store: GrantStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._of_conversations: dict[str, Grant] = {}
        self._kept: tuple[Grant, ...] | None = None
        """Those in the database, cached for this turn of the loop: calls made together share one query."""
        self.changed: Signal[[]] = Signal()
        """`listed` has changed."""

    def listed(self) -> tuple[Grant, ...]:
        """All active grants of all conversations, oldest first. Raises `StoreError`."""
        return tuple(sorted((*self._store.kept(), *self._of_conversations.values()), key=lambda grant: grant.at))

    def revoke(self, grant_id: str) -> bool:
        """End one grant now; a call that relies on it and has not started needs approval. False if it was inactive."""
        was_held = self._of_conversations.pop(grant_id, None) is not None
        was_kept = self._store.revoke(grant_id, self._clock.now())
        self._forget()
        self.changed.emit()
        return was_held or was_kept

    def revoke_all(self) -> int:
        """End all grants now and return how many there were."""
        return sum(self.revoke(grant.grant_id) for grant in self.listed())

    def of(self, conversation: str) -> "ConversationGrants":
        """The active grants of one conversation, identified by its first run."""
        return ConversationGrants(self, conversation)

    def held(self, tool: str) -> Iterable[Grant]:
        """The grants for one tool."""
        yield from (grant for grant in (*self._kept_now(), *self._of_conversations.values()) if grant.tool == tool)

    def _kept_now(self) -> tuple[Grant, ...]:
        if self._kept is not None:
            return self._kept
        kept = self._store.kept()
        with suppress(RuntimeError):  # in a thread nothing is asked together
            asyncio.get_running_loop().call_soon(self._forget)
            self._kept = kept
        return kept

    def _forget(self) -> None:
        self._kept = None

    def add(self, request: GrantRequest, call: CallIdentity, *, call_id: CallId, conversation: str, by: str) -> Grant:
        """Activate a requested permission. Raises `StoreError`."""
        grant = make_grant(request, call, call_id=call_id, conversation=conversation, by=by, at=self._clock.now())
        if grant.scope == "project":
            self._store.keep(grant)
            self._forget()
        else:
            self._of_conversations[grant.grant_id] = grant
        self.changed.emit()
        return grant


class ConversationGrants:
    """Implements the engine's `Grants` for the runs of one conversation."""

    def __init__(self, grants: GrantRegistry, conversation: str) -> None:
        self._grants = grants
        self._conversation = conversation

    def covering(self, call: CallIdentity) -> Grant | None:
        """See `engine.ports.Grants`."""
        return covering(self._grants.held(call.tool.name), call, self._conversation)

    async def add(self, request: GrantRequest, call: CallIdentity, *, call_id: CallId, by: str) -> Grant | None:
        """See `engine.ports.Grants`."""
        if request.scope == "once":
            return None
        return self._grants.add(request, call, call_id=call_id, conversation=self._conversation, by=by)

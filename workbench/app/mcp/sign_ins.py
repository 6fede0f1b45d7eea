"""The sign-ins of an open project: each server's settings, its tokens, and approved plans."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from workbench.core.sign_in_plan import SignInPlan
from workbench.executors.mcp_sign_in import SignIn
from workbench.executors.mcp_spec import McpSpec
from workbench.executors.sign_in_setup import SignInSetup
from workbench.store.keys import KeyStore
from workbench.store.mcp_file import McpRow
from workbench.store.mcp_store import McpStore
from workbench.store.redaction import Redactor
from workbench.store.sign_in_vault import SignInVault


class StoredConsents(msgspec.Struct, frozen=True):
    """Implements `executors.sign_in_setup.Consents`: plans approved for the server with this seal."""

    store: McpStore
    seal: str

    def approves(self, plan: str) -> bool:
        """See `executors.sign_in_setup.Consents`."""
        return self.store.approves_sign_in(self.seal, plan)

    def approve(self, plan: SignInPlan) -> None:
        """See `executors.sign_in_setup.Consents`."""
        self.store.approve_sign_in(self.seal, plan.seal, plan.shown)


def sign_in_setup(row: McpRow) -> SignInSetup:
    """What the project file says about signing in."""
    return msgspec.convert(row.sign_in.model_dump(), SignInSetup) if row.sign_in is not None else SignInSetup()


def sign_in_lines(row: McpRow) -> list[str]:
    """What the project file says about signing in, one fact per line."""
    if row.sign_in is None:
        return []
    facts = row.sign_in.model_dump(exclude_defaults=True)
    facts |= {f"identity {name}": value for name, value in facts.pop("identity", {}).items()}
    words = {name: " ".join(value) if isinstance(value, tuple) else str(value) for name, value in facts.items()}
    return [f"sign-in: {name}: {f'[key {value}]' if name.endswith('key') else value}" for name, value in words.items()]


def sign_in_of(
    spec: McpSpec,
    project: Path,
    store: McpStore,
    keys: KeyStore,
    redactor: Redactor,
    on_change: Callable[[], None] = lambda: None,
) -> SignIn | None:
    """The sign-in of a server; None for a local one, and for one that gets the person's key instead."""
    if not spec.url or any(name.lower() == "authorization" for name in spec.headers):
        return None
    return SignIn(
        spec.url,
        spec.sign_in,
        SignInVault(keys, project, spec.name, spec.url),
        StoredConsents(store, spec.seal),
        secret=keys.get,
        watch=keys.watch,
        redact=redactor.text,
        on_change=on_change,
    )

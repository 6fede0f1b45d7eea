"""What a sign-in to an MCP server is set up with, who it asks, what is kept of it, and where it must not lead."""

import ipaddress
from collections.abc import Callable
from typing import Literal, Protocol
from urllib.parse import urlsplit

import msgspec

from workbench.core.errors import ExecutorUnavailable
from workbench.core.json_text import JsonObject
from workbench.core.secret import shown_address
from workbench.core.sign_in_plan import SignInPlan
from workbench.core.visible_text import visible_line

GrantType = Literal["browser", "client_credentials", "identity_assertion"]
SignInState = Literal["", "needed", "in"]
"""`needed`: the server has asked for it. Empty: nothing is known of a sign-in."""


SIGN_IN = "workbench_sign_in"
"""The extension of a request that says, in words, that a sign-in is needed for it."""


class SignInFailed(ExecutorUnavailable):
    """A sign-in that did not come to its end; the person can react."""


class IdentityProvider(msgspec.Struct, frozen=True, kw_only=True):
    """Who vouches for the person: its token endpoint, our id there, and the name of the key with the ID token."""

    token_endpoint: str
    client_id: str
    key: str


class SignInSetup(msgspec.Struct, frozen=True, kw_only=True):
    """What the project says about it; all of it may be empty. `key` names the key that proves who the client is: its
    secret, or for `private_key_jwt` its private key (PEM). `redirect` is the loopback address that a client registered
    by hand comes back to."""

    grant: GrantType = "browser"
    client_id: str = ""
    key: str = ""
    method: str = ""
    scopes: tuple[str, ...] = ()
    issuer: str = ""
    redirect: str = ""
    identity: IdentityProvider | None = None

    @property
    def document_url(self) -> str:
        """The client's id if that is the address of its metadata document (https, with a path), else empty."""
        parts = urlsplit(self.client_id)
        return self.client_id if parts.scheme == "https" and parts.path not in ("", "/") else ""


class Challenge(msgspec.Struct, frozen=True):
    """What a server answered that wants to know who asks."""

    status: int = 401
    header: str = ""
    scopes: tuple[str, ...] = ()

    @property
    def is_step_up(self) -> bool:
        """Whether it wants more scopes."""
        return self.status == 403


class SignInRecord(msgspec.Struct, kw_only=True):
    """What is kept of a sign-in, as JSON objects in the SDK's shapes. `plan` is the seal of the approved plan,
    `challenge` the header with which the server asked for the sign-in."""

    plan: str = ""
    tokens: JsonObject | None = None
    expires_at: float | None = None
    challenge: str = ""
    client: JsonObject | None = None
    metadata: JsonObject | None = None
    resource: JsonObject | None = None

    @property
    def access_token(self) -> str:
        """The token, or empty."""
        return str((self.tokens or {}).get("access_token") or "")

    @property
    def scopes(self) -> tuple[str, ...]:
        """What the token is good for, as far as the server said so."""
        return tuple(str((self.tokens or {}).get("scope") or "").split())

    @property
    def can_refresh(self) -> bool:
        """Whether a new token can be had without the person."""
        return bool((self.tokens or {}).get("refresh_token"))

    @property
    def secrets(self) -> tuple[str, ...]:
        """All that must never be shown."""
        found = [(self.tokens or {}).get(name) for name in ("access_token", "refresh_token")]
        return tuple(str(one) for one in (*found, (self.client or {}).get("client_secret")) if one)


class Vault(Protocol):
    """Where the record of one server is kept. May block, so it is used in a thread."""

    def read(self) -> str:
        """The record as text; empty when there is none."""
        ...

    def write(self, text: str) -> None:
        """Keep the record."""
        ...

    def clear(self) -> None:
        """Forget it."""
        ...


class Consents(Protocol):
    """Which plans the person has approved."""

    def approves(self, plan: str) -> bool:
        """Whether the plan with this seal is approved."""
        ...

    def approve(self, plan: SignInPlan) -> None:
        """The person has approved it."""
        ...


class Person(Protocol):
    """Who signs in."""

    async def approves(self, plan: SignInPlan) -> bool:
        """Show where the sign-in leads and what it asks for; whether to go on."""
        ...

    async def visit(self, address: str) -> None:
        """Open the address in a browser, or show it to be opened by hand. Returns without waiting for the end."""
        ...


Watch = Callable[[str], None]
"""Never show this text from now on."""


def check_address(address: str, server: str) -> None:
    """Raises `SignInFailed` for an address that a sign-in to `server` must not lead to: one that is not encrypted, or
    one inside a private network that a server outside of it names."""
    parts, own = urlsplit(address), urlsplit(server)
    host, own_host = parts.hostname or "", own.hostname or ""
    shown = visible_line(shown_address(address), max_chars=200)
    if "@" in parts.netloc:
        raise SignInFailed(
            f"the sign-in leads to {shown}, an address with a user in it", hint="Contact the server's operator."
        )
    if _is_local(own_host):
        if parts.scheme == "https" or _is_local(host):
            return
    elif parts.scheme == "https" and not (_is_private(host) and not _is_private(own_host)):
        return
    if parts.scheme != "https":
        said = f"the sign-in leads to {shown}, which is not encrypted"
        raise SignInFailed(said, hint="Use an https:// address, or http:// on this machine.")
    said = f"the sign-in leads to {shown}, in a private network, but the server that named it is outside"
    raise SignInFailed(said, hint="Contact the server's operator.")


def _is_local(host: str) -> bool:
    return host == "localhost" or (_is_ip(host) and ipaddress.ip_address(host).is_loopback)


def _is_private(host: str) -> bool:
    return host == "localhost" or (_is_ip(host) and not ipaddress.ip_address(host).is_global)


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True

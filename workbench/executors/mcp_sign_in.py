"""The sign-in to one MCP server: its token for each request, renewed where that needs nobody, and the way to a
new one.

Calls never wait for a person. When a server asks for a sign-in, or for more scopes, the call fails with words that say
so, and the person signs in when they choose to.
"""

import asyncio
import importlib
import logging
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from workbench.core.sign_in_plan import SignInPlan
from workbench.core.visible_text import visible_line
from workbench.executors.sign_in_redirect import Redirect
from workbench.executors.sign_in_setup import (
    SIGN_IN,
    Challenge,
    Consents,
    Person,
    SignInFailed,
    SignInRecord,
    SignInSetup,
    SignInState,
    Vault,
    Watch,
    check_address,
)
from workbench.executors.sign_in_wire import (
    challenge_response,
    flow_hint,
    flow_words,
    revoke,
    send,
    transport_words,
)

if TYPE_CHECKING:
    import httpx2

    from workbench.executors.mcp_sign_in_provider import SignInProvider

_MARGIN_S = 20.0
_LIMIT_S = 30.0
_MAX_STEP_UPS = 3


class SignIn:
    """Use it in one event loop. `state` and `reason` say how it is."""

    def __init__(
        self,
        server: str,
        setup: SignInSetup,
        vault: Vault,
        consents: Consents,
        *,
        secret: Callable[[str], str | None],
        watch: Watch,
        redact: Callable[[str], str] = str,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        """`server` is the address. `secret` finds a key by its name. `on_change`: the server wants a sign-in."""
        self.state: SignInState = ""
        self.reason = ""
        self._server, self._setup, self._vault, self._consents = server, setup, vault, consents
        self._secret, self._watch, self._redact = secret, watch, redact
        self._on_change = on_change
        self._record: SignInRecord | None = None
        self._challenge: Challenge | None = None
        self._step_ups = 0
        self._turn = asyncio.Lock()
        self._signing = asyncio.Lock()

    @property
    def has_tokens(self) -> bool:
        """Whether there are tokens to sign out of, as far as they have been read."""
        return self._record is not None and bool(self._record.tokens)

    def auth(self) -> "httpx2.Auth":
        """What adds the token to the requests of an HTTP client, and notices when the server wants a sign-in."""
        import httpx2

        sign_in = self

        class Bearer(httpx2.Auth):
            async def async_auth_flow(self, request: httpx2.Request) -> AsyncGenerator[httpx2.Request, httpx2.Response]:
                token = await sign_in._token()
                _carry(request, token)
                response = yield request
                if response.status_code == 401 and (fresh := await sign_in._token(after=token)) not in ("", token):
                    _carry(request, fresh)
                    response = yield request
                request.extensions[SIGN_IN] = sign_in._notice(response)

        return Bearer()

    async def run(self, person: Person) -> None:
        """Sign in. Raises `SignInFailed` saying why not, and what to do."""
        async with self._signing:
            challenge = self._challenge or Challenge(header=(await self._load()).challenge)
            if challenge.is_step_up and self._step_ups >= _MAX_STEP_UPS:
                said = f"the server has demanded more scopes {self._step_ups} times"
                raise SignInFailed(
                    said, hint="Sign out, set scopes under sign_in in workbench.toml, or contact the server's operator."
                )
            await self._go(person, challenge)
            self._step_ups += challenge.is_step_up

    async def sign_out(self) -> None:
        """Revoke the tokens where the server allows it, and forget everything."""
        async with self._turn:
            record = await self._load()
            try:
                await revoke(record, self._server, self._setup.client_id)
            finally:
                self._record, self._challenge, self._step_ups = SignInRecord(), None, 0
                self.state, self.reason = "", ""
                await asyncio.to_thread(self._vault.clear)

    async def _token(self, after: str | None = None) -> str:
        """The token to use now; empty when there is none. `after`: one that the server no longer takes."""
        async with self._turn:
            record = await self._load()
            if not record.plan or after == "" or not self._consents.approves(record.plan):
                return ""
            if self._is_good(record, after):
                return record.access_token
            if record.access_token:  # another window may have renewed it
                self._record = None
                record = await self._load()
                if self._is_good(record, after):
                    return record.access_token
            if not record.can_refresh and self._setup.grant == "browser":
                return ""
            try:
                if record.can_refresh:
                    await self._drive(msgspec.structs.replace(record), None, None)
                else:
                    await self._go(None, Challenge())
            except SignInFailed as error:
                self.state, self.reason = "needed", str(error)
                return ""
            return (await self._load()).access_token

    def _is_good(self, record: SignInRecord, after: str | None) -> bool:
        return record.access_token not in ("", after) and not self._is_old(record)

    def _is_old(self, record: SignInRecord) -> bool:
        return record.expires_at is not None and time.time() > record.expires_at - _MARGIN_S

    def _notice(self, response: "httpx2.Response") -> str:
        """Remember what the server wants; the words for the call that has failed, else empty."""
        from mcp.client.auth.utils import extract_field_from_www_auth, extract_scope_from_www_auth

        header = response.headers.get("www-authenticate", "")
        scopes = tuple((extract_scope_from_www_auth(response) or "").split())
        is_step_up = response.status_code == 403 and extract_field_from_www_auth(response, "error") == (
            "insufficient_scope"
        )
        if response.status_code != 401 and not is_step_up:
            if response.is_success and self._record is not None and self._record.access_token:
                self.state, self.reason = "in", ""
            return ""
        self._challenge = Challenge(response.status_code, header, scopes)
        self.reason = self._words(self._challenge)
        self.state = "needed"
        self._on_change()
        return self.reason

    def _words(self, challenge: Challenge) -> str:
        wanted = visible_line(" ".join(challenge.scopes), max_chars=200)
        where = "Sign in on the page MCP servers, or with: workbench mcp sign-in"
        if challenge.is_step_up:
            held = set((self._record or SignInRecord()).scopes)
            if challenge.scopes and held.issuperset(challenge.scopes):
                return f"it demands the scopes {wanted}, which your sign-in already has. Contact the server's operator"
            return f"it demands more scopes for this: {wanted or 'it does not say which'}. {where}"
        is_over = self._record is not None and self._record.plan
        return f"{'your sign-in is no longer valid' if is_over else 'it requires you to sign in'}. {where}"

    async def _go(self, person: Person | None, challenge: Challenge) -> None:
        """The whole flow. Without a person it ends where one is needed."""
        known = await self._load()
        # what was made under another plan is not used
        record = msgspec.structs.replace(known) if self._consents.approves(known.plan) else SignInRecord()
        if self._setup.grant != "browser":
            await self._drive(record, challenge, person)
            return
        async with self._listen(record) as redirect:
            await self._drive(record, challenge, person, redirect)

    @asynccontextmanager
    async def _listen(self, record: SignInRecord) -> AsyncGenerator[Redirect]:
        """Where the browser comes back to; for a client that was registered before, what it was registered with."""
        known = (record.client or {}).get("redirect_uris")
        wanted = self._setup.redirect or (str(known[0]) if isinstance(known, list) and known else "")
        redirect = Redirect(wanted)
        try:
            await redirect.open()
        except OSError:
            if self._setup.redirect:
                said = f"{wanted}, where the browser should come back to, is in use"
                raise SignInFailed(said, hint="Close the program that uses it, or change redirect.") from None
            record.client, redirect = None, Redirect()
            await redirect.open()
        try:
            yield redirect
        finally:
            await redirect.close()

    async def _drive(
        self,
        record: SignInRecord,
        challenge: Challenge | None,
        person: Person | None,
        redirect: Redirect | None = None,
    ) -> None:
        """Lead the SDK's provider through its requests; without a challenge it only refreshes."""
        import httpx2
        from mcp.client.auth.exceptions import OAuthFlowError

        await asyncio.to_thread(importlib.import_module, "workbench.executors.mcp_sign_in_provider")
        logging.getLogger("mcp").setLevel(logging.CRITICAL)  # its log would tell what token endpoints say
        scopes: tuple[str, ...] = ()
        provider = self._provider(record, person, redirect)
        if challenge is None:
            provider.expire()
        else:
            provider.forget_discovery()
            record.challenge = challenge.header
            if not challenge.is_step_up:
                scopes = self._setup.scopes or (record.scopes if self._challenge is None else ())
        try:
            async with httpx2.AsyncClient(timeout=_LIMIT_S, follow_redirects=False) as client:
                last = await self._lead(provider, challenge, scopes, client)
        except OAuthFlowError as error:
            raise SignInFailed(self._redact(flow_words(error)), hint=flow_hint(error)) from None
        except (httpx2.RequestError, httpx2.InvalidURL) as error:
            raise SignInFailed(self._redact(transport_words(error)), hint="Check the connection, then retry.") from None
        except SignInFailed as error:
            raise SignInFailed(self._redact(error.message), hint=error.hint) from None
        if provider.context.current_tokens is None:
            await self._drop_tokens(record, last)

    async def _lead(
        self,
        provider: "SignInProvider",
        challenge: Challenge | None,
        scopes: Sequence[str],
        client: "httpx2.AsyncClient",
    ) -> int:
        """The status of the last answer."""
        import httpx2

        check_address(self._server, self._server)
        own = httpx2.Request("POST", self._server)  # never sent: what the server answers to it is known
        status = 0
        async with aclosing(provider.async_auth_flow(own)) as flow:
            outgoing = await anext(flow)
            while outgoing is not own or challenge is not None:
                if outgoing is own and challenge is not None:
                    response, challenge = challenge_response(challenge, scopes, own), None
                else:
                    response = await provider.exchange(outgoing, lambda request: send(client, request))
                    status = response.status_code
                outgoing = await flow.asend(response)
        return status

    async def _drop_tokens(self, record: SignInRecord, status: int) -> None:
        """A refresh was refused."""
        if status >= 500 or status == 429:
            said = f"the sign-in could not be renewed: the token endpoint answered {status}"
            raise SignInFailed(said, hint="Try again later.")
        record.tokens = record.expires_at = None
        await self._save(record)
        raise SignInFailed("the sign-in has expired", hint="Sign in again.")

    def _provider(self, record: SignInRecord, person: Person | None, redirect: Redirect | None) -> "SignInProvider":
        from workbench.executors.mcp_sign_in_provider import Keeper, SignInProvider, known_client

        secret = self._key(self._setup.key)
        identity_token = self._key(self._setup.identity.key) if self._setup.identity is not None else ""

        async def agree(plan: SignInPlan) -> None:
            if self._consents.approves(plan.seal):
                return
            if person is None:
                raise SignInFailed("the addresses of the sign-in are not approved", hint="Sign in again.")
            if not await person.approves(plan):
                raise SignInFailed("the sign-in was not approved", hint="Sign in again to see it once more.")
            self._consents.approve(plan)

        keeper = Keeper(record, partial(self._save, record), known_client(self._setup, secret))
        visit = person.visit if person is not None else None
        return SignInProvider(
            self._server,
            self._setup,
            keeper,
            secret=secret,
            identity_token=identity_token,
            agree=agree,
            watch=self._watch,
            redirect=redirect,
            visit=visit,
        )

    def _key(self, name: str) -> str:
        found = self._secret(name) if name else ""
        if found is None:
            raise SignInFailed(f"it needs the key {name}, which is not set", hint="Set the key.")
        return found

    async def _load(self) -> SignInRecord:
        if self._record is None:
            text = await asyncio.to_thread(self._vault.read)
            try:
                self._record = msgspec.json.decode(text, type=SignInRecord) if text else SignInRecord()
            except msgspec.DecodeError:
                self._record = SignInRecord()
            for secret in self._record.secrets:
                self._watch(secret)
        return self._record

    async def _save(self, record: SignInRecord) -> None:
        self._record = record
        for secret in record.secrets:
            self._watch(secret)
        await asyncio.to_thread(self._vault.write, msgspec.json.encode(record).decode())
        if record.access_token:
            self.state, self.reason, self._challenge = "in", "", None


def _carry(request: "httpx2.Request", token: str) -> None:
    if token:
        request.headers["Authorization"] = f"Bearer {token}"
    else:
        request.headers.pop("Authorization", None)

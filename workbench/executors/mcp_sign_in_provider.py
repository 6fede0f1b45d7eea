"""The SDK's OAuth client, led by our rules: before the plan is approved, nothing is registered, opened or asked of a
token endpoint, and no error repeats a token endpoint's answer.

The SDK's provider is driven here instead of being given to the HTTP client: it would hold one lock over every request,
so that calls came one after another, and would open a browser in the middle of a call.

Workaround (no upstream issue known): the SDK has no place to be asked between discovery and the first request that has
consequences, so methods of its provider with a leading underscore are overridden. Remove when it has one.
"""

import json
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urljoin

import httpx2
from jwt import PyJWTError
from mcp.client.auth import OAuthClientProvider
from mcp.client.auth.exceptions import OAuthTokenError
from mcp.client.auth.extensions.client_credentials import SignedJWTParameters
from mcp.client.auth.utils import create_client_registration_request, issuers_match
from mcp.shared.auth import (
    JWT_BEARER_GRANT_TYPE,
    AuthorizationCodeResult,
    OAuthClientInformationFull,
    OAuthClientMetadata,
    OAuthMetadata,
    OAuthToken,
    ProtectedResourceMetadata,
)
from pydantic import AnyHttpUrl, AnyUrl

from workbench.core.json_text import JsonObject
from workbench.core.sign_in_plan import SignInPlan
from workbench.core.visible_text import visible_line
from workbench.executors.sign_in_redirect import Redirect
from workbench.executors.sign_in_setup import (
    IdentityProvider,
    SignInFailed,
    SignInRecord,
    SignInSetup,
    check_address,
)

Send = Callable[[httpx2.Request], Awaitable[httpx2.Response]]

CLIENT_NAME = "Tool-Calling Workbench"
_BROWSER_LIMIT_S = 600.0
_ID_JAG = "urn:ietf:params:oauth:token-type:id-jag"
_OLD_METADATA = "/.well-known/oauth-authorization-server"
_KEPT = {"issuer", "authorization_endpoint", "token_endpoint", "revocation_endpoint", "registration_endpoint"}
_REGISTER = "Register a client there, then set client_id under sign_in in workbench.toml."
_AGAIN = "Sign in again; if it repeats, contact the server's operator."
_HINTS = {
    "invalid_client": "Check client_id, key and method under sign_in in workbench.toml, or sign out and in again.",
    "invalid_grant": "Sign in again.",
    "invalid_scope": "Change scopes under sign_in in workbench.toml.",
    "unauthorized_client": "Ask the server's operator to allow this client that grant.",
}


class Keeper:
    """Implements the SDK's `TokenStorage` over a record; `save` is called after each change."""

    def __init__(self, record: SignInRecord, save: Callable[[], Awaitable[None]], known: JsonObject | None) -> None:
        """`known` is the client as the project names it; it goes before one that was registered."""
        self.record = record
        self._save = save
        self._known = known

    async def get_tokens(self) -> OAuthToken | None:
        """See `TokenStorage`."""
        return OAuthToken.model_validate(self.record.tokens) if self.record.tokens else None

    async def set_tokens(self, tokens: OAuthToken) -> None:
        """See `TokenStorage`."""
        self.record.tokens = tokens.model_dump(mode="json", exclude_none=True)
        self.record.expires_at = None if tokens.expires_in is None else time.time() + tokens.expires_in
        await self._save()

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        """See `TokenStorage`."""
        client = self._known or self.record.client
        return OAuthClientInformationFull.model_validate(client) if client else None

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        """See `TokenStorage`."""
        self.record.client = client_info.model_dump(mode="json", exclude_none=True)
        await self._save()


class SignInProvider(OAuthClientProvider):
    """One sign-in, or one refresh."""

    def __init__(
        self,
        server: str,
        setup: SignInSetup,
        keeper: Keeper,
        *,
        secret: str,
        identity_token: str = "",
        agree: Callable[[SignInPlan], Awaitable[None]],
        watch: Callable[[str], None],
        redirect: Redirect | None = None,
        visit: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        """`agree` is asked before anything has consequences; it raises `SignInFailed` when the plan is not approved."""
        grants = {
            "browser": ["authorization_code", "refresh_token"],
            "client_credentials": ["client_credentials"],
            "identity_assertion": [JWT_BEARER_GRANT_TYPE],
        }[setup.grant]
        metadata = OAuthClientMetadata(
            redirect_uris=[AnyUrl(redirect.address)] if redirect is not None else None,
            grant_types=grants,
            client_name=CLIENT_NAME,
            scope=" ".join(setup.scopes) or None,
        )
        super().__init__(server, metadata, keeper, client_metadata_url=setup.document_url or None)
        self.context.redirect_handler = self._visit
        self.context.callback_handler = self._come_back
        self._setup, self._keeper, self._secret, self._watch = setup, keeper, secret, watch
        self._identity_token = identity_token
        self._send: Send | None = None
        self._agree, self._redirect, self._open = agree, redirect, visit
        self._has_agreed = False
        self._issuer = ""
        if keeper.record.metadata:
            self.context.oauth_metadata = OAuthMetadata.model_validate(keeper.record.metadata)
        if keeper.record.resource:
            self.context.protected_resource_metadata = ProtectedResourceMetadata.model_validate(keeper.record.resource)

    def forget_discovery(self) -> None:
        """Look for addresses again."""
        self.context.oauth_metadata = self.context.protected_resource_metadata = None

    def expire(self) -> None:
        """Refresh the token before anything else."""
        self.context.token_expiry_time = 1.0

    @property
    def plan(self) -> SignInPlan:
        """Where it leads, once the addresses are known."""
        context, metadata, base = self.context, self.context.oauth_metadata, self._base
        authorize = str(metadata.authorization_endpoint) if metadata else urljoin(base, "/authorize")
        return SignInPlan(
            server=context.server_url,
            issuer=str(metadata.issuer) if metadata else base,
            authorize=authorize if self._setup.grant == "browser" else "",
            token=self._get_token_endpoint(),
            register=self._registration_address() if self._registers else "",
            client=f"{CLIENT_NAME}, which registers itself" if self._registers else self._setup.client_id,
            scopes=tuple((context.client_metadata.scope or "").split()),
            is_guess=metadata is None,
            identity=self._setup.identity.token_endpoint if self._setup.identity is not None else "",
        )

    async def exchange(self, request: httpx2.Request, send: Send) -> httpx2.Response:
        """Send one request of the flow. Raises `SignInFailed` for one that must not be sent or whose answer ends it."""
        self._send = send
        check_address(str(request.url), self.context.server_url)
        if request.method != "POST" or not self._is_registration(request):
            response = await send(request)
            is_old = self.context.auth_server_url is None and str(request.url) == f"{self._base}{_OLD_METADATA}"
            return self._at_origin(response) if is_old else response
        response = await send(await self._registration())
        if response.status_code not in (200, 201):
            raise refusal_of(response, "refused to register this program", _REGISTER)
        return response

    def _at_origin(self, response: httpx2.Response) -> httpx2.Response:
        """Metadata as servers of 2025-03-26 give it, at their origin, may name an issuer with a path there. The SDK
        takes the origin only, so it gets that; the true name is put back before anything is shown or compared."""
        try:
            document = json.loads(response.content)
            issuer = httpx2.URL(document["issuer"])
        except (ValueError, KeyError, TypeError, httpx2.InvalidURL):
            return response
        if not str(issuer).startswith(f"{self._base}/"):
            return response
        self._issuer = str(issuer)
        return httpx2.Response(response.status_code, json={**document, "issuer": self._base}, request=response.request)

    async def _registration(self) -> httpx2.Request:
        """The request to register, once the person has agreed."""
        if self._setup.client_id and not self._setup.document_url:
            raise self._other_issuer()
        metadata = self.context.oauth_metadata
        if metadata is not None and metadata.registration_endpoint is None:
            raise SignInFailed(f"{metadata.issuer} does not let programs register themselves", hint=_REGISTER)
        await self._agree_once()
        known = metadata.token_endpoint_auth_methods_supported if metadata else None
        own = self.context.client_metadata
        for method in ("client_secret_post", "client_secret_basic", "none"):  # the last that it knows counts
            if known and method in known:
                own.token_endpoint_auth_method = method
        return create_client_registration_request(metadata, own, self._base)

    async def _perform_authorization(self) -> httpx2.Request:
        await self._agree_once()
        client, metadata = self.context.client_info, self.context.oauth_metadata
        if client is not None and client.client_secret and client.token_endpoint_auth_method is None:
            known = metadata.token_endpoint_auth_methods_supported if metadata else None
            is_basic = not known or "client_secret_basic" in known
            client.token_endpoint_auth_method = "client_secret_basic" if is_basic else "client_secret_post"
        if self._setup.grant == "browser":
            return await super()._perform_authorization()
        return await self._token_request()

    async def _perform_authorization_code_grant(self) -> tuple[str, str]:
        code, verifier = await super()._perform_authorization_code_grant()
        self._watch(verifier)
        return code, verifier

    async def _token_request(self) -> httpx2.Request:
        """For a grant without a browser."""
        data: dict[str, str] = {"grant_type": "client_credentials"}
        if self._setup.identity is not None:
            data = {"grant_type": JWT_BEARER_GRANT_TYPE, "assertion": await self._vouched_for(self._setup.identity)}
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if self._setup.method == "private_key_jwt":
            data["client_assertion"] = await self._assertion()
            data["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        else:
            data, headers = self.context.prepare_token_auth(data, headers)
        if self.context.should_include_resource_param(self.context.protocol_version):
            data["resource"] = self.context.get_resource_url()
        if self.context.client_metadata.scope:
            data["scope"] = self.context.client_metadata.scope
        return httpx2.Request("POST", self._get_token_endpoint(), data=data, headers=headers)

    async def _assertion(self) -> str:
        own = self._setup.client_id
        for algorithm in ("RS256", "ES256", "ES384", "EdDSA"):
            try:
                signer = SignedJWTParameters(
                    issuer=own, subject=own, signing_key=self._secret, signing_algorithm=algorithm
                )
                return await signer.create_assertion_provider()(self.plan.issuer)
            except (ValueError, TypeError, PyJWTError):
                continue  # a key of another kind
        said = f"the key {self._setup.key} is not a private key"
        raise SignInFailed(said, hint="It must be an RSA, EC or Ed25519 private key as PEM text.")

    async def _vouched_for(self, identity: IdentityProvider) -> str:
        """What the person's identity provider writes for this server and no other (an ID-JAG, SEP-990). The SDK has a
        provider for what follows, but none for this."""
        data = {
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "requested_token_type": _ID_JAG,
            "audience": self._setup.issuer,
            "resource": self.context.get_resource_url(),
            "subject_token": self._identity_token,
            "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
            "client_id": identity.client_id,
        }
        if self.context.client_metadata.scope:
            data["scope"] = self.context.client_metadata.scope
        assert self._send is not None, "addresses were looked for before"
        response = await self._send(httpx2.Request("POST", identity.token_endpoint, data=data))
        hint = f"Put a new ID token into the key {identity.key}, or contact the identity provider's operator."
        if response.status_code != 200:
            raise refusal_of(response, "refused to vouch for you", hint, {})
        try:
            document = json.loads(response.content)
            is_meant = document["issued_token_type"] == _ID_JAG and isinstance(document["access_token"], str)
        except (ValueError, KeyError, TypeError):
            is_meant = False
        if not is_meant:
            raise SignInFailed(f"the answer of {identity.token_endpoint} does not vouch for you", hint=hint)
        self._watch(document["access_token"])
        return str(document["access_token"])

    async def _handle_token_response(self, response: httpx2.Response) -> None:
        if response.status_code not in (200, 201):
            raise refusal_of(response, "refused to give a token", _AGAIN)
        try:
            await super()._handle_token_response(response)
        except OAuthTokenError:  # its words hold the answer, and so perhaps a token
            said = "the token endpoint's answer has no token, or not in the form that OAuth requires"
            raise SignInFailed(said, hint="Contact the server's operator.") from None

    async def _agree_once(self) -> None:
        if self._has_agreed:
            return
        if self._issuer and self.context.oauth_metadata is not None:
            self.context.oauth_metadata.issuer = AnyHttpUrl(self._issuer)
        plan = self.plan
        self._check_plan(plan)
        await self._agree(plan)
        self._has_agreed = True
        record, metadata, resource = (
            self._keeper.record,
            self.context.oauth_metadata,
            self.context.protected_resource_metadata,
        )
        record.plan = plan.seal
        record.metadata = metadata.model_dump(mode="json", include=_KEPT, exclude_none=True) if metadata else None
        record.resource = resource.model_dump(mode="json", exclude_none=True) if resource else None

    def _check_plan(self, plan: SignInPlan) -> None:
        if plan.is_guess and self.context.auth_server_url:
            said = f"{self.context.auth_server_url}, where the server sends people to sign in, gives no metadata"
            raise SignInFailed(said, hint="Try again later, or contact the server's operator.")
        if self._setup.issuer and not issuers_match(self._setup.issuer, plan.issuer):
            raise self._other_issuer()
        for address in filter(None, (plan.authorize, plan.token, plan.register)):
            check_address(address, plan.server)
        if plan.identity:  # the project names it, not the server: it may be in the company's network
            check_address(plan.identity, plan.identity)

    def _other_issuer(self) -> SignInFailed:
        said = f"the server sends people to {self.plan.issuer} to sign in, but the project says {self._setup.issuer}"
        return SignInFailed(said, hint="If that is right, change issuer under sign_in in workbench.toml.")

    async def _visit(self, address: str) -> None:
        if self._redirect is None or self._open is None:
            raise SignInFailed("a person has to sign in", hint="Sign in on the page MCP servers.")
        self._redirect.expect(address)
        await self._open(address)

    async def _come_back(self) -> AuthorizationCodeResult:
        if self._redirect is None:
            raise SignInFailed("a person has to sign in", hint="Sign in on the page MCP servers.")
        found = await self._redirect.answer(_BROWSER_LIMIT_S)
        self._watch(found["code"])
        return AuthorizationCodeResult(code=found["code"], state=found.get("state"), iss=found.get("iss"))

    @property
    def _registers(self) -> bool:
        """Whether it registers itself, now or before."""
        if not self._setup.client_id:
            return True
        metadata = self.context.oauth_metadata
        takes_documents = metadata is not None and metadata.client_id_metadata_document_supported is True
        return bool(self._setup.document_url) and not takes_documents

    def _registration_address(self) -> str:
        metadata = self.context.oauth_metadata
        if metadata is not None and metadata.registration_endpoint is not None:
            return str(metadata.registration_endpoint)
        return urljoin(self._base, "/register")

    @property
    def _base(self) -> str:
        return self.context.get_authorization_base_url(self.context.server_url)

    def _is_registration(self, request: httpx2.Request) -> bool:
        return self.context.client_info is None and str(request.url) == self._registration_address()


def refusal_of(response: httpx2.Response, what: str, hint: str, hints: Mapping[str, str] = _HINTS) -> SignInFailed:
    """What an answer with an error means: its code and its words, never the rest of it."""
    try:
        document = json.loads(response.content)
    except ValueError:
        document = None
    fields = document if isinstance(document, dict) else {}
    error = visible_line(str(fields.get("error") or ""), max_chars=80)
    about = visible_line(str(fields.get("error_description") or ""), max_chars=300)
    where = response.request.url.copy_with(query=None)
    said = f"{where} {what} (status {response.status_code}{f', {error}' if error else ''})"
    return SignInFailed(f"{said}. It said: {about}" if about else said, hint=hints.get(error, hint))


def known_client(setup: SignInSetup, secret: str) -> dict[str, Any] | None:
    """The client as the project names it, in the SDK's shape; None for one that registers itself or is a document."""
    if not setup.client_id or setup.document_url:
        return None
    method = setup.method or (None if secret else "none")
    is_signed = setup.method == "private_key_jwt"
    return {
        "client_id": setup.client_id,
        "client_secret": secret if secret and not is_signed else None,
        "token_endpoint_auth_method": method,
    }

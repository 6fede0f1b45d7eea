"""An MCP server that wants a sign-in, with its authorization server, both on the test's own event loop."""

import asyncio
import base64
import hashlib
import json
import secrets
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.unit.executors.http_endpoint import Asked, Endpoint, answer, endpoint
from workbench.core.json_text import JsonObject
from workbench.core.sign_in_plan import SignInPlan

TOOL: JsonObject = {"name": "go", "inputSchema": {"type": "object", "properties": {}}}


class SignInServer:
    """Both servers at one origin. Its attributes say how it behaves, and what it has seen."""

    def __init__(self, at: Endpoint) -> None:
        self.at = at
        self.url = f"{at.origin}/mcp"
        self.issuer = at.origin
        self.metadata: JsonObject = {
            "issuer": at.origin,
            "authorization_endpoint": f"{at.origin}/authorize",
            "token_endpoint": f"{at.origin}/token",
            "registration_endpoint": f"{at.origin}/register",
            "revocation_endpoint": f"{at.origin}/revoke",
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
        }
        self.resource: JsonObject = {
            "resource": self.url,
            "authorization_servers": [at.origin],
            "scopes_supported": ["read"],
        }
        self.wanted = "read"
        """The scopes that a request needs; a token with others gets 403."""
        self.expires_in = 3600
        self.grants_refresh = True
        self.tokens: dict[str, str] = {}
        """Tokens that are good, with their scopes."""
        self.refresh_tokens: dict[str, str] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.forms: list[dict[str, str]] = []
        """What the token endpoint was sent."""
        self.asked_to_authorize: list[dict[str, str]] = []
        self.registered: list[JsonObject] = []
        self.revoked: list[str] = []
        self.vouched: list[dict[str, str]] = []
        """What the identity provider was sent."""
        self.assertion: object = "vouched for"
        self.token_refusal: Callable[[dict[str, str]], JsonObject | None] = lambda form: None
        self.alter: Callable[[dict[str, str]], dict[str, str]] = lambda back: back
        """Changes what the browser brings back."""
        at.answers = [self._answer]

    def _answer(self, asked: Asked) -> bytes:
        path = urlsplit(asked.target).path
        match path:
            case "/mcp":
                return self._mcp(asked)
            case "/.well-known/oauth-protected-resource/mcp":
                return _json(self.resource) if self.resource else answer(404)
            case "/.well-known/oauth-authorization-server":
                return _json(self.metadata) if self.metadata else answer(404)
            case "/register":
                self.registered.append(json.loads(asked.body))
                return _json({**self.registered[-1], "client_id": f"client-{len(self.registered)}"}, 201)
            case "/authorize":
                return self._authorize({name: one[0] for name, one in parse_qs(urlsplit(asked.target).query).items()})
            case "/token":
                return self._token(asked)
            case "/vouch":
                return self._vouch(asked)
            case "/revoke":
                self.revoked.append(parse_qs(asked.body.decode())["token"][0])
                return answer(200)
            case _:
                return answer(404)

    def _mcp(self, asked: Asked) -> bytes:
        message = json.loads(asked.body) if asked.body else {}
        where = f'Bearer resource_metadata="{self.at.origin}/.well-known/oauth-protected-resource/mcp"'
        scopes = self.tokens.get(asked.headers.get("authorization", "").removeprefix("Bearer "))
        wanted = self.wanted if message.get("method") == "tools/call" else "read"
        if scopes is None:
            return answer(401, b"{}", WWW_Authenticate=f'{where}, scope="read"')
        if not set(wanted.split()) <= set(scopes.split()):
            header = f'{where}, error="insufficient_scope", scope="{wanted}"'
            return answer(403, b"{}", WWW_Authenticate=header)
        match message.get("method"):
            case "initialize":
                info = {"name": "shop", "version": "1"}
                hello = {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}}, "serverInfo": info}
                return _result(message, hello)
            case "tools/list":
                return _result(message, {"tools": [TOOL]})
            case "tools/call":
                return _result(message, {"content": [{"type": "text", "text": "done"}]})
            case "server/discover":
                return answer(400, b"what?", "text/plain")
            case _:
                return answer(405 if asked.method == "GET" else 202)

    def _authorize(self, wanted: dict[str, str]) -> bytes:
        self.asked_to_authorize.append(wanted)
        code = f"code-{secrets.token_hex(12)}"
        self.codes[code] = wanted
        back = self.alter({"code": code, "state": wanted["state"], "iss": self.issuer})
        return answer(302, Location=f"{wanted['redirect_uri']}?{urlencode(back)}")

    def _vouch(self, asked: Asked) -> bytes:
        """The identity provider of the person's company."""
        form = {name: one[0] for name, one in parse_qs(asked.body.decode()).items()}
        self.vouched.append(form)
        if form["subject_token"] != "id token":
            return _json({"error": "invalid_grant", "error_description": "expired"}, 400)
        kind = "urn:ietf:params:oauth:token-type:id-jag"
        return _json({"access_token": self.assertion, "issued_token_type": kind, "token_type": "N_A"})

    def _token(self, asked: Asked) -> bytes:
        form = {name: one[0] for name, one in parse_qs(asked.body.decode()).items()}
        form["authorization"] = asked.headers.get("authorization", "")
        self.forms.append(form)
        if (refusal := self.token_refusal(form)) is not None:
            return _json(refusal, 400)
        scope = form.get("scope", "")
        if form["grant_type"] == "authorization_code":
            given = self.codes.pop(form["code"])
            challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
            assert given["code_challenge"] == challenge.decode().rstrip("=")
            assert given["redirect_uri"] == form["redirect_uri"]
            scope = given.get("scope", "")
        elif form["grant_type"] == "refresh_token":
            old = self.refresh_tokens.pop(form["refresh_token"], None)
            if old is None:
                return _json({"error": "invalid_grant"}, 400)
            scope = old
        token, refresh = f"token-{secrets.token_hex(12)}", f"refresh-{secrets.token_hex(12)}"
        self.tokens[token] = scope
        document: JsonObject = {"access_token": token, "token_type": "Bearer", "expires_in": self.expires_in}
        if self.grants_refresh:
            self.refresh_tokens[refresh] = scope
            document["refresh_token"] = refresh
        return _json({**document, "scope": scope})


class Agreeing:
    """A person who agrees and whose browser goes where it is sent."""

    def __init__(self, *, agrees: bool = True) -> None:
        self.agrees = agrees
        self.plans: list[SignInPlan] = []
        self.visited: list[str] = []

    async def approves(self, plan: SignInPlan) -> bool:
        """See `Person`."""
        self.plans.append(plan)
        return self.agrees

    async def visit(self, address: str) -> None:
        """See `Person`."""
        self.visited.append(address)
        await asyncio.to_thread(browse, address)


@asynccontextmanager
async def sign_in_server() -> AsyncIterator[SignInServer]:
    """A running one; it ends with the block."""
    async with endpoint() as at:
        yield SignInServer(at)


def browse(address: str, *, is_elsewhere: bool = False) -> str:
    """Go where the address leads, and say where that was. A browser `is_elsewhere` does not reach this machine."""
    handlers = [_Elsewhere] if is_elsewhere else []
    try:
        with urllib.request.build_opener(*handlers).open(address) as page:
            return str(page.url)
    except urllib.error.HTTPError as error:
        error.close()
        return str(error.headers.get("location") or error.url)


class _Elsewhere(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def _json(document: Any, status: int = 200) -> bytes:
    return answer(status, json.dumps(document).encode())


def _result(message: Any, document: Any) -> bytes:
    return _json({"jsonrpc": "2.0", "id": message["id"], "result": document})

"""The requests of a sign-in on their way, and what their failures mean in words."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from workbench.core.server_words import clip
from workbench.core.visible_text import visible_line
from workbench.executors.sign_in_setup import Challenge, SignInFailed, SignInRecord, check_address

if TYPE_CHECKING:
    import httpx2

_MAX_BYTES = 1024 * 1024
_LIMIT_S = 10.0
_SCOPE = re.compile(r'(?:^|(?<=\s)|,)\s*scope=(?:"[^"]*"|[^\s,]+)')
_OTHER = "Sign in again; if it repeats, contact the server's operator. You can also name your own token under headers."


def challenge_response(challenge: Challenge, scopes: Sequence[str], request: "httpx2.Request") -> "httpx2.Response":
    """The challenge as the SDK reads it, with `scopes` in place of its own where there are some."""
    import httpx2

    header = challenge.header
    if scopes:
        header = _SCOPE.sub("", header) or "Bearer"
        header += f'{"," if "=" in header else ""} scope="{" ".join(scopes)}"'
    return httpx2.Response(challenge.status, headers={"www-authenticate": header} if header else {}, request=request)


async def send(client: "httpx2.AsyncClient", request: "httpx2.Request") -> "httpx2.Response":
    """The answer with its whole body. Raises `SignInFailed` for one of more than 1 MB."""
    import httpx2

    response = await client.send(request, stream=True)
    body = bytearray()
    try:
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > _MAX_BYTES:
                raise SignInFailed(
                    f"{request.url.host} answered with more than 1 MB", hint="Contact the server's operator."
                )
    finally:
        await response.aclose()
    kept = {name: value for name, value in response.headers.items() if name in ("location", "www-authenticate")}
    whole = httpx2.Response(response.status_code, headers=kept, content=bytes(body), request=request)
    whole.next_request = response.next_request
    return whole


async def revoke(record: SignInRecord, server: str, client_id: str) -> None:
    """Tell the server that the tokens are not used anymore, where it has an address for that. They are forgotten here
    in any case, so a failure changes nothing."""
    import httpx2

    address = str((record.metadata or {}).get("revocation_endpoint") or "")
    client = record.client or {}
    form = {"client_id": str(client.get("client_id") or client_id)}
    if client.get("client_secret"):
        form["client_secret"] = str(client["client_secret"])
    tokens = record.tokens or {}
    if not address or not tokens:
        return
    async with httpx2.AsyncClient(timeout=_LIMIT_S, follow_redirects=False) as http:
        for kind in ("refresh_token", "access_token"):
            try:
                check_address(address, server)
                if tokens.get(kind):
                    await http.post(address, data={**form, "token": str(tokens[kind]), "token_type_hint": kind})
            except (httpx2.HTTPError, SignInFailed):
                return


def flow_words(error: Exception) -> str:
    """What the SDK says has failed, without what an answer may hold."""
    said = str(error)
    if said.startswith("Invalid registration response"):
        said = "the answer to the registration cannot be used"
    return clip(visible_line(said[:1].lower() + said[1:]), 500)


def flow_hint(error: Exception) -> str:
    """What to do about it."""
    said = str(error).lower()
    if "iss" in said.split() or "issuer" in said:
        return (
            "The server that signs people in is not the expected one. Do not continue; contact the server's operator."
        )
    if "does not match expected" in said:
        return "The metadata is about another server. Check url in workbench.toml."
    if "regist" in said:
        return "Register a client by hand, then set client_id under sign_in in workbench.toml."
    return _OTHER


def transport_words(error: Exception) -> str:
    """Which address could not be reached, or gave what cannot be read, and why."""
    import httpx2

    request = getattr(error, "_request", None)
    where = visible_line(str(request.url.copy_with(query=None)), max_chars=200) if request is not None else "it"
    how = "cannot be reached" if isinstance(error, httpx2.TransportError) else "gave an answer that cannot be read"
    return f"{where} {how}: {error.__cause__ or error or type(error).__name__}"

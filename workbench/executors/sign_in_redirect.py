"""The end of a sign-in in the browser: an address on this machine, used once, that the browser comes back to."""

import asyncio
import secrets
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from workbench.core.server_words import clip
from workbench.core.visible_text import visible_line
from workbench.executors.sign_in_setup import SignInFailed

_MAX_HEAD = 16 * 1024
_HEAD_LIMIT_S = 10.0
_DONE = "You are signed in. You can close this page and go back to the workbench."
_FAILED = "The sign-in did not succeed. Close this page; the workbench says why."
_USED = "This address was used already. Start the sign-in again in the workbench."


class Redirect:
    """Listens on 127.0.0.1 between `open` and `close`. The first answer counts, and only with the right `state`."""

    def __init__(self, wanted: str = "") -> None:
        """`wanted` is a loopback address with a port; without it any free port is taken."""
        parts = urlsplit(wanted or "http://127.0.0.1:0/callback")
        self._host, self._port, self._path = parts.hostname or "127.0.0.1", parts.port or 0, parts.path or "/"
        self._state = ""
        self._answer: asyncio.Future[dict[str, str]] = asyncio.get_running_loop().create_future()
        self._server: asyncio.Server | None = None

    @property
    def address(self) -> str:
        """Where the browser comes back to."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}{self._path}"

    async def open(self) -> None:
        """Begin to listen; raises `OSError` when the port is in use."""
        host = "127.0.0.1" if self._host == "localhost" else self._host
        self._server = await asyncio.start_server(self._serve, host, self._port, limit=_MAX_HEAD)
        self._port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Listen no longer."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        self._answer.cancel()

    def expect(self, authorization: str) -> None:
        """The browser is sent to `authorization`; what comes back must have its `state`."""
        self._state = _first(authorization, "state")

    async def answer(self, limit_s: float) -> dict[str, str]:
        """What the browser brought: `code`, `state`, and `iss` where the server sends it.

        Raises `SignInFailed` when consent was refused, the state is another one, or nothing came within `limit_s`.
        """
        try:
            async with asyncio.timeout(limit_s):
                found = await asyncio.shield(self._answer)
        except TimeoutError:
            said = f"the browser did not come back within {limit_s / 60:g} minutes"
            raise SignInFailed(said, hint="Sign in again, and finish it in the browser.") from None
        return checked_answer(found, self._state)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_HEAD_LIMIT_S):
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                status, words = self._take(*head.partition("\r\n")[0].split(" ")[:2])
                writer.write(_page(status, words))
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, TypeError, OSError, TimeoutError):
            pass  # not a browser's request
        finally:
            writer.close()

    def _take(self, method: str, target: str) -> tuple[int, str]:
        if method != "GET" or urlsplit(target).path != self._path:
            return 404, "Nothing is here."
        if self._answer.done():
            return 410, _USED
        found = read_answer(target)
        self._answer.set_result(found)
        try:
            checked_answer(found, self._state)
        except SignInFailed:
            return 400, _FAILED
        return 200, _DONE


def read_answer(address: str) -> dict[str, str]:
    """The parameters of the address that a browser came back to."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def checked_answer(found: dict[str, str], state: str) -> dict[str, str]:
    """`found`, if it belongs to the sign-in with this `state` and has a code. Raises `SignInFailed`."""
    if not state or not secrets.compare_digest(found.get("state", "").encode(), state.encode()):
        said = "the browser came back with another sign-in's answer (its state does not match); it was not used"
        raise SignInFailed(said, hint="Sign in again, and use only the page opened last.")
    if "code" in found:
        return found
    error = visible_line(clip(found.get("error", "no code"), 80))
    about = visible_line(clip(found.get("error_description", ""), 300))
    if error == "access_denied":
        said, hint = "the consent was refused", "Sign in again and agree, or ask for access."
    else:
        said, hint = f"the sign-in was refused: {error}", "Sign in again; if it repeats, check client id and scopes."
    raise SignInFailed(f"{said}. It said: {about}" if about else said, hint=hint)


def _first(address: str, name: str) -> str:
    return read_answer(address).get(name, "")


def _page(status: int, words: str) -> bytes:
    body = f"<!doctype html><meta charset=utf-8><title>Sign-in</title><p>{words}</p>".encode()
    head = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        "content-type: text/html; charset=utf-8",
        f"content-length: {len(body)}",
        "cache-control: no-store",
        "referrer-policy: no-referrer",
        "content-security-policy: default-src 'none'",
        "connection: close",
    ]
    return "\r\n".join([*head, "", ""]).encode() + body

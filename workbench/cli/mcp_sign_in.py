"""`workbench mcp sign-in` and `sign-out`: the sign-in to an MCP server, with or without a browser on this machine."""

import asyncio
import os
import sys
import urllib.request
import webbrowser
from argparse import ArgumentParser, Namespace
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlsplit

from workbench.app.session import Session
from workbench.cli.approver import has_person
from workbench.cli.exit_code import ExitCode
from workbench.cli.keyboard import Keyboard
from workbench.cli.terminal import Terminal
from workbench.core.errors import UsageError
from workbench.core.sign_in_plan import SignInPlan
from workbench.core.visible_text import visible
from workbench.store.keys import has_keyring

_Action = Callable[[str, str, Callable[[Namespace, Terminal], int]], ArgumentParser]


def add_actions(action: _Action) -> None:
    """What the two take, and what does them."""
    enter = action("sign-in", "show where a server's sign-in leads, approve it and sign in", _sign_in)
    enter.add_argument("server", metavar="SERVER")
    enter.add_argument("--yes", action="store_true", help="approve the addresses and scopes without asking")
    enter.add_argument("--no-browser", action="store_true", help="only print the address to open")
    enter.add_argument(
        "--paste", action="store_true", help="the browser is on another machine: paste the address it ends at"
    )
    leave = action("sign-out", "revoke a server's tokens and forget them", _sign_out)
    leave.add_argument("server", metavar="SERVER")


class PersonAtTerminal:
    """Implements `Person`: shows the plan and the address, and opens the browser where there is one."""

    def __init__(self, parsed: Namespace, terminal: Terminal) -> None:
        self._parsed = parsed
        self._terminal = terminal
        self._keyboard = Keyboard(terminal)
        self._pasting: asyncio.Task[None] | None = None

    async def approves(self, plan: SignInPlan) -> bool:
        """See `Person`. Raises `UsageError` when nobody can be asked."""
        for line in plan.shown.splitlines():
            self._terminal.say(f"  {line}")
        if self._parsed.yes:
            return True
        if not has_person():
            raise UsageError("the sign-in was not approved", hint="Add --yes to approve it without a prompt.")
        answer = await self._keyboard.line("Sign in at exactly these addresses, with only these scopes? [y/N] ")
        return (answer or "").strip().lower() in ("y", "yes")

    async def visit(self, address: str) -> None:
        """See `Person`."""
        self._terminal.say("Open this address in a browser and sign in there:", "strong")
        self._terminal.say(visible(address))
        if self._parsed.paste:
            back = parse_qs(urlsplit(address).query).get("redirect_uri", [""])[0]
            self._pasting = asyncio.create_task(self._paste(back), name="pasted address")
        elif not self._parsed.no_browser and _has_browser():
            await asyncio.to_thread(webbrowser.open, address)

    async def _paste(self, back: str) -> None:
        """Take the address that begins with `back`, where the browser was to come back to."""
        while (line := await self._keyboard.line("Paste the address that the browser ended at: ")) is not None:
            if back and line.strip().startswith(f"{back}?"):
                await asyncio.to_thread(_bring_back, line.strip())
                return
            self._terminal.complain(f"That is not the address. It begins with {visible(back)}?", "warn")

    async def done(self) -> None:
        """Read no more lines."""
        if self._pasting is not None:
            self._pasting.cancel()
            await asyncio.gather(self._pasting, return_exceptions=True)


def _sign_in(parsed: Namespace, terminal: Terminal) -> int:
    async def sign_in(session: Session) -> None:
        person = PersonAtTerminal(parsed, terminal)
        try:
            await session.mcp.sign_in(parsed.server, person)
        finally:
            await person.done()
        view = session.mcp.view(parsed.server)
        tools = "1 tool" if len(view.tools) == 1 else f"{len(view.tools)} tools"
        terminal.say(f"Signed in to {parsed.server}, which offers {tools}.", "good")
        if not has_keyring():
            said = (
                "No keyring on this machine: the sign-in ends with this command. Name a token of yours under headers."
            )
            terminal.complain(said, "warn")

    return asyncio.run(_with_session(parsed, sign_in))


def _sign_out(parsed: Namespace, terminal: Terminal) -> int:
    async def sign_out(session: Session) -> None:
        await session.mcp.sign_out(parsed.server)
        terminal.say(
            f"Signed out of {parsed.server}: its tokens are forgotten, and revoked where it allows that.", "good"
        )

    return asyncio.run(_with_session(parsed, sign_out))


async def _with_session(parsed: Namespace, work: Callable[[Session], Awaitable[None]]) -> int:
    session = Session(parsed.project)
    try:
        await work(session)
        return ExitCode.ANSWERED
    finally:
        await session.close()


def _has_browser() -> bool:
    """Whether one would open in a window of its own; one that runs in the terminal would take it over."""
    return sys.platform in ("darwin", "win32") or any(os.environ.get(one) for one in ("DISPLAY", "WAYLAND_DISPLAY"))


def _bring_back(address: str) -> None:
    """Ask this machine for the address, as the browser would have, and past any proxy."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(address, timeout=10).close()
    except OSError:
        return  # what was wrong with it is said by the sign-in

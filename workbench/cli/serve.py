"""`workbench serve`: the project's tools for other programs, over HTTP and MCP, until Ctrl-C."""

import asyncio
import gc
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path

from workbench.app.service.client_tokens import ClientTokens
from workbench.app.service.service_client import SCOPES, Scope
from workbench.app.service.service_settings import DEFAULT_PORT, ServiceSettings
from workbench.app.session import Session
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.core.errors import UsageError
from workbench.service.serve_extra import needs_serve_extra


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("--port", type=_port, default=DEFAULT_PORT, metavar="N", help="0 chooses any free port")
    parser.add_argument(
        "--mcp",
        choices=("stdio", "http", "off"),
        default="http",
        help="stdio: MCP over standard input and output, nothing else",
    )
    parser.add_argument("--only-tested", action="store_true", help="withhold tools not tested as they are now")
    parser.add_argument("--read-only", action="store_true", help="offer only tools that change nothing")
    parser.add_argument("--register", action="store_true", help="let clients add tools to the project")
    parser.add_argument("--trust", action="store_true", help="trust the project's current code for this run")
    parser.add_argument("--token", metavar="NAME", help="create a token for a client of this name, and print it once")
    parser.add_argument(
        "--scope",
        action="append",
        choices=SCOPES,
        default=[],
        help="what the token may do (repeatable; read and call if not given)",
    )
    parser.add_argument("--revoke", metavar="NAME", help="end a client's token, and exit")
    parser.add_argument("--tokens", action="store_true", help="list the tokens, and exit")
    parser.set_defaults(do=serve_command)


def serve_command(parsed: Namespace, terminal: Terminal) -> int:
    """Serve until Ctrl-C, or manage tokens. Raises `UsageError`, `ProjectError`, `StoreError`."""
    try:
        return asyncio.run(_serve(parsed, terminal))
    except KeyboardInterrupt:
        return ExitCode.ANSWERED


async def _serve(parsed: Namespace, terminal: Terminal) -> int:
    session = Session(parsed.project, trust_for_now=parsed.trust)
    try:
        tokens = ClientTokens(session.keys, session.project.folder)
        if parsed.tokens or parsed.revoke is not None:
            return _manage(tokens, parsed.revoke, terminal)
        for problem in session.project.problems:
            terminal.complain(str(problem), "bad" if problem.severity == "error" else "warn")
        if session.project.errors:
            return ExitCode.USAGE
        if not session.is_trusted:
            terminal.complain(
                "This project is not trusted, so its code does not run. Review it, then add --trust.", "warn"
            )
        await session.mcp.connect()
        settings = ServiceSettings(
            only_tested=parsed.only_tested, read_only=parsed.read_only, may_register=parsed.register
        )
        if parsed.mcp == "stdio":
            tools = session.serve(settings, has_person=lambda: False)
            with needs_serve_extra():
                from workbench.service.stdio import serve_stdio
            await serve_stdio(tools, _title(session))
        else:
            await _over_http(session, settings, tokens, parsed, terminal)
        return ExitCode.ANSWERED
    finally:
        await session.close()


async def _over_http(
    session: Session, settings: ServiceSettings, tokens: ClientTokens, parsed: Namespace, terminal: Terminal
) -> None:
    with needs_serve_extra():
        from workbench.service.server import Service
    if parsed.token is not None or not tokens.all:
        scopes: list[Scope] = parsed.scope or ["read", "call"]
        name = parsed.token or "first client"
        text, is_kept = tokens.create(name, scopes)
        terminal.say(f"Token of {name!r} ({', '.join(scopes)}), shown only now: {text}", "strong")
        tokens.hide(text)
        if not is_kept:
            terminal.complain("There is no keyring here, so this token ends with the service.", "warn")
    tools = session.serve(settings, has_person=lambda: tokens.can_approve)
    service = Service(tools, tokens, title=_title(session), port=parsed.port, with_mcp=parsed.mcp == "http")
    await service.start()
    gc.freeze()  # what was loaded for serving is not garbage, and checking it would cost a tenth of each call
    try:
        terminal.say(f"Serving at {service.url} (documentation: {service.url}/docs). Ctrl-C stops it.", "good")
        if parsed.mcp == "http":
            terminal.say(f"MCP: {service.url}/mcp")
        if changed := ", ".join(tools.tools.changed()):
            terminal.complain(f"Changed since they were tested: {changed}.", "warn")
        if not tokens.can_approve:
            terminal.say("Calls that need approval are rejected: no token has the scope approve.", "dim")
        await asyncio.Event().wait()
    finally:
        await service.stop()


def _manage(tokens: ClientTokens, revoke: str | None, terminal: Terminal) -> int:
    if revoke is not None:
        if not tokens.revoke(revoke):
            raise UsageError(f"there is no token named {revoke!r}")
        terminal.say(f"Revoked the token of {revoke!r}.")
        return ExitCode.ANSWERED
    for token in tokens.all:
        terminal.say(f"{token.name}: {', '.join(token.scopes)}")
    if not tokens.all:
        terminal.say("No tokens. `workbench serve PROJECT --token NAME` creates one.", "dim")
    return ExitCode.ANSWERED


def _title(session: Session) -> str:
    return session.project.name or session.project.folder.name


def _port(text: str) -> int:
    if not text.isdecimal() or len(text) > 5 or int(text) > 65_535:
        raise ArgumentTypeError(f"{text[:20]!r} is not a port from 0 to 65535")
    return int(text)

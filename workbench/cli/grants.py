"""`workbench grants`: what a person has allowed for a project, and the end of it."""

import asyncio
from argparse import ArgumentParser
from pathlib import Path

from workbench.app.session import Session
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.core.errors import UsageError
from workbench.core.visible_text import visible_line


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    parser.add_argument("project", type=Path, metavar="PROJECT")
    ending = parser.add_mutually_exclusive_group()
    ending.add_argument("--revoke", default="", metavar="GRANT", help="revoke this grant")
    ending.add_argument("--revoke-all", action="store_true", help="revoke all grants")
    parser.set_defaults(
        do=lambda parsed, terminal: grants_command(
            parsed.project, terminal, revoke=parsed.revoke, revoke_all=parsed.revoke_all
        )
    )


def grants_command(project: Path, terminal: Terminal, *, revoke: str = "", revoke_all: bool = False) -> int:
    """List the permissions kept for a project, or end one or all of them now."""
    return asyncio.run(_grants(project, terminal, revoke=revoke, revoke_all=revoke_all))


async def _grants(project: Path, terminal: Terminal, *, revoke: str, revoke_all: bool) -> int:
    session = Session(project)
    try:
        if revoke_all:
            terminal.say(f"Revoked {session.grants.revoke_all()}.")
        elif revoke:
            if not session.grants.revoke(revoke):
                raise UsageError(f"there is no grant {revoke!r}", hint="`workbench grants PROJECT` lists them.")
            terminal.say(f"Revoked {revoke}.")
        else:
            for grant in session.grants.listed():
                terminal.say(f"{grant.grant_id}  {visible_line(str(grant))} · by {visible_line(grant.by)}")
    finally:
        await session.close()
    return ExitCode.ANSWERED

"""`workbench policy` and `workbench grants`: what would happen to a call, and which permissions stand."""

import argparse
import asyncio
from pathlib import Path
from typing import Any

from workbench.app.rules.policy_preview import Foretold
from workbench.app.session import Session
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.core.errors import UsageError
from workbench.core.json_text import compact
from workbench.core.visible_text import visible_line

_TONES = {"allow": "good", "ask": "warn", "deny": "bad"}


def add_policy_commands(commands: "argparse._SubParsersAction[Any]") -> None:
    """Add the subcommands."""
    policy = commands.add_parser("policy", help="say what would happen to a call: allowed, asked about, or denied")
    policy.add_argument("project", type=Path, metavar="PROJECT")
    policy.add_argument("tool", metavar="TOOL")
    policy.add_argument("arguments", metavar="ARGUMENTS", help="the arguments as a JSON object")
    policy.add_argument("--trust", action="store_true", help="as if the project's code and rules were trusted")
    policy.set_defaults(
        do=lambda parsed, terminal: policy_command(
            parsed.project, parsed.tool, parsed.arguments, terminal, trust=parsed.trust
        )
    )
    grants = commands.add_parser("grants", help="list what you have allowed for a project, or end it")
    grants.add_argument("project", type=Path, metavar="PROJECT")
    ending = grants.add_mutually_exclusive_group()
    ending.add_argument("--revoke", default="", metavar="GRANT", help="end this one now")
    ending.add_argument("--revoke-all", action="store_true", help="end all of them now")
    grants.set_defaults(
        do=lambda parsed, terminal: grants_command(
            parsed.project, terminal, revoke=parsed.revoke, revoke_all=parsed.revoke_all
        )
    )


def policy_command(project: Path, tool: str, arguments_json: str, terminal: Terminal, *, trust: bool = False) -> int:
    """Say what would happen to a call of `tool`. Nothing is run; 0 unless the call would be refused as invalid."""
    return asyncio.run(_policy(project, tool, arguments_json, terminal, trust=trust))


def grants_command(project: Path, terminal: Terminal, *, revoke: str = "", revoke_all: bool = False) -> int:
    """List the permissions kept for a project, or end one or all of them now."""
    return asyncio.run(_grants(project, terminal, revoke=revoke, revoke_all=revoke_all))


async def _policy(project: Path, tool: str, arguments_json: str, terminal: Terminal, *, trust: bool) -> int:
    session = Session(project, trust_for_now=trust)
    try:
        for problem in session.project.errors:
            terminal.complain(str(problem), "bad")
        foretold = await session.foreteller.foretell(tool, arguments_json)
    finally:
        await session.close()
    _show(foretold, terminal)
    return ExitCode.FAILED if foretold.problems else ExitCode.ANSWERED


def _show(foretold: Foretold, terminal: Terminal) -> None:
    for change in foretold.changes:
        before, after = compact(change.before), compact(change.after)
        terminal.say(f"  changed {visible_line(f'{change.path} ({change.by}): {before} → {after}')}", "warn")
    if foretold.forecast is None:
        terminal.say("invalid", "bad")
        for problem in foretold.problems:
            terminal.say(f"  {visible_line(str(problem))}", "bad")
        return
    action = foretold.forecast.action
    terminal.say(action, _TONES[action])  # type: ignore[arg-type]
    terminal.say(f"  rule: {visible_line(foretold.forecast.rule) or 'none'}")
    terminal.say(f"  why:  {visible_line(foretold.forecast.why)}")
    terminal.say(f"  runs: {visible_line(foretold.executor) or 'nothing runs this tool'}")


async def _grants(project: Path, terminal: Terminal, *, revoke: str, revoke_all: bool) -> int:
    session = Session(project)
    try:
        if revoke_all:
            terminal.say(f"Revoked {session.grants.revoke_all()}.")
        elif revoke:
            if not session.grants.revoke(revoke):
                raise UsageError(f"there is no grant {revoke!r}", mend="`workbench grants PROJECT` lists them.")
            terminal.say(f"Revoked {revoke}.")
        else:
            for grant in session.grants.listed():
                terminal.say(f"{grant.grant_id}  {visible_line(str(grant))} · by {visible_line(grant.by)}")
    finally:
        await session.close()
    return ExitCode.ANSWERED

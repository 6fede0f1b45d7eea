"""`workbench policy` and `workbench grants`: what would happen to a call, and which permissions are active."""

import asyncio
from argparse import ArgumentParser
from pathlib import Path

from workbench.app.rules.policy_preview import PreviewedCall
from workbench.app.session import Session
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.core.json_text import compact
from workbench.core.visible_text import visible_line

_TONES = {"allow": "good", "ask": "warn", "deny": "bad"}


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("tool", metavar="TOOL")
    parser.add_argument("arguments", metavar="ARGUMENTS", help="the arguments as a JSON object")
    parser.add_argument("--trust", action="store_true", help="assume the project's code and rules are trusted")
    parser.set_defaults(
        do=lambda parsed, terminal: policy_command(
            parsed.project, parsed.tool, parsed.arguments, terminal, trust=parsed.trust
        )
    )


def policy_command(project: Path, tool: str, arguments_json: str, terminal: Terminal, *, trust: bool = False) -> int:
    """Say what would happen to a call of `tool`. Nothing is run; 0 unless the call would be refused as invalid."""
    return asyncio.run(_policy(project, tool, arguments_json, terminal, trust=trust))


async def _policy(project: Path, tool: str, arguments_json: str, terminal: Terminal, *, trust: bool) -> int:
    session = Session(project, trust_for_now=trust)
    try:
        for problem in session.project.errors:
            terminal.complain(str(problem), "bad")
        previewed = await session.policy_preview.preview(tool, arguments_json)
    finally:
        await session.close()
    _show(previewed, terminal)
    return ExitCode.FAILED if previewed.problems else ExitCode.ANSWERED


def _show(previewed: PreviewedCall, terminal: Terminal) -> None:
    for change in previewed.changes:
        before, after = compact(change.before), compact(change.after)
        terminal.say(f"  changed {visible_line(f'{change.path} ({change.by}): {before} → {after}')}", "warn")
    if previewed.policy_outcome is None:
        terminal.say("invalid", "bad")
        for problem in previewed.problems:
            terminal.say(f"  {visible_line(str(problem))}", "bad")
        return
    action = previewed.policy_outcome.action
    terminal.say(action, _TONES[action])  # type: ignore[arg-type]
    terminal.say(f"  rule: {visible_line(previewed.policy_outcome.rule) or 'none'}")
    terminal.say(f"  why:  {visible_line(previewed.policy_outcome.why)}")
    terminal.say(f"  runs: {visible_line(previewed.executor) or 'no executor runs this tool'}")

"""`workbench weigh`: how many tokens each tool, field and enum adds to every request."""

import asyncio
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

import msgspec

from workbench.app.models.wires import COUNTING_VENDORS, in_words
from workbench.app.schema_editor.token_counting import counters, weigh_exactly
from workbench.app.session import Session
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.core.errors import UsageError
from workbench.core.tool import Tool
from workbench.core.tool_weight import PartWeight, weigh
from workbench.core.visible_text import visible_line

_SHOWN = 5


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("--tool", default="", metavar="NAME", help="only this tool, with all its parts")
    parser.add_argument(
        "--exact", default="", metavar="SPEC", help="with --tool: let this model's vendor count; sends the tool there"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object per part")
    parser.set_defaults(do=weigh_command)


def weigh_command(parsed: Namespace, terminal: Terminal) -> int:
    """List the parts, the heaviest tools first. Nothing is sent without --exact. Raises `UsageError`."""
    if parsed.exact and not parsed.tool:
        raise UsageError("an exact count takes a request for each part", hint="Choose a tool with --tool.")
    return asyncio.run(_weigh(parsed, terminal))


async def _weigh(parsed: Namespace, terminal: Terminal) -> int:
    session = Session(parsed.project)
    try:
        weights = [await _of_tool(session, tool, parsed.exact) for tool in _chosen(session, parsed.tool)]
    finally:
        await session.close()
    weights.sort(key=lambda parts: -parts[0].tokens)
    if parsed.json:
        for part in (part for parts in weights for part in parts):
            terminal.json(msgspec.json.encode(part).decode())
        return ExitCode.ANSWERED
    for parts in weights:
        _print(parts, terminal, most=None if parsed.tool else _SHOWN)
    if len(weights) > 1:
        total = sum(parts[0].tokens for parts in weights)
        terminal.say(f"≈ {total:,} tokens with every request that offers all {len(weights)} tools", "strong")
    return ExitCode.ANSWERED


async def _of_tool(session: Session, tool: Tool, spec: str) -> tuple[PartWeight, ...]:
    if not spec:
        return weigh(tool)
    found = next((counter for counter in counters(session.providers) if spec in (counter.spec, counter.model)), None)
    if found is None:
        known = ", ".join(counter.spec for counter in counters(session.providers))
        hint = f"Models that can: {known}." if known else f"It takes a key of {in_words(COUNTING_VENDORS)}."
        raise UsageError(f"{spec!r} is not a model that counts tokens", hint=hint)
    return await weigh_exactly(session.providers, session.keys, found, tool)


def _chosen(session: Session, name: str) -> Sequence[Tool]:
    if not name:
        return list(session.project.toolset)
    tool = session.project.toolset.named(name)
    if tool is None:
        raise UsageError(f"there is no tool {name!r}", hint=f"Tools: {', '.join(session.project.toolset.names)}.")
    return [tool]


def _print(parts: Sequence[PartWeight], terminal: Terminal, *, most: int | None) -> None:
    whole, *rest = parts
    terminal.say(f"{whole.tokens_text:>8}  {visible_line(whole.tool)}", "strong")
    for part in rest[:most]:
        terminal.say(f"{part.tokens_text:>8}    {visible_line(part.words, max_chars=100)}")
    if most is not None and len(rest) > most:
        terminal.say(f"            and {len(rest) - most} more: --tool {visible_line(whole.tool)}", "dim")

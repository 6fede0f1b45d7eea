"""`workbench overlaps`: which descriptions are similar to each other or to a request. No model is asked to choose."""

import asyncio
from argparse import ArgumentParser
from pathlib import Path

import msgspec

from workbench.app.microscope.overlaps import DISCLAIMER, MEASURE_WORDS, MEASURES, SimilarityMeasure
from workbench.app.session import Session
from workbench.cli.arguments import order_of
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.core.similarity import SimilarityMap
from workbench.core.visible_text import visible_line

_BAR = 20
_PAIRS = 15


class OverlapsOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asked for."""

    project: Path
    request: str = ""
    by: SimilarityMeasure = "words"
    as_json: bool = False


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("--request", default="", metavar="TEXT", help="compare the tools with this request")
    parser.add_argument("--by", choices=MEASURES, default="words", help="words: shared words; model: the local model")
    parser.add_argument("--json", dest="as_json", action="store_true", help="one JSON object")
    parser.set_defaults(do=lambda parsed, terminal: overlaps_command(order_of(OverlapsOrder, parsed), terminal))


def overlaps_command(order: OverlapsOrder, terminal: Terminal) -> int:
    """Measure and print; nothing is sent, and nothing in the project runs."""
    return asyncio.run(_overlaps(order, terminal))


async def _overlaps(order: OverlapsOrder, terminal: Terminal) -> int:
    session = Session(order.project)
    try:
        found = await session.text_overlaps.overlaps(session.toolset, order.request, by=order.by)
    finally:
        await session.close()
    if order.as_json:
        document = {"by": order.by, "note": DISCLAIMER, "request_text": order.request, **msgspec.to_builtins(found)}
        terminal.json(msgspec.json.encode(document).decode())
    else:
        _tell(found, order, terminal)
    return ExitCode.ANSWERED


def _tell(found: SimilarityMap, order: OverlapsOrder, terminal: Terminal) -> None:
    terminal.complain(f"By {MEASURE_WORDS[order.by]}. {DISCLAIMER}", "dim")
    if found.request:
        terminal.say(f"similar to “{visible_line(order.request, max_chars=80)}”", "strong")
        for name, value in found.nearest:
            terminal.say(f"  {_bar(value)} {value:5.2f}  {visible_line(name)}")
        terminal.say("")
    pairs = found.closest_pairs
    terminal.say("similar to each other", "strong")
    for one, other, value in pairs[:_PAIRS]:
        terminal.say(f"  {_bar(value)} {value:5.2f}  {visible_line(one)} · {visible_line(other)}")
    if len(pairs) > _PAIRS:
        terminal.say(f"  and {len(pairs) - _PAIRS:,} less similar pairs; --json lists all", "dim")


def _bar(value: float) -> str:
    return f"{'▇' * round(max(0.0, value) * _BAR):<{_BAR}}"

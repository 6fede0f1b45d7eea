"""`workbench route`: which tools a request would be offered, and why. Nothing is asked, run, or recorded."""

import asyncio
from argparse import ArgumentParser
from pathlib import Path

import msgspec

from workbench.app.session import Session
from workbench.cli.arguments import order_of, utf8
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.core.routing.plan import ALL_TOOLS
from workbench.core.routing.routed import Candidate, Routed
from workbench.core.routing.routed_words import routed_line
from workbench.core.routing.situation import Situation
from workbench.core.visible_text import visible_line
from workbench.store.routing_row import plan_named

_BAR = 20
_SHOWN = 12


class RouteOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asked for."""

    project: Path
    request: str
    selector: list[str] = []
    as_json: bool = False


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("request", type=utf8, metavar="REQUEST", help="what a user would say")
    parser.add_argument(
        "--selector", action="append", default=[], metavar="NAME", help="this selector; repeat to see several"
    )
    parser.add_argument("--json", dest="as_json", action="store_true", help="one JSON object per selector")
    parser.set_defaults(do=lambda parsed, terminal: route_command(order_of(RouteOrder, parsed), terminal))


def route_command(order: RouteOrder, terminal: Terminal) -> int:
    """Route the request by each selector and print the results; without one, by the project's own, or by words."""
    return asyncio.run(_route(order, terminal))


async def _route(order: RouteOrder, terminal: Terminal) -> int:
    session = Session(order.project)
    try:
        for problem in session.project.errors:
            terminal.complain(str(problem), "bad")
        section = session.project.file.routing
        own = section.selector if section.selector != ALL_TOOLS else "words"
        for name in order.selector or [own]:
            plan = plan_named(section, name)
            if plan is None:
                terminal.say(f"{name}: every tool is offered", "strong")
                continue
            routed = await session.router.route(plan, Situation(tools=session.toolset, request=order.request))
            if order.as_json:
                terminal.json(msgspec.json.encode(routed).decode())
            else:
                _tell(routed, terminal)
    finally:
        await session.close()
    return ExitCode.ANSWERED


def _tell(routed: Routed, terminal: Terminal) -> None:
    terminal.say(visible_line(routed_line(routed)), "strong")
    for each in routed.candidates[:_SHOWN]:
        terminal.say(_line(each), "plain" if each.state != "not offered" else "dim")
    for step in routed.trail:
        terminal.say(f"  {visible_line(step)}", "dim")
    before, after = routed.tokens
    terminal.complain(f"≈ {after:,} of {before:,} tokens of tools, {routed.took_ms:.1f} ms", "dim")


def _line(each: Candidate) -> str:
    bar = f"{'▇' * round(each.score * _BAR):<{_BAR}}"
    state = "" if each.state == "offered" else f"  [{each.state}]"
    return (
        f"  {bar} {each.score:4.2f}  {visible_line(each.tool)}{state}  {visible_line(each.why, max_chars=100)}".rstrip()
    )

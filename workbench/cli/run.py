"""`workbench run`: one conversation turn in the terminal, or as JSON lines output for scripts."""

import asyncio
from argparse import ArgumentParser
from pathlib import Path

import msgspec

from workbench.app.models.wires import SPEC_USAGE
from workbench.app.runs.run_options import RunOptions
from workbench.app.session import Session
from workbench.app.variants.variants import VariantStore
from workbench.cli.approver import AbsentApprover, ConsentingApprover, TerminalApprover, has_person, policy_for
from workbench.cli.arguments import add_telemetry, order_of, positive, utf8
from workbench.cli.exit_code import ExitCode
from workbench.cli.live import EventPrinter, wait_and_print
from workbench.cli.terminal import Terminal
from workbench.core.errors import StoreError
from workbench.core.event import RunEvent
from workbench.core.telemetry.telemetry_order import TelemetryOrder
from workbench.core.tool_choice import ToolChoicePlan, parse_choice
from workbench.core.visible_text import visible, visible_line
from workbench.engine.ports import Approver


class RunOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asked for."""

    project: Path
    prompt: str
    model: str | None = None
    base_url: str = ""
    system: str | None = None
    tool_choice: str | None = None
    parallel: bool = True
    approve: str = "ask"
    max_rounds: int | None = None
    trust: bool = False
    as_json: bool = False
    may_emulate: bool = True
    variant: str | None = None
    selector: str | None = None
    otel: str | None = None
    otel_content: bool = False

    @property
    def telemetry(self) -> TelemetryOrder | None:
        """Replaces the project's telemetry destination."""
        return TelemetryOrder(self.otel, self.otel_content) if self.otel else None


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("prompt", type=utf8, metavar="PROMPT")
    parser.add_argument("--model", type=utf8, metavar="SPEC", help=SPEC_USAGE)
    parser.add_argument(
        "--base-url", type=utf8, default="", metavar="URL", help="another server with the same wire format"
    )
    parser.add_argument("--system", type=utf8, metavar="TEXT", help="replace the project's instructions")
    parser.add_argument("--tool-choice", type=utf8, metavar="CHOICE", help="auto, none, required, or NAME[,NAME…]")
    parser.add_argument("--no-parallel", dest="parallel", action="store_false", help="allow at most one call per round")
    parser.add_argument(
        "--approve",
        choices=("ask", "deny", "all", "policy"),
        default="ask",
        help="ask: follow the project's rules, asking you here; policy: the same, but reject instead of asking; "
        "deny: reject every call; all: approve every call the project does not deny",
    )
    parser.add_argument("--max-rounds", type=positive, metavar="N")
    parser.add_argument("--trust", action="store_true", help="trust the project's current code for this run")
    parser.add_argument("--selector", metavar="NAME", help="choose the tools of each round by this selector")
    parser.add_argument("--variant", metavar="NAME", help="use this project variant; it overrides other options")
    parser.add_argument(
        "--no-emulation", dest="may_emulate", action="store_false", help="fail if the wire refuses the tool choice"
    )
    parser.add_argument(
        "--json", dest="as_json", action="store_true", help="one event per line; the last is run.finished"
    )
    add_telemetry(parser)
    parser.set_defaults(do=lambda parsed, terminal: run_command(order_of(RunOrder, parsed), terminal))


def run_command(order: RunOrder, terminal: Terminal, approver: Approver | None = None) -> int:
    """Run and return the exit code. Ctrl-C stops the run, records that, and gives 130.

    `approver` replaces the one named by `order.approve`.
    """
    try:
        return asyncio.run(_run(order, terminal, approver or _approver(order, terminal)))
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED


async def _run(order: RunOrder, terminal: Terminal, approver: Approver) -> int:
    session = Session(order.project, approver=approver, trust_for_now=order.trust, telemetry=order.telemetry)
    try:
        for problem in session.project.problems:
            terminal.complain(str(problem), "bad" if problem.severity == "error" else "warn")
        if session.project.errors:
            return ExitCode.USAGE
        for problem in session.prices.problems:
            terminal.complain(str(problem), "warn")
        if session.store.notice:
            terminal.complain(session.store.notice, "warn")
        if not session.is_trusted:
            terminal.complain(
                "This project is not trusted, so its code does not run and it gets no keys. Review python/ and "
                "workbench.toml, then add --trust.",
                "warn",
            )
        elif not session.trusts_rules:
            terminal.complain(
                "This project's rules are not trusted, so those that say “allow” ask instead. Review workbench.toml, "
                "then add --trust.",
                "warn",
            )
        await _connect(session, terminal)
        printer = EventPrinter(session, terminal, as_json=order.as_json)

        def show(event: RunEvent) -> None:
            printer.event(event)
            if terminal.is_gone:  # output that nobody reads ends the run
                live.stop()

        live = session.runs.start(order.prompt, _options(order, session), listener=show)
        code = await wait_and_print(live, session, terminal, as_json=order.as_json)
        _warn_what_is_not_kept(session, terminal)
        return code
    finally:
        await session.close()


_STATES = {"unapproved": "is not approved", "failed": "has failed", "stopped": "is stopped"}


async def _connect(session: Session, terminal: Terminal) -> None:
    """Start the approved MCP servers and say which are missing."""
    await session.mcp.connect()
    for view in session.mcp.views:
        if view.state not in ("ready", "off"):
            hint = f" Review it with: workbench mcp approve {session.project.folder} {view.name}"
            said = f"The MCP server {view.name} {_STATES.get(view.state, view.state)}"
            said += f": {visible(view.failure)}" if view.failure else f".{hint if view.state == 'unapproved' else ''}"
            terminal.complain(said, "warn")
        for remark in view.remarks:
            terminal.complain(f"The MCP server {view.name}: {visible_line(remark)}.", "warn")
    for change in session.mcp.changed_tools:
        if change.change == "changed":
            said = f"{change.server} has changed its tool {change.name!r} since it was approved; it is withheld."
            terminal.complain(said, "warn")


def _warn_what_is_not_kept(session: Session, terminal: Terminal) -> None:
    try:
        session.store.flush()
    except (StoreError, TimeoutError) as error:
        terminal.complain(f"This run was not fully saved to the history: {error or 'the history is locked'}")


def _options(order: RunOrder, session: Session) -> RunOptions:
    return RunOptions(
        model=order.model,
        base_url=order.base_url,
        instructions=order.system,
        tool_choice=ToolChoicePlan(parse_choice(order.tool_choice)) if order.tool_choice else None,
        parallel_calls=None if order.parallel else False,
        rounds=order.max_rounds,
        policy=policy_for(order.approve, session.project.policy),
        may_emulate=order.may_emulate,
        selector=order.selector,
        variant=VariantStore(session.project.folder).load(order.variant) if order.variant is not None else None,
    )


def _approver(order: RunOrder, terminal: Terminal) -> Approver:
    if order.approve == "all":
        return ConsentingApprover()
    if order.approve != "ask":
        return AbsentApprover("this run asks nobody")
    if order.as_json:
        return AbsentApprover("no one can be asked while events are printed as JSON")
    return TerminalApprover(terminal) if has_person() else AbsentApprover("no one is at the keyboard to approve it")

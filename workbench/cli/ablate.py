"""`workbench ablate`: what made the model choose that? Counterfactuals, each sampled separately."""

import asyncio
from argparse import ArgumentParser
from pathlib import Path

import msgspec

from workbench.app.microscope.ablation_store import AblationStore
from workbench.app.microscope.ablations import Ablation, Ablations
from workbench.app.models.wires import SPEC_USAGE
from workbench.app.replay.replays import Replays
from workbench.app.session import Session
from workbench.cli.arguments import order_of, positive
from workbench.cli.exit_code import ExitCode
from workbench.cli.heat import HeatOrder, show_heat
from workbench.cli.sampled import counted, effect_words, sample_changes, show_distribution
from workbench.cli.terminal import Terminal
from workbench.core.visible_text import visible_line
from workbench.replay.fork_point import USAGE as POINT_USAGE


class AblateOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asked for."""

    project: Path
    run: str
    at: str
    trials: int = 10
    concurrency: int = 4
    expect: str | None = None
    model: str | None = None
    heat: str | None = None
    as_json: bool = False


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("run", metavar="RUN", help="a run id, a prefix of one, or `last`")
    parser.add_argument("--at", required=True, metavar="POINT", help=f"the decision. {POINT_USAGE}")
    parser.add_argument("--trials", type=positive, default=10, metavar="N", help="samples per change")
    parser.add_argument("--concurrency", type=positive, default=4, metavar="N", help="parallel samples")
    parser.add_argument("--expect", metavar="TOOL", help="the expected tool")
    parser.add_argument("--heat", metavar="TOOL", help="leave out this tool's description one sentence at a time")
    parser.add_argument("--model", metavar="SPEC", help=f"another model. {SPEC_USAGE}")
    parser.add_argument("--json", dest="as_json", action="store_true", help="one JSON object")
    parser.set_defaults(do=lambda parsed, terminal: ablate_command(order_of(AblateOrder, parsed), terminal))


def ablate_command(order: AblateOrder, terminal: Terminal) -> int:
    """Sample every change and print its effect; Ctrl-C keeps the results so far and returns 130."""
    return asyncio.run(_ablate(order, terminal))


async def _ablate(order: AblateOrder, terminal: Terminal) -> int:
    session = Session(order.project)
    replays = Replays(session.runs, session.providers, session.prices)
    try:
        if order.heat is not None:
            return await show_heat(_heat_order(order, order.heat), session, replays, terminal)
        ablations = Ablations(replays)
        recording = replays.recording(order.run)
        plan = ablations.plan(
            recording,
            order.at,
            trials=order.trials,
            concurrency=order.concurrency,
            expected=order.expect,
            model=order.model,
        )
        terminal.complain(f"{len(plan.changes)} changes: {plan.estimate}", "dim")
        ablation, was_stopped = await sample_changes(ablations, plan, terminal)
        AblationStore(session.store.folder, session.redactor).keep(plan, ablation, was_stopped=was_stopped)
        _tell(order, ablation, terminal)
        if was_stopped:
            return ExitCode.INTERRUPTED
        return ExitCode.PROVIDER if ablation.failure else ExitCode.ANSWERED
    finally:
        await replays.close()
        await session.close()


def _tell(order: AblateOrder, ablation: Ablation, terminal: Terminal) -> None:
    if order.as_json:
        terminal.json(msgspec.json.encode(ablation).decode())
        return
    terminal.say(f"as it was: {counted(ablation.base)}", "strong")
    show_distribution(ablation.base, terminal)
    original = visible_line(" + ".join(ablation.chosen)) or "no call"
    for row in ablation.rows:
        terminal.say("")
        terminal.say(visible_line(row.change.name), "strong" if row.on_chosen.is_clear else "plain")
        terminal.say(f"  {original}: {effect_words(row.on_chosen)}", "warn" if row.on_chosen.is_clear else "dim")
        if row.on_expected is not None:
            terminal.say(f"  {ablation.expected}: {effect_words(row.on_expected)}")
        show_distribution(row.distribution, terminal, indent="    ")
    if ablation.failure:
        terminal.complain(f"stopped: {ablation.failure}")


def _heat_order(order: AblateOrder, tool: str) -> HeatOrder:
    shared = {name: getattr(order, name) for name in HeatOrder.__struct_fields__ if name != "tool"}
    return HeatOrder(tool=tool, **shared)

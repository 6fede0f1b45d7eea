"""`workbench replay`: a recorded run played back, run again, forked, or one of its decisions sampled."""

import asyncio
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path

import msgspec

from workbench.app.clock import SystemClock
from workbench.app.microscope.marks import Marks
from workbench.app.microscope.sampling_store import SampledArm, SamplingStore
from workbench.app.microscope.votes import kept_sampling
from workbench.app.models.wires import SPEC_USAGE
from workbench.app.replay.replays import Replays, SampleRequest
from workbench.app.session import Session
from workbench.cli.approver import AbsentApprover, TerminalApprover, has_person
from workbench.cli.arguments import order_of, positive
from workbench.cli.exit_code import ExitCode
from workbench.cli.live import EventPrinter, wait_and_print
from workbench.cli.progress import TerminalProgress
from workbench.cli.sampled import counted, effect_words, show_distribution, show_stop, until_stopped
from workbench.cli.terminal import Terminal
from workbench.core.choice import Choice
from workbench.core.distribution import Distribution, effect
from workbench.core.ids import RunId
from workbench.core.mark import Mark, expected_words
from workbench.core.selection import mistakes
from workbench.core.settling import verdict_of
from workbench.core.visible_text import visible
from workbench.replay.fork_point import USAGE as POINT_USAGE
from workbench.replay.fork_tools import ForkTools
from workbench.replay.sampling import Sampling
from workbench.replay.thinking import KeepThinking


class ReplayOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asked for."""

    project: Path
    run: str
    playback: bool = False
    fork_at: str = ""
    variant: str | None = None
    model: str | None = None
    base_url: str = ""
    trials: int = 1
    concurrency: int = 4
    tools: ForkTools | None = None
    keep: KeepThinking | None = None
    message: str | None = None
    speed: float = 1.0
    trust: bool = False
    as_json: bool = False


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    parser.description = "Without an option, reruns the run over its recording, offline, and compares the two."
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("run", metavar="RUN", help="a run id, a prefix of one, or `last`")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--playback", action="store_true", help="play it at recorded speed; nothing is executed or sent")
    way.add_argument("--rerun", action="store_true", help="rerun it over its recording; exit code 1 if it differs")
    way.add_argument("--fork-at", default="", metavar="POINT", help=f"start a new live run there. {POINT_USAGE}")
    parser.add_argument("--variant", metavar="NAME", help="use this project variant (fork only)")
    parser.add_argument("--model", metavar="SPEC", help=f"use another model (fork only). {SPEC_USAGE}")
    parser.add_argument(
        "--base-url",
        default="",
        metavar="URL",
        help="another server with the same wire format, for a fork. A run made with one is forked to the same "
        "address by default; a key goes there only when you pass this option",
    )
    parser.add_argument("--message", metavar="TEXT", help="replace the user message (fork before a message only)")
    parser.add_argument(
        "--trials", type=positive, default=1, metavar="N", help="only sample the decision at this point, N times"
    )
    parser.add_argument("--concurrency", type=positive, default=4, metavar="N", help="parallel samples")
    parser.add_argument(
        "--tools",
        choices=("ask", "mock", "live"),
        help="what answers a fork's calls once it has left the recording: you, mocks, or the project's own rules; "
        "you by default, mocks where no one is at the keyboard",
    )
    parser.add_argument(
        "--keep-thinking",
        dest="keep",
        choices=("exact", "strip", "drop_block", "append_only"),
        help="what to do with sealed thinking; by default it is kept where the vendor allows it",
    )
    parser.add_argument("--speed", type=float, default=1.0, metavar="X", help="speed of the playback")
    parser.add_argument("--trust", action="store_true", help="trust the project's current code for this fork")
    parser.add_argument("--json", dest="as_json", action="store_true", help="output for scripts")
    parser.set_defaults(do=lambda parsed, terminal: replay_command(order_of(ReplayOrder, parsed), terminal))


def replay_command(order: ReplayOrder, terminal: Terminal) -> int:
    """Do it and return the exit code; Ctrl-C keeps what has come and gives 130."""
    return asyncio.run(_replay(order, terminal))


async def _replay(order: ReplayOrder, terminal: Terminal) -> int:
    is_asked = has_person() and not order.as_json
    approver = TerminalApprover(terminal) if is_asked else AbsentApprover("no one is at the keyboard to approve it")
    session = Session(order.project, approver=approver, trust_for_now=order.trust)
    replays = Replays(session.runs, session.providers, session.prices)
    try:
        if order.playback:
            return await _play(order, session, replays, terminal)
        if not order.fork_at:
            return await _rerun(order, replays, terminal)
        if order.trials > 1:
            return await _sample(order, session, replays, terminal)
        return await _fork(order, session, replays, terminal, default="ask" if is_asked else "mock")
    finally:
        await replays.close()
        await session.close()


async def _play(order: ReplayOrder, session: Session, replays: Replays, terminal: Terminal) -> int:
    printer = EventPrinter(session, terminal, as_json=order.as_json, is_live=False)
    playback, remark = replays.playable(order.run)
    playback.set_speed(order.speed)
    async for event in playback:
        printer.event(event)
    printer.end()
    if remark:
        terminal.complain(visible(remark), "warn")
    return ExitCode.ANSWERED


async def _rerun(order: ReplayOrder, replays: Replays, terminal: Terminal) -> int:
    again = await replays.rerun(order.run)
    said = str(again.divergence) if again.divergence is not None else ""
    if order.as_json:
        document = {
            "identical": again.is_identical,
            "divergence": said or None,
            "place": again.divergence.place if again.divergence is not None else None,
            "rounds": again.rounds,
            "calls": again.calls,
            "took_s": again.took_s,
        }
        terminal.json(msgspec.json.encode(document).decode())
    elif again.is_identical:
        terminal.say(
            f"identical · {again.rounds} rounds, {again.calls} calls, {again.took_s * 1000:.0f} ms, nothing sent",
            "good",
        )
    else:
        terminal.say(f"differs · {visible(said)}", "bad")
    return ExitCode.ANSWERED if again.is_identical else ExitCode.FAILED


async def _fork(
    order: ReplayOrder, session: Session, replays: Replays, terminal: Terminal, *, default: ForkTools
) -> int:
    fork, changed = replays.fork(
        replays.recording(order.run),
        order.fork_at,
        variant=order.variant,
        model=order.model,
        keep=order.keep,
        message=order.message,
        base_url=order.base_url,
    )
    for line in changed.lines:
        terminal.complain(str(line), "dim")
    for loss in fork.keeping.losses:
        terminal.complain(f"lost: {loss}", "warn")
    tools = order.tools or default
    if tools != "mock":
        await session.mcp.connect()
    printer = EventPrinter(session, terminal, as_json=order.as_json)
    live = replays.launch(fork, changed, tools=tools, listener=printer.event)
    return await wait_and_print(live, session, terminal, as_json=order.as_json)


async def _sample(order: ReplayOrder, session: Session, replays: Replays, terminal: Terminal) -> int:
    """The decision as it was, and with the variant or the model if one is named: before and after."""
    recording = replays.recording(order.run)
    is_varied = order.variant is not None or order.model is not None
    questions = [
        replays.question(
            recording, order.fork_at, trials=order.trials, concurrency=order.concurrency, base_url=order.base_url
        )
    ]
    if is_varied:
        questions.append(
            replays.question(
                recording,
                order.fork_at,
                trials=order.trials,
                concurrency=order.concurrency,
                variant=order.variant,
                model=order.model,
                keep=order.keep,
                base_url=order.base_url,
            )
        )
    total = questions[0].estimate + questions[1].estimate if is_varied else questions[0].estimate
    terminal.complain(str(total), "dim")
    varied = replays.variants.load(order.variant) if order.variant is not None else None
    arms = [SampledArm(), SampledArm(order.variant or "", varied, order.model)]
    store, clock = SamplingStore(session.store.folder, session.redactor), SystemClock()
    samplings, was_stopped = [], False
    with TerminalProgress(terminal, sum(question.trials for question in questions)) as progress:
        for arm, question in zip(arms, questions, strict=False):
            if not was_stopped:
                sampling, was_stopped = await _draw_samples(order, replays, question, progress)
                samplings.append(sampling)
                kept = kept_sampling(
                    arm, question, sampling, at=clock.now(), concurrency=order.concurrency, was_stopped=was_stopped
                )
                if sampling.samples:
                    store.keep(kept)
    _show_samples(order, session, terminal, questions, samplings)
    if was_stopped:
        show_stop(progress, terminal)
        return ExitCode.INTERRUPTED
    failure = next((sampling.failure for sampling in samplings if sampling.failure), "")
    if failure:
        terminal.complain(f"stopped: {failure}")
    return ExitCode.PROVIDER if failure else ExitCode.ANSWERED


async def _draw_samples(
    order: ReplayOrder, replays: Replays, question: SampleRequest, progress: TerminalProgress
) -> tuple[Sampling, bool]:
    sampler = replays.sampler(question, lambda _: progress.step())
    drawing = sampler.draw(order.trials, concurrency=order.concurrency)
    return await until_stopped(drawing, lambda: sampler.sampling)


def _show_samples(
    order: ReplayOrder, session: Session, terminal: Terminal, questions: list[SampleRequest], samplings: list[Sampling]
) -> None:
    found = [sampling.distribution for sampling in samplings]
    names = ["as it was", order.variant or order.model or ""]
    chosen = questions[0].point.chosen
    mark = Marks(session.store.folder, session.redactor).at(
        RunId(questions[0].point.run_id), str(questions[0].point.point)
    )
    if order.as_json:
        document = {
            "point": str(questions[0].point.point),
            "chosen": chosen,
            "distributions": dict(zip(names, found, strict=False)),
            "mark": mark,
        }
        terminal.json(msgspec.json.encode(document).decode())
        return
    if chosen is not None:
        terminal.say(f"recorded choice: {visible(str(chosen))}", "strong")
    for name, distribution in zip(names, found, strict=False):
        terminal.say(f"{name}: {counted(distribution)}", "strong")
        show_distribution(distribution, terminal)
    if len(found) == 2 and chosen is not None:

        def is_as_chosen(choice: Choice) -> bool:
            return choice.tools == chosen.tools

        terminal.say(f"{visible(chosen.tools)}: {effect_words(effect(found[0], found[1], is_as_chosen))}", "strong")
    if len(found) == 2 and mark is not None:
        _show_mark(mark, questions, found, terminal)


def _is_right(mark: Mark, question: SampleRequest) -> Callable[[Choice], bool]:
    return lambda choice: not mistakes(mark.expectation, choice, question.put.request.tools)


def _show_mark(mark: Mark, questions: list[SampleRequest], found: list[Distribution], terminal: Terminal) -> None:
    """How the share of what the mark expects has changed."""
    before, after = (
        each.share_where(_is_right(mark, question)) for question, each in zip(questions, found, strict=True)
    )
    verdict = verdict_of(after, before)
    shares = " → ".join(f"{share.count} of {share.trials}" for share in (before, after))
    terminal.say(f"as marked ({expected_words(mark.expected)}): {shares}: {verdict}", "strong")

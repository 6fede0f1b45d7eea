"""`workbench ablate --heat TOOL`: each sentence of a description left out in turn."""

from pathlib import Path

import msgspec

from workbench.app.microscope.ablation_store import AblationStore
from workbench.app.microscope.ablations import Ablations
from workbench.app.microscope.sentence_heat import Heat, SentenceHeat, heat_of, plan_heat
from workbench.app.replay.replays import Replays
from workbench.app.session import Session
from workbench.cli.exit_code import ExitCode
from workbench.cli.sampled import counted, effect_words, sample_changes, show_distribution
from workbench.cli.terminal import Terminal
from workbench.core.distribution import Effect
from workbench.core.visible_text import visible_line

_SENTENCE_CHARS = 100


class HeatOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asked for."""

    project: Path
    run: str
    at: str
    tool: str
    trials: int
    concurrency: int
    expect: str | None = None
    model: str | None = None
    as_json: bool = False


async def show_heat(order: HeatOrder, session: Session, replays: Replays, terminal: Terminal) -> int:
    """Sample, keep and tell the heat of one description; Ctrl-C keeps what has come and gives 130."""
    plan = plan_heat(
        replays,
        replays.recording(order.run),
        order.at,
        order.tool,
        trials=order.trials,
        concurrency=order.concurrency,
        expected=order.expect,
        model=order.model,
    )
    count = len(plan.changes)
    terminal.complain(f"{count} sentence{'' if count == 1 else 's'}: {plan.estimate}", "dim")
    ablations = Ablations(replays)
    ablation, was_stopped = await sample_changes(ablations, plan, terminal)
    AblationStore(session.store.folder, session.redactor).keep(plan, ablation, was_stopped=was_stopped)
    heat = heat_of(plan, ablation, order.tool)
    if not was_stopped and not heat.failure:
        session.heats.keep(heat)
    if order.as_json:
        terminal.json(msgspec.json.encode(heat).decode())
    else:
        _tell(heat, terminal)
    if was_stopped:
        return ExitCode.INTERRUPTED
    return ExitCode.PROVIDER if heat.failure else ExitCode.ANSWERED


def sentence_pull(effect: Effect) -> float:
    """What having the sentence does to the share, in points: the change of leaving it out, turned round."""
    return -effect.change * 100 or 0.0


def _tell(heat: Heat, terminal: Terminal) -> None:
    terminal.say(f"as it is: {counted(heat.base)}", "strong")
    show_distribution(heat.base, terminal)
    terminal.say("")
    terminal.say("points that each sentence adds to the share, by leaving it out", "dim")
    original = visible_line(" + ".join(heat.chosen)) or "no call"
    for sentence in heat.sentences:
        _show_sentence(sentence, original, heat.expected, terminal)
    if heat.failure:
        terminal.complain(f"stopped: {heat.failure}")


def _show_sentence(found: SentenceHeat, original: str, expected: str | None, terminal: Terminal) -> None:
    text = visible_line(found.sentence.text.strip(), max_chars=_SENTENCE_CHARS)
    terminal.say(f"{sentence_pull(found.on_chosen):+5.0f}  {text}", "warn" if found.on_chosen.is_clear else "plain")
    terminal.say(f"       without it, {original}: {effect_words(found.on_chosen)}", "dim")
    if found.on_expected is not None and expected is not None:
        terminal.say(f"       without it, {visible_line(expected)}: {effect_words(found.on_expected)}", "dim")

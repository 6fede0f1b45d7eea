"""`workbench suite generate`, `suggest`, and `pin`: cases and candidates that are made, and a baseline that is kept."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from workbench.app.models.wires import SPEC_USAGE
from workbench.app.session import Session
from workbench.app.suites.case_generation import GenerationOrder, generate_cases, read_entities
from workbench.app.suites.pinned_baseline import Pin
from workbench.app.suites.suggesting import candidates_of_model, candidates_of_rules, reads_triggers, save_candidates
from workbench.cli.arguments import positive, utf8
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.core.errors import UsageError
from workbench.core.suite.case import SPLITS
from workbench.core.suite.results import SuiteResults
from workbench.core.suite.suggestion import Confusion, confusions
from workbench.core.suite.trial import AS_IT_IS, ArmKey
from workbench.core.visible_text import visible_line


def add_generate(parser: ArgumentParser) -> None:
    """What `generate` takes."""
    parser.add_argument("suite", metavar="SUITE")
    parser.add_argument("--tool", action="append", default=[], metavar="NAME", help="only cases of this tool")
    parser.add_argument("--count", type=positive, default=5, metavar="N", help="cases per tool (default: 5)")
    parser.add_argument("--model", type=utf8, default="", metavar="SPEC", help="the model that writes the requests")
    parser.add_argument("--entities", type=Path, metavar="FILE", help='values by parameter: {"order_id": ["A-1"]}')
    parser.add_argument("--split", choices=SPLITS, default="tune", help="the split of the new cases")


async def generate(session: Session, parsed: Namespace, terminal: Terminal) -> int:
    """Make cases backwards: calls first, then a request for each of them."""
    order = GenerationOrder(
        suite=parsed.suite,
        tools=tuple(parsed.tool),
        count=parsed.count,
        model=parsed.model,
        split=parsed.split,
        entities=read_entities(parsed.entities) if parsed.entities is not None else {},
    )
    report = await generate_cases(session.suites.files, session.toolset, session.providers, order)
    for row in report.rows:
        if row.status != "exact":
            terminal.say(f"{row.case}: {row.status}: {visible_line(row.note)}", "warn")
    what = "1 case" if report.taken == 1 else f"{report.taken} cases"
    terminal.say(f"Added {what} to suites/{parsed.suite}.jsonl.")
    return ExitCode.ANSWERED if report.taken else ExitCode.FAILED


def add_suggest(parser: ArgumentParser) -> None:
    """What `suggest` takes."""
    parser.add_argument("run", metavar="RUN", help="a suite run: its id, a prefix of it, or `last`")
    parser.add_argument("--arm", default="", metavar="ARM", help="the variant whose confusions are improved")
    parser.add_argument("--expected", default="", metavar="TOOL", help="only the confusions of this expected choice")
    parser.add_argument("--model", type=utf8, default="", metavar="SPEC", help=f"also ask a model: {SPEC_USAGE}")
    parser.add_argument("--save", action="store_true", help="save the candidates as variants, ready to race")


async def suggest(session: Session, parsed: Namespace, terminal: Terminal) -> int:
    """Propose edits for the worst confusion of a suite run. No tool is changed."""
    results = session.suites.results(parsed.run)
    arm = arm_named(results, parsed.arm)
    confusion = _worst(results, arm, parsed.expected)
    variants, toolset = session.suites.variants, session.toolset
    reads = reads_triggers(session.providers, arm.model)
    found = candidates_of_rules(confusion, toolset, variants.names(), reads_triggers=reads)
    if parsed.model:
        taken = (*variants.names(), *(each.name for each in found))
        found += await candidates_of_model(session.providers, parsed.model, confusion, toolset, taken)
    terminal.say(visible_line(confusion.title), "strong")
    for candidate in found:
        terminal.say(f"{candidate.name}  {candidate.tokens:+d} tokens a request  {visible_line(candidate.why)}")
        for tool, edit in candidate.variant.tools.items():
            text = edit.description if edit.description is not None else f"triggers {' '.join(edit.triggers or ())}"
            terminal.say(f"  {visible_line(tool)}: {visible_line(text)}", "dim")
    if not found:
        terminal.say("No rule has a proposal for it.", "dim")
        return ExitCode.FAILED
    if parsed.save:
        save_candidates(variants, found)
        names = " ".join(f"--variant {each.name}" for each in found)
        terminal.say(f"Saved as variants. Race them: workbench suite run PROJECT {results.run.suite} {names} --race")
    return ExitCode.ANSWERED


def add_pin(parser: ArgumentParser) -> None:
    """What `pin` takes."""
    parser.add_argument("run", metavar="RUN", help="a suite run: its id, a prefix of it, or `last`")
    parser.add_argument("--arm", default="", metavar="ARM", help="the variant to pin; the project as it is without")
    parser.add_argument("--off", action="store_true", help="unpin the baseline of that suite")


def pin(session: Session, parsed: Namespace, terminal: Terminal) -> int:
    """Pin an arm of a suite run: later runs of the suite are compared with it as well."""
    results = session.suites.results(parsed.run)
    arm = arm_named(results, parsed.arm)
    here = None if parsed.off else Pin(results.run.suite_run_id, arm.key)
    words = f"Unpinned the baseline of {results.run.suite}" if parsed.off else f"Pinned {arm.title}"
    terminal.say(f"{visible_line(session.suites.pins.pin(results.run.suite, here, words).words)}.")
    return ExitCode.ANSWERED


def arm_named(results: SuiteResults, name: str) -> ArmKey:
    """The arm of that variant, title or key; the first one without a name. Raises `UsageError`."""
    arms = results.run.arms
    found = next((arm for arm in arms if name in (arm.key, arm.variant or AS_IT_IS, arm.title)), None)
    if name and found is None:
        raise UsageError(f"there is no arm {name!r}", hint=f"Arms: {', '.join(arm.title for arm in arms)}.")
    return found or arms[0]


def _worst(results: SuiteResults, arm: ArmKey, expected: str) -> Confusion:
    found = [each for each in confusions(results, arm) if expected in ("", each.expected)]
    if not found:
        what = f" of {expected}" if expected else ""
        raise UsageError(f"no tune case{what} went wrong there", hint="Run the suite on tune cases first.")
    return found[0]

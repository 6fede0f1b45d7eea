"""`workbench suite`: cases that show whether a change helped: new, import, audit, plan, run, compare, examples …"""

import asyncio
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Coroutine
from decimal import Decimal, InvalidOperation
from pathlib import Path

from workbench.app.models.wires import SPEC_USAGE
from workbench.app.session import Session
from workbench.app.suites.example_making import add_tune_cases
from workbench.app.suites.suite_judging import judged
from workbench.app.suites.suite_order import HERE, check_place
from workbench.app.suites.suite_pilot import recorded_pilot
from workbench.app.suites.suite_plan import Prospect, prospect
from workbench.app.suites.suite_report import SuiteReport, report_markdown, tag_table
from workbench.app.suites.suite_words import estimate_words, prospect_words
from workbench.cli.arguments import add_telemetry, positive, telemetry_of, utf8
from workbench.cli.exit_code import ExitCode
from workbench.cli.suite_run import order_of, run_suite, say_findings, say_report
from workbench.cli.suite_work import add_generate, add_pin, add_suggest, generate, pin, suggest
from workbench.cli.terminal import Terminal
from workbench.core.errors import UsageError
from workbench.core.statistics.availability import check_statistics
from workbench.core.suite.case import SPLITS
from workbench.core.suite.results import SuiteResults, together
from workbench.core.suite.suite import tag_counts
from workbench.core.visible_text import visible_line

_Action = Callable[[Session, Namespace, Terminal], int | Coroutine[None, None, int]]


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    actions = parser.add_subparsers(metavar="ACTION", required=True)

    def action(name: str, about: str, do: _Action, *, needs_tools: bool = True) -> ArgumentParser:
        own: ArgumentParser = actions.add_parser(name, help=about)
        own.add_argument("project", type=Path, metavar="PROJECT")
        own.set_defaults(do=lambda parsed, terminal: _with_session(do, parsed, terminal, needs_tools=needs_tools))
        return own

    new = action(
        "new", "create a suite, from the decisions you marked as wrong if there are any", _new, needs_tools=False
    )
    new.add_argument("suite", metavar="SUITE")
    bring = action("import", "import cases; whatever cannot be converted is reported", _import)
    bring.add_argument("suite", metavar="SUITE")
    bring.add_argument("file", type=Path, metavar="FILE", help="a JSONL, CSV or JSON file of cases")
    add_generate(action("generate", "make cases from the tools: calls first, then requests for them", generate))
    audit = action("audit", "look for anything that would invalidate a conclusion", _audit)
    audit.add_argument("suite", metavar="SUITE", help="a suite, a suite run, or `last`")
    plan = action("plan", "estimate what a run needs, and whether it could show a difference", _plan)
    _add_order(plan)
    plan.add_argument("--fixed", type=_percent, metavar="P", help="percent of cases that the change should fix")
    plan.add_argument("--broken", type=_percent, metavar="P", help="percent of cases that the change may break")
    run = action("run", "run a suite, and compare variants and models", run_suite)
    _add_order(run)
    run.add_argument("--resume", metavar="RUN", help="resume a suite run: its id, a prefix of it, or `last`")
    run.add_argument("--race", action="store_true", help="race variants on tune cases, confirm the best on held-out")
    run.add_argument("--pilot", action="store_true", help="run 30 tune cases only, for `suite plan` to plan by")
    run.add_argument("--stop-early", action="store_true", help="end as soon as the question is decided")
    run.add_argument("--fail-under", type=_percent, metavar="P", help="exit with 6 below this percentage right")
    run.add_argument("--no-reuse", dest="reuse", action="store_false", help="ask again even if answered before")
    run.add_argument("--trust", action="store_true", help="trust the project's current code for this run")
    run.add_argument("--json", action="store_true", help="one trial per line; the last line is suite.finished")
    _add_files(run)
    add_telemetry(run)
    compare = action("compare", "compare the arms of a suite run", _compare)
    compare.add_argument("run", metavar="RUN", help="a suite run: its id, a prefix of it, or `last`")
    compare.add_argument(
        "with_run", nargs="?", metavar="LATER", help="a later suite run whose arms are compared with it"
    )
    compare.add_argument("--baseline", metavar="ARM", default="", help="the variant to compare the others with")
    compare.add_argument("--json", action="store_true", help="one JSON object")
    _add_files(compare)
    examples = action(
        "examples", "give tools the requests of tune cases as examples, for routing", _examples, needs_tools=False
    )
    examples.add_argument("suite", metavar="SUITE")
    add_suggest(action("suggest", "propose edits for the worst confusion of a suite run", suggest))
    add_pin(action("pin", "pin an arm that later runs of the suite are compared with", pin, needs_tools=False))
    show = action("show", "list suites and suite runs, or show one of them", _show, needs_tools=False)
    show.add_argument("what", nargs="?", metavar="RUN", help="a suite, a suite run, or `last`")
    show.add_argument("--by-tag", action="store_true", help="show the share of wrong cases of each tag")
    show.add_argument("--wrong", action="store_true", help="list the cases that went wrong")


def _add_order(parser: ArgumentParser) -> None:
    parser.add_argument("suite", metavar="SUITE")
    parser.add_argument(
        "--variant", action="append", default=[], metavar="NAME", help="compare this variant with the project as it is"
    )
    parser.add_argument("--model", action="append", default=[], type=utf8, metavar="SPEC", help=SPEC_USAGE)
    parser.add_argument(
        "--selector", action="append", default=[], metavar="NAME", help="compare this selector with offering all tools"
    )
    parser.add_argument("--trials", type=positive, default=1, metavar="N", help="trials per case")
    parser.add_argument(
        "--concurrency",
        type=positive,
        metavar="N",
        help="trials per connection at the same time (default: 4 here, or what a cluster has room for)",
    )
    parser.add_argument("--split", choices=(*SPLITS, "all"), default="tune", help="the cases to use")
    parser.add_argument("--per-cluster", type=positive, metavar="N", help="use at most this many cases per cluster")
    parser.add_argument(
        "--on",
        type=_place,
        default=HERE,
        metavar="WHERE",
        help="batch: through the vendors' batch APIs, for half the price; dask://HOST:PORT: on a Dask cluster",
    )
    parser.add_argument("--budget", type=_dollars, metavar="USD", help="stop when this amount is spent")


def _add_files(parser: ArgumentParser) -> None:
    parser.add_argument("--junit", type=Path, metavar="FILE", help="write JUnit XML for a build server")
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write one row per trial")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write one HTML file with tables and charts")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables as Markdown")


def _with_session(do: _Action, parsed: Namespace, terminal: Terminal, *, needs_tools: bool) -> int:
    async def work() -> int:
        session = Session(parsed.project, trust_for_now=getattr(parsed, "trust", False), telemetry=telemetry_of(parsed))
        try:
            for problem in session.project.problems:
                terminal.complain(str(problem), "bad" if problem.severity == "error" else "warn")
            if session.project.errors:
                return ExitCode.USAGE
            if needs_tools:
                await session.mcp.connect()
            found = do(session, parsed, terminal)
            return found if isinstance(found, int) else await found
        finally:
            await session.close()

    try:
        return asyncio.run(work())
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED


def _new(session: Session, parsed: Namespace, terminal: Terminal) -> int:
    made = session.suites.new(parsed.suite)
    terminal.say(f"{made.words}. Edit suites/{parsed.suite}.jsonl: one case on each line.")
    return ExitCode.ANSWERED


def _import(session: Session, parsed: Namespace, terminal: Terminal) -> int:
    report = session.suites.bring(parsed.suite, parsed.file)
    for row in report.rows:
        if row.status != "exact":
            terminal.say(f"{row.case}: {row.status}: {visible_line(row.note)}", "warn")
    terminal.say(f"{report.words}.")
    return ExitCode.ANSWERED if report.taken else ExitCode.FAILED


def _examples(session: Session, parsed: Namespace, terminal: Terminal) -> int:
    suites = session.suites
    made = add_tune_cases(session.project.folder, session.project.toolset, suites.files, parsed.suite)
    terminal.say(f"{made.words}. Held-out cases were not used.")
    return ExitCode.ANSWERED


def _audit(session: Session, parsed: Namespace, terminal: Terminal) -> int:
    suites = session.suites
    is_suite = parsed.suite in suites.files.names()
    found = suites.audit(parsed.suite) if is_suite else suites.audit_run(suites.results(parsed.suite))
    say_findings(found, terminal)
    if not found:
        terminal.say("Nothing found that weighs against a claim.", "good")
    return ExitCode.FAILED if any(each.weight == "blocks" for each in found) else ExitCode.ANSWERED


def _plan(session: Session, parsed: Namespace, terminal: Terminal) -> int:
    if (parsed.fixed is None) != (parsed.broken is None):
        raise UsageError("--fixed and --broken go together", hint="Use 0 for none.")
    order = order_of(parsed)
    estimated = session.suites.estimate(order)
    terminal.say(estimate_words(estimated))
    check_statistics()
    if parsed.fixed is not None:
        found: Prospect | None = prospect(parsed.fixed / 100, parsed.broken / 100, estimated.cases)
    else:
        found = recorded_pilot(session.suites, parsed.suite, order.variants[-1])
    if found is None:
        terminal.say(
            "Give --fixed and --broken, or run the variant with --pilot first, to see whether that is enough.", "dim"
        )
        return ExitCode.ANSWERED
    terminal.say(prospect_words(prospect(found.fixed, found.broken, estimated.cases, basis=found.basis)))
    return ExitCode.ANSWERED


def _compare(session: Session, parsed: Namespace, terminal: Terminal) -> int:
    suites = session.suites
    results = suites.results(parsed.run)
    if parsed.with_run is not None:
        results = together(results, suites.results(parsed.with_run))
    say_report(judged(suites, results, baseline=parsed.baseline), parsed, terminal)
    return ExitCode.ANSWERED


def _show(session: Session, parsed: Namespace, terminal: Terminal) -> int:
    suites = session.suites
    if parsed.what is None:
        _list(session, terminal)
        return ExitCode.ANSWERED
    if parsed.what in suites.files.names():
        suite = suites.files.load(parsed.what)
        terminal.say(f"{suite.name}: {len(suite.cases)} cases", "strong")
        for split in SPLITS:
            cases = suite.of_split(split)
            terminal.say(f"  {split}: {len(cases)} cases, {len({case.unit for case in cases})} clusters")
        tags = ", ".join(f"{visible_line(tag)} {count}" for tag, count in tag_counts(suite).most_common(12))
        terminal.say(f"  tags: {tags or 'none'}")
        for problem in suite.problems:
            terminal.say(f"  {problem}", "warn")
        return ExitCode.ANSWERED
    results = suites.results(parsed.what)
    for line in report_markdown(SuiteReport(results)).splitlines():
        terminal.say(line)
    if parsed.by_tag:
        terminal.say("")
        for line in tag_table(results).splitlines():
            terminal.say(line)
    if parsed.wrong:
        _say_wrong(results, terminal)
    return ExitCode.ANSWERED


def _list(session: Session, terminal: Terminal) -> None:
    suites = session.suites
    for name in suites.files.names():
        terminal.say(name, "strong")
    for run in suites.recorded():
        arms = ", ".join(visible_line(arm.title) for arm in run.arms)
        terminal.say(f"  {run.suite_run_id}  {visible_line(run.suite)}  {run.split}  {len(run.cases)} cases  {arms}")
    if not suites.files.names():
        terminal.say("No suites. Make one with: workbench suite new PROJECT SUITE", "dim")


def _say_wrong(results: SuiteResults, terminal: Terminal) -> None:
    for trial in results.trials:
        arm, case = results.run.arm(trial.arm), results.cases.get(trial.case)
        if trial.grade is None or trial.grade.is_right or case is None or arm is None:
            continue
        terminal.say("")
        terminal.say(f"{visible_line(case.case_id)} · {visible_line(arm.title)}: {visible_line(case.request)}")
        grade = trial.grade
        terminal.say(f"  {visible_line(grade.chosen)} instead of {visible_line(grade.expected)}  {trial.run_id}", "bad")


def _place(text: str) -> str:
    try:
        return check_place(text)
    except UsageError as error:
        raise ArgumentTypeError(str(error)) from None


def _percent(text: str) -> float:
    try:
        value = float(text.rstrip("%"))
    except ValueError:
        value = -1.0
    if not 0 <= value <= 100:
        raise ArgumentTypeError(f"{text[:20]!r} is not a percentage from 0 to 100")
    return value


def _dollars(text: str) -> Decimal:
    try:
        value = Decimal(text.lstrip("$"))
    except InvalidOperation:
        value = Decimal(-1)
    if not value.is_finite() or value < 0:
        raise ArgumentTypeError(f"{text[:20]!r} is not an amount of US dollars")
    return value

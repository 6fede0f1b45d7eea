"""A suite run as one self-contained HTML file with charts: no script, no link, no file beside it.

Everything that comes from a case or a model is escaped, and a content policy forbids the page to load or run anything
but its own style sheet.
"""

from collections.abc import Iterable, Iterator, Sequence

from workbench.app.suites.suite_report import SuiteReport, arm_note, verdict_figures, verdict_line
from workbench.core.html_page import html_page, html_text
from workbench.core.interval import Interval
from workbench.core.suite.comparing import Verdict
from workbench.core.suite.results import ArmTotal, ConfusionMatrix, SuiteResults
from workbench.core.suite.trial import ArmKey

MOST_CASE_ROWS = 5_000
_WIDTH, _ROW, _NAMES, _EDGE, _AXIS = 900, 26, 300, 24, 22
_SHADES = 4
STYLE = """
:root { color-scheme: light dark; --line: #8886; --good: #2a7d4f; --warn: #9a6700; --bad: #b3261e; --mark: #3574c4; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; }
th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; white-space: pre-wrap; }
td.n { text-align: right; white-space: nowrap; }
th { font-weight: 600; }
.improvement { color: var(--good); } .regression, .blocks { color: var(--bad); }
.insufficient, .warns { color: var(--warn); }
svg { display: block; width: 100%; max-width: 900px; height: auto; }
svg text { font: 13px system-ui, sans-serif; fill: currentColor; }
svg .grid { stroke: var(--line); } svg .zero { stroke: currentColor; }
svg .mark { stroke: var(--mark); fill: var(--mark); stroke-width: 2; }
svg .improvement { stroke: var(--good); fill: var(--good); } svg .regression { stroke: var(--bad); fill: var(--bad); }
svg .band { fill: var(--line); opacity: .35; }
.g1 { background: #2a7d4f22; } .g2 { background: #2a7d4f44; }
.g3 { background: #2a7d4f77; } .g4 { background: #2a7d4faa; }
.b1 { background: #b3261e22; } .b2 { background: #b3261e44; }
.b3 { background: #b3261e77; } .b4 { background: #b3261eaa; }
"""


def report_html(report: SuiteReport) -> str:
    """The page, complete."""
    run = report.results.run
    title = f"{run.suite}: {len(run.cases)} {'cases' if run.split == 'all' else f'{run.split} cases'}"
    body = (
        f"<p>Suite run <code>{html_text(run.suite_run_id)}</code></p>",
        *_totals(report),
        *_verdicts(report),
        *_findings(report),
        *(line for arm in run.arms for line in _matrix(arm, report.results.matrix(arm))),
        *_tags(report.results),
        *_cases(report.results),
    )
    return html_page(title, STYLE, body)


def _totals(report: SuiteReport) -> Iterator[str]:
    rows = [(f"{split} · {total.arm.title}", total) for split, total in report.totals_by_split]
    yield "<h2>Right choices, with 95 % intervals</h2>"
    yield from _shares([(title, total) for title, total in rows if total.right is not None])
    headings = (
        "Arm",
        "Split",
        "Right",
        "95 %",
        "First call right",
        "Arguments right",
        "Valid",
        "Always right",
        "Flaky",
    )
    yield from _table(
        (*headings, "Cases", "Clusters", "Note"),
        (
            (
                total.arm.title,
                split,
                _percent(total.right),
                f"{_percent(total.interval.low)} – {_percent(total.interval.high)}",
                _percent(total.direct),
                _percent(total.arguments),
                _percent(total.valid),
                _percent(total.all_right),
                str(total.flaky),
                str(total.cases),
                str(total.clusters),
                arm_note(total.arm),
            )
            for split, total in report.totals_by_split
        ),
    )


def _verdicts(report: SuiteReport) -> Iterator[str]:
    for comparison in report.comparisons:
        where = f" on {comparison.split} cases" if comparison.split else ""
        yield f"<h2>{html_text(comparison.after.title)} compared with {html_text(comparison.before.title)}{where}</h2>"
        yield from _changes([verdict for verdict in comparison.verdicts if verdict.axis in ("selection", "arguments")])
        yield "<ul>"
        for verdict in comparison.verdicts:
            yield f'<li class="{verdict.word.split()[0]}">{html_text(verdict_line(verdict))}</li>'
        yield "</ul>"


def _findings(report: SuiteReport) -> Iterator[str]:
    if report.findings:
        yield f"<h2>{'What weighs against a claim' if report.blocked else 'To keep in mind'}</h2><ul>"
        yield from (f'<li class="{found.weight}">{html_text(str(found))}</li>' for found in report.findings)
        yield "</ul>"


def _matrix(arm: ArmKey, matrix: ConfusionMatrix) -> Iterator[str]:
    if not matrix.rows:
        return
    yield f"<h2>Expected (rows) and chosen (columns) by {html_text(arm.title)}</h2><table><thead><tr><td></td>"
    yield "".join(f'<th scope="col">{html_text(name)}</th>' for name in matrix.columns) + "</tr></thead><tbody>"
    for expected in matrix.rows:
        whole = sum(matrix.count(expected, chosen) for chosen in matrix.columns) or 1
        yield f'<tr><th scope="row">{html_text(expected)}</th>'
        for chosen in matrix.columns:
            count = matrix.count(expected, chosen)
            shade = f"{'g' if expected == chosen else 'b'}{max(1, round(_SHADES * count / whole))}" if count else ""
            yield f'<td class="n {shade}">{count or ""}</td>'
        yield "</tr>"
    yield "</tbody></table>"


def _tags(results: SuiteResults) -> Iterator[str]:
    arms = results.run.arms
    rows = [
        (tag, *(_share_words(results.total(arm, only=lambda case, tag=tag: tag in case.tags)) for arm in arms))  # type: ignore[misc]
        for tag in results.tags
    ]
    if rows:
        yield "<h2>Wrong choices by tag</h2>"
        yield from _table(("Tag", *(arm.title for arm in arms)), rows)


def _cases(results: SuiteResults) -> Iterator[str]:
    """Every trial, wrong ones first."""
    rows = []
    for trial in results.trials:
        case, arm = results.cases.get(trial.case), results.run.arm(trial.arm)
        if case is None or arm is None:
            continue
        grade = trial.grade
        is_right = grade is not None and grade.is_right
        said = trial.failure if grade is None else "; ".join(str(mistake) for mistake in grade.mistakes)
        chosen = "not answered" if grade is None else grade.chosen
        mark = "✓" if is_right else "–" if grade is None else "✗"
        rows.append((is_right, (mark, case.case_id, arm.title, case.request, case.label, chosen, said)))
    rows.sort(key=lambda row: row[0])
    yield "<h2>Trials</h2>"
    yield from _table(
        ("", "Case", "Arm", "Request", "Expected", "Chosen", "Mistakes"), (row for _, row in rows[:MOST_CASE_ROWS])
    )
    if len(rows) > MOST_CASE_ROWS:
        yield f"<p>{len(rows) - MOST_CASE_ROWS:,} more trials are in the CSV export.</p>"


def _shares(rows: Sequence[tuple[str, ArmTotal]]) -> Iterator[str]:
    marks = [(title, total.right or 0.0, total.interval, "") for title, total in rows]
    yield from _chart(marks, low=0.0, high=1.0, ticks=(0.0, 0.25, 0.5, 0.75, 1.0), words="{:.0%}")


def _changes(verdicts: Sequence[Verdict]) -> Iterator[str]:
    reach = max((abs(end) for each in verdicts for end in (each.interval.low, each.interval.high)), default=0.0)
    reach = max(0.1, -(-reach * 10 // 1) / 10)
    marks = [
        (f"{verdict.axis} {verdict_figures(verdict)[2]}", verdict.change, verdict.interval, verdict.word.split()[0])
        for verdict in verdicts
    ]
    margin = verdicts[0].margin if verdicts else 0.0
    ticks = (-reach, -reach / 2, 0.0, reach / 2, reach)
    yield from _chart(marks, low=-reach, high=reach, ticks=ticks, words="{:+.0%}", band=margin)


def _chart(
    marks: Sequence[tuple[str, float, Interval, str]],
    *,
    low: float,
    high: float,
    ticks: Sequence[float],
    words: str,
    band: float = 0.0,
) -> Iterator[str]:
    """A row for each (name, value, interval, class): a dot for the value, a line for its interval."""
    if not marks:
        return
    height, right = _ROW * len(marks), _WIDTH - _EDGE

    def x(value: float) -> float:
        return round(_NAMES + (right - _NAMES) * (min(max(value, low), high) - low) / (high - low), 1)

    names = "; ".join(f"{name}: {words.format(value)}" for name, value, _, _ in marks)
    yield f'<svg viewBox="0 0 {_WIDTH} {height + _AXIS}" role="img" aria-label="{html_text(names)}">'
    if band:
        yield f'<rect class="band" x="{x(-band)}" y="0" width="{round(x(band) - x(-band), 1)}" height="{height}"/>'
    for tick in ticks:
        kind = "zero" if band and tick == 0 else "grid"
        yield f'<line class="{kind}" x1="{x(tick)}" y1="0" x2="{x(tick)}" y2="{height}"/>'
        yield f'<text x="{x(tick)}" y="{height + 15}" text-anchor="middle">{words.format(tick)}</text>'
    for place, (name, value, interval, kind) in enumerate(marks):
        y = place * _ROW + _ROW // 2
        yield f'<text x="0" y="{y + 4}">{html_text(name[:44])}</text>'
        yield f'<g class="mark {kind}"><line x1="{x(interval.low)}" y1="{y}" x2="{x(interval.high)}" y2="{y}"/>'
        yield f'<circle cx="{x(value)}" cy="{y}" r="4"/></g>'
    yield "</svg>"


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield "<table><thead><tr>" + "".join(f'<th scope="col">{html_text(name)}</th>' for name in headings)
    yield "</tr></thead><tbody>"
    for row in rows:
        yield "<tr>" + "".join(f"<td>{html_text(cell)}</td>" for cell in row) + "</tr>"
    yield "</tbody></table>"


def _share_words(total: ArmTotal) -> str:
    return "–" if total.right is None else f"{_percent(1 - total.right)} of {total.cases}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{max(0.0, share):.1%}"

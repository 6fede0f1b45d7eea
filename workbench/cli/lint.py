"""`workbench lint`: what can be said about a project's tools from their text alone."""

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

import msgspec

from workbench.app.lint.baseline import read_baseline, without_known
from workbench.app.lint.effects import grounds_of
from workbench.app.lint.fixing import fix_everything
from workbench.app.lint.project_lint import RULE_OF, LintFinding, lint_project
from workbench.app.lint.sarif import sarif
from workbench.app.mcp.known_tools import known_tools
from workbench.app.models.wires import KEY_OF_WIRE
from workbench.app.project.folders import UserFolders
from workbench.app.runs.report_line import TerminalTone
from workbench.cli.arguments import order_of
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.cli.tested import coverage_of
from workbench.core.errors import UsageError
from workbench.core.json_text import pretty
from workbench.core.lint.finding import SEVERITIES, Severity
from workbench.core.project_folder import PROJECT_FILE
from workbench.core.visible_text import visible_line
from workbench.store.mcp_store import McpStore
from workbench.store.project import load_project
from workbench.store.tool_file import write_whole

_TONES: dict[Severity, TerminalTone] = {"error": "bad", "warning": "warn", "note": "dim"}


class LintOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asked for."""

    project: Path
    as_json: bool = False
    sarif: Path | None = None
    baseline: Path | None = None
    grounds: bool = False
    fix: bool = False


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    parser.description = (
        "Tools of approved MCP servers are checked as they were last listed; nothing is started. Exit code 0: no "
        "errors or warnings; 1: errors or warnings; 2: wrong usage. Notes never count."
    )
    parser.add_argument("project", type=Path, metavar="PROJECT")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", dest="as_json", action="store_true", help="one JSON object")
    form.add_argument("--sarif", type=Path, metavar="FILE", help="write SARIF 2.1.0 for code-scanning services")
    parser.add_argument(
        "--baseline", type=Path, metavar="FILE", help="ignore findings in an earlier --json or --sarif output"
    )
    parser.add_argument("--grounds", action="store_true", help="also print why each rule exists, with its source")
    parser.add_argument("--fix", action="store_true", help="apply all fixes first and list them")
    parser.set_defaults(do=lambda parsed, terminal: lint_command(order_of(LintOrder, parsed), terminal))


def lint_command(order: LintOrder, terminal: Terminal) -> int:
    """List the findings; nothing is sent, nothing of the project runs, and without `--fix` nothing is changed. Raises
    `UsageError` for a file that cannot be read or written."""
    if order.fix:
        for file, words in fix_everything(load_project(order.project, KEY_OF_WIRE).folder).made:
            terminal.complain(visible_line(f"{file}: fixed: {words}", max_chars=300), "good")
    project = load_project(order.project, KEY_OF_WIRE)
    known = read_baseline(order.baseline) if order.baseline is not None else frozenset()
    of_servers = known_tools(project, McpStore(UserFolders.of_this_user().mcp_file))
    everything = lint_project(project, coverage=coverage_of(project.folder), of_servers=of_servers)
    findings = without_known(everything, known)
    if order.as_json:
        terminal.json(_json(findings, len(everything) - len(findings)))
    else:
        _print(findings, len(everything) - len(findings), terminal, with_grounds=order.grounds)
    if order.sarif is not None:
        try:
            write_whole(order.sarif.resolve(), pretty(sarif(findings)) + "\n")
        except OSError as error:
            raise UsageError(f"cannot write {order.sarif}: {error.strerror or error}") from None
    counts = any(finding.severity != "note" for finding in findings)
    return ExitCode.FAILED if counts else ExitCode.ANSWERED


def _json(findings: Sequence[LintFinding], left_out: int) -> str:
    listed = [{**msgspec.to_builtins(finding), "fingerprint": finding.fingerprint} for finding in findings]
    counts = {severity: sum(finding.severity == severity for finding in findings) for severity in SEVERITIES}
    return msgspec.json.encode({"counts": counts, "in_baseline": left_out, "findings": listed}).decode()


def _print(findings: Sequence[LintFinding], left_out: int, terminal: Terminal, *, with_grounds: bool) -> None:
    for finding in findings:
        place = f"{finding.file}:{finding.line}:{finding.column}"
        of_server = f"{finding.tool}: " if finding.tool and finding.file == PROJECT_FILE else ""
        words = visible_line(of_server + finding.message, max_chars=300)
        terminal.say(f"{place}: {finding.severity}: {words} ({finding.rule})", _TONES[finding.severity])
    if with_grounds:
        for rule in dict.fromkeys(RULE_OF[finding.rule] for finding in findings):
            terminal.say("")
            terminal.say(f"{rule.id}: {rule.about}", "strong")
            for line in grounds_of(rule).splitlines():
                terminal.say(f"  {line}")
    counts = [(severity, sum(finding.severity == severity for finding in findings)) for severity in SEVERITIES]
    words = ", ".join(f"{count} {severity}{'' if count == 1 else 's'}" for severity, count in counts if count)
    known = f"; {left_out} more in the baseline" if left_out else ""
    terminal.complain(f"{words or 'No findings'}{known}", "dim")

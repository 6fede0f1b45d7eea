"""`workbench export`: the project's tools in a vendor's shape."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from workbench.app.exports.evidence import evidence_path
from workbench.app.exports.tool_export import EXPORT_FORMATS, export_each, export_tools
from workbench.app.models.wires import KEY_OF_WIRE
from workbench.cli.evidence import write_evidence
from workbench.cli.exit_code import ExitCode
from workbench.cli.output_file import put_file
from workbench.cli.terminal import Terminal
from workbench.cli.tested import coverage_of, untested_lines
from workbench.core.errors import UsageError
from workbench.core.export_ledger import Ledger
from workbench.core.tool import Tool
from workbench.store.project import Project, load_project


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("--tool", action="append", default=[], metavar="NAME", help="only this tool (repeatable)")
    parser.add_argument("--format", choices=[name for name, _ in EXPORT_FORMATS], required=True)
    parser.add_argument("--strict", action="store_true", help="rewrite the schemas for strict mode; changes are listed")
    parser.add_argument(
        "--out", type=Path, metavar="FILE|DIR", help="write to a file, or one file per tool into a folder that exists"
    )
    parser.add_argument(
        "--evidence", action="store_true", help="with --out: also write what the tools were tested with"
    )
    parser.add_argument("--sign", metavar="SIGNER", help="sign the evidence; see `workbench signer`")
    parser.set_defaults(do=export_command)


def export_command(parsed: Namespace, terminal: Terminal) -> int:
    """Write the tools to standard output, to a file, or one by one into a folder; what the conversion changes or leaves
    out goes to standard error.

    Raises `UsageError` for a file that cannot be written.
    """
    out: Path | None = parsed.out
    if parsed.sign and not parsed.evidence:
        raise UsageError("only evidence can be signed", hint="Add --evidence.")
    if parsed.evidence and (out is None or (out.exists() and not out.is_file() and not out.is_dir())):
        raise UsageError("evidence is about files", hint="Add --out with a file or a folder.")
    project = load_project(parsed.project, KEY_OF_WIRE)
    for problem in project.problems:
        terminal.complain(str(problem), "bad" if problem.severity == "error" else "warn")
    if project.errors:
        return ExitCode.USAGE
    tools = _chosen(project, parsed.tool)
    exported = export_tools(tools, parsed.format, strict=parsed.strict)
    _print_ledger(exported.ledger, terminal)
    if not parsed.evidence:
        for words in untested_lines(tools, coverage_of(project.folder)):
            terminal.complain(words, "warn")
    if out is None:
        terminal.json(exported.text.rstrip("\n"))
        return ExitCode.ANSWERED
    files = {out: exported}
    if out.is_dir():
        each = export_each(tools, parsed.format, strict=parsed.strict)
        files = {out / name: one for name, one in each.items()}
    evidence = evidence_path(out)
    if parsed.evidence and evidence in files:
        raise UsageError(f"{evidence.name} is taken by a tool", hint="Export to one file instead of a folder.")
    for path, one in files.items():
        put_file(path, one.text, terminal)
    if not parsed.evidence:
        return ExitCode.ANSWERED
    return write_evidence(parsed, tools, files, lambda text: put_file(evidence, text, terminal), terminal)


def _print_ledger(ledger: Ledger, terminal: Terminal) -> None:
    for entry in ledger:
        terminal.complain(f"{entry.kind}: {entry}", "warn")


def _chosen(project: Project, names: list[str]) -> list[Tool]:
    if not names:
        return list(project.toolset)
    chosen = []
    for name in names:
        tool = project.toolset.named(name)
        if tool is None:
            raise UsageError(f"there is no tool {name!r}", hint=f"Tools: {', '.join(project.toolset.names) or 'none'}.")
        chosen.append(tool)
    return chosen

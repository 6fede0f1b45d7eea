"""`workbench export`: the project's tools in a vendor's shape."""

from argparse import ArgumentParser
from pathlib import Path

from workbench.app.exports.tool_export import EXPORT_FORMATS, export_each, export_tools
from workbench.app.models.wires import KEY_OF_WIRE
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.core.errors import UsageError
from workbench.core.export_ledger import Ledger
from workbench.core.tool import Tool
from workbench.store.project import Project, load_project
from workbench.store.tool_file import write_whole


def add_arguments(parser: ArgumentParser) -> None:
    """What the command takes, and what does it."""
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("--tool", action="append", default=[], metavar="NAME", help="only this tool (repeatable)")
    parser.add_argument("--format", choices=[name for name, _ in EXPORT_FORMATS], required=True)
    parser.add_argument("--strict", action="store_true", help="rewrite the schemas for strict mode; changes are listed")
    parser.add_argument(
        "--out", type=Path, metavar="FILE|DIR", help="write to a file, or one file per tool into a folder that exists"
    )
    parser.set_defaults(
        do=lambda parsed, terminal: export_command(
            parsed.project, parsed.tool, parsed.format, terminal, strict=parsed.strict, out=parsed.out
        )
    )


def export_command(
    folder: Path, names: list[str], format_name: str, terminal: Terminal, *, strict: bool, out: Path | None
) -> int:
    """Write the tools to standard output, to a file, or one by one into a folder; what the conversion changes or leaves
    out goes to standard error.

    Raises `UsageError` for a file that cannot be written.
    """
    project = load_project(folder, KEY_OF_WIRE)
    for problem in project.problems:
        terminal.complain(str(problem), "bad" if problem.severity == "error" else "warn")
    if project.errors:
        return ExitCode.USAGE
    tools = _chosen(project, names)
    exported = export_tools(tools, format_name, strict=strict)
    _print_ledger(exported.ledger, terminal)
    if out is None:
        terminal.json(exported.text.rstrip("\n"))
        return ExitCode.ANSWERED
    texts = {out: exported.text}
    if out.is_dir():
        each = export_each(tools, format_name, strict=strict)
        texts = {out / name: one.text for name, one in each.items()}
    for path, text in texts.items():
        try:
            _write(path, text)
        except OSError as error:
            raise UsageError(f"cannot write {path}: {error.strerror or error}") from None
        terminal.complain(f"wrote {path}", "dim")
    return ExitCode.ANSWERED


def _print_ledger(ledger: Ledger, terminal: Terminal) -> None:
    for entry in ledger:
        terminal.complain(f"{entry.kind}: {entry}", "warn")


def _write(out: Path, text: str) -> None:
    """Into a file in one step; into what is not a file, such as a pipe or /dev/stdout, as it is."""
    if out.exists() and not out.is_file():
        with out.open("w", encoding="utf-8") as file:
            file.write(text)
    else:
        write_whole(out.resolve(), text)


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

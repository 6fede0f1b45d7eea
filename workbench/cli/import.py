# ruff: noqa: N999 — a command is a module of its name
"""`workbench import`: tools from many formats: OpenAPI, curl, HAR, collections, other formats, Python."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import msgspec

from workbench.app.imports.conversation import LoggedConversation
from workbench.app.imports.document_text import text_of_bytes
from workbench.app.imports.found import Found
from workbench.app.imports.import_plan import MOST_AT_ONCE, ImportPlan, PlannedTool, carry_out, plan_import
from workbench.app.imports.imported_run import ImportDone, carry_out_import
from workbench.app.imports.pasted import FORMATS, recognize, recognize_file
from workbench.app.imports.server_tools import tools_of_servers
from workbench.app.models.wires import KEY_OF_WIRE
from workbench.app.session import Session
from workbench.cli.exit_code import ExitCode
from workbench.cli.terminal import Terminal
from workbench.core.errors import UsageError
from workbench.core.visible_text import visible_line
from workbench.store.project import load_project

_SERVER = "mcp:"
_EDITED = ("edited", "both")


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    parser.description = (
        "Nothing in the file is run, and nothing else is read or fetched. Tools that you edited after an import are "
        "left alone unless you give --replace."
    )
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument(
        "file", metavar="FILE", help="what to import; - reads standard input, mcp:NAME a server's tools"
    )
    parser.add_argument(
        "--as",
        dest="as_format",
        default="",
        choices=[one.name for one in FORMATS],
        metavar="FORMAT",
        help=f"the format, if it is not recognized: {', '.join(one.name for one in FORMATS)}",
    )
    parser.add_argument(
        "--select", nargs="+", default=[], metavar="GLOB", help="only tools whose name, or method and path, match one"
    )
    parser.add_argument("--replace", action="store_true", help="replace tools of the same name, and your own edits")
    parser.add_argument("--dry-run", action="store_true", help="show what would be done, and write nothing")
    parser.add_argument("--json", dest="as_json", action="store_true", help="one JSON object")
    parser.set_defaults(do=import_command)


def import_command(parsed: Namespace, terminal: Terminal) -> int:
    """Show what each tool becomes, and write the chosen ones.

    Raises `UsageError` when nothing can be read or nothing is chosen.
    """
    project = load_project(parsed.project, KEY_OF_WIRE)
    found = _found(parsed)
    if found.obstacle or found.is_empty:
        raise UsageError(found.obstacle or "no tools were found")
    plan = plan_import(project.folder, found, replace=parsed.replace)
    conversations = [one for one in found.conversations if _fits_title(one, parsed.select)]
    chosen = _chosen(plan, parsed, may_be_none=bool(conversations))
    done = None if parsed.dry_run else asyncio.run(_carry_out(parsed.project, chosen, conversations))
    if parsed.as_json:
        terminal.json(_json(plan, chosen, conversations, done))
        return ExitCode.ANSWERED
    _print(plan, chosen, terminal)
    for one in conversations:
        terminal.say(visible_line(f"  “{one.title}”: conversation, {one.words}", max_chars=200))
        for note in one.notes:
            terminal.say(visible_line(f"    {note}", max_chars=300), "dim")
    if done is None:
        terminal.complain(f"{len(chosen) + len(conversations)} chosen; nothing was written", "dim")
    else:
        terminal.say(done.words or "Nothing new to add", "good")
    return ExitCode.ANSWERED


def _found(parsed: Namespace) -> Found:
    if parsed.file.startswith(_SERVER):
        return asyncio.run(_found_on_server(parsed.project, parsed.file.removeprefix(_SERVER)))
    if parsed.file == "-":
        return recognize(text_of_bytes(sys.stdin.buffer.read()), parsed.as_format)
    path = Path(parsed.file)
    if not path.is_file():
        raise UsageError(f"there is no file {path}")
    return recognize_file(path, parsed.as_format)


async def _found_on_server(folder: Path, name: str) -> Found:
    """The tools of an approved server, which is started for it."""
    session = Session(folder)
    try:
        await session.mcp.connect(name)
        return tools_of_servers(view for view in session.mcp.views if view.name == name)
    finally:
        await session.close()


async def _carry_out(
    folder: Path, chosen: Sequence[PlannedTool], conversations: Sequence[LoggedConversation]
) -> ImportDone:
    if not conversations:
        return ImportDone(await asyncio.to_thread(carry_out, folder, chosen))
    session = Session(folder)
    try:
        return await carry_out_import(session.runs, chosen, conversations)
    finally:
        await session.close()


def _fits_title(one: LoggedConversation, globs: Sequence[str]) -> bool:
    return not globs or any(fnmatchcase(one.title, glob) for glob in globs)


def _chosen(plan: ImportPlan, parsed: Namespace, *, may_be_none: bool) -> list[PlannedTool]:
    globs: Sequence[str] = parsed.select
    fitting = [one for one in plan.tools if not globs or any(_fits(one, glob) for glob in globs)]
    if globs and not fitting and not may_be_none:
        raise UsageError(f"no tool matches {' '.join(globs)}", hint="Use --dry-run to list them.")
    if not globs and len(fitting) > MOST_AT_ONCE and not parsed.dry_run:
        raise UsageError(
            f"{len(fitting):,} tools are more than a model can take at once",
            hint="Choose some with --select GLOB, or take all with --select '*'; --dry-run lists them.",
        )
    usable = [one for one in fitting if one.fate != "impossible"]
    return [one for one in usable if parsed.replace or one.fate not in _EDITED]


def _fits(one: PlannedTool, glob: str) -> bool:
    named = (one.name, one.found.tool.name, one.found.identity, one.found.identity.partition(" ")[2])
    return any(fnmatchcase(name, glob) for name in named if name)


def _print(plan: ImportPlan, chosen: Sequence[PlannedTool], terminal: Terminal) -> None:
    terminal.say(f"{plan.found.shape}: {len(plan.tools):,} tool{'' if len(plan.tools) == 1 else 's'}", "strong")
    for one in chosen:
        address = f"  {one.found.address}" if one.found.address else ""
        terminal.say(visible_line(f"  {one.name}: {one.words}{address}", max_chars=200))
        for note in one.found.notes:
            terminal.say(visible_line(f"    {note}", max_chars=300), "dim")
    left = len(plan.tools) - len(chosen)
    if left:
        edited = sum(one.fate in _EDITED for one in plan.tools)
        kept = f", {edited} of them edited by you" if edited else ""
        terminal.say(f"  {left:,} left out{kept}", "dim")
    for note in plan.notes:
        terminal.complain(visible_line(f"note: {note}", max_chars=600), "warn")


def _json(
    plan: ImportPlan,
    chosen: Sequence[PlannedTool],
    conversations: Sequence[LoggedConversation],
    done: ImportDone | None,
) -> str:
    folder = next((one.path.parent.parent for one in plan.tools), Path())
    files = [path.relative_to(folder).as_posix() for path in done.files.after] if done is not None else []
    made = done.conversations if done is not None else [() for _ in conversations]
    logged = [
        {"title": one.title, "model": one.model, "notes": one.notes, "runs": chain}
        for one, chain in zip(conversations, made, strict=True)
    ]
    wanted = {id(one) for one in chosen}
    tools = [
        {
            "name": one.name,
            "fate": one.fate,
            "words": one.words,
            "chosen": id(one) in wanted,
            "identity": one.found.identity,
            "address": one.found.address,
            "notes": one.found.notes,
        }
        for one in plan.tools
    ]
    return msgspec.json.encode(
        {
            "format": plan.found.shape,
            "tools": tools,
            "conversations": logged,
            "notes": plan.notes,
            "written": files,
        }
    ).decode()

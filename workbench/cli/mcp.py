"""`workbench mcp`: the MCP servers of a project: list, show, approve, sign in, import."""

import asyncio
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path

from workbench.app.mcp.mcp_export import client_entries, server_json, serving_row
from workbench.app.mcp.mcp_import import import_servers
from workbench.app.mcp.mcp_servers import ServerView
from workbench.app.models.wires import KEY_OF_WIRE
from workbench.app.runs.report_line import TerminalTone
from workbench.app.session import Session
from workbench.cli.approver import has_person
from workbench.cli.exit_code import ExitCode
from workbench.cli.keyboard import drop_typed_ahead, read_line
from workbench.cli.mcp_sign_in import add_actions
from workbench.cli.terminal import Terminal
from workbench.core.errors import UsageError
from workbench.core.json_text import compact
from workbench.core.visible_text import visible, visible_line
from workbench.store.project import load_project


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    actions = parser.add_subparsers(metavar="ACTION", required=True)

    def action(name: str, about: str, do: Callable[[Namespace, Terminal], int]) -> ArgumentParser:
        parser: ArgumentParser = actions.add_parser(name, help=about)
        parser.add_argument("project", type=Path, metavar="PROJECT")
        parser.set_defaults(do=do)
        return parser

    action("list", "list the servers; starts nothing", _list)
    tools = action("tools", "start the approved servers and list their tools", _tools)
    tools.add_argument("--json", action="store_true", help="one tool document per line")
    approve = action("approve", "show the full command of a server and approve it", _approve)
    approve.add_argument("server", metavar="SERVER")
    approve.add_argument("--yes", action="store_true", help="approve without asking")
    approve.add_argument("--changes", action="store_true", help="start it and accept changes to its tools")
    revoke = action("revoke", "revoke an approval", _revoke)
    revoke.add_argument("server", metavar="SERVER")
    add_actions(action)
    bring = action("import", "import servers from another host's mcpServers JSON file", _import)
    bring.add_argument("file", type=Path, metavar="FILE")
    out = action("export", "print entries of the servers for another program, or server.json for a registry", _export)
    out.add_argument("--for", dest="kind", choices=("mcp-servers", "vscode", "server-json"), default="mcp-servers")
    out.add_argument("--server", default="", metavar="SERVER", help="only this server")
    out.add_argument("--served", action="store_true", help="the project's own tools, as `workbench serve` offers them")
    out.add_argument("--url", default="", help="with --served: where it is served, such as https://example.com/mcp")
    out.add_argument("--name", default="", help="server.json: its name, such as io.github.ana/weather")
    out.add_argument("--about", default="", help="server.json: its description, up to 100 characters")
    out.add_argument("--version", default="1.0.0", help="server.json: its version")


def _list(parsed: Namespace, terminal: Terminal) -> int:
    session = Session(parsed.project)
    try:
        if not session.mcp.views:
            terminal.say("No MCP servers. Write [mcp.NAME] into workbench.toml, or `workbench mcp import`.", "dim")
        for view in session.mcp.views:
            _show(view, terminal)
        return ExitCode.ANSWERED
    finally:
        session.store.close()


def _tools(parsed: Namespace, terminal: Terminal) -> int:
    return asyncio.run(_with_servers(parsed.project, "", lambda session: _show_tools(session, parsed, terminal)))


def _show_tools(session: Session, parsed: Namespace, terminal: Terminal) -> int:
    has_failed = False
    for view in session.mcp.views:
        if view.state == "ready":
            for one in view.tools if parsed.json else ():
                terminal.json(compact(one.tool.document))
            if not parsed.json:
                terminal.say(f"{view.name}: {visible_line(view.about)}, MCP {view.protocol}", "strong")
                for one in view.tools:
                    said = visible_line(one.tool.description.strip().partition("\n")[0], max_chars=100)
                    terminal.say(f"  {one.tool.name}  {said}")
        else:
            has_failed |= view.state != "off"
            failure = f": {visible(view.failure)}" if view.failure else ""
            terminal.complain(f"{view.name}: {view.state}{failure}")
        for remark in view.remarks:
            terminal.complain(f"{view.name}: {visible_line(remark)}", "warn")
        for line in view.rubbish:
            terminal.complain(f"  not a message: {visible_line(line, max_chars=120)}", "dim")
    for change in session.mcp.changed_tools:
        tone: TerminalTone = "bad" if change.change == "changed" else "warn"
        terminal.complain(f"{change.server}: {visible_line(change.name)} is {change.change} since the approval", tone)
    return ExitCode.FAILED if has_failed else ExitCode.ANSWERED


def _approve(parsed: Namespace, terminal: Terminal) -> int:
    session = Session(parsed.project)
    try:
        view = session.mcp.view(parsed.server)
        _show(view, terminal)
        if view.state == "unapproved":
            if view.is_local:
                terminal.say("This starts a program on this machine with your permissions.", "warn")
            if not parsed.yes and not _agrees(terminal):
                raise UsageError("not approved", hint="Add --yes to approve it without a prompt.")
            session.mcp.approve(view.name, view.shown)
            terminal.say(f"{view.name} is approved in its current form; any change asks again.", "good")
        else:
            terminal.say(f"{view.name} is already approved.", "dim")
    finally:
        session.store.close()
    if not parsed.changes:
        return ExitCode.ANSWERED
    return asyncio.run(_with_servers(parsed.project, view.name, lambda again: _accept(again, view.name, terminal)))


def _accept(session: Session, name: str, terminal: Terminal) -> int:
    for change in session.mcp.changed_tools:
        terminal.say(f"  {visible_line(change.name)}: {change.change}", "warn")
        if change.tool is not None:
            terminal.say(f"    {visible_line(change.tool.description)}")
    session.mcp.accept_changes(name)
    terminal.say(f"The tools of {name} are accepted in their current form.", "good")
    return ExitCode.ANSWERED


def _revoke(parsed: Namespace, terminal: Terminal) -> int:
    session = Session(parsed.project)
    try:
        asyncio.run(session.mcp.revoke(parsed.server))
        terminal.say(f"{parsed.server} will not start again without approval.", "good")
        return ExitCode.ANSWERED
    finally:
        session.store.close()


def _import(parsed: Namespace, terminal: Terminal) -> int:
    session = Session(parsed.project)
    try:
        imported = import_servers(session.project.folder, session.keys, parsed.file)
    finally:
        session.store.close()
    for name in imported.added:
        terminal.say(f"added {name}; approve it with: workbench mcp approve {parsed.project} {name}", "good")
    for name in imported.kept:
        terminal.say(f"kept {name} as it is in the project", "dim")
    for label, reason in imported.skipped.items():
        terminal.complain(f"skipped {visible_line(label, max_chars=80)}: {reason}", "warn")
    for remark in imported.remarks:
        terminal.complain(visible_line(remark), "warn")
    for key in imported.saved:
        terminal.say(f"the value of {key} is saved in the keyring, not in the project", "dim")
    for key in imported.missing:
        terminal.complain(f"set {key} in the environment; its value is not stored in the project", "warn")
    return ExitCode.ANSWERED


def _export(parsed: Namespace, terminal: Terminal) -> int:
    project = load_project(parsed.project, KEY_OF_WIRE)
    rows = {name: row for name, row in project.file.mcp.items() if parsed.server in ("", name)}
    if parsed.served:
        rows = {project.folder.resolve().name: serving_row(project.folder, parsed.url)}
    elif parsed.url:
        raise UsageError("--url says where the project is served", hint="Add --served.")
    if not rows:
        known = ", ".join(project.file.mcp) or "none"
        raise UsageError(f"there is no MCP server {parsed.server!r}", hint=f"Servers: {known}.")
    if parsed.kind != "server-json":
        entries = client_entries(rows, parsed.kind)
    elif len(rows) > 1:
        raise UsageError("server.json is about one server", hint="Choose it with --server.")
    else:
        (row,) = rows.values()
        entries = server_json(parsed.name, row, about=parsed.about, version=parsed.version)
    terminal.json(entries.text.rstrip())
    for words in entries.lost:
        terminal.complain(visible_line(words), "warn")
    return ExitCode.ANSWERED


async def _with_servers(folder: Path, name: str, work: Callable[[Session], int]) -> int:
    session = Session(folder)
    try:
        await session.mcp.connect(name)
        return work(session)
    finally:
        await session.close()


def _show(view: ServerView, terminal: Terminal) -> None:
    tone: TerminalTone = "warn" if view.state == "unapproved" else "plain"
    terminal.say(f"{view.name}  {view.state}", tone)
    for line in view.shown.splitlines():
        terminal.say(f"  {line}")


def _agrees(terminal: Terminal) -> bool:
    if not has_person():
        return False
    drop_typed_ahead()
    terminal.ask("Approve exactly this? [y/N] ")
    answer = read_line()
    terminal.answered()
    return (answer or "").strip().lower() in ("y", "yes")

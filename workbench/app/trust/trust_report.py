"""What a project would run and connect to, for the person asked to trust it. Nothing is cut or hidden."""

from collections.abc import Iterable, Iterator

import msgspec

from workbench.app.mcp.mcp_servers import ServerView
from workbench.core.http_rules import key_place
from workbench.core.json_text import compact
from workbench.core.visible_text import visible_line
from workbench.store.executor_row import HttpRow, MockRow, PythonRow, sends_keys_in_the_clear
from workbench.store.project import Project


class TrustReport(msgspec.Struct, frozen=True):
    """Each entry is one fact, some of them of several lines. `servers` need an approval of their own, each; `rules` are
    the approval rules in their order."""

    functions: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    connections: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The whole report as plain text."""
        return "\n\n".join(
            f"{title}\n\n" + "\n".join(_indented(entry) for entry in entries) if entries else f"{title}\n\n  none"
            for title, entries in (
                ("Functions in python/ that run", self.functions),
                ("Addresses that data is sent to", self.addresses),
                ("Model servers that get a key", self.connections),
                ("Approval rules (“allow” rules let calls run without asking)", self.rules),
                ("MCP servers (each is approved separately, before its first start)", self.servers),
            )
        )


def trust_report(project: Project, servers: Iterable[ServerView]) -> TrustReport:
    """What workbench.toml would run and connect to, as last read."""
    file = project.file
    functions: list[str] = []
    if program := file.python.program(project.folder):
        functions.append(f"all of them in the interpreter {program}")
    addresses: list[str] = []
    for tool, row in file.executors.items():
        match row:
            case PythonRow():
                functions.append(f"{tool}: {row.function or tool}")
            case HttpRow():
                addresses.append("\n".join(_request(tool, row)))
            case MockRow():
                replies = [rule.reply for rule in row.rules] + ([row.default] if row.default else [])
                functions += [f"{tool} (mock): {reply.python}" for reply in replies if reply.python]
    connections = [
        f"{name}: {row.base_url or row.wire} gets the key {row.key}" for name, row in project.keyed_connections.items()
    ]
    shown = [f"{view.name}\n{view.shown}" for view in servers]
    rules = [str(rule) for rule in project.rules]
    return TrustReport(
        *(tuple(map(_visible, entries)) for entries in (functions, addresses, connections, shown, rules))
    )


def _request(tool: str, row: HttpRow) -> Iterator[str]:
    yield f"{tool}: {row.method} {row.url}"
    warning = ", UNENCRYPTED" if sends_keys_in_the_clear(row) else ""
    for auth in row.keys:
        place = key_place(header=auth.header, query=auth.query, cookie=auth.cookie)
        yield f"with the key {auth.key} {place}{warning}"
    for name, value in row.headers.items():
        yield f"header {name}: {value}"
    if row.query:
        yield f"query: {compact(row.query)}"
    if row.body is not None:
        yield f"body: {compact(row.body)}"


def _visible(entry: str) -> str:
    return "\n".join(map(visible_line, entry.split("\n")))


def _indented(entry: str) -> str:
    first, *rest = entry.split("\n")
    return "\n".join([f"  {first}", *(f"      {line}" for line in rest)])

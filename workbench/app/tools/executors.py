"""Which executor serves which tool of a project: the table `executors` of workbench.toml made real."""

import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import assert_never

import msgspec

from workbench.app.models.provider_registry import ProviderRegistry
from workbench.app.trust.trust_guard import TrustGuard
from workbench.engine.ports import Checker, ExecutionOrder, Executor, Executors
from workbench.executors.catalog import ExecutorCatalog
from workbench.executors.http import HttpExecutor
from workbench.executors.http_connections import HttpConnections
from workbench.executors.http_request import HttpAuth, HttpEndpoint
from workbench.executors.mock import MockExecutor
from workbench.executors.mock_played import play_tool
from workbench.executors.python import PythonExecutor
from workbench.executors.python_workers import PythonWorkers
from workbench.store.code_folder import code_folder
from workbench.store.executor_row import AnyRow, HttpRow, McpToolRow, MockRow, PythonRow
from workbench.store.keys import KeyStore
from workbench.store.project import Project
from workbench.store.redaction import Redactor


class ToolServices(msgspec.Struct, frozen=True):
    """What executors are made with. `is_trusted` is asked at every call that needs trust; `bound` gives what runs a
    tool by a server's tool."""

    is_trusted: Callable[[], Awaitable[bool]]
    keys: KeyStore
    redactor: Redactor
    checker: Checker
    providers: ProviderRegistry
    bound: Callable[[str, str], Executor]


def make_executors(project: Project, services: ToolServices, others: Sequence[Executors] = ()) -> ExecutorCatalog:
    """The executors of a project. Making them starts nothing; child processes start with the first call.

    `others`, such as MCP servers, serve the tools that have no row of their own.
    """
    workers = python_workers(project, size=project.limits.concurrency)
    connections = HttpConnections()

    def python(function: str, time_limit_s: float | None = None) -> Executor:
        return TrustGuard(
            PythonExecutor(workers, function, time_limit_s=time_limit_s, redact=services.redactor.text),
            services.is_trusted,
        )

    async def play(spec: str, order: ExecutionOrder) -> str:
        target = services.providers.target(spec)
        services.providers.check_key(target)
        return await play_tool(services.providers.provider(target), target.model, order)

    def make(row: AnyRow) -> Executor:
        match row:
            case PythonRow():
                return python(row.function, row.time_limit_s)
            case HttpRow():
                http = HttpExecutor(
                    endpoint_of(row), connections, secret=services.keys.get, redact=services.redactor.text
                )
                return TrustGuard(http, services.is_trusted)
            case McpToolRow():
                return services.bound(row.server, row.tool)
            case MockRow():
                return MockExecutor(row.plan(), checker=services.checker, python=python, play=play)
            case _:
                assert_never(row)

    rows = project.file.executors
    by_hand = {name for name, row in rows.items() if isinstance(row, MockRow) and row.by_hand}
    executors = {name: make(row) for name, row in rows.items() if name not in by_hand}
    loaders = {name: python(row.loader) for name, row in rows.items() if isinstance(row, PythonRow) and row.loader}
    closing = (workers.close, connections.close)
    return ExecutorCatalog(executors, by_hand=by_hand, loaders=loaders, others=others, closing=closing)


def python_workers(project: Project, *, size: int) -> PythonWorkers:
    """The children that run the project's functions, with the interpreter and the memory the project says."""
    section = project.file.python
    program = section.program(project.folder) or sys.executable
    stamp = code_folder(project.folder).stamp
    return PythonWorkers(project.folder, size=size, stamp=stamp, python=program, memory_mb=section.memory_mb)


def endpoint_of(row: HttpRow) -> HttpEndpoint:
    """What a row says about an HTTP endpoint."""
    return HttpEndpoint(
        method=row.method,
        url=row.url,
        headers=row.headers,
        auth=HttpAuth(**row.auth.model_dump()) if row.auth else None,
        more_keys=tuple(HttpAuth(**each.model_dump()) for each in row.more_keys),
        query=row.query,
        body=row.body,
        has_body="body" in row.model_fields_set,
        body_as=row.body_as,
        response=row.response,
        retries=row.retries,
        retry_unsafe=row.retry_unsafe,
        time_limit_s=row.time_limit_s,
        max_bytes=row.max_bytes,
    )

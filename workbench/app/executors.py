"""Which executor serves which tool of a project: the table `executors` of workbench.toml made real."""

from collections.abc import Callable

from workbench.app.trust_guard import TrustGuard
from workbench.engine.ports import Executor
from workbench.executors.catalog import ExecutorCatalog
from workbench.executors.mock import StaticMockExecutor
from workbench.executors.python import PythonExecutor
from workbench.executors.python_workers import PythonWorkers
from workbench.store.project import Project


def make_executors(project: Project, is_trusted: Callable[[], bool]) -> ExecutorCatalog:
    """The executors of a project. Making them starts nothing; child processes start with the first call."""
    workers = PythonWorkers(project.folder, size=project.limits.concurrency)
    executors: dict[str, Executor] = {}
    for name, row in project.file.executors.items():
        if row.kind == "mock":
            executors[name] = StaticMockExecutor(row.result)
        else:
            python = PythonExecutor(workers, row.function, time_limit_s=row.time_limit_s)
            executors[name] = TrustGuard(python, is_trusted)
    return ExecutorCatalog(executors, closing=(workers.close,))

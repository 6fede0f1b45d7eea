"""A sample project, copied to where it may change, and a way to call its tools."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.python_workers import workers_of
from workbench.core.ids import CallId, RunId
from workbench.core.schema import check_arguments
from workbench.engine.ports import ExecutionOrder
from workbench.executors.python import PythonExecutor
from workbench.store.project import Project, load_project

SAMPLES = Path(__file__).resolve().parents[3] / "resources" / "samples"

CallTool = Callable[..., Awaitable[Any]]


@pytest.fixture
def sample(request: pytest.FixtureRequest, tmp_path: Path) -> Project:
    """A copy of the sample project that the test module names in SAMPLE."""
    return load_project(Path(shutil.copytree(SAMPLES / request.module.SAMPLE, tmp_path / "project")))


@pytest.fixture
async def call_tool(sample: Project) -> AsyncIterator[CallTool]:
    """Call a tool of the sample as the project says it runs; the arguments have to fit its schema."""
    workers = workers_of(sample.folder, size=2)

    async def call(name: str, **arguments: Any) -> Any:
        tool = sample.toolset.named(name)
        assert tool is not None
        assert check_arguments(tool.input_schema, arguments) == ()
        executor = PythonExecutor(workers, sample.file.executors[name].function)
        return (await executor.execute(ExecutionOrder(RunId("r"), CallId("r.1.1.1"), tool, arguments, 300.0))).value

    yield call
    await workers.close()

"""A small project with Python functions, and the workers that run them."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.support.python_workers import workers_of
from workbench.executors.python_workers import PythonWorkers

WriteModule = Callable[..., Path]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder with an empty python/ folder."""
    (tmp_path / "python").mkdir()
    return tmp_path


@pytest.fixture
def write(project: Path) -> WriteModule:
    """Write a module of the project."""

    def write_module(text: str, name: str = "desk") -> Path:
        path = project / "python" / f"{name}.py"
        path.write_text(text, encoding="utf-8")
        return path

    return write_module


@pytest.fixture
async def workers(project: Path) -> AsyncIterator[PythonWorkers]:
    """A pool of three."""
    pool = workers_of(project, size=3)
    yield pool
    await pool.close()

"""What is imported from a project's python/ folder is the source that was trusted, and nothing else."""

import marshal
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path

import pytest

from tests.unit.executors.conftest import WriteModule
from tests.unit.executors.orders import order
from workbench.core.errors import ExecutorUnavailable
from workbench.executors.python import PythonExecutor
from workbench.executors.python_workers import PythonWorkers

pytestmark = pytest.mark.child_process

UNCHECKED = (1).to_bytes(4, "little") + bytes(8)
"""The flags of a compiled file that asks Python not to compare it with its source."""


def compile_to(path: Path, source: str) -> None:
    """A compiled file that says something else than the source beside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(MAGIC_NUMBER + UNCHECKED + marshal.dumps(compile(source, "desk.py", "exec")))


async def answer(workers: PythonWorkers) -> object:
    return (await PythonExecutor(workers, "desk:who").execute(order())).value


async def test_a_compiled_file_in_the_cache_is_not_taken_for_the_source(
    write: WriteModule, project: Path, workers: PythonWorkers
) -> None:
    write("def who(): return 'source'")
    compile_to(Path(cache_from_source(str(project / "python" / "desk.py"))), "def who(): return 'compiled'")
    assert await answer(workers) == "source"


async def test_a_compiled_package_does_not_get_in_front_of_the_source(
    write: WriteModule, project: Path, workers: PythonWorkers
) -> None:
    write("def who(): return 'source'")
    compile_to(project / "python" / "desk" / "__init__.pyc", "def who(): return 'compiled'")
    assert await answer(workers) == "source"


async def test_a_compiled_file_without_a_source_is_no_module(project: Path, workers: PythonWorkers) -> None:
    compile_to(project / "python" / "desk.pyc", "def who(): return 'compiled'")
    with pytest.raises(ExecutorUnavailable, match=r"there is no file desk\.py"):
        await answer(workers)


async def test_packages_and_their_modules_are_imported_as_ever(project: Path, workers: PythonWorkers) -> None:
    package = project / "python" / "desk"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("from desk.people import who\n")
    (package / "people.py").write_text("import json\n\n\ndef who():\n    return json.loads('\"Ana\"')\n")
    assert await answer(workers) == "Ana"

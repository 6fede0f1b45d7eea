"""Workers for a project's Python functions, as a session makes them."""

import sys
from pathlib import Path

from workbench.executors.python_workers import PythonWorkers
from workbench.store.code_folder import code_folder


def workers_of(folder: Path, *, size: int, python: str = sys.executable, memory_mb: int = 0) -> PythonWorkers:
    """A pool that notices changes of the code."""
    return PythonWorkers(folder, size=size, stamp=code_folder(folder).stamp, python=python, memory_mb=memory_mb)

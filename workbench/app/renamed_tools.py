"""Tools that a variant offers under another name: nothing runs them.

Rules, grants, executors and trust know a tool by its own name. A call under another one must not find what belongs to
the name it happens to bear, so a person is asked for its result, as with any tool that has no body.
"""

from collections.abc import Mapping

from workbench.app.variants import VariantBook
from workbench.core.errors import WorkbenchError
from workbench.core.event import RunStarted
from workbench.core.tool import Tool
from workbench.engine.ports import Executor, Executors
from workbench.store.project import Project


class ExecutorsButRenamed:
    """See `engine.ports.Executors`."""

    def __init__(self, own: Executors, renames: Mapping[str, str]) -> None:
        """`renames` maps old names to new ones."""
        self._own = own
        self._new_names = frozenset(renames.values())

    def executor_for(self, tool: Tool) -> Executor | None:
        """None for a tool under a new name."""
        return None if tool.name in self._new_names else self._own.executor_for(tool)


def recorded_renames(project: Project, started: RunStarted) -> dict[str, str]:
    """What the variant of a recorded run renames, if it is still there."""
    if started.variant is None:
        return {}
    try:
        return VariantBook(project.folder).load(started.variant).renames
    except WorkbenchError:
        return {}

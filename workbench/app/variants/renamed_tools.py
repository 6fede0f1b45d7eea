"""Tools that a variant offers under another name: nothing runs them.

Rules, grants, executors and trust know a tool by its own name. A call under another one must not find what belongs to
the name it happens to bear, so a person is asked for its result, as with any tool that has no body.
"""

from collections.abc import Mapping
from pathlib import Path

from workbench.app.variants.variants import VariantStore
from workbench.core.errors import WorkbenchError
from workbench.core.event import RunStarted
from workbench.core.json_text import JsonObject
from workbench.core.tool import Tool, Toolset
from workbench.core.variant import Offer, apply_variant
from workbench.engine.ports import Executor, Executors


class ExecutorsButRenamed:
    """See `engine.ports.Executors`."""

    def __init__(self, own: Executors, renames: Mapping[str, str]) -> None:
        """`renames` maps old names to new ones."""
        self._own = own
        self._new_names = frozenset(renames.values())

    def executor_for(self, tool: Tool) -> Executor | None:
        """None for a tool under a new name."""
        return None if tool.name in self._new_names else self._own.executor_for(tool)


def recorded_renames(project_folder: Path, started: RunStarted, offered: Toolset) -> dict[str, str]:
    """What the variant of a recorded run renames, while it makes of the tools `offered` now what was offered then.

    Where it does not, because it was never saved or something has changed since, nobody knows which names are
    borrowed: then every tool that is not offered exactly so counts as renamed.
    """
    if started.variant is None:
        return {}
    try:
        variant = VariantStore(project_folder).load(started.variant)
        made = apply_variant(variant, Offer(offered, tool_choice=started.tool_choice)).toolset
        if _documents(made) == {str(document.get("name")): document for document in started.tools}:
            return variant.renames
    except WorkbenchError:
        pass
    own = _documents(offered)
    names = [str(document.get("name")) for document in started.tools if own.get(str(document.get("name"))) != document]
    return {name: name for name in names}


def _documents(tools: Toolset) -> dict[str, JsonObject]:
    return {tool.name: tool.document for tool in tools}

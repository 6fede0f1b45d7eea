"""The selectors of a project, by name."""

from workbench.core.routing.plan import ALL_TOOLS, RoutingPlan
from workbench.store.project import Project
from workbench.store.routing_row import plan_named


def selector_names(project: Project) -> tuple[str, ...]:
    """All selectors, the project's own first, without “all”."""
    return tuple(name for name in project.file.routing.names if name != ALL_TOOLS)


def selector_plan(project: Project, name: str) -> RoutingPlan | None:
    """The plan of a selector; None for all tools. Raises `UsageError` for an unknown name."""
    return plan_named(project.file.routing, name)

"""What the audit of a suite run needs to know about the project."""

from workbench.app.runs.runs import Runs
from workbench.app.suites.arm import make_arm
from workbench.app.suites.trial_grading import own_names
from workbench.app.variants.variants import VariantStore
from workbench.core.errors import WorkbenchError
from workbench.core.routing.plan import ALL_TOOLS
from workbench.core.suite.trial import SuiteRun
from workbench.core.tool import Toolset
from workbench.store.executor_row import MockRow
from workbench.store.project import Project
from workbench.store.registry import ToolRegistry


def offered_tools(run: SuiteRun, runs: Runs, registry: ToolRegistry) -> dict[str, Toolset]:
    """The tools of each arm by the project's own names, if its variant has not changed."""
    variants = VariantStore(runs.project.folder)
    found = {}
    for key in run.arms:
        try:
            variant = variants.load(key.variant) if key.variant else None
            arm = make_arm(
                runs, registry, run.settings, variant=variant, model=key.model, selector=key.selector or ALL_TOOLS
            )
        except WorkbenchError:
            continue
        if arm.arm.key == key.key:
            found[key.key] = own_names(arm, arm.setup.toolset)
    return found


def mock_players(project: Project) -> tuple[str, ...]:
    """The models that invent results in the project's mocks."""
    plans = [row.plan() for row in project.file.executors.values() if isinstance(row, MockRow)]
    replies = [reply for plan in plans for reply in (plan.default, *(rule.reply for rule in plan.rules))]
    return tuple({reply.model for reply in replies if reply.model})

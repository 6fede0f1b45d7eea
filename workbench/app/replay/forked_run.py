"""A fork before it becomes a run: what it inherits, what answers its calls, and who decides about them."""

import dataclasses

import msgspec

from workbench.app.variants.renamed_tools import ExecutorsButRenamed
from workbench.core.ids import RunId
from workbench.core.log import EventLog
from workbench.core.message import UserMessage
from workbench.engine.ports import Approver, Clock, Executors
from workbench.engine.recorder import Recorder
from workbench.engine.setup import RunSetup
from workbench.replay.fork import Fork
from workbench.replay.fork_tools import ForkApprover, ForkExecutors, ForkTools, ForkTracker, fork_policy


class ForkedRun:
    """See `app.run_start.RunStart`."""

    def __init__(self, fork: Fork, *, provider: str, tools: ForkTools, renames: dict[str, str] | None = None) -> None:
        """`provider` is its name in the log, `renames` the tools that the fork's variant renames."""
        setup = msgspec.structs.replace(fork.setup, policy=fork_policy(fork.setup.policy, tools))
        self.fork = dataclasses.replace(fork, setup=setup)
        self._provider = provider
        self._tools = tools
        self._renames = renames or {}
        self.serving = ForkTracker(fork.recording, fork.point, renames=renames)

    @property
    def setup(self) -> RunSetup:
        """The fork's setup, with the rules that hold in a fork."""
        return self.fork.setup

    @property
    def prompts(self) -> tuple[UserMessage, ...]:
        """The replacement message, if the fork starts before one."""
        return self.fork.waiting_prompts

    def recorder(self, run_id: RunId, log: EventLog, clock: Clock) -> Recorder:
        """Write the inherited events, and continue from there."""
        log.subscribe(self.serving.apply)
        return self.fork.begin(run_id, log, clock, provider=self._provider, served=self.serving.served)

    def executors(self, own: Executors) -> Executors:
        """The recording first. Nothing else runs a tool under a borrowed name."""
        return ForkExecutors(self.serving, ExecutorsButRenamed(own, self._renames), self._tools)

    def approver(self, own: Approver, executors: Executors) -> Approver:
        """The recording and mocks need no person; everything else does."""
        return ForkApprover(self.serving, own, ExecutorsButRenamed(executors, self._renames), self._tools)

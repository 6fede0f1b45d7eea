"""A run that does not begin from nothing."""

from typing import Protocol

from workbench.core.ids import RunId
from workbench.core.log import EventLog
from workbench.core.message import UserMessage
from workbench.engine.ports import Approver, Clock, Executors
from workbench.engine.recorder import Recorder
from workbench.engine.setup import RunSetup


class RunStart(Protocol):
    """What a fork brings along when it is launched."""

    @property
    def setup(self) -> RunSetup:
        """What it is made with."""
        ...

    @property
    def prompts(self) -> tuple[UserMessage, ...]:
        """The user messages that are still to be said."""
        ...

    def recorder(self, run_id: RunId, log: EventLog, clock: Clock) -> Recorder:
        """The run's recorder, after whatever is inherited has been written into the empty `log`."""
        ...

    def executors(self, own: Executors) -> Executors:
        """What answers its calls; `own` are the project's."""
        ...

    def approver(self, own: Approver, executors: Executors) -> Approver:
        """Who decides about its calls; `own` is the one who decides in this project, `executors` the project's."""
        ...

"""A run that does not start empty."""

from typing import Protocol

from workbench.core.ids import RunId
from workbench.core.log import EventLog
from workbench.core.message import UserMessage
from workbench.engine.ports import Approver, Clock, Executors
from workbench.engine.recorder import Recorder
from workbench.engine.setup import RunSetup


class RunStart(Protocol):
    """What a fork brings along when it starts."""

    @property
    def setup(self) -> RunSetup:
        """The setup of the run."""
        ...

    @property
    def prompts(self) -> tuple[UserMessage, ...]:
        """The user messages still to be sent."""
        ...

    def recorder(self, run_id: RunId, log: EventLog, clock: Clock) -> Recorder:
        """The run's recorder, after inherited events were written into the empty `log`."""
        ...

    def executors(self, own: Executors) -> Executors:
        """What answers its calls; `own` are the project's."""
        ...

    def approver(self, own: Approver, executors: Executors) -> Approver:
        """Who decides about its calls; `own` is the one who decides in this project, `executors` the project's."""
        ...

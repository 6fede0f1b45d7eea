"""The telemetry of an open project: off, or as workbench.toml or the command line says."""

from collections.abc import Callable
from pathlib import Path

from workbench.app.telemetry.destination import destination_of
from workbench.app.telemetry.telemetry import ReadRun, Telemetry, TelemetryState
from workbench.core.errors import UsageError
from workbench.core.event import ResponseDelta, RunEvent, RunFinished, RunStarted
from workbench.core.ids import RunId
from workbench.core.suite.trial import SuiteRun, Trial
from workbench.core.telemetry.telemetry_order import TelemetryOrder
from workbench.store.keys import KeyStore
from workbench.store.project import Project
from workbench.store.redaction import Redactor

MOST_HEARD = 200
"""Runs whose events are kept until they end; those of others, and of resumed runs, are read again."""
OFF = TelemetryState("")


class ProjectTelemetry:
    """Sends to the project's current destination. One off this machine needs the project's trust; one named on the
    command line does not."""

    def __init__(
        self,
        keys: KeyStore,
        redactor: Redactor,
        read: ReadRun,
        *,
        may_send: Callable[[], bool],
        override: TelemetryOrder | None = None,
    ) -> None:
        """`override` replaces the project's destination. Raises `UsageError` for an unusable one."""
        self._keys = keys
        self._redactor = redactor
        self._read = read
        self._may_send = may_send
        self._override = override
        self._problem = ""
        self._heard: dict[RunId, list[RunEvent]] = {}
        self._set_up = TelemetryOrder("")
        self._current = self._open(override) if override is not None else None

    @property
    def state(self) -> TelemetryState:
        """The current state; without a title, telemetry is off."""
        if self._current is not None:
            return self._current.state
        return TelemetryState("", problem=self._problem)

    def adopt(self, project: Project) -> None:
        """Send to this project's destination from now on. With a mistake in it, `state` says so and nothing is sent."""
        if self._override is not None:
            return
        section = project.file.telemetry
        to = section.to
        if to and section.needs_trust and not self._may_send():
            to, self._problem = "", f"telemetry to {to} waits until you trust this project"
        elif to and "://" not in to:
            to = str(project.folder / Path(to))
        order = TelemetryOrder(to, section.content)
        if order == self._set_up:
            return
        self.close(wait_s=0.0)
        self._set_up = order
        try:
            self._current = self._open(order) if to else None
        except UsageError as error:
            self._problem = str(error)

    def listen(self, event: RunEvent) -> None:
        """Take an event of a log. Events are kept for runs that were heard from their beginning."""
        if self._current is None or type(event) is ResponseDelta:
            return
        if type(event) is RunStarted and len(self._heard) < MOST_HEARD:
            self._heard[event.run_id] = []
        if (heard := self._heard.get(event.run_id)) is not None:
            heard.append(event)
        if type(event) is RunFinished:
            self._current.take_run(event.run_id, self._heard.pop(event.run_id, None))

    def take_verdicts(self, trial: Trial, run: SuiteRun) -> None:
        """Send a suite's verdict on a trial."""
        if self._current is not None:
            self._current.take_verdicts(trial, run)

    def close(self, wait_s: float = 3.0) -> TelemetryState:
        """Deliver what is waiting, for at most this long, and stop sending."""
        current, self._current = self._current, None
        self._heard.clear()
        return current.close(wait_s) if current is not None else OFF

    def _open(self, order: TelemetryOrder) -> Telemetry:
        self._problem = ""
        return Telemetry(destination_of(order.to, self._keys, self._redactor), self._read, with_content=order.content)

"""Prints events as they arrive, then the trace."""

import asyncio

from workbench.app.runs.live_run import LiveRun
from workbench.app.runs.run_report import JsonReport, RunReport, trace_lines
from workbench.app.session import Session
from workbench.cli.exit_code import ExitCode, exit_code_of
from workbench.cli.terminal import Terminal
from workbench.core.event import RequestSent, ResponseDelta, RunEvent, RunStarted
from workbench.core.exchange import WireRequest
from workbench.core.trace import fold


class EventPrinter:
    """Prints events without keys: in words, or one JSON object a line."""

    def __init__(self, session: Session, terminal: Terminal, *, as_json: bool, is_live: bool = True) -> None:
        """A live run also says when a model has to read its tools before it can answer."""
        self._session = session
        self._terminal = terminal
        self._lines = JsonReport(session.prices.list, session.redactor)
        self._report = None if as_json else RunReport(session.prices.list)
        self._is_live = is_live
        self._spec = ""

    def event(self, event: RunEvent) -> None:
        """Print this event."""
        if self._report is None:
            for text in self._lines.take(event):
                self._terminal.json(text)
            return
        if isinstance(event, RunStarted):
            self._spec = event.spec
        elif isinstance(event, RequestSent) and self._is_live:
            self._show_wait(WireRequest(event.wire_format, event.path, event.body_json))
        if not isinstance(event, ResponseDelta):
            # A key has to go before anything is cut: half of one is still a secret.
            for line in self._report.lines(self._session.redactor.event(event)):
                self._terminal.line(line)

    def _show_wait(self, wire: WireRequest) -> None:
        load_s = self._session.providers.load_s(self._spec, wire)
        if load_s >= 1:
            self._terminal.complain(f"The model reads its tools first, about {load_s:.0f} s.", "dim")

    def end(self) -> None:
        """Flush what is left, whether or not the run has ended."""
        for text in self._lines.rest():
            self._terminal.json(text)


async def wait_and_print(live: LiveRun, session: Session, terminal: Terminal, *, as_json: bool) -> int:
    """Wait for the end, print the trace, and return the exit code. Ctrl-C stops the run and records that."""
    try:
        finished = await live.finished()
    except asyncio.CancelledError:
        live.stop()
        await live.finished()
        return ExitCode.INTERRUPTED
    if not as_json:
        terminal.say("")
        trace = fold(map(session.redactor.event, live.log))
        for line in trace_lines(trace, prices=session.prices.list):
            terminal.line(line)
    return exit_code_of(finished)

"""Records streamed pieces by the clock and says how far it is, until it is killed."""

import itertools
import time
from pathlib import Path

from benchmark.programs.cost import order
from workbench.app.clock import SystemClock
from workbench.core.event import RunStarted
from workbench.core.exchange import Delta
from workbench.core.ids import ROOT_SPAN, RunId, SpanPath
from workbench.core.limit import RunLimits
from workbench.core.log import EventLog
from workbench.core.tool_choice import ToolChoicePlan
from workbench.engine.recorder import Recorder
from workbench.store.redaction import Redactor
from workbench.store.runs import RunStore

_SPAN = SpanPath("turn-1/round-1/request-1")
_PACE_S = 0.001


def main() -> None:
    """A thousand pieces a second."""
    store = RunStore(Path(order()["folder"]), Redactor())
    log = EventLog()
    recorder = Recorder(RunId("killed"), log, SystemClock())
    store.follow(log)
    recorder.add(
        RunStarted(
            **recorder.stamp(ROOT_SPAN),
            provider="bench",
            model="bench",
            instructions="",
            tools=[],
            tool_choice=ToolChoicePlan(),
            parallel_calls=True,
            limits=RunLimits(),
            approval="",
        )
    )
    for count in itertools.count(1):
        recorder.add_delta(_SPAN, Delta("text", 0, "word "))
        print(count, flush=True)
        time.sleep(_PACE_S)


if __name__ == "__main__":
    main()

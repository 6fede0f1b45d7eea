"""The pinned baseline of a suite: one arm of one suite run, with which later suite runs are also compared."""

from pathlib import Path

import msgspec

from workbench.app.tools.tool_changes import Undoable, change_files
from workbench.core.suite.results import SuiteResults, together
from workbench.core.suite.trial import ArmKey

FILE = "pinned.json"


class Pin(msgspec.Struct, frozen=True):
    """A suite run and the key of one of its arms."""

    suite_run_id: str
    arm: str


class PinnedBaselines:
    """The pins of a project, one per suite, in a file next to the suite runs."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE

    def of(self, suite: str) -> Pin | None:
        """The suite's pin, if there is one."""
        return self._all().get(suite)

    def pin(self, suite: str, pin: Pin | None, words: str) -> Undoable:
        """Pin another arm, or none. Raises `StoreError` when the file cannot be written."""
        pins = {name: each for name, each in self._all().items() if name != suite}
        if pin is not None:
            pins[suite] = pin
        return change_files(words, {self._path: msgspec.json.format(msgspec.json.encode(pins)) + b"\n"})

    def _all(self) -> dict[str, Pin]:
        """An unreadable file pins nothing: the next pin creates it again."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, Pin])
        except (OSError, msgspec.DecodeError):
            return {}


def arm_alone(results: SuiteResults, arm: ArmKey) -> SuiteResults:
    """A suite run as if it had only that arm."""
    run = msgspec.structs.replace(results.run, arms=(arm,))
    return SuiteResults(run, results.cases, (trial for trial in results.trials if trial.arm == arm.key))


def with_pinned(pinned: SuiteResults, arm: ArmKey, results: SuiteResults) -> SuiteResults:
    """The pinned arm and all arms of a later suite run, combined for comparison; the pinned one is first."""
    named = msgspec.structs.replace(arm, variant=f"pinned {arm.variant or 'as it is'}")
    alone = arm_alone(pinned, arm)
    alone.run = msgspec.structs.replace(alone.run, arms=(named,))
    return together(alone, results)

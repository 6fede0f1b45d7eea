"""The part of a suite run on the workers of a Dask cluster: it runs trials, with one project per suite run.

Imported by workers, and here when a cluster is first asked for. What leaves a worker has no key in it: trials and
events are redacted as they would be on disk, and failures are returned, so that nothing in them reaches Dask's logs.
"""

import asyncio
import shutil
import tempfile
from pathlib import Path
from typing import Any

import msgspec
from distributed import Worker, WorkerPlugin, get_worker

from workbench import __version__
from workbench.app.models.background_loop import BackgroundLoop
from workbench.app.project.folders import UserFolders
from workbench.app.suites.arm import Arm
from workbench.app.suites.cluster_kit import TrialKit
from workbench.app.suites.trial_asking import TrialAsking
from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.event import encode_event
from workbench.core.suite.trial import Trial

TrialBytes = tuple[bytes, bytes]
"""A trial, and the events of its run, one per line."""


def worker_version() -> str:
    """The version of the workbench on a worker."""
    return __version__


async def run_trial(name: str, arm: str, case: str, number: int) -> TrialBytes:
    """The task: one trial of the suite run whose kit has this name."""
    plugin = get_worker().plugins[name]
    assert isinstance(plugin, TrialPlugin)
    return await plugin.trial(arm, case, number)


class TrialPlugin(WorkerPlugin):
    """Keeps a kit on each worker, including those that join later, and the project made from it."""

    def __init__(self, kit: TrialKit) -> None:
        self.name = kit.name
        self._kit = kit
        self._trials: _Trials | None = None

    def setup(self, worker: Worker) -> None:
        """Called on a worker. Raises `RuntimeError` on one with another version, which could not use the kit."""
        if self._kit.version != __version__:
            raise RuntimeError(f"This worker has the workbench {__version__}, the suite run needs {self._kit.version}.")
        self._trials = _Trials(self._kit)

    async def teardown(self, worker: Worker) -> None:
        """The suite run is over: trials under way end."""
        if self._trials is not None:
            await self._trials.close()

    async def trial(self, arm: str, case: str, number: int) -> TrialBytes:
        """Run a trial without blocking the worker's own loop."""
        assert self._trials is not None
        return await self._trials.make(arm, case, number)


class _Trials:
    """The project on this worker. It is opened with the first trial, in a loop of its own."""

    def __init__(self, kit: TrialKit) -> None:
        self._kit = kit
        self._background = BackgroundLoop()
        self._opening = asyncio.Lock()
        self._folder: Path | None = None
        self._session: Any = None
        self._asking: TrialAsking | None = None

    async def make(self, arm: str, case: str, number: int) -> TrialBytes:
        return await self._background.run(self._make(arm, case, number))

    async def close(self) -> None:
        try:
            if self._session is not None:
                await self._background.run(self._session.close())
        finally:
            await self._background.close()
            if self._folder is not None:
                await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    async def _make(self, arm: str, case: str, number: int) -> TrialBytes:
        empty = Trial(case=case, arm=arm, number=number)
        try:
            async with self._opening:
                asking = self._asking or self._open()
            return await self._ask(asking, arm, case, number)
        except UsageError as error:  # usually a key that is missing here
            trial = msgspec.structs.replace(empty, failure=f"On a worker: {error}", failure_kind="authentication")
        except WorkbenchError as error:
            trial = msgspec.structs.replace(empty, failure=f"On a worker: {error}", failure_kind="server")
        except Exception as error:  # noqa: BLE001 — door: Dask would log it with everything that was known
            words = f"On a worker: {type(error).__name__}: {error}"
            trial = msgspec.structs.replace(empty, failure=words, failure_kind="server")
        return self._clean(msgspec.json.encode(trial)), b""

    def _open(self) -> TrialAsking:
        kit = self._kit
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix=f"{kit.name}-"))
        folder = self._folder
        home = UserFolders(folder / "state", folder / "config", folder / "data")
        for place, files in ((folder / "project", kit.files), (home.config, kit.config)):
            for name, content in files.items():
                path = place / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        if self._session is None:
            self._session = kit.open_project(folder / "project", folders=home, trust_for_now=kit.is_trusted)
        self._session.telemetry.close(wait_s=0)  # the program that collects the trials sends the telemetry
        self._asking = self._session.suites.asking(kit.settings, own=kit.own)
        return self._asking

    async def _ask(self, asking: TrialAsking, arm: str, case: str, number: int) -> TrialBytes:
        shipped, session = self._kit.arms[arm], self._session
        target = session.providers.target(shipped.setup.spec)
        session.providers.check_key(target)
        own = Arm(shipped.arm, shipped.setup, session.providers.provider(target), shipped.renames)
        trial = await asking.ask(own, self._kit.cases[case], number)
        store = session.suites.run_store()
        events = b"\n".join(encode_event(event) for event in store.events(trial.run_id))
        store.remove(trial.run_id)
        return self._clean(msgspec.json.encode(trial)), self._clean(events)

    def _clean(self, line: bytes) -> bytes:
        return self._session.redactor.line(line) if self._session is not None else line

"""Spreads the trials of a suite run over a Dask cluster, and stores the results as if they were made here.

Every trial is a task with a fixed key, and the first result counts. A worker that is lost takes its trials to
another one; a scheduler that is lost ends the suite run, which can be resumed anywhere.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
from distributed import Client, SchedulerPlugin, Security
from distributed.client import FutureCancelledError
from distributed.scheduler import KilledWorker

from workbench import __version__
from workbench.app.models.background_loop import BackgroundLoop
from workbench.app.runs.runs import Runs
from workbench.app.suites.arm import Arm
from workbench.app.suites.batch_rounds import Told
from workbench.app.suites.cluster_kit import TrialKit
from workbench.app.suites.cluster_worker import TrialBytes, TrialPlugin, run_trial, worker_version
from workbench.app.suites.suite_order import DASK, SuiteOrder
from workbench.core.errors import UsageError
from workbench.core.event import decode_event
from workbench.core.json_text import digest
from workbench.core.suite.case import Case
from workbench.core.suite.trial import Trial
from workbench.store.runs import RunStore

CONNECT_S = 10.0
LOOK_S = 2.0
"""The time between two checks of the number of workers."""
PATIENCE_S = 120.0
"""How long to wait for a worker when none is left."""
_PER_THREAD = 2
"""Trials under way for each thread, so that none waits for the next one."""
_ATTEMPTS = 5
"""Dask gives up a task after a few workers were lost, which may not be its fault."""
_EQUAL = ("python", "distributed", "msgpack", "cloudpickle")
_LOST = "the connection to its scheduler was lost"


Kept = Callable[[], tuple[RunStore, Runs]]
"""Where returned runs are stored."""


def connected(kit: TrialKit, order: SuiteOrder, kept: Kept, credentials: Path, told: Told) -> "Cluster":
    """A cluster that has the kit of a suite run. Raises `UsageError` when it cannot be reached or used."""
    cluster = Cluster(kit, order, kept, credentials, told)
    cluster.connect()
    return cluster


class Cluster:
    """See `trial_asking.Asks`. Dask runs in a loop and a thread of its own."""

    def __init__(self, kit: TrialKit, order: SuiteOrder, kept: Kept, credentials: Path, told: Told) -> None:
        """`credentials` is where a cluster on this machine leaves its own."""
        self.at_once: int | None = order.concurrency
        self._kit = kit
        self._on = order.on
        self._kept = kept
        self._credentials = credentials
        self._told = told
        self._background = BackgroundLoop()
        self._client: Any = None
        self._watching: asyncio.Task[None] | None = None
        self._gone: asyncio.Future[str]

    def connect(self) -> None:
        """Connect, compare versions, and give all workers the kit. Raises `UsageError`."""
        try:
            self._background.submit(self._connect()).result()
        except BaseException:
            try:
                self._background.submit(self._disconnect()).result()
            finally:
                self._background.end()
            raise

    def begin(self) -> None:
        """Nothing is under way yet."""

    async def ask(self, arm: Arm, case: Case, number: int) -> Trial:
        """See `trial_asking.Asks`."""
        place = (case.key, arm.arm.key, number)
        trial_line, events = await self._background.run(self._make_trial(*place))
        trial = msgspec.json.decode(trial_line, type=Trial)
        if events:
            store, runs = self._kept()
            runs.take_over(decode_event(line) for line in events.split(b"\n"))
            await store.written()
        return trial

    async def close(self) -> None:
        """End the work on the workers, and disconnect."""
        try:
            await self._background.run(self._disconnect())
        finally:
            await self._background.close()

    # in the loop of the cluster

    async def _connect(self) -> None:
        self._gone = asyncio.get_running_loop().create_future()
        address, security = address_of(self._on, self._credentials)
        try:
            self._client = Client(
                address, asynchronous=True, set_as_default=False, timeout=CONNECT_S, security=security
            )
            await self._client
        except (OSError, TimeoutError, ValueError, RuntimeError) as error:
            raise UsageError(
                f"the cluster {self._on} cannot be reached: {error}",
                hint="Start one, for example with `make cluster`, or run without --on.",
            ) from None
        threads = await self._client.nthreads()
        if not threads:
            raise UsageError(f"the cluster {self._on} has no workers", hint="Start workers, then run again.")
        trouble = version_trouble(await self._client.get_versions(check=False)) or workbench_trouble(
            await self._client.run(worker_version, on_error="return")
        )
        if trouble:
            raise UsageError(trouble, hint="Install the same versions on all sides of the cluster.")
        with suppress(Exception):  # a scheduler may take no plugins; then a kill here leaves the kit there
            await self._client.register_plugin(_caretaker(self._kit.name, self._client.id))
        await self._client.register_plugin(TrialPlugin(self._kit))
        self.at_once = self.at_once or _PER_THREAD * sum(threads.values())
        count = "1 worker" if len(threads) == 1 else f"{len(threads)} workers"
        self._told(f"{self._on}: {count}, {self.at_once} trials at a time")
        self._watching = asyncio.get_running_loop().create_task(self._watch(), name="watch the cluster")

    async def _make_trial(self, case: str, arm: str, number: int) -> TrialBytes:
        for attempt in range(_ATTEMPTS):
            if self._is_gone:
                break
            key = f"{self._kit.name}-{digest([case, arm, number])[:24]}-{attempt}"
            try:
                found = await self._result_of(key, case, arm, number)
            except KilledWorker:
                self._told(f"{self._on}: several workers were lost on the same trial; trying it again")
                continue
            except Exception as error:  # noqa: BLE001 — door: whatever a worker raises that has another version
                self._end(await self._odd_worker() or f"a worker failed with {type(error).__name__}: {error}")
                break
            if found is not None:
                return found
        is_gone, why = self._is_gone, "its workers died repeatedly on this trial"
        if is_gone:
            why = await self._gone
        trial = Trial(
            case=case,
            arm=arm,
            number=number,
            failure=f"The cluster {self._on} cannot be used: {why}.",
            failure_kind="unavailable" if is_gone else "server",
        )
        return msgspec.json.encode(trial), b""

    async def _result_of(self, key: str, case: str, arm: str, number: int) -> TrialBytes | None:
        """The result of a task; None when the cluster is gone. Raises `KilledWorker`."""
        try:
            future = self._client.submit(run_trial, self._kit.name, arm, case, number, key=key, pure=False, retries=0)
        except (OSError, RuntimeError, ValueError):  # the error of a client that is closed or about to close
            self._end(_LOST)
            return None
        result = asyncio.get_running_loop().create_task(self._wait_for(future), name=key)
        try:
            both: list[asyncio.Future[Any]] = [result, self._gone]
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            return result.result() if result.done() else None
        finally:
            result.cancel()
            future.release()

    async def _odd_worker(self) -> str:
        """A worker with no workbench or another version, which may have joined later."""
        with suppress(OSError, TimeoutError, ValueError):
            answers = self._client.run(worker_version, on_error="return")
            return workbench_trouble(await asyncio.wait_for(answers, CONNECT_S))
        return ""

    async def _wait_for(self, future: Any) -> TrialBytes | None:
        try:
            found: TrialBytes = await future
        except FutureCancelledError:
            self._end(_LOST)
            return None
        return found

    async def _watch(self) -> None:
        """Report when no worker is left, and end the suite run when none joins."""
        without = 0.0
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                threads = await self._client.nthreads()
            except OSError:
                self._end(_LOST)
                return
            if not threads and not without:
                self._told(f"{self._on}: no worker is left; waiting for one")
            without = 0.0 if threads else without + LOOK_S
            if without > PATIENCE_S:
                self._end(f"no worker was left for {PATIENCE_S:.0f} seconds")
                return

    @property
    def _is_gone(self) -> bool:
        return self._gone.done()

    def _end(self, why: str) -> None:
        if not self._is_gone:
            self._gone.set_result(why)

    async def _disconnect(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
        if self._client is None:
            return
        try:
            with suppress(OSError, TimeoutError, ValueError):  # the cluster may be gone
                if self._client.status == "running":
                    await asyncio.wait_for(self._client.unregister_worker_plugin(self._kit.name), CONNECT_S)
        finally:
            with suppress(OSError, TimeoutError):
                await self._client.close()


def _caretaker(kit: str, client: str) -> SchedulerPlugin:
    """Removes the kit from scheduler and workers when this client is gone, for any reason. The class is local, so that
    it is sent to the scheduler completely: that machine needs no workbench."""

    class Caretaker(SchedulerPlugin):
        name = f"caretaker of {kit}"

        def remove_client(self, scheduler: Any, client: str) -> None:
            if client == owner:
                scheduler.loop.add_callback(self.clear, scheduler)

        async def clear(self, scheduler: Any) -> None:
            if kit in scheduler.worker_plugins:
                await scheduler.unregister_worker_plugin(comm=None, name=kit)
            await scheduler.unregister_scheduler_plugin(name=self.name)

    owner = client
    return Caretaker()


def address_of(on: str, credentials: Path) -> tuple[str, Security]:
    """The address as Dask writes it, and the credentials: what `make cluster` left for this port, else Dask's own
    configuration. Raises `UsageError` for a port of this machine without either: any user of it could
    be listening there."""
    host = on.removeprefix(DASK).rstrip("/")
    certificate = credentials / f"{host.rpartition(':')[2]}.pem"
    is_here = host.startswith(("127.", "localhost:", "[::1]:"))
    if is_here and certificate.is_file():
        file = str(certificate)
        own = Security(tls_ca_file=file, tls_client_cert=file, tls_client_key=file, require_encryption=True)
        return f"tls://{host}", own
    security: Any = Security()
    if is_here and not security.tls_client_cert:
        raise UsageError(
            f"the cluster {on} cannot be reached: this machine has no certificate for it",
            hint="Start one with `make cluster`, or name the certificate in Dask's configuration.",
        )
    return f"{'tls' if security.tls_client_cert else 'tcp'}://{host}", security


def version_trouble(versions: Mapping[str, Any]) -> str:
    """Important versions that differ from those here, in words; empty when none do."""
    own = _packages(versions["client"])
    others = {"scheduler": versions["scheduler"], **versions["workers"]}
    for who, found in others.items():
        for name, version in _packages(found).items():
            if name in _EQUAL and _short(name, version) != _short(name, own.get(name)):
                return f"{who} has {name} {version}, and here it is {own.get(name)}"
    return ""


def workbench_trouble(answers: Mapping[str, object]) -> str:
    """Workers with no workbench or another version; empty when all have this one."""
    for worker, found in answers.items():
        if found != __version__:
            has = f"has the workbench {found}" if isinstance(found, str) else "has no workbench"
            return f"worker {worker} {has}, and here it is {__version__}"
    return ""


def _packages(found: Mapping[str, Any]) -> dict[str, str]:
    packages: Iterable[tuple[str, str]] | Mapping[str, str] = found["packages"]
    return dict(packages)


def _short(name: str, version: str | None) -> str:
    """Two Pythons differ if their minor versions do."""
    return ".".join((version or "").split(".")[:2]) if name == "python" else version or ""

"""A suite run of many trials: opening it, and going on with it where a few are missing."""

import asyncio
import time
from pathlib import Path

import msgspec

from benchmark.programs.bench_project import open_session, write_suite
from benchmark.programs.cost import order, report
from workbench.app.suites.suite_order import SuiteOrder
from workbench.core.ids import RunId
from workbench.core.suite.trial import SuiteRun, Trial
from workbench.store.trial_store import TRIALS

_TRIALS_A_CASE = 100
_MISSING = 5


async def main() -> None:
    """Measure as ordered."""
    told = order()
    session = open_session(Path(told["folder"]), told["url"])
    suites = session.suites
    write_suite(session.project.folder, max(2, told["trials"] // _TRIALS_A_CASE))
    probe = suites.begin(SuiteOrder(suite="cases", only=("case-0",)))
    graded = (await probe.run()).trials[0]
    run = suites.begin(SuiteOrder(suite="cases", trials=_TRIALS_A_CASE)).results.run
    folder = suites.trials.folder / run.suite_run_id
    written = write_trials(folder / TRIALS, run, graded)

    begun, cpu = time.perf_counter(), time.process_time()
    results = suites.results(run.suite_run_id)
    total = results.total(run.arms[0])
    open_s, open_cpu_s = time.perf_counter() - begun, time.process_time() - cpu
    assert total.trials == written

    begun, cpu = time.perf_counter(), time.process_time()
    runner = suites.resume(run.suite_run_id, SuiteOrder(suite="cases", concurrency=_MISSING))
    asked = runner.progress.asked
    await runner.run()
    resume_s, resume_cpu_s = time.perf_counter() - begun, time.process_time() - cpu
    assert runner.results.is_complete
    lines = sum(1 for _ in (folder / TRIALS).open("rb"))
    report(
        open_s=open_s,
        open_cpu_s=open_cpu_s,
        resume_s=resume_s,
        resume_cpu_s=resume_cpu_s,
        repeated=runner.progress.asked - asked - _MISSING,
        lines=lines - written,
    )
    await session.close()


def write_trials(path: Path, run: SuiteRun, like: Trial) -> int:
    """All trials of the run but the last few, as they are stored; how many."""
    places = [(case, number + 1) for case in run.cases for number in range(_TRIALS_A_CASE)][:-_MISSING]
    encode = msgspec.json.Encoder().encode
    with path.open("wb") as file:
        for place, (case, number) in enumerate(places):
            run_id = RunId(f"{like.run_id}-{place:06}")
            file.write(encode(msgspec.structs.replace(like, case=case, number=number, run_id=run_id)) + b"\n")
    return len(places)


if __name__ == "__main__":
    asyncio.run(main())

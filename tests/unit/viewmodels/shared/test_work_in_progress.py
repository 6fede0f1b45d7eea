"""What goes on in a window is in one register: shown once it is long, and told of when it ends."""

import pytest

from workbench.viewmodels.shared.progress import Progress
from workbench.viewmodels.shared.work_in_progress import WorkInProgress


class Clock:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def test_work_is_shown_once_it_is_long_the_newest_first_and_told_of_when_it_ends() -> None:
    clock, work, ended = Clock(), WorkInProgress(), list[str]()
    work.ended.connect(lambda progress: ended.append(f"{progress.title}: {progress.end_words}"))
    suite, run = Progress("Suite", "trial", now=clock), Progress("Run", "run", shown_after_s=5, now=clock)
    work.begin(suite)
    work.begin(run)
    suite.tell(20, 120)
    assert work.is_any
    assert work.shown == ()
    clock.at = 4.0
    assert [progress.words for progress in work.shown] == ["Suite · 20 of 120 trials · 5.0/s · 20.0 s left"]
    clock.at = 6.0
    assert work.shown[0].words == "Run · 6.0 s"
    suite.finish()
    suite.finish()
    clock.at = 60.0
    assert ended == ["Suite: 20 of 120 trials · 6.0 s"]
    assert work.shown == (run,)


async def test_work_that_fails_is_over() -> None:
    work, progress = WorkInProgress(), Progress("Run", "run")

    async def fail() -> None:
        assert work.is_any
        raise OSError

    with pytest.raises(OSError):
        await work.run(progress, fail)
    assert not work.is_any

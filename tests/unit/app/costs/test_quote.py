"""What sampling would take, said before anything is sent."""

from pathlib import Path

from tests.support.reacting import WordyModel, wordy_project, wordy_run, wordy_session
from workbench.app.costs.cost_estimate import CostEstimate, estimate
from workbench.app.replay.replays import Replays
from workbench.core.exchange import WireRequest
from workbench.replay.fork_point import ForkPoint


def test_long_times_are_told_in_minutes() -> None:
    assert "about 12 s" in str(CostEstimate(1, 1, 1, 12.3))
    assert "about 19 min" in str(CostEstimate(1, 1, 1, 1166.0))
    assert "about" not in str(CostEstimate(1, 1, 1, None))


async def test_the_local_model_is_quoted_without_its_start_and_one_answer_at_a_time(
    tmp_path: Path, own_home: Path
) -> None:
    session = wordy_session(wordy_project(tmp_path / "shop"), own_home, WordyModel())
    replays = Replays(session.runs, session.providers, session.prices)
    try:
        recording = replays.recording((await wordy_run(session)).run_id)
        times = [each.received.latency_ms for each in recording.attempts.values() if each.received is not None]
        assert len(times) == 2
        point, wire = ForkPoint(1, 1), WireRequest("local", "needle", "{}")
        found = estimate(wire, recording, point, trials=10, concurrency=4, is_same_model=True)
        assert found.seconds is not None
        assert abs(found.seconds - min(times) / 1000 * 10) < 1e-9
        other = estimate(wire, recording, point, trials=10, concurrency=4, is_same_model=False)
        assert other.seconds is None
    finally:
        await replays.close()
        await session.close()

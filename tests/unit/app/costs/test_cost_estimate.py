"""What sampling would take, said before anything is sent."""

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.reacting import ExactModel, WordyModel, wordy_project, wordy_run, wordy_session
from workbench.app.costs.answer_times import AnswerTimes
from workbench.app.costs.cost_estimate import CostEstimate, local_estimate
from workbench.app.replay.replays import Replays
from workbench.engine.ports import Effort
from workbench.replay.recording import Recording


class Estimated:
    """A recorded run whose requests can be estimated for any model."""

    def __init__(self, replays: Replays, recording: Recording, models: list[WordyModel]) -> None:
        self.replays = replays
        self.recording = recording
        self.models = models
        """The last one answers."""

    def estimate(self, trials: int = 10, concurrency: int = 1) -> CostEstimate:
        return self.replays.question(self.recording, "round-1", trials=trials, concurrency=concurrency).estimate


@pytest.fixture
async def estimated(tmp_path: Path, own_home: Path) -> AsyncIterator[Estimated]:
    models = [WordyModel()]
    session = wordy_session(wordy_project(tmp_path / "shop"), own_home, models[0])
    session.providers.provider = lambda target: models[-1]  # type: ignore[method-assign,assignment,return-value]
    replays = Replays(session.runs, session.providers, session.prices)
    yield Estimated(replays, replays.recording((await wordy_run(session)).run_id), models)
    await replays.close()
    await session.close()


def test_long_times_are_told_in_minutes() -> None:
    assert "about 12 s" in str(CostEstimate(1, 1, 1, 12.3))
    assert "about 19 min" in str(CostEstimate(1, 1, 1, 1166.0))
    assert "about" not in str(CostEstimate(1, 1, 1, None))


async def test_before_anything_was_sampled_all_answers_of_the_recording_count(estimated: Estimated) -> None:
    took = [each.received.latency_ms for each in estimated.recording.attempts.values() if each.received is not None]
    assert len(took) == 2
    assert estimated.estimate().seconds == pytest.approx(sum(took) / 2 / 1000 * 10)


async def test_after_that_what_was_measured_counts(estimated: Estimated) -> None:
    request = estimated.replays.question(estimated.recording, "round-1", trials=4)
    sampling = await estimated.replays.sampler(request).draw(4, concurrency=1)
    mean_s = sum(sample.latency_ms for sample in sampling.samples) / 4 / 1000
    assert estimated.estimate(trials=20, concurrency=4).seconds == pytest.approx(mean_s * 5)


def test_only_the_newest_answers_of_a_model_count() -> None:
    times = AnswerTimes()
    assert times.mean("a") is None
    for seconds in [100.0] * 10 + [2.0] * 50:
        times.record("a", seconds)
    assert (times.mean("a"), times.mean("b")) == (2.0, None)


async def test_a_model_on_this_machine_is_counted_once_for_each_change_and_loads_each_tools_once(
    estimated: Estimated,
) -> None:
    estimated.models.append(ExactModel())
    one = estimated.estimate(trials=10)
    assert (one.requests, one.seconds, one.dollars) == (1, 7.3, Decimal(0))
    assert str(one + one).startswith("2 requests, one load of ~7 s + 2 × 0.3 s on this machine, about 8 s;")


def test_several_loads_are_shared_by_the_processors() -> None:
    def each(load: str, load_s: float = 7.0) -> CostEstimate:
        return local_estimate(Effort(load, load_s, 0.3, 2), trials=1)

    total = each("a") + each("b") + each("c") + each("a")
    assert total.seconds == pytest.approx((3 * 7.0 + 4 * 0.3) / 2)
    assert "4 requests, 3 loads of ~7 s + 4 × 0.3 s on this machine" in str(total)
    assert "1 request, 1 × 0.3 s on this machine" in str(each("a", 0.0))


def test_beside_a_model_that_is_paid_the_price_is_the_others() -> None:
    paid = CostEstimate(10, 5_000, 100, 20.0, Decimal("0.5"))
    both = paid + local_estimate(Effort("a", 7.0, 0.3), trials=1)
    assert (both.requests, both.input_tokens, both.dollars) == (11, 5_000, Decimal("0.5"))
    assert both.seconds == pytest.approx(27.3)
    assert (both + paid).seconds == pytest.approx(47.3)
    assert "≈ 5,000 tokens in" in str(both)
    assert "one load of ~7 s + 1 × 0.3 s on this machine" in str(both)
    assert (both + CostEstimate(1, 1, 1, None)).seconds is None

"""Batches of requests: whenever the program dies or the network fails, nothing is lost and nothing is sent twice."""

import asyncio
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.batch_vendor import BatchVendor
from workbench.app.suites.batch_rounds import BatchRounds
from workbench.core.errors import ProviderFailure
from workbench.core.exchange import WireRequest
from workbench.core.ids import WireFormat
from workbench.providers.batch import BatchAnswer, BatchRequest
from workbench.store.batch_journal import JOURNAL, BatchJournal, Entry
from workbench.store.redaction import Redactor

TRIALS, ROUNDS = 5, 2
KILLS = 200
SPEC = "openai:m"


class Killed(Exception):
    """The program is dead from here on."""


class Clock:
    """Time that passes when nothing else happens."""

    def __init__(self) -> None:
        self._now = 1_000.0

    def now(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self._now += seconds
        for _ in range(4):
            await asyncio.sleep(0)


class Fuse:
    """Kills at a step; from then on, no step has an effect."""

    def __init__(self, at: int) -> None:
        self.left = at
        self.blown = asyncio.Event()

    def step(self, what: str) -> None:
        self.left -= 1
        if self.left <= 0:
            self.blown.set()
            raise Killed(what)


class DyingJournal(BatchJournal):
    """Dies before, in the middle of, or after a line."""

    def __init__(self, folder: Path, fuse: Fuse) -> None:
        super().__init__(folder, Redactor())
        self._fuse = fuse
        self._file = folder / JOURNAL

    def add(self, *entries: Entry) -> None:
        self._fuse.step("before a line")
        try:
            self._fuse.step("in a line")
        except Killed:
            with self._file.open("ab") as file:
                file.write(b'{"type":"plan')
            raise
        super().add(*entries)
        self._fuse.step("after a line")


def wire_of(trial: int, number: int, seen: str) -> WireRequest:
    return WireRequest(WireFormat("openai_chat"), "/chat", json.dumps({"trial": trial, "round": number, "seen": seen}))


def echo(request: BatchRequest) -> BatchAnswer:
    """What was asked, so that the second round shows what came in the first."""
    body = json.loads(request.wire.body_json)
    return BatchAnswer(request.request_id, f"{body['trial']}.{body['round']}".encode())


async def ask_all(rounds: BatchRounds) -> list[str]:
    """Every trial asks in each round with what came in the round before."""

    async def one(trial: int) -> str:
        with rounds.trial():
            seen = ""
            for number in range(1, ROUNDS + 1):
                seen = (await rounds.ask(SPEC, (trial,), wire_of(trial, number, seen))).decode()
            return seen

    asking = [asyncio.create_task(one(trial)) for trial in range(TRIALS)]
    try:
        return await asyncio.gather(*asking)
    finally:
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)


async def live(folder: Path, vendor: BatchVendor, fuse: Fuse) -> list[str] | None:
    """One life of the program: what came out, or None where it was killed."""
    vendor.step = fuse.step
    rounds = BatchRounds(DyingJournal(folder, fuse), {SPEC: vendor}, Clock())
    rounds.begin()
    asking = asyncio.create_task(ask_all(rounds))
    death = asyncio.create_task(fuse.blown.wait())
    await asyncio.wait([asking, death], return_when=asyncio.FIRST_COMPLETED)
    is_dead = fuse.blown.is_set()
    for task in (asking, death):
        task.cancel()
    found = await asyncio.gather(asking, return_exceptions=True)
    await rounds.close()
    return None if is_dead else found[0]  # type: ignore[return-value]


@pytest.mark.parametrize("keeps_label", [True, False], ids=["found by its label", "found by its answers"])
async def test_two_hundred_kills_lose_nothing_and_send_nothing_twice(tmp_path: Path, keeps_label: bool) -> None:
    chance = random.Random(7)
    kills = lives = 0
    while kills < KILLS:
        folder = tmp_path / str(lives)
        folder.mkdir()
        vendor = BatchVendor(echo, keeps_label=keeps_label)
        found = None
        while found is None:
            found = await live(folder, vendor, Fuse(chance.randrange(1, 60)))
            kills += found is None
        lives += 1
        assert found == [f"{trial}.{ROUNDS}" for trial in range(TRIALS)]
        assert len(vendor.received) == len(set(vendor.received)) == TRIALS * ROUNDS
        journal = BatchJournal(folder, Redactor())
        assert all(map(journal.is_answered, vendor.received))


async def run_whole(folder: Path, vendor: BatchVendor, told: Callable[[str], object] = lambda words: None) -> list[str]:
    rounds = BatchRounds(BatchJournal(folder, Redactor()), {SPEC: vendor}, Clock(), told)
    rounds.begin()
    try:
        return await ask_all(rounds)
    finally:
        await rounds.close()


async def test_a_round_of_all_trials_is_one_batch(tmp_path: Path) -> None:
    vendor = BatchVendor(echo)
    await run_whole(tmp_path, vendor)
    assert [len(batch.requests) for batch in vendor.batches.values()] == [TRIALS] * ROUNDS


async def test_a_vendor_that_takes_less_gets_several_batches(tmp_path: Path) -> None:
    vendor = BatchVendor(echo, most_requests=2)
    assert len(await run_whole(tmp_path, vendor)) == TRIALS
    assert [len(batch.requests) for batch in vendor.batches.values()][:3] == [2, 2, 1]


async def test_a_lost_answer_to_a_submission_is_found_again(tmp_path: Path) -> None:
    lost: list[str] = []

    def step(what: str) -> None:
        if what == "after submit" and not lost:
            lost.append(what)
            raise ProviderFailure("The connection broke.", kind="connection")

    vendor = BatchVendor(echo, step=step)
    await run_whole(tmp_path, vendor)
    assert lost
    assert len(vendor.received) == len(set(vendor.received)) == TRIALS * ROUNDS


async def test_a_batch_that_never_arrived_is_sent_again(tmp_path: Path) -> None:
    vendor = BatchVendor(echo, refusal=ProviderFailure("No route.", kind="connection"))
    assert len(await run_whole(tmp_path, vendor)) == TRIALS
    assert len(vendor.received) == TRIALS * ROUNDS


async def test_a_vendor_that_cannot_be_reached_for_a_while_is_waited_for(tmp_path: Path) -> None:
    looks = iter(range(100))

    def step(what: str) -> None:
        if what in ("look", "read") and next(looks) in (0, 1, 3, 5):
            raise ProviderFailure("No route.", kind="connection")

    told: list[str] = []
    assert len(await run_whole(tmp_path, BatchVendor(echo, step=step), told.append)) == TRIALS
    assert any(words.endswith("Trying again.") for words in told)


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (ProviderFailure("The model does not exist.", kind="not_found", status=404), "does not exist"),
        (ProviderFailure("The body is wrong.", kind="invalid_request", status=400), "is wrong"),
    ],
)
async def test_a_refused_batch_fails_its_trials_with_the_reason(
    tmp_path: Path, refusal: ProviderFailure, words: str
) -> None:
    with pytest.raises(ProviderFailure, match=words):
        await run_whole(tmp_path, BatchVendor(echo, refusal=refusal))
    assert not BatchJournal(tmp_path, Redactor()).open


async def test_a_request_that_failed_goes_into_another_batch_when_it_is_asked_again(tmp_path: Path) -> None:
    failed: list[str] = []

    def fail_once(request: BatchRequest) -> BatchAnswer:
        if not failed:
            failed.append(request.request_id)
            return BatchAnswer(request.request_id, failure=ProviderFailure("Expired.", kind="server"))
        return echo(request)

    vendor = BatchVendor(fail_once)
    with pytest.raises(ProviderFailure, match="Expired"):
        await run_whole(tmp_path, vendor)
    assert await run_whole(tmp_path, vendor) == [f"{trial}.{ROUNDS}" for trial in range(TRIALS)]
    assert len(vendor.received) == len(set(vendor.received)) == TRIALS * ROUNDS + 1


async def test_nothing_is_sent_after_the_end(tmp_path: Path) -> None:
    vendor = BatchVendor(echo)
    rounds = BatchRounds(BatchJournal(tmp_path, Redactor()), {SPEC: vendor}, Clock())
    await rounds.close()
    asking = asyncio.create_task(ask_all(rounds))
    for _ in range(50):
        await asyncio.sleep(0)
    assert not vendor.received
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)

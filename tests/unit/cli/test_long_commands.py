"""What sampling in the terminal says before, while and after it works; and a model that always answers the same."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.reacting import ASKED, ExactModel, WordyModel, wordy_project
from workbench.app.microscope.kept_results import RESULTS_FOLDER
from workbench.app.models.provider_registry import ProviderRegistry
from workbench.cli.ablate import AblateOrder, _ablate
from workbench.cli.exit_code import ExitCode
from workbench.cli.main import main
from workbench.cli.progress import TerminalProgress
from workbench.cli.replay import ReplayOrder, _replay
from workbench.cli.terminal import Terminal
from workbench.core.exchange import StreamItem, WireRequest
from workbench.core.project_folder import HISTORY_FOLDER
from workbench.core.share import EXACT

ABLATE = ("ablate", "last", "--at", "round-1")


class Shop:
    """A project with one run, and the model that answers from then on."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.model = WordyModel()
        self.out = self.err = ""
        self._capsys = capsys
        monkeypatch.setattr(ProviderRegistry, "provider", lambda registry, target: self.model)

    def __call__(self, command: str, *arguments: str) -> int:
        self.model.asked = 0
        code = main([command, str(self.folder), *arguments], lambda _: 99)
        self.out, self.err = self._capsys.readouterr()
        return code

    @property
    def kept(self) -> list[Path]:
        return sorted((self.folder / HISTORY_FOLDER / RESULTS_FOLDER).glob("*.json"))


@pytest.fixture
def shop(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shop:
    made = Shop(wordy_project(tmp_path / "shop"), capsys, monkeypatch)
    assert made("run", ASKED, "--approve", "all", "--trust") == ExitCode.ANSWERED
    return made


def test_a_model_that_always_answers_the_same_is_asked_once_and_its_answer_is_exact(shop: Shop) -> None:
    shop.model = ExactModel()
    assert shop("replay", "last", "--fork-at", "round-1", "--trials", "5") == ExitCode.ANSWERED
    assert shop.model.asked == 1
    assert "as it was: 1 sample\n" in shop.out
    assert EXACT in shop.out
    for word in ("[", "more samples", "95 %", "settled"):
        assert word not in shop.out
    assert "1 request, one load of ~7 s + 1 × 0.3 s on this machine, about 7 s;" in shop.err


def test_a_run_says_that_the_model_reads_its_tools_first(shop: Shop) -> None:
    assert shop("run", ASKED, "--approve", "all", "--trust") == ExitCode.ANSWERED
    assert "reads its tools" not in shop.err
    shop.model = ExactModel()
    assert shop("run", ASKED, "--approve", "all", "--trust") == ExitCode.ANSWERED
    assert "The model reads its tools first, about 7 s." in shop.err


def test_each_change_is_asked_once_of_such_a_model(shop: Shop) -> None:
    shop.model = ExactModel()
    assert shop(*ABLATE, "--expect", "track", "--trials", "9") == ExitCode.ANSWERED
    changes = int(shop.err.split(" changes")[0])
    assert shop.model.asked == changes + 1
    assert f"{changes + 1} requests, " in shop.err
    assert " loads of ~7 s + " in shop.err
    assert "details: 100% → 0%\n" in shop.out
    assert "may be chance" not in shop.out
    assert shop.out.count(EXACT) == changes + 1
    assert shop(*ABLATE, "--heat", "details") == ExitCode.ANSWERED
    assert "may be chance" not in shop.out


def test_exact_samplings_are_kept_as_such(shop: Shop) -> None:
    shop.model = ExactModel()
    assert shop("replay", "last", "--fork-at", "round-1", "--trials", "5") == ExitCode.ANSWERED
    assert [json.loads(path.read_text())["sampling"]["is_exact"] for path in shop.kept] == [True]


def test_other_models_are_sampled_as_often_as_was_wished(shop: Shop) -> None:
    assert shop("replay", "last", "--fork-at", "round-1", "--trials", "5") == ExitCode.ANSWERED
    assert (shop.model.asked, EXACT in shop.out, "[" in shop.out) == (5, False, True)


def test_a_command_says_how_far_it_is(shop: Shop) -> None:
    assert shop("replay", "last", "--fork-at", "round-1", "--trials", "40", "--concurrency", "1") == ExitCode.ANSWERED
    told = [line for line in shop.err.splitlines() if " of 40 samples, about " in line]
    assert [int(line.split()[0]) for line in told] == [4, 8, 12, 16, 20, 24, 28, 32, 36]
    assert shop(*ABLATE, "--trials", "3", "--json") == ExitCode.ANSWERED
    assert " samples, about " in shop.err
    json.loads(shop.out)


def test_the_time_that_is_left_follows_from_what_was_measured() -> None:
    now = [0.0]
    progress = TerminalProgress(Terminal(), 10, clock=lambda: now[0])
    now[0] = 6.0
    progress.step()
    progress.step()
    assert (progress.words, progress._words_and_time) == ("2 of 10 samples", "2 of 10 samples, about 24 s left")


class Stuck(WordyModel):
    """Answers a few times, and then no more."""

    def __init__(self, answers: int) -> None:
        super().__init__()
        self.is_stuck = asyncio.Event()
        self._answers = answers

    async def stream(self, wire: WireRequest) -> AsyncIterator[StreamItem]:
        if self.asked >= self._answers:
            self.is_stuck.set()
            await asyncio.Event().wait()
        async for item in super().stream(wire):
            yield item


async def interrupted(shop: Shop, work: str) -> int:
    """What Ctrl-C does: the command is cancelled once, in the middle of its work."""
    model = shop.model = Stuck(7)
    if work == "ablate":
        doing = _ablate(AblateOrder(project=shop.folder, run="last", at="round-1", trials=3, concurrency=1), Terminal())
    else:
        order = ReplayOrder(project=shop.folder, run="last", fork_at="round-1", trials=9, concurrency=1)
        doing = _replay(order, Terminal())
    task = asyncio.create_task(doing)
    await model.is_stuck.wait()
    task.cancel()
    return await task


@pytest.mark.parametrize("work", ["ablate", "replay"])
async def test_what_came_before_ctrl_c_is_told_and_kept(
    shop: Shop, capsys: pytest.CaptureFixture[str], work: str
) -> None:
    assert await interrupted(shop, work) == ExitCode.INTERRUPTED
    out, err = capsys.readouterr()
    assert "7 of " in err
    assert "completed and saved" in err
    assert "as it was: " in out
    assert len(shop.kept) == 1

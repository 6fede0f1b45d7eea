"""The user's price list."""

from decimal import Decimal
from pathlib import Path

import pytest

from workbench.app.costs.prices import Prices
from workbench.app.project.folders import UserFolders
from workbench.core.errors import ProjectError
from workbench.core.price import Price, PriceLine

GPT = PriceLine("gpt-6*", Price(Decimal("0.25"), Decimal(2), Decimal("0.025")), "https://example.invalid", "2026-11-01")
CLAUDE = PriceLine("claude-*", Price(Decimal(3), Decimal(15), cache_write=Decimal("3.75")))


@pytest.fixture
def folders(tmp_path: Path) -> UserFolders:
    return UserFolders(tmp_path / "state", tmp_path / "config", tmp_path / "data")


def file_of(folders: UserFolders) -> Path:
    return folders.config / "prices.toml"


def write(folders: UserFolders, text: str) -> None:
    folders.config.mkdir(exist_ok=True)
    file_of(folders).write_text(text, encoding="utf-8")


def test_without_a_file_only_what_runs_here_has_a_price(folders: UserFolders) -> None:
    prices = Prices(folders)
    assert not prices.problems
    line = prices.list.line_for(("local", "needle-3"))
    assert line is not None
    assert line.price.is_free
    assert prices.list.line_for(("openai:gpt-6-sol", "gpt-6-sol")) is None
    assert not file_of(folders).exists()


def test_prices_are_read_back_exactly_as_they_were_saved(folders: UserFolders) -> None:
    prices = Prices(folders)
    record: list[int] = []
    prices.changed.connect(lambda: record.append(len(prices.own)))
    prices.save([GPT, CLAUDE])
    assert Prices(folders).own == (GPT, CLAUDE)
    assert record == [2]


def test_saving_keeps_comments_and_undo_brings_every_byte_back(folders: UserFolders) -> None:
    text = (
        "# mine\n\n[[price]]\nmodel = 'gpt-6*'  # all of them\ninput = 0.250\noutput = 2\ncached_input = 0.025\n"
        'source = "https://example.invalid"\ndate = 2026-11-01\n'
    )
    write(folders, text)
    prices = Prices(folders)
    assert prices.own == (GPT,)
    change = prices.save([CLAUDE, GPT])
    after = file_of(folders).read_text()
    assert "# mine" in after
    assert "# all of them" in after
    assert "input = 0.250" in after
    assert prices.own == (CLAUDE, GPT)
    prices.take_back(change)
    assert file_of(folders).read_text() == text
    assert prices.own == (GPT,)


def test_a_change_cannot_be_taken_back_over_somebody_elses(folders: UserFolders) -> None:
    prices = Prices(folders)
    change = prices.save([GPT])
    write(folders, file_of(folders).read_text() + "# by hand\n")
    with pytest.raises(ProjectError, match="changed since"):
        prices.take_back(change)


def test_a_damaged_entry_is_a_problem_at_its_line_and_the_others_count(folders: UserFolders) -> None:
    write(
        folders,
        '[[price]]\nmodel = "a"\ninput = -1\noutput = 2\n\n[[price]]\nmodel = "b"\ninput = 1\noutput = 2\n'
        '\n[[price]]\nmodel = "c"\ninput = "free"\noutput = 1\nbatch = 3\n\n[[price]]\ninput = 1\noutput = nan\n',
    )
    prices = Prices(folders)
    assert [line.model for line in prices.own] == ["b"]
    assert [(problem.line, problem.message.split(":")[0]) for problem in prices.problems] == [
        (3, "price.input"),
        (13, "price.input"),
        (15, "price.batch"),
        (19, "price.output"),
        (17, "price.model"),
    ]


def test_a_file_that_is_no_toml_is_a_problem_at_its_line_and_is_never_written_over(folders: UserFolders) -> None:
    write(folders, "[[price]]\nmodel = \n")
    prices = Prices(folders)
    assert prices.problems[0].line == 2
    assert prices.list.lines
    with pytest.raises(ProjectError, match="nothing was written"):
        prices.save([GPT])
    assert file_of(folders).read_text() == "[[price]]\nmodel = \n"


def test_a_file_edited_by_hand_counts_after_it_is_read_again(folders: UserFolders) -> None:
    prices = Prices(folders)
    write(folders, '[[price]]\nmodel = "b"\ninput = 1\noutput = 2\n')
    record: list[bool] = []
    prices.changed.connect(lambda: record.append(True))
    prices.reload()
    prices.reload()
    assert [line.model for line in prices.own] == ["b"]
    assert record == [True]

"""The price list as a table."""

from pathlib import Path

import pytest

from workbench.app.costs.prices import Prices
from workbench.app.project.folders import UserFolders
from workbench.viewmodels.costs.price_form import PriceForm


@pytest.fixture
def folders(tmp_path: Path) -> UserFolders:
    return UserFolders(tmp_path / "state", tmp_path / "config", tmp_path / "data")


@pytest.fixture
def form(folders: UserFolders) -> PriceForm:
    return PriceForm(Prices(folders))


def fill(form: PriceForm, model: str, paid: str, got: str) -> None:
    form.add(model)
    place = len(form.rows) - 1
    assert form.write(place, "input", paid)
    assert form.write(place, "output", got)


def test_an_entry_counts_as_soon_as_it_is_whole(form: PriceForm, folders: UserFolders) -> None:
    form.add("gpt-6*")
    assert form.write(0, "input", "1.25")
    assert not Prices(folders).own
    assert form.write(0, "output", "$10")
    assert form.write(0, "cached_input", "0.125")
    assert [line.model for line in Prices(folders).own] == ["gpt-6*"]
    assert form.rows[0].cached_input == "0.125"
    assert form.words_for("openai:gpt-6-sol", "gpt-6-sol") == "$1.25 in, $10 out"
    assert form.words_for("mistral") == "price unknown"
    assert form.words_for("local").startswith("$0 (")


@pytest.mark.parametrize("text", ["cheap", "-1", "1e99", "nan"])
def test_what_is_no_price_is_said_and_the_old_one_stays(form: PriceForm, text: str) -> None:
    fill(form, "a", "1", "2")
    assert not form.write(0, "output", text)
    assert not form.is_good
    assert "price" in form.message
    assert form.rows[0].output == "2"


def test_an_entry_cannot_lose_what_it_needs(form: PriceForm) -> None:
    fill(form, "a", "1", "2")
    assert not form.write(0, "model", " ")
    assert "needs a model" in form.message
    assert form.write(0, "source", "the vendor's page")
    assert form.write(0, "source", "")


def test_every_change_can_be_taken_back_one_by_one(form: PriceForm) -> None:
    fill(form, "a", "1", "2")
    fill(form, "b", "3", "4")
    assert form.move(1, -1)
    assert [row.model for row in form.rows] == ["b", "a"]
    assert form.remove(0)
    assert form.undo()
    assert form.undo()
    assert [row.model for row in form.rows] == ["a", "b"]
    assert form.undo()
    assert form.undo()
    assert not form.rows
    assert not form.undo()


def test_an_older_change_is_not_taken_back_over_a_newer_one(form: PriceForm) -> None:
    fill(form, "a", "1", "2")
    older = form.newest
    fill(form, "b", "3", "4")
    assert not form.undo(older)
    assert "later changes" in form.message
    assert form.undo(form.newest)
    assert form.undo(older)
    assert not form.rows


def test_a_new_entry_is_given_up_without_a_trace(form: PriceForm) -> None:
    form.add("a")
    assert form.remove(0)
    assert not form.rows
    assert not form.can_undo


def test_a_damaged_file_is_told_with_its_line_and_not_written_over(form: PriceForm, folders: UserFolders) -> None:
    folders.config.mkdir()
    file = folders.config / "prices.toml"
    file.write_text('[[price]]\nmodel = "a"\ninput = 1\noutput = "two"\n', encoding="utf-8")
    form.read_again()
    assert form.problems[0].startswith("prices.toml:4: ")
    form.add("b")
    form.write(0, "input", "1")
    assert not form.write(0, "output", "1")
    assert "nothing was written" in form.message
    assert file.read_text().endswith('"two"\n')

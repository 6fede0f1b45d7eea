"""The status bar says what waits, and what may run, in a few words."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.projects import TOML, make_project
from workbench.app.project.folders import UserFolders
from workbench.app.session import Session
from workbench.viewmodels.window.status import badge, policy_text, trust_text

ONE_RULE = '[[approval]]\ntool = "look"\naction = "allow"\n'
Open = Callable[[str], Session]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    def at(rules: str) -> Session:
        folder = make_project(tmp_path / "project", toml=TOML.replace(ONE_RULE, rules))
        return Session(folder, folders=UserFolders(tmp_path / "s", tmp_path / "c", tmp_path / "d"))

    return at


@pytest.mark.parametrize(
    ("waiting", "keys", "words"),
    [(0, "F8", ""), (1, "F8", "1 approval waiting  F8"), (2, "", "2 approvals waiting")],
)
def test_the_badge_counts_what_waits(waiting: int, keys: str, words: str) -> None:
    assert badge(waiting, keys) == words


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ("", "asks before every call"),
        (ONE_RULE, "1 approval rule"),
        ('[[approval]]\ntool = "*"\naction = "allow"\n', "allows every call"),
        ('[[approval]]\ntool = "*"\naction = "deny"\n', "denies every call"),
        ('[[approval]]\ntool = "*"\naction = "allow"\nwhere = ["mark = 1"]\n', "1 approval rule"),
        (2 * ONE_RULE, "2 approval rules"),
    ],
)
async def test_the_policy_is_a_few_words(opened: Open, rules: str, words: str) -> None:
    session = opened(rules)
    session.trust()  # until then, rules of the project allow nothing
    assert policy_text(session) == words
    await session.close()


async def test_code_is_untrusted_until_somebody_trusts_it(opened: Open) -> None:
    session = opened(ONE_RULE)
    assert trust_text(session) == ("not trusted", "warn")
    session.trust()
    assert trust_text(session) == ("trusted", "ok")
    await session.close()

"""Keys: found in the environment or in memory, shown by their ending only, never written in plain text."""

import base64
from types import SimpleNamespace

import pytest

from workbench.store.keys import FoundKey, KeyStore
from workbench.store.redaction import Redactor

KEY = "sk-canary-abcdefghijklmnop"


def test_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = KeyStore(Redactor())
    keys.remember("SOME_API_KEY", "from-memory-123")
    monkeypatch.setenv("SOME_API_KEY", KEY)
    found = keys.describe("SOME_API_KEY")
    assert keys.get("SOME_API_KEY") == KEY
    assert found is not None
    assert (found.source, found.ending) == ("environment", "mnop")


def test_a_key_that_is_nowhere_is_none() -> None:
    assert KeyStore(Redactor()).get("SOME_API_KEY") is None


def test_reading_a_key_makes_it_known_to_the_redactor(monkeypatch: pytest.MonkeyPatch) -> None:
    redactor = Redactor()
    monkeypatch.setenv("SOME_API_KEY", KEY)
    KeyStore(redactor).get("SOME_API_KEY")
    assert redactor.text(f"Bearer {KEY}") == "Bearer [key …mnop]"
    assert KEY not in redactor.line(f'{{"x":"{KEY}"}}'.encode()).decode()


def test_a_key_in_base64_is_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    redactor = Redactor()
    redactor.add(KEY)
    encoded = base64.b64encode(KEY.encode()).decode()
    assert encoded.rstrip("=") not in redactor.text(f"Basic {encoded}")


def test_saving_without_a_keyring_keeps_the_key_in_memory_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.store.keys._keyring", lambda: None)
    keys = KeyStore(Redactor())
    assert not keys.save("SOME_API_KEY", KEY)
    assert keys.get("SOME_API_KEY") == KEY
    keys.forget("SOME_API_KEY")
    assert keys.get("SOME_API_KEY") is None


def test_what_is_only_shown_reads_the_keyring_once_and_what_is_sent_reads_it_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held: dict[str, str] = {}
    read: list[str] = []
    keyring = SimpleNamespace(
        get_password=lambda _, name: (read.append(name), held.get(name))[1],
        set_password=lambda _, name, key: held.update({name: key}),
        delete_password=lambda _, name: held.pop(name),
    )
    monkeypatch.setattr("workbench.store.keys._keyring", lambda: keyring)
    keys = KeyStore(Redactor())
    assert keys.describe("SOME_API_KEY") is None
    held["SOME_API_KEY"] = KEY  # by another program
    assert keys.describe("SOME_API_KEY") is None
    assert len(read) == 1
    keys.look_again()
    assert keys.describe("SOME_API_KEY") == FoundKey("SOME_API_KEY", "keyring", "mnop")
    del held["SOME_API_KEY"]
    assert keys.get("SOME_API_KEY") is None
    assert keys.describe("SOME_API_KEY") is None
    assert keys.save("SOME_API_KEY", KEY)
    assert keys.describe("SOME_API_KEY") is not None
    keys.forget("SOME_API_KEY")
    assert keys.describe("SOME_API_KEY") is None
    read.clear()
    assert [keys.describe("SOME_API_KEY") for _ in range(9)] == [None] * 9
    assert read == []


def test_short_texts_are_not_taken_for_keys() -> None:
    redactor = Redactor()
    redactor.add("abc")
    assert redactor.text("abc") == "abc"


def test_a_key_that_begins_like_another_does_not_leave_the_rest_of_it() -> None:
    redactor = Redactor()
    redactor.add(KEY)
    redactor.add(KEY + "-and-more")
    assert redactor.text(f"<{KEY}-and-more>") == "<[key …more]>"


def test_a_key_that_is_no_text_is_still_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    redactor = Redactor()
    monkeypatch.setenv("SOME_API_KEY", "\udcff\udcfe1234567890")
    found = KeyStore(redactor).describe("SOME_API_KEY")
    assert found is not None
    assert found.ending == "7890"


def test_a_short_key_shows_nothing_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "abc")
    found = KeyStore(Redactor()).describe("SOME_API_KEY")
    assert found is not None
    assert found.ending == ""


@pytest.mark.parametrize(
    ("name", "value", "is_watched"),
    [
        ("OPENAI_API_KEY", KEY, True),
        ("GITHUB_TOKEN", KEY, True),
        ("db_password", KEY, True),
        ("SECRET", KEY, True),
        ("MONKEY", KEY, False),
        ("KEY_FILE_NAME", KEY, False),
        ("SSH_KEY", "/home/ana/.ssh/id_ed25519", False),
        ("A_TOKEN", "short", False),
    ],
)
def test_what_the_environment_calls_a_secret_is_one_before_anybody_asks_for_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, is_watched: bool
) -> None:
    redactor = Redactor()
    monkeypatch.setenv(name, value)
    KeyStore(redactor).watch_environment()
    assert (value not in redactor.text(f"<{value}>")) == is_watched

"""What a web page, another machine's name, or a program without a token may try. Nothing of it reaches the project."""

from pathlib import Path

import pytest

pytest.importorskip("fastapi")

from tests.support.served import Served
from workbench.app.service.client_tokens import ClientTokens
from workbench.app.service.service_client import ServiceClient
from workbench.core.errors import UsageError
from workbench.service.guard import BURST, Guard, own_hosts
from workbench.store.keys import KeyStore
from workbench.store.redaction import Redactor


@pytest.mark.parametrize("path", ["/v1/tools", "/v1/tools/look/call"])
async def test_a_body_without_a_length_is_cut_off_where_it_is_too_long(tmp_path: Path, path: str) -> None:
    async with Served(tmp_path / "p") as served:

        async def endless() -> object:
            for _ in range(80):
                yield b" " * 65_536

        found = await served.http.post(path, content=endless(), headers={"content-type": "application/json"})
        assert (found.status_code, found.headers["content-type"]) == (400, "application/problem+json")
        assert (await served.http.get("/health", headers={"authorization": ""})).json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/tools", {"name": "new", "description": "\ud800", "inputSchema": {}}),
        ("/v1/tools", {"name": "new", "inputSchema": {"title": "\ud800"}}),
        ("/v1/tools/look/call", {"arguments": {"a": "\ud800"}}),
        ("/v1/tools/look/preview", {"arguments": {"\ud800": 1}}),
        ("/v1/conversations", {"text": "Go \ud800"}),
        ("/v1/approvals/x", {"decision": "edit", "shown_hash": "x", "arguments": {"a": ["\ud800"]}}),
    ],
)
async def test_half_of_a_surrogate_pair_is_refused_wherever_it_is(
    tmp_path: Path, path: str, body: dict[str, object]
) -> None:
    async with Served(tmp_path / "p") as served:
        found = await served.post(path, body)
        assert (found.status_code, found.headers["content-type"]) == (422, "application/problem+json")


def test_a_token_is_kept_only_as_a_digest_and_is_hidden_once_it_was_used(tmp_path: Path) -> None:
    redactor = Redactor()
    tokens = ClientTokens(KeyStore(redactor), tmp_path)
    text, is_kept = tokens.create("editor", ["call", "read"])
    assert not is_kept, "there is no keyring in tests"
    assert text not in str(tokens.all)
    assert tokens.client(text) == ServiceClient("editor", frozenset({"read", "call"}))
    assert text not in redactor.text(f"used {text}")
    assert tokens.client(text + "x") is None
    assert ClientTokens(KeyStore(redactor), tmp_path / "other").client(text) is None


@pytest.mark.parametrize(("name", "scopes"), [("", ["read"]), ("a\nb" * 30, ["read"]), ("\x00", ["read"]), ("ok", [])])
def test_a_token_needs_a_name_that_can_be_shown_and_a_scope(tmp_path: Path, name: str, scopes: list[str]) -> None:
    with pytest.raises(UsageError):
        ClientTokens(KeyStore(Redactor()), tmp_path).create(name, scopes)  # type: ignore[arg-type]


def test_two_tokens_of_one_name_cannot_be_told_apart_and_are_refused(tmp_path: Path) -> None:
    tokens = ClientTokens(KeyStore(Redactor()), tmp_path)
    tokens.create("editor", ["read"])
    with pytest.raises(UsageError, match="Revoke it first"):
        tokens.create(" editor ", ["read"])


def test_a_client_is_slowed_down_alone(tmp_path: Path) -> None:
    time = [0.0]
    guard = Guard(lambda *_: None, ClientTokens(KeyStore(Redactor()), tmp_path), hosts=frozenset(), now=lambda: time[0])  # type: ignore[arg-type, return-value]
    busy, quiet = (ServiceClient(name, frozenset()) for name in ("busy", "quiet"))
    assert all(guard._may_go_on(busy) for _ in range(int(BURST)))
    assert not guard._may_go_on(busy)
    assert guard._may_go_on(quiet)
    time[0] += 1.0
    assert guard._may_go_on(busy)


def test_the_names_of_loopback_are_the_service_s_own_whatever_it_listens_on() -> None:
    assert own_hosts("::1", 1) == {"[::1]:1", "127.0.0.1:1", "localhost:1"}

"""The table `executors` made real: what needs trust, what needs a key, and what nothing runs."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.support.projects import make_project
from tests.unit.executors.http_endpoint import Asked, answer, endpoint
from workbench.app.project.folders import UserFolders
from workbench.app.runs.run_options import RunOptions
from workbench.app.session import Session
from workbench.core.approval import ALLOW_ALL
from workbench.core.json_text import JsonObject
from workbench.core.trace import CallSpan, fold

KEY = "canary-0123456789-abcdef"
CALL: JsonObject = {"calls": [{"tool": "look", "arguments": {"at": "sky"}}]}
Open = Callable[..., Session]


@pytest.fixture
async def open_project(tmp_path: Path) -> AsyncIterator[Open]:
    opened: list[Session] = []

    def session(row: str, *, trust: bool = False) -> Session:
        toml = f'format = 1\nmodel = "scripted:script.json"\n\n[executors.look]\n{row}\n'
        folder = make_project(tmp_path / "marks", CALL, {"text": "Done."}, toml=toml)
        home = tmp_path / "home"
        opened.append(Session(folder, folders=UserFolders(home, home, home), trust_for_now=trust))
        assert not opened[-1].project.errors, [str(problem) for problem in opened[-1].project.problems]
        return opened[-1]

    yield session
    for one in opened:
        await one.close()


async def run(session: Session) -> CallSpan:
    live = session.runs.start("Go.", RunOptions(policy=ALLOW_ALL))
    await live.finished()
    (call,) = fold(live.log).calls()
    return call


def said(call: CallSpan) -> str:
    assert call.settled is not None
    return call.settled.result_text


def files_with_the_key(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]


async def test_an_http_tool_sends_nothing_until_the_project_is_trusted(open_project: Open) -> None:
    async with endpoint() as web:
        session = open_project(f'kind = "http"\nurl = "{web.origin}/{{at}}"')
        assert session.has_code
        assert "not trusted" in said(await run(session))
        assert not web.asked
        session.trust()
        web.answers = [answer(200, b'{"seen": "blue"}')]
        call = await run(session)
        assert (call.outcome, said(call)) == ("ok", '{"seen":"blue"}')
        assert [one.target for one in web.asked] == ["/sky"]
        assert session.executor_names == {"look": f"http GET {web.origin}/{{at}}"}


async def test_a_change_of_the_address_ends_the_trust(open_project: Open) -> None:
    async with endpoint() as web, endpoint() as other:
        session = open_project(f'kind = "http"\nurl = "{web.origin}/"')
        session.trust()
        path = session.project.folder / "workbench.toml"
        path.write_text(path.read_text().replace(web.origin, other.origin))
        await session.reload()
        assert "not trusted" in said(await run(session))
        assert not other.asked


async def test_a_key_that_a_server_echoes_is_in_no_file_of_the_project(
    open_project: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOP_API_KEY", KEY)

    def echo(asked: Asked) -> bytes:
        return answer(401, json.dumps(asked.headers).encode())

    async with endpoint() as web:
        web.answers = [echo]
        row = f'kind = "http"\nurl = "{web.origin}/"\nauth = {{ key = "SHOP_API_KEY" }}'
        session = open_project(row, trust=True)
        call = await run(session)
        assert web.asked[0].headers["authorization"] == f"Bearer {KEY}"
    assert call.outcome == "error"
    assert "http_401" in said(call)
    await session.close()
    assert files_with_the_key(tmp_path) == []


async def test_a_mock_needs_no_trust_unless_it_answers_with_python(open_project: Open) -> None:
    session = open_project('kind = "mock"\ndefault = { template = "{{at}} is blue" }')
    call = await run(session)
    assert (session.has_code, call.outcome, said(call)) == (False, "mocked", "sky is blue")


async def test_a_mock_answers_with_the_projects_python(open_project: Open) -> None:
    session = open_project('kind = "mock"\ndefault = { python = "marks:look" }')
    assert session.has_code
    assert "not trusted" in said(await run(session))
    session.trust()
    call = await run(session)
    assert (call.outcome, said(call)) == ("mocked", '{"seen":"sky"}')


async def test_a_mock_is_played_by_the_model_it_names(open_project: Open) -> None:
    session = open_project('kind = "mock"\ndefault = { model = "scripted:played.json" }')
    (session.project.folder / "played.json").write_text('{"answers": [{"text": "clouds"}]}')
    call = await run(session)
    assert (call.outcome, said(call)) == ("mocked", "clouds")
    assert call.settled is not None
    assert "invented by scripted:played.json" in call.settled.output

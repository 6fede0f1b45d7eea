"""Model servers on this machine: found only when asked for, used with one step."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.model_server import Asked, model_server
from tests.support.projects import make_project
from workbench.app.models.connections import Connection
from workbench.app.models.local_servers import LOCAL_SERVERS, LocalServer, find_local_servers
from workbench.app.project.folders import UserFolders
from workbench.app.session import Session
from workbench.core.errors import ProjectError
from workbench.viewmodels.models.model_picker import FoundModel, ModelPicker


@pytest.fixture
def listening() -> Iterator[tuple[int, Asked]]:
    with model_server("qwen3:8b", "llama3") as server:
        yield server


@pytest.fixture
def asked(listening: tuple[int, Asked]) -> Asked:
    return listening[1]


@pytest.fixture
def servers(listening: tuple[int, Asked]) -> tuple[LocalServer, ...]:
    """One that listens, and one where nothing does."""
    with socket.create_server(("127.0.0.1", 0)) as gone:
        nobody = gone.getsockname()[1]
    return LocalServer("Ollama", "ollama", listening[0]), LocalServer("vLLM", "vllm", nobody)


@pytest.fixture
async def session(tmp_path: Path) -> Session:
    folders = UserFolders(tmp_path / "state", tmp_path / "config", tmp_path / "data")
    return Session(make_project(tmp_path / "project"), folders=folders, trust_for_now=True)


def texts(picker: ModelPicker, text: str = "") -> list[str]:
    return [row.text for row in picker.rows(text, "local")]


def test_the_usual_ports_of_this_machine_are_known() -> None:
    assert {server.name: server.port for server in LOCAL_SERVERS} == {
        "ollama": 11434,
        "lm-studio": 1234,
        "llama-cpp": 8080,
        "vllm": 8000,
    }
    assert all(server.base_url.startswith("http://127.0.0.1:") for server in LOCAL_SERVERS)


async def test_servers_are_asked_for_their_models_without_a_key(servers: tuple[LocalServer, ...], asked: Asked) -> None:
    (found,) = await find_local_servers(servers)
    assert (found.server.name, found.models) == ("ollama", ("qwen3:8b", "llama3"))
    assert [path for path, _ in asked] == ["/v1/models"]
    assert not any("sk-" in key for _, key in asked)


async def test_nothing_is_asked_before_somebody_presses_the_button_and_a_found_model_is_used_at_once(
    servers: tuple[LocalServer, ...], asked: Asked, session: Session
) -> None:
    try:
        picker = ModelPicker(session, servers)
        assert "qwen3:8b" not in texts(picker)
        assert asked == []
        await picker.find()
        assert picker.message == "Found Ollama (2)."
        assert texts(picker, "qwen")[0] == "qwen3:8b"
        assert picker.use(FoundModel(servers[0], "qwen3:8b")) == "ollama"
        assert picker.use(FoundModel(servers[0], "llama3")) == "ollama:llama3"
        specs = [choice.spec for choice in session.model_choices()]
        assert specs[-2:] == ["ollama", "ollama:llama3"]
        target = session.providers.target("ollama:llama3")
        assert (target.model, target.base_url, target.key_name) == ("llama3", servers[0].base_url, "")
        assert session.providers.target("ollama").model == "qwen3:8b"
        assert [row.payload for row in picker.rows("", "local") if isinstance(row.payload, FoundModel)] == []
    finally:
        await session.close()


async def test_where_no_server_answers_the_message_says_which_ports_were_asked(
    servers: tuple[LocalServer, ...], session: Session
) -> None:
    try:
        picker = ModelPicker(session, servers[1:])
        await picker.find()
        assert picker.message == f"No local server answered (vLLM {servers[1].port}). Start one, then find again."
    finally:
        await session.close()


async def test_a_taken_name_is_left_alone_and_another_connection_is_made(
    servers: tuple[LocalServer, ...], session: Session
) -> None:
    try:
        session.connections.save(Connection("ollama", base_url="http://other.example/v1", model="m"))
        assert ModelPicker(session, servers).use(FoundModel(servers[0], "llama3")) == "ollama-2"
        assert session.connections.all()["ollama"].base_url == "http://other.example/v1"
        with pytest.raises(ProjectError, match="no connection"):
            session.connections.offer("gone", "m")
    finally:
        await session.close()


async def test_the_picker_finds_by_name_and_offers_the_ways_to_more(session: Session) -> None:
    try:
        picker = ModelPicker(session)
        assert texts(picker, "needle") == ["Needle 3 · local"]
        assert texts(picker)[-3:] == ["Find local servers", "Add a model…", "Manage connections…"]
    finally:
        await session.close()

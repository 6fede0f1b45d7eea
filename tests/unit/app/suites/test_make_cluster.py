"""`make cluster`: it leaves alone what another one uses, and does not wait for what has ended."""

import importlib.util
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from workbench.app.project.folders import UserFolders

pytestmark = pytest.mark.child_process
PROGRAM = Path(__file__).resolve().parents[4] / "packaging" / "cluster.py"


@pytest.fixture
def program() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("make_cluster", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGINT)}
    spec.loader.exec_module(module)
    yield module
    for each, handler in before.items():
        signal.signal(each, handler)


def test_a_second_cluster_on_a_port_leaves_the_certificate_of_the_first(
    program: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as first:
        port = first.getsockname()[1]
        certificate = UserFolders.of_this_user().cluster_folder / f"{port}.pem"
        certificate.parent.mkdir(parents=True)
        certificate.write_text("of the first")
        assert program.main(["--port", str(port)]) == 1
    assert certificate.read_text() == "of the first"
    assert f"Port {port} is in use" in capsys.readouterr().err


def test_a_scheduler_that_ends_at_once_is_told_and_its_certificate_removed(
    program: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ending(*_: str) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen([sys.executable, "-c", ""])
        process.wait()
        return process

    monkeypatch.setattr(program, "_start", ending)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert program.main(["--port", str(port)]) == 1
    assert "has ended" in capsys.readouterr().err
    assert list(UserFolders.of_this_user().cluster_folder.iterdir()) == []

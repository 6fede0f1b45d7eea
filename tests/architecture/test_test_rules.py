"""The rules in tests/conftest.py bite. Shown by a small test run of its own, in a folder of its own."""

import re
import subprocess
import sys
from pathlib import Path

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"
BREACHES = """
import asyncio, logging, socket
import pytest

async def test_leaves_a_task():
    asyncio.current_task().kept = asyncio.create_task(asyncio.sleep(60), name="left behind")

def test_reaches_out_and_hides_it():
    with pytest.raises(OSError):
        socket.create_connection(("192.0.2.1", 80))

def test_asks_for_a_foreign_name():
    with pytest.raises(OSError):
        socket.getaddrinfo("example.invalid", 80)

def test_logs_a_warning():
    logging.getLogger("workbench").warning("something is odd")
"""
MANNERS = """
import asyncio, logging, os, socket
from pathlib import Path
import keyring
import pytest
from hypothesis import given, strategies

async def test_serves_on_this_machine():
    server = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection("localhost", server.sockets[0].getsockname()[1])
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagram:
        datagram.sendto(b"", ("127.0.0.1", 9))

@pytest.mark.log_expected
def test_may_log_what_it_is_about():
    logging.getLogger("workbench").warning("as foretold")

def test_may_read_the_log(caplog):
    logging.getLogger("workbench").warning("as read")
    assert caplog.messages == ["as read"]

def test_has_a_home_without_keys():
    assert not list(Path.home().iterdir())
    assert not [name for name in os.environ if name.endswith("_API_KEY")]
    assert keyring.get_password("workbench", "openai") is None

@given(strategies.integers())
def test_takes_examples(number):
    assert isinstance(number, int)
"""


def run(tmp_path: Path, code: str) -> str:
    (tmp_path / "conftest.py").write_text(CONFTEST.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\nmarkers = log_expected\n", encoding="utf-8")
    (tmp_path / "test_manners.py").write_text(code, encoding="utf-8")
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:pytest-qt", tmp_path],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    return result.stdout + result.stderr


def test_each_breach_is_an_error(tmp_path: Path) -> None:
    said = run(tmp_path, BREACHES)
    assert "4 passed, 4 errors" in said
    for name in re.findall(r"def (test_\w+)", BREACHES):
        assert re.search(rf"^ERROR .*{name}", said, re.MULTILINE), said


def test_what_keeps_the_rules_passes(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-from-the-desk")
    assert "5 passed" in run(tmp_path, MANNERS)

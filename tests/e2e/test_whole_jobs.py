"""Whole jobs in the real window on a virtual display, by real mouse and keys."""

import importlib.util
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.support.display import HAS_DISPLAY_TOOLS, virtual_display
from tests.support.projects import TOML, make_project, trust
from tests.support.wire_answers import wire_answer
from workbench.app.project.new_project import new_project

pytest.importorskip("PySide6")
pytestmark = [
    pytest.mark.skipif(not HAS_DISPLAY_TOOLS, reason="needs Xvfb and xdotool"),
    pytest.mark.timeout(900),
]
needs_local_model = pytest.mark.skipif(
    importlib.util.find_spec("needle") is None, reason="the local model is not installed"
)
LOOK = {"tool": "look", "arguments": {"at": "gate"}}
ROOT = Path(__file__).parents[2]


def effort_of(job: str, folder: Path, project: Path | None = None, **environment: str) -> dict[str, int]:
    """Do a job in a process of its own; what it took."""
    folder.mkdir(exist_ok=True)
    with virtual_display() as display:
        done = subprocess.run(
            [sys.executable, "-m", "tests.support.whole_jobs", job, *([str(project)] if project else [])],
            env={
                **display.environment(),
                "PYTHONPATH": str(ROOT),
                "WORKBENCH_HOME": str(folder / "home"),
                "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
                **environment,
            },
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=850,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    took: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return took


@needs_local_model
@pytest.mark.local_model
def test_the_first_minute(tmp_path: Path) -> None:
    took = effort_of("first_minute", tmp_path)
    assert (took["clicks"], took["keys"]) == (1, 5)


def test_from_an_empty_folder_to_a_tool_that_ran_and_was_exported(tmp_path: Path) -> None:
    project = tmp_path / "sums"
    project.mkdir()
    took = effort_of("folder_to_export", tmp_path, project)
    exported = json.loads((tmp_path / "tools.json").read_text())
    assert "Add two numbers." in json.dumps(exported)
    assert "return a + b" in (project / "python" / "add.py").read_text()
    assert (took["clicks"], took["keys"]) == (9, 15)


@needs_local_model
@pytest.mark.local_model
def test_a_wrong_choice_another_description_and_the_proof(tmp_path: Path) -> None:
    project = new_project(tmp_path / "shop", sample_name="shop-support")
    for file in (project / "tools").iterdir():
        if file.stem not in ("cancel_order", "get_order_details", "track_order"):
            file.unlink()
    took = effort_of("wrong_to_better", tmp_path, project)
    assert (took["clicks"], took["keys"]) == (5, 9)


def test_parallel_approvals_with_a_restart_in_between(tmp_path: Path) -> None:
    calls = [{"tool": "touch", "arguments": {"mark": mark}} for mark in "ab"]
    project = make_project(
        tmp_path / "marks",
        {"calls": calls},
        {"text": "Marked."},
        toml=TOML.replace('name = "Marks"', 'name = "Marks"\nprompt = "Mark it."'),
    )
    trust(project, tmp_path / "home")
    first = effort_of("approve_one", tmp_path, project)
    assert len((project / "marks.txt").read_text().split()) == 1
    second = effort_of("approve_rest", tmp_path, project)
    assert sorted((project / "marks.txt").read_text().split()) == ["a", "b"]
    assert (first["keys"], second["keys"], first["clicks"] + second["clicks"]) == (3, 2, 1)


class Vendor(BaseHTTPRequestHandler):
    """Answers the one who has the right key; of its second model, everybody, as a server on this machine does."""

    def do_GET(self) -> None:
        body = b'{"object":"list","data":[{"id":"first-model"},{"id":"second-model"}]}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        is_welcome = self.headers.get("Authorization") == "Bearer right-key-1234" or b"second-model" in asked
        body = b"".join(wire_answer("openai_chat", "Welcome.")) if is_welcome else b'{"error":{"message":"bad key"}}'
        self.send_response(200 if is_welcome else 401)
        self.send_header("Content-Type", "text/event-stream" if is_welcome else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def vendor() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Vendor) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield listening.server_port
        listening.shutdown()
        thread.join()


def test_a_new_connection_with_a_key_a_failure_and_its_button(tmp_path: Path, vendor: int) -> None:
    project = make_project(tmp_path / "marks")
    trust(project, tmp_path / "home")
    took = effort_of("connection", tmp_path, project, SERVER=f"http://127.0.0.1:{vendor}/v1")
    assert (took["clicks"], took["keys"]) == (9, 8)
    kept = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(b"right-key-1234" in content for content in kept)


def test_a_duel_and_an_edit_in_place(tmp_path: Path) -> None:
    toml = TOML.replace('name = "Marks"', 'name = "Marks"\nprompt = "Look at the mark."')
    project = make_project(tmp_path / "marks", {"calls": [LOOK]}, {"text": "Seen."}, toml=toml)
    trust(project, tmp_path / "home")
    took = effort_of("duel", tmp_path, project)
    assert (took["clicks"], took["keys"]) == (4, 6)


def test_tabs_are_pinned_dragged_put_aside_and_closed(tmp_path: Path) -> None:
    project = make_project(tmp_path / "marks")
    trust(project, tmp_path / "home")
    took = effort_of("tabs", tmp_path, project)
    assert (took["clicks"], took["keys"]) == (5, 4)


def test_a_server_on_this_machine_is_found_and_its_model_answers(tmp_path: Path, vendor: int) -> None:
    project = make_project(tmp_path / "marks")
    trust(project, tmp_path / "home")
    took = effort_of("local_servers", tmp_path, project, PORT=str(vendor))
    assert (took["clicks"], took["keys"]) == (0, 5)

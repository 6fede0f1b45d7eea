"""`workbench mock`: from a recorded run to a project that needs none of its tools."""

from pathlib import Path

from tests.support.command import events, workbench
from tests.support.projects import make_project


def test_a_recorded_run_becomes_mocks_whose_coverage_is_counted_and_that_can_be_taken_away(tmp_path: Path) -> None:
    home = tmp_path / "home"
    asked = {"calls": [{"tool": "touch", "arguments": {"mark": "x"}}, {"tool": "look", "arguments": {}}]}
    folder = make_project(tmp_path / "marks", asked, {"text": "Done."})

    def outcomes() -> list[str]:
        done = workbench("run", folder, "Go.", "--approve", "all", "--trust", "--json", home=home)
        return [one["outcome"] for one in events(done) if one["kind"] == "tool_call.settled"]

    assert outcomes() == ["ok", "ok"]
    mocked = workbench("mock", folder, "last", "--tool", "touch", home=home)
    assert (mocked.returncode, mocked.stdout) == (0, "touch: 1 rule added\n")
    assert outcomes() == ["mocked", "ok"]
    assert (folder / "marks.txt").read_text() == "x\n"
    counted = workbench("mock", folder, "--coverage", home=home).stdout.split()
    assert counted == ["1", "touch", "rule", "1", "0", "touch", "no", "rule"]
    assert workbench("mock", folder, home=home).returncode == 2
    assert workbench("mock", folder, "--off", "--tool", "touch", home=home).returncode == 0
    assert outcomes() == ["ok", "ok"]

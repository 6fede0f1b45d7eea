"""The example for continuous integration in the guide: its YAML is one, and its commands do what the guide says."""

import re
import shlex
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.unit.cli.test_suite import Command, cases, command, suite
from workbench.app.imports.yaml_text import read_yaml
from workbench.cli.exit_code import ExitCode

__all__ = ["command"]
GUIDE = Path(__file__).resolve().parents[3] / "resources" / "help" / "suites.md"


@pytest.fixture(scope="module")
def steps() -> list[Any]:
    block = re.search(
        r"^    # \.github/workflows/tools\.yml\n((?:    .*\n|\n)+)", GUIDE.read_text(encoding="utf-8"), re.M
    )
    assert block is not None
    workflow = read_yaml(re.sub(r"^    ", "", block[1], flags=re.M))
    assert isinstance(workflow, dict)
    assert workflow["on"] == "pull_request"
    jobs: Any = workflow["jobs"]
    (job,) = jobs.values()
    assert job["runs-on"] == "ubuntu-latest"
    return list(job["steps"])


def test_its_steps_check_out_set_up_run_and_keep_the_results(steps: list[Any]) -> None:
    assert [step.get("uses", "").partition("@")[0] for step in steps] == [
        "actions/checkout",
        "actions/setup-python",
        "",
        "",
        "actions/upload-artifact",
    ]
    assert "[stats]" in steps[2]["run"]
    assert set(steps[3]["env"]) == {"OPENAI_API_KEY"}
    assert steps[3]["env"]["OPENAI_API_KEY"].startswith("${{ secrets.")
    assert steps[4]["if"] == "always()", "the results of a run that failed are what one wants to see"


@pytest.mark.parametrize(("right", "wrong", "code"), [(19, 1, ExitCode.ANSWERED), (3, 1, ExitCode.REGRESSION)])
def test_its_command_passes_and_fails_as_the_guide_says(
    steps: list[Any], command: Command, monkeypatch: pytest.MonkeyPatch, right: int, wrong: int, code: ExitCode
) -> None:
    suite(command, *cases(right, wrong))
    program, name, action, project, *rest = shlex.split(steps[3]["run"])
    assert (program, name, action, project) == ("workbench", "suite", "run", ".")
    place = rest.index("--model")
    del rest[place : place + 2]  # the project's own model is a script
    monkeypatch.chdir(command.project)
    assert command("suite", "run", *("gate" if word == "SUITE" else word for word in rest)) == code
    results = ElementTree.parse(command.project / steps[4]["with"]["path"])
    assert len(results.findall(".//testcase")) == right + wrong
    assert len(results.findall(".//failure")) == wrong

"""`workbench mcp export`: a project's servers for other programs and for a registry, without their keys."""

import json
from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.cli.exit_code import ExitCode
from workbench.cli.main import main

SERVERS = """
[mcp.files]
command = "npx"
args = ["-y", "@scope/files@1.2.0", "--token", "${key:FILES_TOKEN}"]
env = { API_KEY = "FILES_KEY" }
cwd = "data"

[mcp.far]
url = "https://example.com/mcp"
headers = { Authorization = { key = "FAR_KEY", scheme = "Bearer" } }

[mcp.own]
command = "./serve"
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("FILES_KEY", "sk-canary-abcdefghijklmnop")
    folder = make_project(tmp_path / "project")
    with (folder / "workbench.toml").open("a", encoding="utf-8") as file:
        file.write(SERVERS)
    return str(folder)


def export(capsys: pytest.CaptureFixture[str], project: str, *options: str) -> tuple[int, str, str]:
    code = main(["mcp", "export", project, *options], lambda _: 99)
    said = capsys.readouterr()
    assert "canary" not in said.out + said.err
    return code, said.out, said.err


def test_entries_name_the_keys_and_say_what_is_lost(project: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, err = export(capsys, project)
    servers = json.loads(out)["mcpServers"]
    assert servers["files"]["args"][-1] == "${FILES_TOKEN}"
    assert servers["files"]["env"] == {"API_KEY": "${FILES_KEY}"}
    assert servers["far"] == {"url": "https://example.com/mcp", "headers": {"Authorization": "Bearer ${FAR_KEY}"}}
    assert "'data'" in err
    assert "put the key FILES_KEY" in err


def test_the_project_itself_is_an_entry_that_serves_it(project: str, capsys: pytest.CaptureFixture[str]) -> None:
    (entry,) = json.loads(export(capsys, project, "--served")[1])["mcpServers"].values()
    assert entry == {"command": "workbench", "args": ["serve", str(Path(project).resolve()), "--mcp", "stdio"]}


def test_the_project_itself_goes_to_a_registry_as_an_address_or_as_this_program(
    project: str, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = ("--for", "server-json", "--served", "--name", "io.github.ana/gate", "--about", "The gate")
    _, out, err = export(capsys, project, *whole)
    (package,) = json.loads(out)["packages"]
    assert [each.get("value") for each in package["packageArguments"]] == ["serve", None, "stdio"]
    assert str(Path(project).parent) not in out, "a folder of this machine means nothing to others"
    assert "the project's folder is not part of it" in err
    (remote,) = json.loads(export(capsys, project, *whole, "--url", "https://example.com/mcp")[1])["remotes"]
    assert remote["url"] == "https://example.com/mcp"
    assert remote["headers"] == [{"name": "Authorization", "isRequired": True, "isSecret": True}]


def test_vs_code_asks_for_the_keys(project: str, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(export(capsys, project, "--for", "vscode")[1])
    assert [each["id"] for each in document["inputs"]] == ["FILES_KEY", "FILES_TOKEN", "FAR_KEY"]
    assert document["servers"]["far"]["type"] == "http"
    assert document["servers"]["files"]["env"] == {"API_KEY": "${input:FILES_KEY}"}


def test_a_registry_gets_a_package_or_an_address(project: str, capsys: pytest.CaptureFixture[str]) -> None:
    whole = ("--for", "server-json", "--name", "io.github.ana/x", "--about", "Files")
    package = json.loads(export(capsys, project, *whole, "--server", "files")[1])["packages"][0]
    assert (package["registryType"], package["identifier"], package["version"]) == ("npm", "@scope/files", "1.2.0")
    assert package["environmentVariables"] == [{"name": "API_KEY", "isRequired": True, "isSecret": True}]
    remote = json.loads(export(capsys, project, *whole, "--server", "far")[1])["remotes"][0]
    assert remote["headers"] == [{"name": "Authorization", "isRequired": True, "isSecret": True}]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--url", "https://example.com/mcp"), "Add --served"),
        (("--served", "--url", "example.com/mcp"), "is no address"),
        (("--server", "none"), "there is no MCP server 'none'"),
        (("--for", "server-json"), "about one server"),
        (("--for", "server-json", "--server", "far", "--name", "far", "--about", "x"), "reverse DNS"),
        (("--for", "server-json", "--server", "far", "--name", "a.b/c", "--about", "x" * 101), "1 to 100"),
        (("--for", "server-json", "--server", "own", "--name", "a.b/c", "--about", "x"), "starts no package"),
        (("--for", "server-json", "--server", "far", "--name", "a.b/c", "--version", "latest"), "exact one"),
    ],
)
def test_what_a_registry_refuses_is_said(
    options: tuple[str, ...], words: str, project: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = export(capsys, project, *options)
    assert code == ExitCode.USAGE
    assert words in err

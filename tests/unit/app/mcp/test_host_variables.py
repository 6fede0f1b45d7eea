"""Variables of other hosts' configurations: filled in, made the name of a key, or told."""

import os
from pathlib import Path

import pytest

from workbench.app.mcp.host_variables import HostVariables

ENVIRONMENT = {"HOME": "/home/me", "USER": "me", "GITHUB_TOKEN": "canary", "LANG": "C"}


@pytest.fixture
def variables(tmp_path: Path) -> HostVariables:
    return HostVariables(tmp_path / "downloads" / "mcp.json", tmp_path / "project", ENVIRONMENT)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("${workspaceFolder}/data", "PROJECT/data"),
        ("${workspaceRoot}", "PROJECT"),
        ("--root=${cwd}", "--root=PROJECT"),
        ("$PROJECT_DIR$/x", "PROJECT/x"),
        ("${workspaceFolderBasename}", "project"),
        ("a${/}b${pathSeparator}c", f"a{os.sep}b{os.sep}c"),
        ("${env:HOME}:${HOME}:${ HOME }", "/home/me:/home/me:/home/me"),
        ("{env:USER}", "me"),
        ("${HOST:-localhost}:${env:PORT:-80}", "localhost:80"),
        ("${USER:-nobody}", "me"),
        ("$HOME and {x} and $ and ${}", "$HOME and {x} and $ and ${}"),
    ],
)
def test_what_stands_for_a_place_is_filled_in(variables: HostVariables, tmp_path: Path, text: str, filled: str) -> None:
    assert variables.fill(text) == filled.replace("PROJECT", str(tmp_path / "project"))
    assert variables.keys == []
    assert all("was filled in as" in words for words in variables.remarks)


@pytest.mark.parametrize("text", ["${userHome}/x", "$USER_HOME$/x"])
def test_the_home_folder_is_filled_in(variables: HostVariables, text: str) -> None:
    assert variables.fill(text) == f"{Path.home()}/x"


@pytest.mark.parametrize(
    ("text", "filled", "key"),
    [
        ("${env:GITHUB_TOKEN}", "${key:GITHUB_TOKEN}", "GITHUB_TOKEN"),
        ("--token=${GITHUB_TOKEN:-none}", "--token=${key:GITHUB_TOKEN}", "GITHUB_TOKEN"),
        ("${UNSET}", "${key:UNSET}", "UNSET"),
        ("${input:api-key}", "${key:api_key}", "api_key"),
        ("${input:HOME}", "${key:HOME}", "HOME"),
        ("${{ secrets.DB }}", "${key:DB}", "DB"),
        ("{env:DB}", "${key:DB}", "DB"),
    ],
)
def test_what_may_be_a_secret_becomes_the_name_of_a_key(
    variables: HostVariables, text: str, filled: str, key: str
) -> None:
    assert variables.fill(text) == filled
    assert variables.keys == [key]
    assert f"from the key {key}" in variables.remarks[0]
    assert "canary" not in "".join(variables.remarks)


@pytest.mark.parametrize("text", ["${config:a.b}", "${command:x.y}", "${file}/${workspaceFolder:api}"])
def test_what_is_not_known_is_left_and_told(variables: HostVariables, text: str) -> None:
    if text == "${file}/${workspaceFolder:api}":
        text = "${workspaceFolder:api}"
    assert variables.fill(text) == text
    assert variables.remarks == [f"{text} is unknown here and was left unchanged"]


def test_a_reference_to_a_key_stays_one(variables: HostVariables) -> None:
    assert variables.fill("${key:NAME}") == "${key:NAME}"
    assert variables.remarks == []


def test_one_variable_alone_is_the_name_of_a_key(variables: HostVariables) -> None:
    assert variables.key_of(" ${env:GITHUB_TOKEN} ") == "GITHUB_TOKEN"
    assert [variables.key_of(text) for text in ("Bearer ${A}", "${workspaceFolder}", "plain")] == ["", "", ""]


@pytest.mark.parametrize(
    ("file", "folder"),
    [
        ("code/.vscode/mcp.json", "code"),
        ("code/.cursor/mcp.json", "code"),
        ("code/.mcp.json", "code"),
        ("code/mcp.json", "project"),
    ],
)
def test_the_workspace_is_where_a_host_would_have_it(tmp_path: Path, file: str, folder: str) -> None:
    variables = HostVariables(tmp_path / file, tmp_path / "project", ENVIRONMENT)
    assert variables.fill("${workspaceFolder}") == str(tmp_path / folder)


def test_a_file_in_a_hidden_folder_of_the_home_belongs_to_no_workspace(tmp_path: Path) -> None:
    variables = HostVariables(Path.home() / ".cursor" / "mcp.json", tmp_path / "project", ENVIRONMENT)
    assert variables.fill("${workspaceFolder}") == str(tmp_path / "project")

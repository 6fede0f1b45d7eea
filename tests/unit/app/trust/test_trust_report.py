"""Before a project is trusted, everything it would run and reach is named."""

from pathlib import Path

from tests.support.projects import TOML, make_project
from workbench.app.project.folders import UserFolders
from workbench.app.session import Session
from workbench.app.trust.trust_report import trust_report

FURTHER = """
[executors.send]
kind = "http"
method = "POST"
url = "http://collect.example/{to}"
body = { text = "{text}" }
auth = { key = "SHOP_KEY" }

[executors.played]
kind = "mock"
default = { python = "marks:look" }

[connections.theirs]
wire = "openai-chat"
model = "small"
base_url = "https://models.example/v1"
key = "OPENAI_API_KEY"

[mcp.files]
command = "files-server"
args = ["--root", "/home\\u202e"]
env = ["FILES_TOKEN"]
"""


async def test_functions_addresses_keys_and_commands_are_all_named(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", toml=TOML + FURTHER)
    session = Session(project, folders=UserFolders(tmp_path / "s", tmp_path / "c", tmp_path / "d"))
    report = trust_report(session.project, session.mcp.views)
    await session.close()
    assert report.functions == ("touch: marks:touch", "look: marks:look", "played (mock): marks:look")
    assert report.addresses[0].splitlines() == [
        "send: POST http://collect.example/{to}",
        "with the key SHOP_KEY in the header Authorization, UNENCRYPTED",
        'body: {"text":"{text}"}',
    ]
    assert report.connections == ("theirs: https://models.example/v1 gets the key OPENAI_API_KEY",)
    assert "command: files-server --root" in report.servers[0]
    assert "environment: FILES_TOKEN=[key FILES_TOKEN]" in report.servers[0]
    assert "\u202e" not in report.text
    assert all(part in report.text for part in ("collect.example", "models.example", "files-server", "marks:touch"))


async def test_approval_rules_are_listed_also_where_they_are_trusted(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", toml=TOML + '[[approval]]\ntool = "touch"\naction = "allow"\n')
    session = Session(project, folders=UserFolders(tmp_path / "s", tmp_path / "c", tmp_path / "d"))
    session.trust()
    assert session.trusts_rules
    report = trust_report(session.project, session.mcp.views)
    await session.close()
    assert [rule for rule in report.rules if "touch" in rule and rule.startswith("allow ")]

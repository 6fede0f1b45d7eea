"""An OpenAPI file in, tested schemas out: import → lint → fix → suite → export for two vendors → verify elsewhere."""

import json
import shutil
from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.app.lint.fixing import fix_finding
from workbench.app.lint.project_lint import lint_project
from workbench.app.models.wires import KEY_OF_WIRE
from workbench.cli.exit_code import ExitCode
from workbench.cli.main import main
from workbench.store.project import load_project

SHOP = {
    "openapi": "3.1.0",
    "info": {"title": "Shop", "version": "1"},
    "servers": [{"url": "https://shop.example.com"}],
    "paths": {
        "/orders": {
            "get": {
                "operationId": "list_orders",
                "summary": "List the orders of a customer. Use it when no order number is known.",
                "parameters": [
                    {
                        "name": "state",
                        "in": "query",
                        "description": "The state. One of 'open', 'sent'",
                        "schema": {"type": "string"},
                    },
                    {
                        "name": "limit",
                        "in": "query",
                        "description": "How many at most. Defaults to 20",
                        "schema": {"type": "integer"},
                    },
                ],
                "responses": {"200": {"description": "The orders"}},
            }
        }
    },
}
CALLS = [{"calls": [{"tool": "list_orders", "arguments": {"state": "open"}}]}, {"text": "Done."}]


def test_an_openapi_file_becomes_exports_that_can_be_verified_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def workbench(*words: str | Path) -> tuple[int, str]:
        code = main([str(word) for word in words], lambda _: 99)
        return code, capsys.readouterr().out

    project, spec, out = make_project(tmp_path / "shop", *CALLS), tmp_path / "shop.json", tmp_path / "out"
    spec.write_text(json.dumps(SHOP), encoding="utf-8")
    assert workbench("import", project, spec)[0] == ExitCode.ANSWERED
    code, said = workbench("lint", project, "--json")
    found = {each["rule"] for each in json.loads(said)["findings"] if each["tool"] == "list_orders"}
    assert code == ExitCode.FAILED
    assert {"enum-in-prose", "default-in-prose"} <= found
    for rule in ("enum-in-prose", "default-in-prose"):
        findings = lint_project(load_project(project, KEY_OF_WIRE))
        fix_finding(project, next(each for each in findings if each.rule == rule))
    tool = json.loads((project / "tools" / "list_orders.json").read_text(encoding="utf-8"))
    properties = tool["inputSchema"]["properties"]
    assert (properties["state"]["enum"], properties["limit"]["default"]) == (["open", "sent"], 20)

    (project / "suites").mkdir()
    lines = [json.dumps({"id": f"c{n}", "request": f"Orders {n}?", "expected": "list_orders"}) for n in range(3)]
    (project / "suites" / "orders.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert workbench("suite", "run", project, "orders")[0] == ExitCode.ANSWERED
    for vendor in KEY_OF_WIRE:
        (out / vendor).mkdir(parents=True)
        file = out / vendor / "list_orders.json"
        options = ("--tool", "list_orders", "--format", vendor, "--strict", "--out", file, "--evidence")
        assert workbench("export", project, *options)[0] == ExitCode.ANSWERED

    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(out, elsewhere)
    shutil.rmtree(project)
    for vendor in KEY_OF_WIRE:
        evidence = elsewhere / vendor / "list_orders.intoto.json"
        code, said = workbench("verify", evidence, "--allow-unsigned")
        assert (code, said.splitlines()[0]) == (ExitCode.ANSWERED, "ok")
        assert "100.0% right" in said
        (elsewhere / vendor / "list_orders.json").write_text("[]", encoding="utf-8")
        assert workbench("verify", evidence, "--allow-unsigned")[0] == ExitCode.DIGEST_MISMATCH

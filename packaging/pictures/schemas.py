"""What the pictures of the way from an OpenAPI file to tested schemas show; every step is really taken."""

import asyncio
import json
from pathlib import Path

from pictures.stage import Shoot, Stage
from workbench.app.suites.suite_order import SuiteOrder
from workbench.core.json_text import JsonObject
from workbench.gui.exports.exports_feature import ExportsFeature
from workbench.gui.imports.paste_feature import PasteFeature
from workbench.gui.lint.lint_feature import LintFeature
from workbench.gui.look.look import Look
from workbench.gui.suites.suites_feature import SuitesFeature

API = """\
openapi: 3.1.0
info: {title: Shop, version: "1.0"}
servers: [{url: "https://api.shop.example/v1"}]
security: [{shop_key: []}]
components:
  securitySchemes:
    shop_key: {type: apiKey, in: query, name: api_key}
  schemas:
    Order:
      type: object
      properties:
        id: {type: string}
        state: {type: string, enum: [open, sent, returned]}
paths:
  /orders:
    get:
      operationId: list_orders
      summary: List the orders of a customer. Use it when no order number is known.
      parameters:
        - {name: email, in: query, required: true, description: The customer's email, schema: {type: string}}
        - {name: state, in: query, description: "The state. One of 'open', 'sent', 'returned'", schema: {type: string}}
        - {name: limit, in: query, description: How many at most. Defaults to 20, schema: {type: integer}}
      responses:
        "200":
          content:
            application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Order"}}}
  /orders/{order_id}:
    get:
      operationId: get_order
      summary: Get one order by its number. Use it when the order number is known.
      parameters: [{name: order_id, in: path, required: true, description: "Such as A-1004", schema: {type: string}}]
      responses:
        "200":
          content: {application/json: {schema: {$ref: "#/components/schemas/Order"}}}
  /orders/{order_id}/return:
    post:
      operationId: return_order
      parameters: [{name: order_id, in: path, required: true, schema: {type: string}}]
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [reason]
              properties:
                reason: {type: string, description: "Valid values are: damaged, too_late, wrong_item"}
"""
_ANSWERS: list[JsonObject] = [
    {"calls": [{"tool": "get_order", "arguments": {"order_id": "A-1004"}}]},
    {"text": "It was sent yesterday."},
]
_REQUESTS = {
    "get_order": (
        "Where is my order A-1004?",
        "Has A-1011 been sent yet?",
        "Tell me the state of the order with the number A-1020",
        "I wait for A-1007, what is going on?",
        "Did you get what I returned, A-1002?",
        "Is order A-1019 still open?",
    ),
    "list_orders": ("Which orders has ana@example.com?", "What did bo@example.com buy that was sent?"),
}
_CASES: tuple[JsonObject, ...] = tuple(
    {"id": f"{tool}-{number}", "request": request, "expected": tool}
    for tool, requests in _REQUESTS.items()
    for number, request in enumerate(requests, 1)
)
_IMPORTED = ("get_order", "list_orders", "return_order")


async def schema_pictures(look: Look, home: Path, shoot: Shoot) -> None:
    """The preview of an API, its findings, its suite, and its export with evidence."""
    stage = Stage(look, home, answers=_ANSWERS, damage=_emptied)
    stage.window.commands["trace"].trigger()
    api = home / "shop.yaml"
    api.write_text(API, encoding="utf-8")
    features, tasks = stage.window.features, stage.window.tasks
    page = features.of(PasteFeature).open_files([api])
    await tasks.finish("recognize what was pasted")
    page.tools.setCurrentRow(0)
    await asyncio.sleep(0.2)
    await shoot(stage, "schemas_import")
    page.add.click()
    await tasks.finish("add what was pasted")
    stage.window.trust()
    _quiet(stage)
    checking = features.of(LintFeature).open()
    await tasks.finish("check tools")
    rules = [found.rule for found in checking.findings.shown]
    checking.table.selectRow(rules.index("enum-in-prose"))
    await asyncio.sleep(0.2)
    await shoot(stage, "schemas_lint")
    checking.fix_all.click()
    await tasks.finish("fix all problems")
    _quiet(stage)
    folder = stage.session.project.folder
    (folder / "suites").mkdir(exist_ok=True)
    lines = "".join(f"{json.dumps(case)}\n" for case in _CASES)
    (folder / "suites" / "orders.jsonl").write_text(lines, encoding="utf-8")
    await stage.window.read_again()
    await stage.session.suites.begin(SuiteOrder(suite="orders", split="all")).run()
    suites = features.of(SuitesFeature).open()
    for _ in range(200):
        if suites.suites.report is not None:
            break
        await asyncio.sleep(0.05)
    suites.show_part("Results")
    await asyncio.sleep(0.2)
    await shoot(stage, "schemas_suite")
    exporting = features.of(ExportsFeature).open(_IMPORTED)
    exporting.form.use_strict(strict=True)
    exporting.form.use_evidence(is_on=True)
    await tasks.finish("read what was tested")
    await asyncio.sleep(0.3)
    await shoot(stage, "schemas_export")
    await stage.close()


def _emptied(folder: Path) -> None:
    """A project that has nothing yet."""
    for path in (*folder.glob("tools/*.json"), *folder.glob("python/*.py")):
        path.unlink()
    (folder / "workbench.toml").write_text('name = "Shop"\nmodel = "local"\n', encoding="utf-8")


def _quiet(stage: Stage) -> None:
    """Nothing lies over what is to be seen."""
    for toast in stage.window.toasts.shown:
        toast.close_now()

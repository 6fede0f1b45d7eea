"""Every page that a command opens, as it is in a project in which one message was run, and what can be done on some."""

import asyncio
from pathlib import Path

from pictures.stage import Shoot, Stage
from workbench.core.json_text import JsonObject
from workbench.gui.imports.paste_feature import PasteFeature
from workbench.gui.look.look import Look
from workbench.gui.service.service_feature import ServiceFeature
from workbench.gui.settings.settings_feature import SettingsFeature
from workbench.gui.suites.suites_feature import SuitesFeature
from workbench.gui.tool_runs.tool_runs_feature import ToolRunsFeature

_ANSWERS: list[JsonObject] = [
    {"calls": [{"tool": "track_order", "arguments": {"order_id": "A-1004"}}], "usage": {"input_tokens": 900}},
    {"text": "Your order is on its way and arrives on Friday."},
]
_OPENAPI = """openapi: 3.1.0
info: {title: Pet store, version: 1.0.0}
servers: [{url: https://pets.example.com/v1}]
paths:
  /pets:
    get:
      operationId: listPets
      summary: List pets, newest first
      parameters:
        - {name: limit, in: query, schema: {type: integer, maximum: 100}, description: How many to list}
        - {name: species, in: query, schema: {type: string, enum: [cat, dog, bird]}}
    post:
      operationId: addPet
      summary: Add a pet
      requestBody:
        content:
          application/json:
            schema: {type: object, required: [name], properties: {name: {type: string}, age: {type: integer}}}
  /pets/{petId}:
    parameters: [{name: petId, in: path, required: true, schema: {type: string}}]
    get: {operationId: getPet, summary: Show one pet}
    delete: {summary: Remove a pet}
"""


async def page_pictures(look: Look, home: Path, shoot: Shoot) -> None:
    """Every page as it is opened."""
    stage = Stage(look, home, sample="shop-support", answers=_ANSWERS)
    window = stage.window
    stage.pane.composer.editor.setPlainText("Where is my order A-1004?")
    window.run()
    live = stage.pane.conversation.live
    assert live is not None
    await live.finished()
    for command in window.commands.commands:
        if command.opens_page:
            window.commands[command.name].trigger()
            await asyncio.sleep(0.3)
            await shoot(stage, f"page_{command.name}")
    await stage.close()


async def used_page_pictures(look: Look, home: Path, shoot: Shoot) -> None:
    """A tool that ran, an import, a service with a client, the sections of the settings, and the parts of suites."""
    stage = Stage(look, home, sample="shop-support", answers=_ANSWERS)
    features = stage.window.features
    running = features.of(ToolRunsFeature)
    tool = running.open("track_order")
    await asyncio.sleep(0.5)
    await shoot(stage, "tool_run_form")
    tool.run.form.fill('{"order_id": "A-1004"}')
    running.start(tool)
    await asyncio.sleep(1.5)
    await shoot(stage, "tool_run_result")
    running.open("cancel_order").run.form.fill('{"order_id": "A-1004", "reason": "late"}')
    running.start(tool)
    await asyncio.sleep(1.0)
    await shoot(stage, "tool_run_question")
    importing = features.of(PasteFeature).open()
    await shoot(stage, "import_empty")
    importing.show_text(_OPENAPI)
    await asyncio.sleep(1.0)
    await shoot(stage, "import_found")
    serving = features.of(ServiceFeature).open()
    serving.port.setText("0")
    serving.port.number_changed.emit(0)
    serving.client_name.setText("editor")
    serving.client_name.returnPressed.emit()
    serving.start.click()
    await asyncio.sleep(1.5)
    await shoot(stage, "service")
    suites = features.of(SuitesFeature).open()
    await asyncio.sleep(1.0)
    for part in ("Cases", "Run", "Results", "Improve"):
        suites.show_part(part)
        await shoot(stage, f"suites_{part.lower()}")
    page = features.of(SettingsFeature).open()
    for place in range(page.sections.count()):
        page.sections.setCurrentRow(place)
        item = page.sections.item(place)
        await shoot(stage, f"settings_{item.text().lower().replace(' ', '_')}")
    await stage.close()

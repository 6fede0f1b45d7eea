"""What the pictures of finding, keys and projects show: a finished run of the weather desk, looked through."""

import asyncio
from pathlib import Path

from pictures.stage import Shoot, Stage
from workbench.app.imports.dropped import look_at
from workbench.app.project.new_project import new_project
from workbench.gui.imports.imports_feature import ImportsFeature
from workbench.gui.look.look import Look
from workbench.gui.project.project_feature import ProjectFeature
from workbench.gui.search.search_feature import SearchFeature
from workbench.gui.shortcuts.shortcuts_feature import ShortcutsFeature
from workbench.viewmodels.imports.drop import plan_of


async def finding_pictures(look: Look, home: Path, shoot: Shoot) -> None:
    """Search everywhere, the find bar, quick open, the keys and their sheet."""
    stage = Stage(look, home)
    window = stage.window
    await stage.to_approval()
    await stage.to_end()
    await asyncio.sleep(0.3)
    finding = window.features.of(SearchFeature)
    finding.search.open()
    finding.search.field.setText("paris oslo")
    await asyncio.sleep(1.0)
    await shoot(stage, "search")
    finding.search.hide()
    finding.quick.open()
    finding.quick.field.setText("wea")
    await asyncio.sleep(0.3)
    await shoot(stage, "quick_open")
    finding.quick.hide()
    projects = window.features.of(ProjectFeature)
    projects.recent.add(home / "moved-away", "Billing tools")
    projects.recent.add(new_project(home / "shop", sample_name="shop-support"), "Shop support")
    projects.popup.open()
    await shoot(stage, "projects")
    projects.popup.hide()
    window.palette_.open()
    window.palette_.field.setText("copy")
    await shoot(stage, "palette_found")
    window.palette_.hide()
    dropping = window.features.of(ImportsFeature)
    dropping.overlay.show_plan(plan_of([look_at(path) for path in _files(home)]))
    await shoot(stage, "drop")
    dropping.overlay.hide()
    window.commands["find"].trigger()
    bar = finding.bar_of(stage.pane)
    bar.line.setText("paris")
    bar.line.textEdited.emit("paris")
    await asyncio.sleep(0.4)
    bar.step(1)
    await shoot(stage, "find")
    bar.put_away()
    keys = window.features.of(ShortcutsFeature)
    keys.shortcuts.choose("step-mode", "Ctrl+Alt+S")
    window.commands["change-keys"].trigger()
    await shoot(stage, "keys")
    keys.show_sheet()
    await shoot(stage, "keys_sheet")
    await stage.close()


def _files(home: Path) -> list[Path]:
    """A tool, a server's configuration, code, and something that cannot be taken in."""
    files = {
        "get_time.json": '{"name": "get_time", "inputSchema": {"type": "object"}}',
        "claude_desktop_config.json": '{"mcpServers": {"notes": {"command": "notes-server"}}}',
        "tides.py": "",
        "petstore.yaml": "openapi: 3.1.0\n",
    }
    for name, text in files.items():
        (home / name).write_text(text, encoding="utf-8")
    return [home / name for name in files]

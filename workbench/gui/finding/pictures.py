"""What the pictures of finding, keys and projects show: a finished run of the weather desk, looked through."""

import asyncio
from pathlib import Path

from workbench.gui.finding.finding import Finding
from workbench.gui.keys.keys import Keys
from workbench.gui.look import Look
from workbench.gui.stage import Shoot, Stage


async def finding_pictures(look: Look, home: Path, shoot: Shoot) -> None:
    """Search everywhere, the find bar, quick open, the keys and their sheet."""
    stage = Stage(look, home)
    window = stage.window
    await stage.to_approval()
    await stage.to_end()
    await asyncio.sleep(0.3)
    finding = window.features.of(Finding)
    finding.search.open()
    finding.search.field.setText("paris oslo")
    await asyncio.sleep(1.0)
    await shoot(stage, "search")
    finding.search.hide()
    window.commands["find"].trigger()
    bar = finding.bar_of(stage.pane)
    bar.line.setText("paris")
    bar.line.textEdited.emit("paris")
    await asyncio.sleep(0.4)
    bar.step(1)
    await shoot(stage, "find")
    bar.put_away()
    keys = window.features.of(Keys)
    keys.shortcuts.choose("step-mode", "Ctrl+Alt+S")
    window.commands["change-keys"].trigger()
    await shoot(stage, "keys")
    keys.show_sheet()
    await shoot(stage, "keys_sheet")
    await stage.close()

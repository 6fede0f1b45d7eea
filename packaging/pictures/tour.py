"""What the pictures of the tour show: its first step, the wrong choice with its cause, and what differs.

The real local model answers; without it there is nothing to show.
"""

from importlib.util import find_spec
from pathlib import Path

from pictures.stage import Shoot, Stage
from workbench.gui.look.look import Look
from workbench.gui.tour.tour_feature import TourFeature


async def tour_pictures(look: Look, home: Path, shoot: Shoot) -> None:
    """The strip at its first step, at the wrong choice, and the comparison it opens."""
    if find_spec("needle") is None:
        return
    stage = Stage(look, home, model="local")
    guide = stage.window.features.of(TourFeature)
    guide.start()
    await stage.tasks.finish("tour")
    await shoot(stage, "tour")
    guide.tour.step = "right"
    for _ in range(2):
        guide.go()
        await stage.tasks.finish("tour")
        live = stage.pane.conversation.live
        assert live is not None
        await live.finished()
        await stage.tasks.finish(f"run {live.run_id}")
        stage.pane.flush()
    await shoot(stage, "tour_wrong")
    guide.compare()
    await shoot(stage, "tour_compare")
    await stage.close()

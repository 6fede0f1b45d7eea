"""A share as a picture: with its interval where samples were counted, a plain bar where it is exact."""

import pytest
from PySide6.QtGui import QColor

from workbench.core.share import Share
from workbench.gui.look.look import Look
from workbench.gui.microscope.share_bar import ShareBar


def darkest(look: Look, share: Share) -> int:
    """The lightness of the darkest point of the bar; the line of an interval is the darkest there is."""
    bar = ShareBar(look)
    bar.resize(200, 24)
    bar.show_share(share.value, share.interval(), "plain", "a share")
    picture = bar.grab().toImage()
    return min(QColor(picture.pixel(x, y)).lightness() for x in range(picture.width()) for y in range(picture.height()))


@pytest.mark.parametrize("count", [0, 1, 3])
def test_an_exact_share_has_no_interval_over_it(look: Look, count: int) -> None:
    line = look.color("text").lightness()
    assert darkest(look, Share(count, 3)) < line + 20
    assert darkest(look, Share(count, 3, is_exact=True)) > line + 60

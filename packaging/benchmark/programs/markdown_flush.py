"""An answer with everything Markdown has grows by a frame's worth at a time: what each flush costs this thread."""

import time
from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from benchmark.canned import markdown_pieces
from benchmark.programs.cost import order, report
from workbench.app.project.resources import resources
from workbench.gui.conversation.markdown_view import MarkdownView
from workbench.gui.look.look import Look
from workbench.gui.window.qt_loop import make_application


def text_of(kind: str, characters: int) -> str:
    """The answer. `code` is the worst there is for a renderer that draws the last block again: one long block."""
    match kind:
        case "mixed":
            return "".join(markdown_pieces(characters // 4))
        case "code":
            line = "    print(city, weather[city])  # and so on\n"
            return "```python\n" + line * (characters // len(line)) + "```\n"
        case _:
            line = "- a list that never ends, as some models like to write them\n"
            return line * (characters // len(line))


def main() -> None:
    """Measure as ordered."""
    told = order()
    app = make_application(["benchmark"])
    area = QScrollArea()
    area.setWidgetResizable(True)
    page = QWidget()
    column = QVBoxLayout(page)
    view = MarkdownView(Look(app, resources() / "icons"), "Answer")
    column.addWidget(view)
    column.addStretch(1)
    area.setWidget(page)
    area.resize(860, 700)
    area.show()
    app.processEvents()
    whole = text_of(told["kind"], told["characters"])
    flushes = []
    for end in range(told["step"], len(whole) + told["step"], told["step"]):
        flushes.append(_cost(partial(view.show_text, whole[:end], is_streaming=True), area))
    last = _cost(partial(view.show_text, whole, is_streaming=False), area)
    quarter = len(flushes) // 4
    report(
        worst=max(flushes),
        first_quarter=sum(flushes[:quarter]) / quarter,
        last_quarter=sum(flushes[-quarter:]) / quarter,
        at_the_end=last,
    )


def _cost(act: Callable[[], object], area: QScrollArea) -> float:
    """Milliseconds of this thread to do it, lay out, and paint with the end in view."""
    application = make_application([])
    begun = time.thread_time()
    act()
    application.processEvents()
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    application.processEvents()
    return (time.thread_time() - begun) * 1000


if __name__ == "__main__":
    main()

"""How sure the model itself said it was, labeled as its own statement."""

from workbench.core.interval import Interval
from workbench.gui.kit.labels import label
from workbench.gui.kit.rows_table import RowsTable
from workbench.gui.kit.tasks import Tasks
from workbench.gui.look.look import Look
from workbench.gui.microscope.scroll_panel import ScrollPanel
from workbench.gui.microscope.share_bar import ShareBar
from workbench.viewmodels.microscope.confidence import TOKEN_COLUMNS, WHAT_IT_IS, Confidence
from workbench.viewmodels.microscope.point import PointViewModel


class ConfidencePanel(ScrollPanel):
    """The confidence of the recorded answer."""

    def __init__(self, point: PointViewModel, look: Look, tasks: Tasks) -> None:
        super().__init__("Confidence")
        self.confidence = Confidence(point)
        self.words = label(self.confidence.words, "strong" if self.confidence.has_any else "muted", wraps=True)
        self.bar_of_share = ShareBar(look)
        self.bar_of_share.setMaximumWidth(look.px(320))
        share = self.confidence.share
        if share is not None:
            self.bar_of_share.show_share(share, Interval(share, share), "plain", self.confidence.words)
        self.bar_of_share.setVisible(share is not None)
        self.tokens = RowsTable("Tokens and their probabilities", TOKEN_COLUMNS, look, wide=2)
        self.tokens.show_rows(self.confidence.tokens, None)
        self.tokens.setVisible(bool(self.confidence.tokens))
        self.column.addWidget(self.words)
        self.column.addWidget(self.bar_of_share)
        if self.confidence.has_any:
            self.column.addWidget(label(WHAT_IT_IS, "muted", wraps=True))
        self.column.addWidget(self.tokens)
        self.column.addStretch(1)

"""All keys on a page that can be printed or saved."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMarginsF, Qt
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter, QResizeEvent, QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from workbench.app.exports.export_files import write_exports
from workbench.core.errors import StoreError
from workbench.gui.kit.flow_layout import flow_row
from workbench.gui.kit.labels import label
from workbench.gui.kit.toasts import Toasts
from workbench.gui.look.look import Look
from workbench.viewmodels.shortcuts.key_sheet import SheetSection, sheet_html

TITLE = "Keys of the Tool-Calling Workbench"
_PDF_DPI = 300
_TWO_COLUMNS = 560


class SheetPage(QWidget):
    """Shows the sheet in the window's colors; on paper it is black on white."""

    def __init__(self, sections: Callable[[], tuple[SheetSection, ...]], look: Look, toasts: Toasts) -> None:
        """`sections` is asked whenever the sheet is drawn."""
        super().__init__()
        self._sections = sections
        self._look = look
        self._toasts = toasts
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.view = QTextBrowser()
        self.view.setAccessibleName("All keys")
        self.view.setOpenLinks(False)
        self.view.document().setDocumentMargin(4)
        buttons, head = flow_row()
        head.addWidget(label("Change them under Settings, Keyboard.", "muted", wraps=True))
        for text, name, act in (
            ("Print…", "Print the sheet", self.print_out),
            ("Save as PDF…", "Save the sheet as PDF", lambda: self._ask("keys.pdf", "PDF (*.pdf)", self.save_pdf)),
            (
                "Save as HTML…",
                "Save the sheet as HTML",
                lambda: self._ask("keys.html", "HTML (*.html)", self.save_html),
            ),
        ):
            button = QPushButton(text)
            button.setAccessibleName(name)
            button.clicked.connect(lambda _=False, act=act: act())
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(28, 20, 28, 20)
        column.setSpacing(10)
        column.addWidget(buttons)
        column.addWidget(self.view, 1)
        self.refresh()
        look.follow(self, self.refresh)

    @property
    def _columns(self) -> int:
        return 2 if self.width() > self._look.px(_TWO_COLUMNS) else 1

    @property
    def html(self) -> str:
        """The sheet as a page of its own."""
        return sheet_html(TITLE, self._sections())

    def refresh(self) -> None:
        """The keys or the look have changed."""
        colors = self._look
        html = (
            sheet_html(TITLE, self._sections(), self._columns)
            .replace("#1a1e27", colors.color("text").name())
            .replace("#ffffff", colors.color("surface").name())
        )
        self.view.document().setDefaultFont(colors.font())
        html = html.replace("font-family: sans-serif; font-size: 9pt; ", "")
        self.view.setHtml(_for_qt(html.replace("font-size: 10.5pt", f"font-size: {colors.size_pt(1.1):g}pt")))

    def print_out(self) -> None:
        """Ask for a printer, without stopping anything else meanwhile."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        dialog.setWindowTitle("Print the keys")
        dialog.accepted.connect(lambda: self._paper().print_(printer))
        dialog.finished.connect(dialog.deleteLater)
        QDialog.open(dialog)  # the dialog's own `open` wants a slot by its name

    def save_pdf(self, path: Path) -> None:
        """Write the sheet as PDF. Raises `StoreError`."""
        try:
            path.touch()
        except OSError as error:
            raise StoreError(f"{path.name} cannot be saved: {error.strerror or error}") from None
        writer = QPdfWriter(str(path))
        writer.setTitle(TITLE)
        writer.setResolution(_PDF_DPI)
        writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        writer.setPageMargins(QMarginsF(14, 14, 14, 14), QPageLayout.Unit.Millimeter)
        self._paper().print_(writer)

    def save_html(self, path: Path) -> None:
        """Write the sheet as one HTML file. Raises `StoreError`."""
        write_exports({path: self.html})

    def _paper(self) -> QTextDocument:
        document = QTextDocument(self)
        document.setHtml(_for_qt(self.html))
        return document

    def _ask(self, name: str, kind: str, save: Callable[[Path], None]) -> None:
        dialog = QFileDialog(self, "Save the keys", name, kind)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(lambda chosen: self._save(Path(chosen), save))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _save(self, path: Path, save: Callable[[Path], None]) -> None:
        try:
            save(path)
        except StoreError as error:
            self._toasts.tell(error.message, tone="error")
        else:
            self._toasts.tell(f"Saved {path.name}", tone="ok")

    # overrides of Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != self.width():
            self.refresh()


def _for_qt(html: str) -> str:
    """Qt draws headings larger than their style says."""
    for level in ("h1", "h2"):
        html = html.replace(f"<{level}>", f"<p class='{level}'>").replace(f"</{level}>", "</p>")
    return html

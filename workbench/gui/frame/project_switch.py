"""Switching projects: this project's window closes, then the other one's opens."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QMainWindow

from workbench.app.project.new_project import own_sample
from workbench.core.errors import WorkbenchError
from workbench.core.project_folder import PROJECT_FILE
from workbench.core.signal import Signal
from workbench.gui.frame.status_line import StatusLine


class ProjectSwitch:
    """Knows the next project; None when closing the window ends the program."""

    def __init__(self, window: QMainWindow, line: StatusLine) -> None:
        self.next_folder: Path | None = None
        self.create_asked: Signal[[Path]] = Signal()
        """The person tried to open a folder that is not a project."""
        self._window = window
        self._line = line

    def choose(self) -> None:
        """Ask for a project folder without blocking."""
        dialog = QFileDialog(self._window, "Open a folder")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, on=True)
        dialog.fileSelected.connect(lambda name: self.open(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def open_sample(self, name: str) -> None:
        """Open the user's own copy of a sample."""
        try:
            self.open(own_sample(name))
        except WorkbenchError as error:
            self._line.show_message(str(error), "error")

    def open(self, folder: Path) -> None:
        """Close this project and open another, without running its code; runs here end and are recorded."""
        if not (folder / PROJECT_FILE).is_file():
            if folder.is_dir():
                self.create_asked.emit(folder)
            else:
                self._line.show_message(f"{folder} does not exist", "error")
            return
        self.next_folder = folder
        self._window.close()

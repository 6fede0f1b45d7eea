"""The tool file behind the editor: it can be renamed after the tool, copied, and deleted."""

from pathlib import Path

from workbench.app.schema_editor.tool_editing import TextFile
from workbench.app.tools.tool_changes import Undoable, delete_tool, duplicate_tool, rename_tool_file
from workbench.core.errors import ProjectError, StoreError
from workbench.core.foreign_shape import check_shape
from workbench.viewmodels.schema_editor.document import ToolDocument
from workbench.viewmodels.schema_editor.file_state import OpenFileState


class ToolFileState(OpenFileState):
    """What can be done with the file besides saving it."""

    def __init__(self, file: TextFile, document: ToolDocument) -> None:
        self._tool = document
        self._deleted: Undoable | None = None
        super().__init__(file, document)

    @property
    def can_be_saved(self) -> bool:
        """A tool in another program's shape stays beside the file: saved, it would be a tool without parameters."""
        try:
            check_shape(self._tool.value)
        except ProjectError:
            return False
        return super().can_be_saved

    def name_file_after_tool(self) -> bool:
        """Rename the file, and what names the tool in the project file, to the tool's name; raises `WorkbenchError`."""
        new = self._tool.value.get("name")
        old = self.file.path.stem
        if not isinstance(new, str) or new == old or self.is_dirty:
            return False
        path, _ = rename_tool_file(self._project_folder, self.file.path, old, new)
        self.file.take_path(path)
        self.written.emit()
        self.changed.emit()
        return True

    def keep_mine(self) -> bool:
        """Overwrite the file on disk; a deletion made here can then no longer be undone."""
        if not super().keep_mine():
            return False
        self._deleted = None
        return True

    def duplicate(self) -> Path:
        """Copy the tool; return the copy's path. Raises `WorkbenchError`."""
        path, _ = duplicate_tool(self._project_folder, self.file.path, self._tool.good_text)
        self.written.emit()
        return path

    def delete(self) -> None:
        """Delete the file; its text stays in the editor until that is closed, and can be restored."""
        try:
            self._deleted = delete_tool(self.file.path)
        except StoreError as error:
            self._set_state("refused", str(error))
            return
        self._set_state("gone")
        self.written.emit()

    def bring_back(self) -> bool:
        """Restore the deleted file: as it was, or with the editor's text when something else deleted it."""
        if self._deleted is None:
            return super().bring_back()
        try:
            self._deleted.undo()
        except (ProjectError, StoreError) as error:
            self._set_state("refused", str(error))
            return False
        self._deleted = None
        self._set_state("unsaved" if self.is_dirty else "saved")
        self.written.emit()
        return True

    @property
    def _project_folder(self) -> Path:
        return self.file.path.parent.parent

"""Whether a folder is a project, without reading it."""

from pathlib import Path

from workbench.core.errors import ProjectError
from workbench.core.project_folder import PROJECT_FILE

_HINT = "`workbench new DIR` makes a project."


def project_file_in(folder: Path) -> Path:
    """The project file of `folder`; raises `ProjectError` where there is none."""
    if not folder.is_dir():
        raise ProjectError("there is no such folder", where=str(folder), hint=_HINT)
    path = folder / PROJECT_FILE
    if not path.is_file():
        raise ProjectError(f"this folder has no {PROJECT_FILE}", where=str(folder), hint=_HINT)
    return path

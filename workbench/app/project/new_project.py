"""Making a project: a copy of a sample, or of the small starter."""

import shutil
from pathlib import Path

from workbench.app.project.folders import UserFolders
from workbench.app.project.resources import sample, starter
from workbench.core.errors import UsageError
from workbench.core.project_folder import HISTORY_FOLDER

_LEFT_OUT = shutil.ignore_patterns(HISTORY_FOLDER, "__pycache__", "*.pyc")


def new_project(folder: Path, *, sample_name: str = "") -> Path:
    """Fill `folder`, which must be empty or not exist yet; raises `UsageError` and then changes nothing."""
    source = sample(sample_name) if sample_name else starter()
    try:
        is_new = not folder.exists()
        if not is_new and not folder.is_dir():
            raise UsageError(f"{folder} is a file", hint="Choose a folder that does not exist yet.")
        if not is_new and any(folder.iterdir()):
            raise UsageError(f"{folder} is not empty", hint="Choose a folder that does not exist yet.")
        try:
            shutil.copytree(source, folder, ignore=_LEFT_OUT, dirs_exist_ok=True)
        except OSError:
            _clear(folder, is_new=is_new)
            raise
    except OSError as error:
        raise UsageError(f"{folder} cannot be created: {_reason(error)}") from None
    return folder


def own_sample(name: str, folders: UserFolders | None = None) -> Path:
    """The user's own copy of a sample, made when there is none; edits in it are kept."""
    folder = (folders or UserFolders.of_this_user()).data / "samples" / name
    if not folder.exists():
        new_project(folder, sample_name=name)
    return folder


def _clear(folder: Path, *, is_new: bool) -> None:
    """Take away what was copied before it failed; the folder was empty."""
    if is_new:
        shutil.rmtree(folder, ignore_errors=True)
        return
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _reason(error: OSError) -> str:
    """Copying a tree collects (source, target, reason) of everything that failed; one of them says enough."""
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list):
        return str(error.args[0][0][2]).partition(": ")[0]
    return error.strerror or str(error)

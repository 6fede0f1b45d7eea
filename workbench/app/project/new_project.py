"""Making a project: a copy of a sample or of the small starter, or just the files that make a folder one."""

import shutil
from pathlib import Path

import tomlkit

from workbench.app.project.folders import UserFolders
from workbench.app.project.resources import sample, starter
from workbench.app.project.setting_text import with_setting
from workbench.core.errors import UsageError
from workbench.core.project_folder import HISTORY_FOLDER, PROJECT_FILE, TOOLS_FOLDER
from workbench.store.tool_file import write_whole

_EMPTY = """\
format = 1
name = {name}
instructions = ""
model = "local"

[request]
tool_choice = "auto"
parallel_calls = true
"""
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


def empty_project(folder: Path, name: str) -> Path:
    """Make `folder`, which may have other files, a project without tools: none of its files are touched.

    Raises `UsageError` when it is already a project, or cannot be one.
    """
    file = folder / PROJECT_FILE
    try:
        if folder.exists() and not folder.is_dir():
            raise UsageError(f"{folder} is a file", hint="Choose a folder.")
        if file.exists():
            raise UsageError(f"{folder} is already a project", hint="Open it instead.")
        (folder / TOOLS_FOLDER).mkdir(parents=True, exist_ok=True)
        write_whole(file, _EMPTY.format(name=tomlkit.string(name).as_string()))
    except OSError as error:
        raise UsageError(f"{folder} cannot be made a project: {error.strerror or error}") from None
    return folder


def named_project(folder: Path, name: str, *, sample_name: str = "") -> Path:
    """A copy as `new_project` makes it, under another name; raises `UsageError`."""
    made = new_project(folder, sample_name=sample_name)
    file = made / PROJECT_FILE
    write_whole(file, with_setting(file.read_text(encoding="utf-8"), ("name",), name))
    return made


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

"""What the guided tour does to the weather desk: one description claims another tool's work, and is then restored.

Which edit makes the local model choose wrongly was found by trying, with three cities, because one request alone may
turn out differently on another processor; `tests/gui/tour/test_the_tour.py` holds the model to it. Other models may see
through it, and the tour then says so.
"""

from functools import cache

from workbench.app.project.resources import sample
from workbench.app.schema_editor.tool_editing import bytes_of
from workbench.app.tools.tool_changes import Undoable, change_files, tool_path
from workbench.core.errors import UsageError
from workbench.core.json_edit import set_value
from workbench.core.project_folder import TOOLS_FOLDER
from workbench.store.project import Project

SAMPLE = "weather-desk"
TOOL = "current_time"
"""The right tool for `TIME`."""
EDITED = "get_weather"
OVERLAPPING = "Tell what time it is in a city and how the weather is."
WEATHER = "What is the weather in Tokyo and London?"
MAIL = "Send an email to ana@example.com with the subject Trip and the body Pack a raincoat for London."
TIME = "What time is it in Tokyo?"


def fits(project: Project) -> bool:
    """Whether the tour can be taken in this project: a copy of the sample whose tool is as it came, or as the tour
    leaves it in the middle."""
    if project.toolset.named(EDITED) is None:  # then no file has to be read
        return False
    path = tool_path(project.folder, EDITED)
    held = bytes_of(path) if path is not None else None
    return held is not None and held in (_as_it_came(), _made_overlapping())


def is_broken(project: Project) -> bool:
    """Whether the tour, now or on an earlier day, left the description of `EDITED` overlap with `TOOL`."""
    path = tool_path(project.folder, EDITED)
    return path is not None and bytes_of(path) == _made_overlapping()


def break_description(project: Project) -> Undoable:
    """Make the description of `EDITED` too broad. Raises `UsageError` when it was changed, `StoreError` as files do."""
    return _put(project, f"Made the description of {EDITED} too broad", _made_overlapping())


def fix_description(project: Project) -> Undoable:
    """Put the description back as it came; raises as `break_description` does."""
    return _put(project, f"Restored the description of {EDITED}", _as_it_came())


def _put(project: Project, words: str, held: bytes) -> Undoable:
    path = tool_path(project.folder, EDITED)
    if path is None or not fits(project):
        raise UsageError(
            f"the tool {EDITED} was changed, so the tour does not touch it",
            hint="Take the tour in a fresh copy of the sample: workbench new FOLDER --sample weather-desk",
        )
    return change_files(words, {path: held})


@cache
def _as_it_came() -> bytes:
    return (sample(SAMPLE) / TOOLS_FOLDER / f"{EDITED}.json").read_bytes()


@cache
def _made_overlapping() -> bytes:
    return set_value(_as_it_came().decode(), "/description", OVERLAPPING).encode()

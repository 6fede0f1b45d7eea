"""What the guided tour does to the weather desk: one description is made vague, and put back as it came.

Which edit makes the local model choose wrongly was found by trying; `tests/unit/samples/test_the_tour.py` holds it to
that. Other models may see through it, and the tour then says so.
"""

from workbench.app.project.resources import sample
from workbench.app.schema_editor.tool_editing import bytes_of
from workbench.app.tools.tool_changes import Undoable, change_files, tool_path
from workbench.core.errors import UsageError
from workbench.core.json_edit import set_value
from workbench.core.json_text import parse_strict_object
from workbench.core.project_folder import TOOLS_FOLDER
from workbench.store.project import Project

SAMPLE = "weather-desk"
TOOL = "current_time"
VAGUE = "Get the time."
WEATHER = "What is the weather in Tokyo and London?"
MAIL = "Send an email to ana@example.com with the subject Trip and the body Pack a raincoat for London."
TIME = "What time is it in Tokyo?"


def fits(project: Project) -> bool:
    """Whether the tour can be taken in this project: a copy of the sample whose tool is as it came, or as the tour
    leaves it in the middle."""
    path = tool_path(project.folder, TOOL)
    held = bytes_of(path) if path is not None else None
    return held is not None and held in (_as_it_came(), _made_vague())


def is_broken(project: Project) -> bool:
    """Whether the tour, now or on an earlier day, left the description vague."""
    path = tool_path(project.folder, TOOL)
    return path is not None and bytes_of(path) == _made_vague()


def break_description(project: Project) -> Undoable:
    """Make the description vague. Raises `UsageError` when the tool is not as it came, `StoreError` as files do."""
    return _put(project, f"Made the description of {TOOL} vague", _made_vague())


def fix_description(project: Project) -> Undoable:
    """Put the description back as it came; raises as `break_description` does."""
    return _put(project, f"Restored the description of {TOOL}", _as_it_came())


def good_description() -> str:
    """The description as it came."""
    document = parse_strict_object(_as_it_came().decode())
    return str(document["description"])


def _put(project: Project, words: str, held: bytes) -> Undoable:
    path = tool_path(project.folder, TOOL)
    if path is None or not fits(project):
        raise UsageError(
            f"the tool {TOOL} was changed, so the tour does not touch it",
            hint="Take the tour in a fresh copy of the sample: workbench new FOLDER --sample weather-desk",
        )
    return change_files(words, {path: held})


def _as_it_came() -> bytes:
    return (sample(SAMPLE) / TOOLS_FOLDER / f"{TOOL}.json").read_bytes()


def _made_vague() -> bytes:
    return set_value(_as_it_came().decode(), "/description", VAGUE).encode()

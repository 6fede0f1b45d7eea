"""A text that somebody pastes: the tools in it, and in which shape they are written. Nothing is run."""

import re

import msgspec

from workbench.app.imports.python_text import tools_of_python
from workbench.app.imports.tool_import import OWN, FoundTool, found_in
from workbench.app.models.wires import VENDORS, in_words
from workbench.core.errors import MalformedJson, WorkbenchError
from workbench.core.json_file import read_json_file
from workbench.core.tool import Tool

KNOWN_SHAPES = f"tools for {in_words((*VENDORS, OWN))}, JSON Schema, or Python functions"
_FENCE = re.compile(r"\A\s*```[A-Za-z]*\n(.*?)\n?```\s*\Z", re.DOTALL)


class Pasted(msgspec.Struct, frozen=True):
    """`shape` names what the tools were written for; `obstacle` says why there are none."""

    tools: tuple[Tool, ...] = ()
    shape: str = ""
    obstacle: str = ""

    @property
    def is_foreign(self) -> bool:
        """Whether it cannot be saved as a tool's file as it is."""
        return bool(self.tools) and (self.shape != OWN or len(self.tools) > 1)


def recognize(text: str) -> Pasted:
    """The tools in a text."""
    if not text.strip():
        return Pasted(obstacle=f"Paste {KNOWN_SHAPES}.")
    text = found[1] if (found := _FENCE.match(text)) is not None else text
    try:
        try:
            document = read_json_file(text.encode(errors="replace"))
        except MalformedJson as error:
            made, trouble = tools_of_python(text), f"This is not JSON ({error}), and no Python with typed functions."
        else:
            if isinstance(document, dict) and document.keys() & {"openapi", "swagger"}:
                return Pasted(obstacle="OpenAPI cannot be imported yet. Describe the operations as tools.")
            made, trouble = found_in(document), f"No tools were found. Paste {KNOWN_SHAPES}."
    except WorkbenchError as error:
        return Pasted(obstacle=f"{error.message[:1].upper()}{error.message[1:]}. {error.hint}".strip())
    return Pasted(tuple(one.tool for one in made), _shapes(made)) if made else Pasted(obstacle=trouble)


def _shapes(found: tuple[FoundTool, ...]) -> str:
    return ", ".join(dict.fromkeys(one.shape for one in found))

"""What the palette offers about tools."""

from collections.abc import Callable

from workbench.gui.actions import Command
from workbench.gui.editor.editor_page import EditorPage
from workbench.gui.editor.editors import Editors

_GROUP = "Tools"


def editor_commands(editors: Callable[[], Editors]) -> tuple[Command, ...]:
    """New tool, and what can be done with the tool in the open tab. The editor's own keys are its own."""

    def with_page(act: Callable[[EditorPage], object]) -> Callable[[], object]:
        def act_on_page() -> None:
            page = editors().page
            if page is not None:
                act(page)

        return act_on_page

    return (
        Command("new-tool", "New tool", _GROUP, lambda: editors().new_tool(), icon="tool"),
        Command("save-tool", "Save the tool", _GROUP, with_page(EditorPage.save)),
        Command("tool-form", "Tool as a form", _GROUP, with_page(lambda page: page.show_view("Form"))),
        Command("tool-json", "Tool as JSON", _GROUP, with_page(lambda page: page.show_view("JSON"))),
        Command("tool-both", "Tool as form and JSON", _GROUP, with_page(lambda page: page.show_view("Both"))),
        Command("tool-preview", "What is sent of the tool", _GROUP, with_page(lambda page: page.show_side("Preview"))),
        Command("tool-changes", "What changed in the tool", _GROUP, with_page(lambda page: page.show_side("Changes"))),
        Command("try-tool", "Try the tool", _GROUP, with_page(EditorPage.try_it)),
    )

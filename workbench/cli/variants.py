"""`workbench variants`: the variants of a project, what they change, making one, and making one the project's own."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

import msgspec

from workbench.app.models.wires import KEY_OF_WIRE
from workbench.app.variants.variant_promotion import project_offer, promote
from workbench.app.variants.variants import VariantStore
from workbench.cli.exit_code import ExitCode
from workbench.cli.new_variant import add_change_arguments, is_any_given, new_variant
from workbench.cli.terminal import Terminal
from workbench.core.errors import UsageError, WorkbenchError
from workbench.core.json_text import compact
from workbench.core.variant import Variant, apply_variant, misfits
from workbench.core.variant_fit import fitting_part
from workbench.core.variant_lines import change_lines
from workbench.core.visible_text import visible, visible_line
from workbench.store.project import Project, load_project

_ACTS = ("list", "show", "new", "promote")


def add_arguments(parser: ArgumentParser) -> None:
    """The command's arguments and its function."""
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("act", nargs="?", choices=_ACTS, default="list", metavar="|".join(_ACTS))
    parser.add_argument("name", nargs="?", default="", metavar="NAME")
    parser.add_argument("--json", action="store_true", help="one JSON object per variant, one per line")
    add_change_arguments(parser)
    parser.set_defaults(do=variants_command)


def variants_command(parsed: Namespace, terminal: Terminal) -> int:
    """Do one of the acts. Nothing is run or sent; 1 when a variant is damaged or does not fit.

    Raises `UsageError` for a name too few or too many, and for options of `new` beside another act.
    """
    folder, act, name, as_json = parsed.project, parsed.act, parsed.name, parsed.json
    if act != "new" and is_any_given(parsed):
        raise UsageError(f"`{act}` changes no variant", hint=f"To create one: workbench variants {folder} new NAME …")
    project, store = load_project(folder, KEY_OF_WIRE), VariantStore(folder.resolve())
    if act == "list":
        if name:
            raise UsageError("`list` takes no name", hint=f"To show one: workbench variants {folder} show {name}")
        return _list(project, store, terminal, as_json=as_json)
    if not name:
        raise UsageError(f"`{act}` needs a variant name", hint=f"Variants: {', '.join(store.names()) or 'none'}.")
    variant = new_variant(parsed, project, store) if act == "new" else store.load(name)
    if act in ("show", "new"):
        return _show(project, variant, terminal, as_json=as_json)
    _, remarks = promote(variant, project)
    terminal.say(f"Promoted {name}: its tools and settings are now part of the project.", "good")
    for remark in remarks:
        terminal.say(f"  {visible_line(remark)}", "warn")
    return ExitCode.ANSWERED


def _list(project: Project, store: VariantStore, terminal: Terminal, *, as_json: bool) -> int:
    names = store.names()
    code = ExitCode.ANSWERED
    if not names and not as_json:
        terminal.say(
            "No variants yet. Create one with `workbench variants PROJECT new NAME`, or in the window from your edits."
        )
    for name in names:
        try:
            variant = store.load(name)
            problems = misfits(variant, project_offer(project))
        except WorkbenchError as error:
            problems, variant = (str(error),), None
        if as_json:
            terminal.json(compact(_document(name, variant, problems)))
            continue
        if problems:
            code = ExitCode.FAILED
        count = len(_lines(project, variant)) if variant is not None else 0
        said = f"{count} change{'' if count == 1 else 's'}"
        note = f" · {visible_line(variant.note)}" if variant is not None and variant.note else ""
        terminal.say(f"{name}  {said}{note}", "bad" if problems else "plain")
        for problem in problems:
            terminal.say(f"  does not fit: {visible_line(problem)}", "warn")
    return code


def _show(project: Project, variant: Variant, terminal: Terminal, *, as_json: bool) -> int:
    problems = misfits(variant, project_offer(project))
    if as_json:
        terminal.json(compact(_document(variant.name, variant, problems)))
        return ExitCode.FAILED if problems else ExitCode.ANSWERED
    for problem in problems:
        terminal.say(f"does not fit: {visible_line(problem)}", "bad")
    lines = _lines(project, variant)
    if problems:
        terminal.say("What still works:" if lines else "Nothing in it still works.", "warn")
    elif not lines:
        terminal.say("No changes: the project is already the same.")
    for line in lines:
        terminal.say(visible(str(line)))
    return ExitCode.FAILED if problems else ExitCode.ANSWERED


def _lines(project: Project, variant: Variant | None) -> tuple[object, ...]:
    if variant is None:
        return ()
    before = project_offer(project)
    part = fitting_part(variant, before)
    return change_lines(before, apply_variant(part, before), renames=part.renames)


def _document(name: str, variant: Variant | None, problems: tuple[str, ...]) -> dict[str, Any]:
    document: dict[str, Any] = {"name": name, "problems": list(problems)}
    if variant is not None:
        document["variant"] = msgspec.to_builtins(variant)
    return document

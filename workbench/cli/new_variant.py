"""`workbench variants PROJECT new NAME`: a variant whose changes are given as options."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from typing import Any

from workbench.app.models.wires import SPEC_USAGE
from workbench.app.variants.variant_promotion import project_offer
from workbench.app.variants.variants import VariantStore
from workbench.cli.arguments import utf8
from workbench.core.errors import UsageError
from workbench.core.model_parameters import PARAMETER_NAMES, ParameterValue, read_parameter
from workbench.core.variant import ToolEdit, Variant, apply_variant, check_name
from workbench.store.project import Project

_OPTIONS = ("describe", "rename", "trigger", "remove", "tool_choice", "model", "set", "no_parallel", "note", "replace")


def add_change_arguments(parser: ArgumentParser) -> None:
    """Add the options of `new`."""
    new = parser.add_argument_group("for new: what the variant changes", "Options that name a TOOL can be repeated.")
    new.add_argument("--describe", action="append", type=utf8, default=[], metavar="TOOL=TEXT", help="its description")
    new.add_argument("--rename", action="append", default=[], metavar="TOOL=NAME", help="another name for it")
    new.add_argument(
        "--trigger",
        action="append",
        type=utf8,
        default=[],
        metavar="TOOL=REGEX",
        help="a message that matches makes the local model call this tool",
    )
    new.add_argument("--remove", action="append", default=[], metavar="TOOL", help="do not offer it")
    new.add_argument("--instructions", type=utf8, metavar="TEXT", help="replace the project's instructions")
    new.add_argument("--tool-choice", metavar="CHOICE", help="auto, none, required, or NAME[,NAME…]")
    new.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help=f"a parameter: {', '.join(PARAMETER_NAMES)}"
    )
    new.add_argument("--model", metavar="SPEC", help=SPEC_USAGE)
    new.add_argument("--no-parallel", action="store_true", help="allow at most one call per round")
    new.add_argument("--note", type=utf8, default="", metavar="TEXT", help="what it is for")
    new.add_argument("--replace", action="store_true", help="replace an existing variant of that name")


def is_any_given(parsed: Namespace) -> bool:
    """Whether an option of `new` was given."""
    return any(getattr(parsed, name) for name in _OPTIONS) or parsed.instructions is not None


def new_variant(parsed: Namespace, project: Project, store: VariantStore) -> Variant:
    """Create it and write its file. Raises `UsageError` when it changes nothing, does not fit, or already exists."""
    name = check_name(parsed.name)
    if name in store.names() and not parsed.replace:
        raise UsageError(f"there is a variant {name!r} already", hint="Choose another name, or add --replace.")
    variant = Variant(
        name=name,
        note=parsed.note,
        tools={tool: ToolEdit(**edit) for tool, edit in _edits(parsed, project).items()},
        removed=tuple(parsed.remove),
        instructions=parsed.instructions,
        tool_choice=parsed.tool_choice,
        parallel_calls=False if parsed.no_parallel else None,
        model=parsed.model,
        parameters=dict(_parameters(parsed.set)),
    )
    if variant.is_empty:
        raise UsageError("the variant would change nothing", hint="Say what, for example --describe TOOL=TEXT.")
    apply_variant(variant, project_offer(project))
    store.save(variant)
    return variant


def _parameters(given: Sequence[str]) -> Iterator[tuple[str, ParameterValue | None]]:
    """NAME= leaves a parameter to the vendor, whatever the project says."""
    for text in given:
        name, _, value = text.partition("=")
        try:
            yield name, read_parameter(name, value) if value or name not in PARAMETER_NAMES else None
        except ValueError as error:
            raise UsageError(f"--set {text!r}: {error}", hint="Write --set temperature=0.2, for example.") from None


def _edits(parsed: Namespace, project: Project) -> dict[str, dict[str, Any]]:
    edits: dict[str, dict[str, Any]] = {}
    for option, field in (("describe", "description"), ("rename", "name")):
        for tool, text in _pairs(getattr(parsed, option), option):
            edits.setdefault(tool, {})[field] = text
    for tool, pattern in _pairs(parsed.trigger, "trigger"):
        own = project.toolset.named(tool)
        edit = edits.setdefault(tool, {})
        edit["triggers"] = (*edit.get("triggers", own.triggers if own is not None else ()), pattern)
    return edits


def _pairs(given: Sequence[str], option: str) -> Iterator[tuple[str, str]]:
    for text in given:
        tool, is_there, said = text.partition("=")
        if not is_there or not tool:
            raise UsageError(f"--{option} {text!r} does not say which tool", hint=f"Write --{option} TOOL=TEXT.")
        yield tool, said

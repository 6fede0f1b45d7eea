"""The variants of a project: plain files in `variants/`, one a variant, named after it."""

from pathlib import Path

import msgspec

from workbench.core.errors import MalformedJson, ProjectError, UsageError
from workbench.core.json_text import parse_strict_object, pretty
from workbench.core.tool import Tool
from workbench.core.variant import FORMAT, Variant, apply_variant, check_name
from workbench.engine.setup import RunSetup
from workbench.replay.setup_offer import offer_of
from workbench.store.project import TOOLS_FOLDER, Project
from workbench.store.tool_file import tool_text, write_whole

VARIANTS_FOLDER = "variants"
MAX_CHARS = 5_000_000


class FileChange(msgspec.Struct, frozen=True):
    """A file before and after; None where there is no file. Undone by writing `before` again."""

    path: Path
    before: str | None
    after: str | None

    def make(self) -> None:
        """Write, or remove, the file."""
        _put(self.path, self.after)

    def undo(self) -> None:
        """Bring the file back as it was."""
        _put(self.path, self.before)


class VariantBook:
    """Reads and writes the variants of one project. Every change returns what undoes it."""

    def __init__(self, project_folder: Path) -> None:
        self._folder = project_folder / VARIANTS_FOLDER

    def names(self) -> tuple[str, ...]:
        """The variants that are there, also those that cannot be read."""
        return tuple(sorted(path.stem for path in self._folder.glob("*.json")))

    def load(self, name: str) -> Variant:
        """The variant of that name; raises `UsageError` when there is none, `ProjectError` saying what is wrong."""
        path = self._path(name)
        place = f"{VARIANTS_FOLDER}/{path.name}"
        try:
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            known = ", ".join(self.names()) or "none"
            raise UsageError(f"there is no variant {name!r}", mend=f"Variants: {known}.") from None
        except (OSError, UnicodeDecodeError) as error:
            raise ProjectError(f"the file cannot be read: {error}", where=place) from None
        return read_variant(text, name=name, where=place)

    def save(self, variant: Variant) -> FileChange:
        """Write the variant's file; raises `UsageError` for a name that cannot be a file's."""
        return self._change(variant.name, variant_text(variant))

    def delete(self, name: str) -> FileChange:
        """Throw the variant away."""
        return self._change(name, None)

    def _path(self, name: str) -> Path:
        return self._folder / f"{check_name(name)}.json"

    def _change(self, name: str, after: str | None) -> FileChange:
        path = self._path(name)
        change = FileChange(path, path.read_text(encoding="utf-8") if path.exists() else None, after)
        change.make()
        return change


def read_variant(text: str, *, name: str, where: str = "") -> Variant:
    """The variant a file's text describes; raises `ProjectError` with the place."""
    try:
        document = parse_strict_object(text)
    except MalformedJson as error:
        raise ProjectError(f"not valid JSON: {error}", where=where) from None
    version = document.get("format", FORMAT)
    if isinstance(version, int) and version > FORMAT:
        raise ProjectError(
            f"this variant has format {version}, this program knows up to {FORMAT}",
            where=where,
            mend="Update the workbench.",
        )
    try:
        variant = msgspec.convert({**document, "name": name}, Variant)
        for added in variant.added:
            Tool(added)
    except msgspec.ValidationError as error:
        raise ProjectError(f"not a variant: {error}", where=where) from None
    except ProjectError as error:
        raise ProjectError(f'a tool in "added": {error.message}', where=where, mend=error.mend) from None
    return variant


def variant_text(variant: Variant) -> str:
    """The text of a variant's file. Its name is the file's, and is not repeated in it."""
    document = msgspec.to_builtins(variant)
    document.pop("name", None)
    return pretty({"format": FORMAT, **document}) + "\n"


def promotion(variant: Variant, project: Project, setup: RunSetup) -> tuple[FileChange, ...]:
    """What makes the variant's tools the project's own: one change a tool file, none of them made yet.

    Instructions, tool choice and model stand in workbench.toml, which is the person's own text: they are not changed.
    Raises `UsageError` when the variant does not fit.
    """
    before = offer_of(setup)
    after = apply_variant(variant, before)
    folder = project.folder / TOOLS_FOLDER
    renamed = {new: old for old, new in variant.renames.items()}
    changes = []
    kept = set()
    for tool in after.toolset:
        old = before.toolset.named(renamed.get(tool.name, tool.name))
        kept.add(tool.name)
        if old != tool:
            changes.append(_file_change(folder / f"{check_name(tool.name)}.json", tool_text(tool)))
    changes += [_file_change(folder / f"{name}.json", None) for name in before.toolset.names if name not in kept]
    return tuple(change for change in changes if change.before != change.after)


def _file_change(path: Path, after: str | None) -> FileChange:
    return FileChange(path, path.read_text(encoding="utf-8") if path.exists() else None, after)


def _put(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink(missing_ok=True)
    else:
        write_whole(path, text)

"""The variants of a project: plain files in `variants/`, one a variant, named after it."""

import contextlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from workbench.app.redaction.redacted_text import keyless
from workbench.app.tools.tool_changes import Undoable, change_files
from workbench.core.errors import MalformedJson, ProjectError, UsageError, WorkbenchError
from workbench.core.json_text import parse_strict_object, pretty
from workbench.core.tool import Tool
from workbench.core.variant import FORMAT, Variant, check_name
from workbench.store.small_file import KnownFiles, read_small

VARIANTS_FOLDER = "variants"


class VariantStore:
    """Reads and writes the variants of one project. Every change returns what undoes it."""

    def __init__(self, project_folder: Path) -> None:
        self._folder = project_folder / VARIANTS_FOLDER
        self._files = KnownFiles(_variant_in)
        self._ahead: tuple[str, ...] | None = None

    def read_ahead(self) -> None:
        """Read every variant, which may take long; what has not changed afterwards is then known without reading."""
        paths = tuple(self._folder.glob("*.json"))
        self._files.keep_only(paths)
        for path in paths:
            with contextlib.suppress(OSError, UnicodeDecodeError, ProjectError):
                self._files.read(path)
        self._ahead = _names(paths)

    def names_ahead(self) -> tuple[str, ...]:
        """The names that `read_ahead` found, once; after that those that are there."""
        names, self._ahead = self._ahead, None
        return self.names() if names is None else names

    def names(self) -> tuple[str, ...]:
        """The variants that are there, also those that cannot be read."""
        return _names(self._folder.glob("*.json"))

    def load(self, name: str) -> Variant:
        """The variant of that name; raises `UsageError` when there is none, `ProjectError` saying what is wrong."""
        path = self.path_of(name)
        place = f"{VARIANTS_FOLDER}/{path.name}"
        try:
            return self._files.read(path)
        except FileNotFoundError:
            known = ", ".join(self.names()) or "none"
            raise UsageError(f"there is no variant {name!r}", hint=f"Variants: {known}.") from None
        except (OSError, UnicodeDecodeError) as error:
            raise ProjectError(f"the file cannot be read: {error}", where=place) from None
        except ProjectError as error:
            raise ProjectError(error.message, where=place, hint=error.hint) from None

    def renames_of(self, name: str | None) -> dict[str, str]:
        """What the variant of that name renames; nothing where it cannot be read."""
        with contextlib.suppress(WorkbenchError):
            return self.load(name).renames if name else {}
        return {}

    def save(self, variant: Variant) -> Undoable:
        """Write the variant's file, without keys; raises `UsageError` for a name that cannot be a file's."""
        return self._change(f"Saved {variant.name}", variant.name, keyless(variant_text(variant)))

    def delete(self, name: str) -> Undoable:
        """Delete the variant."""
        return self._change(f"Deleted {name}", name, None)

    def path_of(self, name: str) -> Path:
        """The variant's file; raises `UsageError` for a name that cannot be a file's."""
        return self._folder / f"{check_name(name)}.json"

    def _change(self, words: str, name: str, after: str | None) -> Undoable:
        path = self.path_of(name)
        _check_readable(path)
        return change_files(words, {path: after.encode() if after is not None else None})

    def rename(self, name: str, new: str) -> tuple[Undoable, Undoable]:
        """Call the variant `new`; raises `UsageError` when that name is taken. Undo the changes in reverse order."""
        if new in self.names():
            raise UsageError(f"variant {new!r} already exists", hint="Choose another name.")
        variant = self.load(name)
        return self.save(msgspec.structs.replace(variant, name=new)), self.delete(name)

    def free_name(self, wanted: str) -> str:
        """`wanted`, or with a number behind it when it is taken."""
        taken = {name.casefold() for name in self.names()}
        names = (wanted if number == 1 else f"{wanted[:60]}-{number}" for number in range(1, len(taken) + 2))
        return next(name for name in names if name.casefold() not in taken)


def _names(paths: Iterable[Path]) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in paths))


def read_variant(text: str, *, name: str, where: str = "") -> Variant:
    """The variant a file's text describes; raises `ProjectError` with the place."""
    try:
        document = parse_strict_object(text)
    except MalformedJson as error:
        raise ProjectError(f"not valid JSON: {error}", where=where) from None
    version = document.get("format", FORMAT)
    if isinstance(version, int) and version > FORMAT:
        raise ProjectError(
            f"this variant has format {version}, this program supports up to {FORMAT}",
            where=where,
            hint="Update the workbench.",
        )
    try:
        variant = msgspec.convert({**document, "name": name}, Variant)
        for added in variant.added:
            Tool(added)
    except msgspec.ValidationError as error:
        raise ProjectError(f"not a variant: {error}", where=where) from None
    except ProjectError as error:
        raise ProjectError(f'a tool in "added": {error.message}', where=where, hint=error.hint) from None
    return variant


def variant_text(variant: Variant) -> str:
    """The text of a variant's file. Its name is the file's, and is not repeated in it."""
    document = msgspec.to_builtins(variant)
    document.pop("name", None)
    return pretty({"format": FORMAT, **document}) + "\n"


def _variant_in(path: Path, content: bytes) -> Variant:
    return read_variant(content.decode("utf-8-sig"), name=path.stem)


def _check_readable(path: Path) -> None:
    """What could not be brought back is not written over."""
    try:
        read_small(path).decode("utf-8")
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError, ProjectError) as error:
        raise UsageError(f"{path.name} cannot be read: {error}") from None

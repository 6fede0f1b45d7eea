"""Where `resources/` is: in the source tree, in the installed wheel, or in the packaged program."""

import sys
from pathlib import Path

from workbench.core.errors import ProjectError, UsageError


def resources() -> Path:
    """The folder with samples, icons and help. Raises `ProjectError` when they are missing."""
    package = Path(__file__).resolve().parents[2]
    candidates = [package.parent / "resources", package / "_resources"]
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        candidates.insert(0, Path(frozen) / "resources")
    for folder in candidates:
        if (folder / "samples").is_dir():
            return folder
    raise ProjectError("the program's resource files are missing", hint="Reinstall it.")


def sample_names() -> tuple[str, ...]:
    """The sample projects that come with the program."""
    return tuple(sorted(path.name for path in (resources() / "samples").iterdir() if path.is_dir()))


def sample(name: str) -> Path:
    """The folder of a sample project; raises `UsageError` for an unknown name."""
    if name not in sample_names():
        raise UsageError(f"there is no sample {name!r}", hint=f"Samples: {', '.join(sample_names())}.")
    return resources() / "samples" / name


def starter() -> Path:
    """The folder that a new project is copied from when no sample is named."""
    return resources() / "starter"

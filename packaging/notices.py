"""The third-party packages that are installed or packaged with the program, and their licenses.

    python packaging/notices.py        write THIRD-PARTY-NOTICES.md again, after `make lock` and `make setup`

The names and versions are those of packaging/locks/run.txt; the licenses are what the installed packages say.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, PackagePath, distribution
from pathlib import Path

from packaging.requirements import Requirement

PROJECT = Path(__file__).resolve().parents[1]
NOTICES = PROJECT / "THIRD-PARTY-NOTICES.md"
LOCK = PROJECT / "packaging" / "locks" / "run.txt"

# Packages for Windows only: they cannot be asked on another system.
_ELSEWHERE = {"colorama": "BSD-3-Clause", "pywin32": "PSF-2.0", "pywin32-ctypes": "BSD-3-Clause"}
_UNSUPPORTED = "sys_platform == 'emscripten'"
_SPDX = {
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
_LOOKED_UP = {"scipy": "BSD-3-Clause"}
"""Packages whose metadata holds the whole text, or none."""
_FILE = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)
_INTRODUCTION = """\
# Third-party notices

The Tool-Calling Workbench is licensed under Apache-2.0 (see LICENSE). It uses the packages below, each under its own
license. The wheel contains none of them: they are installed beside it. The packaged program contains them, together
with Python (PSF-2.0) and the libraries Python is built with; its folder `licenses` holds their license texts. Qt and
PySide6 are used unchanged and linked dynamically, so you may replace them with your own build.

Written by `packaging/notices.py` from the locked versions.

| Package | Version | License |
|---|---|---|
"""


def main() -> int:
    NOTICES.write_text(notices(), encoding="utf-8")
    return 0


def notices() -> str:
    """The whole file. Raises `ValueError` when a package does not state its license."""
    rows = [f"| {name} | {', '.join(versions)} | {license_of(name)} |\n" for name, versions in locked().items()]
    return _INTRODUCTION + "".join(rows)


def locked(lock: Path = LOCK) -> dict[str, list[str]]:
    """The versions of each package that `make run` installs on a supported system, by name."""
    found: dict[str, list[str]] = {}
    for line in lock.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith((" ", "#")) or _UNSUPPORTED in line:
            continue
        pin = Requirement(line.rstrip(" \\"))
        found.setdefault(pin.name, []).append(next(iter(pin.specifier)).version)
    return found


def license_of(name: str) -> str:
    """The SPDX expression of a package's license; raises `ValueError` when there is none."""
    try:
        metadata = distribution(name).metadata
    except PackageNotFoundError:
        if name in _ELSEWHERE:
            return _ELSEWHERE[name]
        raise ValueError(f"{name} is not installed: run `make setup`") from None
    stated: list[str] = [*(metadata.get_all("License-Expression") or []), *(metadata.get_all("License") or [])]
    stated = [text for text in stated if "\n" not in text]  # some put the whole license there
    stated += [_SPDX.get(text.rpartition(" :: ")[2], "") for text in metadata.get_all("Classifier") or []]
    stated += [_LOOKED_UP.get(name, "")]
    if not any(stated):
        raise ValueError(f"{name} does not state its license in its metadata: look it up and enter it here")
    return next(filter(None, stated))


def license_texts(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each license file of the installed ones, with the folder it belongs to: (path, `licenses/NAME`)."""
    for name in names:
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue
        for file in filter(_is_license, found.files or []):
            yield str(_place(found, file)), f"licenses/{name}"


def _is_license(file: PackagePath) -> bool:
    return file.parts[0].endswith(".dist-info") and _FILE.match(file.name) is not None


def _place(found: Distribution, file: PackagePath) -> Path:
    return Path(str(found.locate_file(file)))


if __name__ == "__main__":
    sys.exit(main())

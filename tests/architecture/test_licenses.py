"""What is given away says under which license, and so does everything it brings along."""

import hashlib
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import build_package
import notices
import pytest

PROJECT = Path(__file__).resolve().parents[2]
METADATA = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_license_is_the_one_the_package_names() -> None:
    assert METADATA["license"] == "Apache-2.0"
    text = (PROJECT / "LICENSE").read_bytes()
    # The text as the Apache Software Foundation publishes it; a changed word would make it another license.
    assert hashlib.sha256(text).hexdigest() == "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"


def test_every_locked_package_is_named_with_its_version_and_license() -> None:
    rows = [line for line in notices.NOTICES.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][1:]
    named = {
        name: (versions.split(", "), spdx) for name, versions, spdx in (row.strip("| ").split(" | ") for row in rows)
    }
    assert {name: versions for name, (versions, _) in named.items()} == notices.locked(), "run packaging/notices.py"
    for name, (_, spdx) in named.items():
        try:
            distribution(name)
        except PackageNotFoundError:
            assert spdx
        else:
            assert spdx == notices.license_of(name), "run packaging/notices.py"


def test_license_texts_of_the_installed_packages_are_found() -> None:
    found = list(notices.license_texts(["anyio", "jsonschema", "not-installed-anywhere"]))
    assert [(Path(path).name, folder) for path, folder in found] == [
        ("LICENSE", "licenses/anyio"),
        ("COPYING", "licenses/jsonschema"),
    ]
    assert all(Path(path).is_file() for path, _ in found)


def test_the_wheel_and_the_packaged_program_take_them_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_package, "DIST", tmp_path)
    build_package.check_wheel(build_package.build_wheel())
    assert set(METADATA["license-files"]) == build_package.LEGAL
    spec = (PROJECT / "packaging" / "workbench.spec").read_text(encoding="utf-8")
    assert all(f'"{name}"' in spec for name in build_package.LEGAL)

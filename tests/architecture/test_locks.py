"""The locks: complete, checkable, and silent about where packages come from."""

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[2]
LOCKS = PROJECT / "packaging" / "locks"
METADATA = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = METADATA["optional-dependencies"]
PYTHONS = ("3.11", "3.12", "3.13")


def locked(name: str) -> list[Requirement]:
    lines = (LOCKS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line.rstrip(" \\")) for line in lines if line and not line.startswith((" ", "#"))]


def applies(requirement: Requirement, python: str) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(
        {**default_environment(), "python_version": python, "python_full_version": f"{python}.5"}
    )


@pytest.mark.parametrize("name", ["run", "dev", "peers", "inspect"])
def test_a_lock_names_no_address(name: str) -> None:
    text = (LOCKS / f"{name}.txt").read_text(encoding="utf-8")
    assert not re.findall(r"://|index-url|find-links|trusted-host|\.(?:com|org|net|io)\b", text)


@pytest.mark.parametrize("name", ["run", "dev", "peers", "inspect"])
def test_every_locked_package_has_one_version_and_hashes(name: str) -> None:
    text = (LOCKS / f"{name}.txt").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert blocks
    for block in blocks:
        assert re.match(r"[a-z0-9._-]+==\S+", block), block
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("run", [*METADATA["dependencies"], *EXTRAS["local"], *EXTRAS["stats"]]),
        ("dev", [*METADATA["dependencies"], *EXTRAS["dev"]]),
    ],
)
def test_every_dependency_is_in_the_lock_in_a_version_it_allows(name: str, wanted: list[str], python: str) -> None:
    versions = {
        canonicalize_name(pin.name): next(iter(pin.specifier)).version for pin in locked(name) if applies(pin, python)
    }
    for requirement in map(Requirement, wanted):
        if applies(requirement, python):
            version = versions.get(canonicalize_name(requirement.name))
            assert version, f"{requirement.name} is not in packaging/locks/{name}.txt: run `make lock`"
            assert requirement.specifier.contains(version), f"{requirement} is locked as {version}: run `make lock`"


def test_the_small_lock_is_part_of_the_large_one() -> None:
    def pins(name: str) -> set[str]:
        return {f"{pin.name}{pin.specifier}" for pin in locked(name)}

    assert pins("run") < pins("dev")


def test_the_peers_of_the_benchmarks_use_the_same_libraries() -> None:
    ours = {pin.name: str(pin.specifier) for pin in locked("dev")}
    theirs = {pin.name: str(pin.specifier) for pin in locked("peers")}
    assert {"openai", "openai-agents", "pydantic-ai-slim"} <= theirs.keys()
    assert {name: pin for name, pin in theirs.items() if ours.get(name, pin) != pin} == {}


def test_the_qt_that_breaks_python_311_is_not_locked_for_it() -> None:
    qt = [pin for pin in locked("run") if pin.name == "pyside6-essentials" and applies(pin, "3.11")]
    assert len(qt) == 1
    assert str(qt[0].specifier) != "==6.12.0"


@pytest.mark.parametrize("folder", ["tests/e2e/npm", "packaging/locks/promptfoo"])
def test_an_npm_lock_names_no_address_and_checks_every_package(folder: str) -> None:
    text = (PROJECT / folder / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in text
    packages = json.loads(text)["packages"]
    assert len(packages) > 50
    assert all(one.get("integrity", "").startswith("sha512-") for name, one in packages.items() if name)

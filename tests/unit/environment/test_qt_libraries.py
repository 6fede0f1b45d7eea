"""The system libraries that Qt needs: found out by loading, installed when we may, otherwise said."""

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from environment import apt, qt_libraries

README = Path(__file__).resolve().parents[3] / "README.md"


@pytest.fixture
def site_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(qt_libraries.sys, "platform", "linux")
    monkeypatch.setattr(qt_libraries, "has_fonts", lambda: True)
    return tmp_path


def lacks(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
    remaining = list(answers)
    monkeypatch.setattr(qt_libraries, "missing_libraries", lambda folder: remaining.pop(0))


def machine(monkeypatch: pytest.MonkeyPatch, *, has_apt: bool, may_install: bool) -> list[Sequence[str]]:
    installed: list[Sequence[str]] = []
    monkeypatch.setattr(apt, "is_here", lambda: has_apt)
    monkeypatch.setattr(apt, "may_install", lambda: may_install)
    monkeypatch.setattr(apt, "install", lambda packages: installed.append(packages) or "")
    return installed


def test_nothing_is_installed_when_nothing_is_missing(site_packages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = machine(monkeypatch, has_apt=True, may_install=True)
    lacks(monkeypatch, [])
    assert qt_libraries.ensure(site_packages)
    assert installed == []


def test_what_is_missing_is_installed_when_we_may(site_packages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = machine(monkeypatch, has_apt=True, may_install=True)
    lacks(monkeypatch, ["libxcb-cursor.so.0"], [])
    assert qt_libraries.ensure(site_packages)
    assert installed == [qt_libraries.PACKAGES]


def test_the_line_to_type_is_printed_when_we_may_not(
    site_packages: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    installed = machine(monkeypatch, has_apt=True, may_install=False)
    monkeypatch.setattr(apt.os, "geteuid", lambda: 1000)
    lacks(monkeypatch, ["libGL.so.1"])
    assert not qt_libraries.ensure(site_packages)
    said = capsys.readouterr().out
    assert "libGL.so.1" in said
    assert "sudo apt-get update && sudo apt-get install -y --no-install-recommends libegl1 libgl1 " in said
    assert installed == []


def test_a_system_without_apt_is_told_what_is_missing(
    site_packages: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    machine(monkeypatch, has_apt=False, may_install=True)
    lacks(monkeypatch, ["libGL.so.1"])
    assert not qt_libraries.ensure(site_packages)
    assert "libGL.so.1" in capsys.readouterr().out


def test_a_library_that_does_not_load_names_what_it_lacks(site_packages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = site_packages / "PySide6" / "Qt" / qt_libraries.LOADED[0]
    library.parent.mkdir(parents=True)
    library.write_bytes(b"")
    said = "libGL.so.1: cannot open shared object file: No such file or directory\n/x/libQt6Svg.so.6: file too short\n"
    answer = subprocess.CompletedProcess([], 0, said, "")
    monkeypatch.setattr(qt_libraries.subprocess, "run", lambda *arguments, **named: answer)
    assert qt_libraries.missing_libraries(site_packages) == ["libGL.so.1"]


def test_the_readme_names_the_same_packages() -> None:
    line = re.search(r"apt-get install ((?:[\w.+-]+[\s\\]+)+)", README.read_text(encoding="utf-8"))
    assert line is not None
    assert line[1].replace("\\", "").split() == [*qt_libraries.PACKAGES, *qt_libraries.FONTS]

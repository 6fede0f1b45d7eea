"""Build what people install, into dist/: a wheel, and a folder that starts without Python. Then try both.

python packaging/build_package.py [--only wheel|folder]
"""

import argparse
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
DIST = PROJECT / "dist"
BUILD = PROJECT / "build"
LEGAL = {"LICENSE", "THIRD-PARTY-NOTICES.md"}


def main() -> int:
    parser = argparse.ArgumentParser(description="Build the wheel and the folder into dist/, and try them.")
    parser.add_argument("--only", choices=("wheel", "folder"))
    only = parser.parse_args().only
    if only != "folder":
        wheel = build_wheel()
        check_wheel(wheel)
        try_wheel(wheel)
        print(f"✓ {wheel.relative_to(PROJECT)} ({wheel.stat().st_size / 1e6:.1f} MB)", flush=True)
    if only != "wheel":
        folder = build_folder()
        check_folder(folder)
        smoke_start(folder / "workbench")
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
        print(f"✓ {folder.relative_to(PROJECT)} ({size / 1e6:.0f} MB)", flush=True)
    return 0


def build_wheel() -> Path:
    """A wheel of this source tree, with resources/ inside."""
    with tempfile.TemporaryDirectory() as empty:
        _run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", empty, str(PROJECT)])
        (built,) = Path(empty).glob("*.whl")
        DIST.mkdir(exist_ok=True)
        return Path(shutil.copy2(built, DIST))


def try_wheel(wheel: Path) -> None:
    """Install it into a new environment, away from the source tree, and have the sample conversation there.

    Its dependencies are borrowed from this environment, so that nothing is fetched.
    """
    with tempfile.TemporaryDirectory() as place:
        venv = Path(place) / "venv"
        _run([sys.executable, "-m", "venv", str(venv)])
        _run([str(venv / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", str(wheel)])
        (site_packages,) = venv.glob("lib/python3.*/site-packages")
        # Below the wheel's own: a line in a .pth file adds a folder, but not the .pth files inside that one.
        (site_packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
        smoke_start(venv / "bin" / "workbench")


def check_wheel(wheel: Path) -> None:
    """The license and the notices are inside."""
    with zipfile.ZipFile(wheel) as archive:
        held = {Path(name).name for name in archive.namelist() if ".dist-info/licenses/" in name}
    _expect(LEGAL - held, wheel)


def check_folder(folder: Path) -> None:
    """The license, the notices and the license texts of what is packaged are inside."""
    held = {path.name for path in (folder / "_internal").iterdir()}
    _expect((LEGAL | {"licenses"}) - held, folder)


def _expect(missing: set[str], place: Path) -> None:
    if missing:
        sys.exit(f"✗ {place.name} lacks {', '.join(sorted(missing))}")


def build_folder() -> Path:
    """A folder with the program, its Python, Qt and the local model."""
    order = ["--noconfirm", "--log-level=ERROR", f"--distpath={DIST}", f"--workpath={BUILD / 'pyinstaller'}"]
    _run([sys.executable, "-m", "PyInstaller", *order, str(PROJECT / "packaging" / "workbench.spec")])
    return DIST / "workbench"


def smoke_start(program: Path) -> None:
    _run([sys.executable, str(PROJECT / "packaging" / "smoke_start.py"), str(program)])


def _run(order: list[str]) -> None:
    # Away from the source tree, so that what is tried is what was built.
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(order, cwd=tempfile.gettempdir(), env=environment, check=False)
    if done.returncode:
        sys.exit(f"✗ {' '.join(order)} ended with {done.returncode}")


if __name__ == "__main__":
    sys.exit(main())

"""Are the system libraries here that Qt loads? Found out by loading them, in a process of its own."""

import re
import subprocess
import sys
from pathlib import Path

from environment import apt
from environment.talk import say, step

# Debian 12 and newer, Ubuntu 22.04 and newer: everything that Qt's libraries and its X11 plug-in link to.
PACKAGES = (
    "libegl1",
    "libgl1",
    "libglib2.0-0",
    "libdbus-1-3",
    "libfontconfig1",
    "libxkbcommon0",
    "libxkbcommon-x11-0",
    "libx11-xcb1",
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-xkb1",
)
FONTS = ("fonts-dejavu-core",)
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
LOADED = (
    "lib/libQt6Widgets.so.6",
    "lib/libQt6Svg.so.6",
    "plugins/platforms/libqoffscreen.so",
    "plugins/platforms/libqxcb.so",
)
LOADER = """
import ctypes, sys
for path in sys.argv[1:]:
    try:
        ctypes.CDLL(path)
    except OSError as error:
        print(error)
"""


def ensure(site_packages: Path) -> bool:
    """Install what Qt misses, or say which line to type. True when nothing is missing (any more)."""
    if sys.platform != "linux":
        return True
    missing = missing_libraries(site_packages)
    fonts = not has_fonts()
    if not missing and not fonts:
        return True
    wanted = (*(PACKAGES if missing else ()), *(FONTS if fonts else ()))
    lacks = ", ".join([*missing, *(["fonts"] if fonts else [])])
    if not apt.is_here():
        say(f"  ! Qt lacks {lacks}. Install them with this system's package manager; the window needs them.")
        return False
    if not apt.may_install():
        say(f"  ! Qt lacks {lacks}. The window needs them. Type this once:\n      {apt.line_to_type(wanted)}")
        return False
    with step(f"system libraries for Qt ({lacks})"):
        said = apt.install(wanted)
    missing = missing_libraries(site_packages)
    if not said and not missing:
        return True
    say(f"  ! Qt still lacks {', '.join(missing) or lacks}. apt said:\n{said}\n    Try: {apt.line_to_type(wanted)}")
    return False


def missing_libraries(site_packages: Path) -> list[str]:
    """File names of the libraries that the loader did not find, for each part of Qt the first one."""
    qt = site_packages / "PySide6" / "Qt"
    paths = [str(qt / name) for name in LOADED if (qt / name).exists()]
    asked = subprocess.run([sys.executable, "-I", "-c", LOADER, *paths], capture_output=True, text=True, check=False)
    names = [re.match(r"(lib[^:\s]+): cannot open", line) for line in asked.stdout.splitlines()]
    return sorted({name[1] for name in names if name})


def has_fonts() -> bool:
    folders = [Path(folder).expanduser() for folder in FONT_FOLDERS]
    return any(path.suffix.lower() in (".ttf", ".otf", ".ttc") for folder in folders for path in folder.rglob("*"))

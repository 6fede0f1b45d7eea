"""System packages on Debian and Ubuntu: installed when we may, otherwise the line to type."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

LISTS = Path("/var/lib/apt/lists")


def is_here() -> bool:
    return shutil.which("apt-get") is not None


def line_to_type(packages: Sequence[str]) -> str:
    """What a person without our rights types to get `packages`."""
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get update && {sudo}apt-get install -y --no-install-recommends {' '.join(packages)}"


def may_install() -> bool:
    """True as root, and where sudo asks for no password. Never asks."""
    return os.geteuid() == 0 or (shutil.which("sudo") is not None and _run(["true"]).returncode == 0)


def install(packages: Sequence[str]) -> str:
    """Install `packages`, after fetching the package lists when they are missing or too old.

    Returns what apt said when it failed, and "" when all is well.
    """
    order = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if any(LISTS.glob("*_Packages*")):
        first = _run(order)
        if first.returncode == 0:
            return ""
    update = _run(["apt-get", "update"])
    second = _run(order)
    return "" if second.returncode == 0 else "\n".join((update.stdout + second.stdout).splitlines()[-8:])


def _run(order: Sequence[str]) -> "subprocess.CompletedProcess[str]":
    prefix = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if order[0] == "apt-get":
        options = ["-q", "-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=120"]
        order = ["env", "DEBIAN_FRONTEND=noninteractive", "LC_ALL=C", order[0], *options, *order[1:]]
    return subprocess.run(
        [*prefix, *order],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )

"""Child processes: what they may see of our environment, and the command that starts one of our modules.

Pure values; the caller that starts the process passes the environment. Keys and tokens live in environment
variables on many machines, so a child gets an allow-list and never "everything but".
"""

import sys
from collections.abc import Mapping
from pathlib import Path

_ALLOWED = frozenset(
    {
        # Finding programs, folders and the locale.
        "PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMP", "TEMP", "TMPDIR", "USER", "LOGNAME", "SHELL", "TERM",
        # Windows does not start a process, a socket or a random number generator without these.
        "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "USERPROFILE", "USERNAME", "APPDATA",
        "LOCALAPPDATA", "PROGRAMDATA", "PROGRAMFILES", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE",
        # Where shared libraries and certificates are.
        "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SSL_CERT_FILE", "SSL_CERT_DIR", "VIRTUAL_ENV", "PYTHONHOME",
        "PYTHONUTF8", "PYTHONHASHSEED", "PYTHONWARNINGS", "PYTHONTZPATH",
    }
)  # fmt: skip

_BOOTSTRAP = (
    "import sys; sys.path.insert(0, sys.argv[1]); import {module} as module; sys.path.remove(sys.argv.pop(1)); "
    "sys.exit(module.main(sys.argv[1:]))"
)


def child_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The part of `environ` that a child process may see."""
    return {name: value for name, value in environ.items() if name.upper() in _ALLOWED or name.startswith("LC_")}


def module_command(module: str, *arguments: str, python: str = sys.executable) -> list[str]:
    """The command that runs `main(arguments)` of our module `module` in the interpreter `python`.

    Another interpreter does not have the workbench installed, so it gets our folder for exactly one import; our own
    packages never get in front of its packages. The packaged program is not an interpreter, so it takes the module's
    role itself.
    """
    if getattr(sys, "frozen", False) and python == sys.executable:
        return [python, "--child", module, *arguments]
    package_parent = str(Path(__file__).resolve().parent.parent.parent)
    return [python, "-P", "-c", _BOOTSTRAP.format(module=module), package_parent, *arguments]

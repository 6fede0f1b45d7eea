"""A pytest plug-in that hides Qt, for the floors that need none: `-p tests.support.without_qt -p no:pytest-qt`."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

QT_MODULES = ("PySide6", "shiboken6", "qasync")


class QtIsNotInstalled(MetaPathFinder):
    """Refuses Qt as if it were not there."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] in QT_MODULES:
            raise ModuleNotFoundError(f"{fullname} is hidden by tests/support/without_qt.py", name=fullname)
        return None


sys.meta_path.insert(0, QtIsNotInstalled())

"""The tests here show windows, as those in tests/gui do."""

import pytest

pytest.importorskip("PySide6.QtWidgets")

from tests.support.qt_loop import (
    closed_windows,
    pytest_asyncio_loop_factories,
    pytest_runtest_teardown,
)

__all__ = ["closed_windows", "pytest_asyncio_loop_factories", "pytest_runtest_teardown"]

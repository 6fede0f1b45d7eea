"""Serving without the extra that it needs."""

import sys

import pytest

from workbench.core.errors import UsageError
from workbench.service.serve_extra import needs_serve_extra


def test_where_the_extra_is_missing_the_command_that_installs_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "workbench.service.server", None)
    with pytest.raises(UsageError, match="serving needs the extra `serve`") as caught, needs_serve_extra():
        import workbench.service.server  # noqa: F401
    assert "pip install" in caught.value.hint

"""Serving without the extra that it needs."""

import sys

import pytest

from workbench.app.service.server_import import import_server
from workbench.core.errors import UsageError


def test_where_the_extra_is_missing_the_command_that_installs_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "workbench.service.server", None)
    with pytest.raises(UsageError, match="serving needs the extra `serve`") as caught:
        import_server()
    assert "pip install" in caught.value.hint

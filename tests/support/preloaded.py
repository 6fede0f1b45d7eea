"""What forked programs find imported: the commands, and the large libraries that some of them need."""

import contextlib
import gc
import importlib
from pkgutil import iter_modules

import workbench.cli
import workbench.executors.mcp_connection

for module in iter_modules(workbench.cli.__path__):
    importlib.import_module(f"workbench.cli.{module.name}")
for name in ("mcp", "openai", "tests.support.forked", "workbench.gui.window.main_window"):
    with contextlib.suppress(ImportError):
        importlib.import_module(name)
gc.collect()
gc.freeze()  # forks share it all, and their collector need not look at it

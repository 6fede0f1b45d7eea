"""Which tools a module offers, found in a child process."""

import pytest

from tests.unit.executors.conftest import WriteModule
from tests.unit.executors.orders import order
from workbench.core.errors import ExecutorUnavailable
from workbench.core.tool import Tool
from workbench.executors.python import PythonExecutor
from workbench.executors.python_workers import PythonWorkers

pytestmark = pytest.mark.child_process


async def test_decorated_functions_come_first_and_each_says_how_it_is_called(
    write: WriteModule, workers: PythonWorkers
) -> None:
    write(
        "import json\nfrom json import dumps\nfrom workbench.core.authoring import tool\nprint('noise')\n"
        "def plain(a: int):\n    'A plain one.'\n"
        "def _hidden(): ...\n"
        "def open_ended(*args): ...\n"
        "@tool(name='get_weather')\ndef weather(city: str, days: int = 1):\n    'The weather.'\n    return city\n"
    )
    described = await workers.describe("desk")
    assert [(one["function"], one["decorated"]) for one in described] == [
        ("desk:weather", True),
        ("desk:plain", False),
        ("desk:open_ended", False),
    ]
    tool = Tool(described[0]["tool"])
    assert (tool.name, tool.description, tool.input_schema["required"]) == ("get_weather", "The weather.", ["city"])
    assert described[1]["tool"]["name"] == "plain"
    assert "*args has no schema" in described[2]["problem"]
    found = await PythonExecutor(workers, described[0]["function"]).execute(order(city="Oslo"))
    assert (found.value, found.output) == ("Oslo", "")


async def test_a_module_that_does_not_import_is_for_the_person_to_fix(
    write: WriteModule, workers: PythonWorkers
) -> None:
    write("def f(:")
    with pytest.raises(ExecutorUnavailable, match=r"desk\.py, line 1: SyntaxError"):
        await workers.describe("desk")
    with pytest.raises(ExecutorUnavailable, match=r"no file other\.py"):
        await workers.describe("other")


async def test_a_module_that_ends_the_process_is_told(write: WriteModule, workers: PythonWorkers) -> None:
    write("import os\nprint('no license', flush=True)\nos._exit(4)")
    with pytest.raises(ExecutorUnavailable, match=r"ended by itself with exit code 4\. It said: no license"):
        await workers.describe("desk")


async def test_a_default_written_as_a_field_is_filled_in(write: WriteModule, workers: PythonWorkers) -> None:
    write(
        "from pydantic import Field\n"
        "def f(a: int = Field(3, ge=1), b: list[int] = Field(default_factory=list)): return [a, b]"
    )
    assert (await PythonExecutor(workers, "desk:f").execute(order())).value == [3, []]
    assert (await PythonExecutor(workers, "desk:f").execute(order(a=5))).value == [5, []]

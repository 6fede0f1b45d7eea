"""Calls of Python functions in a child process."""

import asyncio
import base64
import sys
import threading
from pathlib import Path

import msgspec
import pytest

from tests.support.python_workers import workers_of
from tests.unit.executors.conftest import WriteModule
from tests.unit.executors.orders import order
from workbench.core.errors import ExecutorUnavailable, ToolError
from workbench.executors.python import PythonExecutor
from workbench.executors.python_workers import PythonWorkers
from workbench.store.code_folder import CodeFolder

pytestmark = pytest.mark.child_process


async def value_of(workers: PythonWorkers, function: str, **arguments: object) -> object:
    return (await PythonExecutor(workers, function).execute(order(**arguments))).value  # type: ignore[arg-type]


async def failure_of(workers: PythonWorkers, function: str, **arguments: object) -> ToolError:
    with pytest.raises(ToolError) as caught:
        await value_of(workers, function, **arguments)
    return caught.value


def test_the_name_says_which_function_a_person_approves(workers: PythonWorkers) -> None:
    assert PythonExecutor(workers, "desk:get_weather").name == "python desk:get_weather"


async def test_arguments_arrive_as_keywords_and_the_value_comes_back(
    write: WriteModule, workers: PythonWorkers
) -> None:
    write("def add(a: int, b: int = 5) -> dict: return {'sum': a + b}")
    assert await value_of(workers, "desk:add", a=2) == {"sum": 7}


@pytest.mark.parametrize("value", ["0", "''", "False", "None", "[]", "{}", "0.0"])
async def test_falsy_values_are_results(write: WriteModule, workers: PythonWorkers, value: str) -> None:
    write(f"def nothing(): return {value}")
    found = await value_of(workers, "desk:nothing")
    assert found == eval(value)
    assert type(found) is type(eval(value))


async def test_an_async_function_is_run_to_its_end(write: WriteModule, workers: PythonWorkers) -> None:
    write("import asyncio\nasync def later(x):\n    await asyncio.sleep(0)\n    return [x]")
    assert await value_of(workers, "desk:later", x="ü") == ["ü"]


async def test_async_calls_of_one_worker_share_a_loop(write: WriteModule, project: Path) -> None:
    write(
        "import asyncio\nloops = []\nasync def remember():\n"
        "    loops.append(asyncio.get_running_loop())\n    return len(loops), len(set(loops))"
    )
    workers = workers_of(project, size=1)
    try:
        await value_of(workers, "desk:remember")
        assert await value_of(workers, "desk:remember") == [2, 1]
    finally:
        await workers.close()


async def test_annotated_parameters_are_converted(write: WriteModule, workers: PythonWorkers) -> None:
    write(
        "from datetime import datetime\nfrom enum import Enum\nfrom pydantic import BaseModel\n"
        "class Unit(Enum):\n    C = 'celsius'\n"
        "class Place(BaseModel):\n    city: str\n    at: datetime\n"
        "def ask(place: Place, unit: Unit, others: list[Place], scale: float) -> list:\n"
        "    return [place.at.year, unit.name, others[0].city, type(scale).__name__]"
    )
    place = {"city": "Oslo", "at": "2026-11-21T10:00:00Z"}
    found = await value_of(workers, "desk:ask", place=place, unit="celsius", others=[place], scale=3)
    assert found == [2026, "C", "Oslo", "float"]


async def test_a_module_with_postponed_annotations_is_converted_too(write: WriteModule, workers: PythonWorkers) -> None:
    write("from __future__ import annotations\nfrom datetime import date\ndef year(day: date) -> int: return day.year")
    assert await value_of(workers, "desk:year", day="2026-01-02") == 2026


async def test_arguments_that_do_not_convert_are_told_with_their_place(
    write: WriteModule, workers: PythonWorkers
) -> None:
    write("from pydantic import BaseModel\nclass P(BaseModel):\n    n: int\ndef f(p: P): return p.n")
    error = await failure_of(workers, "desk:f", p={"n": "many"})
    assert error.kind == "arguments"
    assert error.message.startswith("p.n: ")


async def test_an_unknown_argument_is_told(write: WriteModule, workers: PythonWorkers) -> None:
    write("def f(a): return a")
    error = await failure_of(workers, "desk:f", a=1, b=2)
    assert (error.kind, "'b'" in error.message) == ("arguments", True)


async def test_an_exception_is_told_with_the_lines_of_the_persons_file_only(
    write: WriteModule, workers: PythonWorkers
) -> None:
    write("import json\ndef inner(text):\n    return json.loads(text)\ndef outer(text):\n    return inner(text)\n")
    error = await failure_of(workers, "desk:outer", text="{")
    assert error.kind == "exception"
    assert error.message.startswith("JSONDecodeError: Expecting property name")
    assert error.where == "desk.py, line 3, in inner"
    assert "return inner(text)" in error.output
    assert "workbench" not in error.output
    assert "decoder.py" not in error.output


async def test_a_cause_is_named(write: WriteModule, workers: PythonWorkers) -> None:
    write("def f():\n    try:\n        {}['x']\n    except KeyError as e:\n        raise LookupError('no city') from e")
    error = await failure_of(workers, "desk:f")
    assert error.message == "LookupError: no city (because of KeyError: 'x')"


async def test_a_function_can_say_it_in_our_words(write: WriteModule, workers: PythonWorkers) -> None:
    write(
        "from workbench.core.errors import ToolError\n"
        "def f(): raise ToolError('There is no city Atlantis.', kind='not_found')"
    )
    error = await failure_of(workers, "desk:f")
    assert (error.kind, str(error)) == ("not_found", "There is no city Atlantis.")


async def test_leaving_by_sys_exit_is_an_exception_not_a_crash(write: WriteModule, workers: PythonWorkers) -> None:
    write("import sys\ndef f(): sys.exit(3)")
    error = await failure_of(workers, "desk:f")
    assert (error.kind, error.message) == ("exception", "SystemExit: 3")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("{'a': [b'x']}", "bytes at /a/0"),
        ("float('nan')", "nan"),
        ("object()", "a object"),
        ("{(1, 2): 3}", "key (1, 2)"),
        ("deep()", "nested deeper"),
        ("'x' * 10_000_001", "10,000,003 characters"),
    ],
)
async def test_a_value_that_is_not_json_is_refused_with_its_place(
    write: WriteModule, workers: PythonWorkers, value: str, said: str
) -> None:
    write(f"def deep():\n    a = []\n    a.append(a)\n    return a\ndef f(): return {value}")
    error = await failure_of(workers, "desk:f")
    assert error.kind == "result"
    assert said in error.message


async def test_what_is_printed_is_kept_apart_for_each_call(write: WriteModule, workers: PythonWorkers) -> None:
    write(
        "import os, subprocess, sys\nprint('importing')\n"
        "def f(word):\n    print(word)\n    print('warned', file=sys.stderr)\n    os.write(1, b'low\\n')\n"
        "    subprocess.run([sys.executable, '-c', 'print(5)'])\n    print('{\"id\":1,\"ok\":666}')\n    return word"
    )
    executor = PythonExecutor(workers, "desk:f")
    first = await executor.execute(order(word="one"))
    second = await executor.execute(order(word="two"))
    assert (first.value, second.value) == ("one", "two")
    assert first.output == 'importing\none\nwarned\nlow\n5\n{"id":1,"ok":666}\n'
    assert second.output == 'two\nwarned\nlow\n5\n{"id":1,"ok":666}\n'


async def test_a_flood_of_output_is_shortened_in_the_middle(write: WriteModule, workers: PythonWorkers) -> None:
    write("def f():\n    print('start')\n    for _ in range(100): print('x' * 20_000)\n    print('end')")
    output = (await PythonExecutor(workers, "desk:f").execute(order())).output
    assert output.startswith("start\n")
    assert output.endswith("end\n")
    assert "bytes left out" in output
    assert len(output) < 50_000


async def test_a_function_that_closes_its_output_still_answers(write: WriteModule, workers: PythonWorkers) -> None:
    write("import os, sys\ndef f():\n    sys.stdout.close()\n    os.close(2)\n    return 'still here'")
    assert await value_of(workers, "desk:f") == "still here"


async def test_reading_standard_input_gives_nothing(write: WriteModule, workers: PythonWorkers) -> None:
    write("import sys\ndef f(): return sys.stdin.read()")
    assert await value_of(workers, "desk:f") == ""


async def test_a_missing_module_is_for_the_person_to_fix(workers: PythonWorkers) -> None:
    with pytest.raises(ExecutorUnavailable, match=r"there is no file nowhere\.py in python/"):
        await value_of(workers, "nowhere:f")


async def test_a_missing_function_names_those_that_exist(write: WriteModule, workers: PythonWorkers) -> None:
    write("def one(): ...\ndef two(): ...\ndef _hidden(): ...")
    with pytest.raises(ExecutorUnavailable, match=r"has no function 'three'\. It has: one, two\."):
        await value_of(workers, "desk:three")


@pytest.mark.parametrize("function", ["os:system", "json:dumps", "subprocess:run", "pytest:main"])
async def test_only_functions_of_the_project_are_called(
    write: WriteModule, workers: PythonWorkers, function: str
) -> None:
    write("def dumps(): return 'mine'", "json")
    with pytest.raises(ExecutorUnavailable, match="is not a module of python/"):
        await value_of(workers, function)


async def test_a_syntax_error_is_told_with_its_line(write: WriteModule, workers: PythonWorkers) -> None:
    write("def f():\n    return (")
    with pytest.raises(ExecutorUnavailable, match=r"desk\.py, line 2: SyntaxError"):
        await value_of(workers, "desk:f")


async def test_a_module_that_fails_to_import_says_where(write: WriteModule, workers: PythonWorkers) -> None:
    write("import nothing_of_that_name\ndef f(): ...")
    with pytest.raises(ExecutorUnavailable, match=r"desk\.py, line 1.*Install 'nothing_of_that_name'"):
        await value_of(workers, "desk:f")


async def test_an_interpreter_that_does_not_exist_is_told(project: Path) -> None:
    workers = workers_of(project, size=1, python=str(project / "no-python"))
    with pytest.raises(ExecutorUnavailable, match="does not start"):
        await value_of(workers, "desk:f")
    await workers.close()


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script takes the interpreter's place")
async def test_an_interpreter_that_is_none_is_told(project: Path) -> None:
    program = project / "not-python"
    program.write_text("#!/bin/sh\necho I am a shell >&2\nexit 3\n")
    program.chmod(0o755)
    workers = workers_of(project, size=1, python=str(program))
    with pytest.raises(ExecutorUnavailable, match="I am a shell"):
        await value_of(workers, "desk:f")
    await workers.close()


async def test_keys_of_our_environment_do_not_reach_the_function(
    write: WriteModule, workers: PythonWorkers, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GITHUB_TOKEN", "MY_SECRET", "AWS_PROFILE"):
        monkeypatch.setenv(name, "canary")
    write(
        "import os\ndef f(): return [sorted(k for k, v in os.environ.items() if 'canary' in v), 'PATH' in os.environ]"
    )
    assert await value_of(workers, "desk:f") == [[], True]


async def test_the_function_runs_in_the_project_folder_with_python_first_on_the_path(
    write: WriteModule, project: Path, workers: PythonWorkers
) -> None:
    write("import os, sys\nimport json\ndef f(): return [os.getcwd(), sys.path[0], json.MINE]")
    write("MINE = 'mine'", "json_of_mine")
    write("import json_of_mine, os, sys\ndef f(): return [os.getcwd(), sys.path[0], json_of_mine.MINE]")
    assert await value_of(workers, "desk:f") == [str(project), str(project / "python"), "mine"]


async def test_nothing_is_written_beside_the_persons_modules(
    write: WriteModule, project: Path, workers: PythonWorkers
) -> None:
    write("def f(): return 1")
    await value_of(workers, "desk:f")
    assert [path.name for path in (project / "python").iterdir()] == ["desk.py"]


async def test_large_arguments_and_results_pass(write: WriteModule, workers: PythonWorkers) -> None:
    write("def f(text): return text")
    text = "é" * 1_000_000
    assert await value_of(workers, "desk:f", text=text) == text


async def test_the_worker_is_light(write: WriteModule, workers: PythonWorkers) -> None:
    write(
        "import sys\ndef f(a: int): "
        "return [m for m in ('pydantic', 'PySide6', 'msgspec', 'jsonschema') if m in sys.modules]"
    )
    assert await value_of(workers, "desk:f", a=1) == []


async def test_many_calls_at_once_each_get_their_own_value(write: WriteModule, workers: PythonWorkers) -> None:
    write("def f(n): return n * n")
    found = await asyncio.gather(*(value_of(workers, "desk:f", n=n) for n in range(20)))
    assert found == [n * n for n in range(20)]


async def test_what_a_function_reports_is_heard_while_it_runs_and_not_afterwards(
    write: WriteModule, workers: PythonWorkers
) -> None:
    write(
        "import threading\nfrom workbench.core.tool_progress import report_progress\n"
        "def count(to):\n    for n in range(to): report_progress(n, to)\n    return to\n"
        "def leave():\n    threading.Timer(0.05, report_progress, (7,)).start()\n"
    )
    heard: list[str] = []
    python = PythonExecutor(workers, "desk:count")
    result = await python.execute(msgspec.structs.replace(order(to=100_000), report=heard.append))
    assert result.value == 100_000
    assert heard[0] == "progress 0 of 100000"
    assert len(heard) < 5_000, "a flood is thinned out where it begins"
    await value_of(workers, "desk:leave")
    heard.clear()
    await python.execute(msgspec.structs.replace(order(to=1), report=heard.append))
    assert heard == ["progress 0 of 1"]


async def test_a_large_folder_of_other_files_is_looked_at_while_the_loop_goes_on(
    write: WriteModule, workers: PythonWorkers, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("def nothing(): return None")
    for number in range(300):
        (project / "python" / f"{number}.txt").touch()
    looks: list[str] = []
    content = CodeFolder.content

    def watched(folder: CodeFolder) -> bytes:
        looks.append(threading.current_thread().name)
        return content(folder)

    monkeypatch.setattr(CodeFolder, "content", watched)
    for _ in range(3):
        await value_of(workers, "desk:nothing")
    assert len(looks) == 3
    assert threading.main_thread().name not in looks


PNG = b"\x89PNG\r\n\x1a\n" + bytes((0, 0, 0, 13)) + b"IHDR" + bytes((0, 0, 0, 3, 0, 0, 0, 2))
FILES = "from workbench.core.result_file import ResultFile\n"


async def test_pictures_and_files_are_returned_alone_or_anywhere_in_a_result(
    write: WriteModule, workers: PythonWorkers
) -> None:
    write(
        f"{FILES}def one(): return ResultFile({PNG!r}, name='a.jpg')\n"
        "def two(): return {'rows': [1, ResultFile(b'a,b', name='list.csv')], 'raw': ResultFile(b'x', 'x/y')}"
    )
    one = await PythonExecutor(workers, "desk:one").execute(order())
    assert one.value == "[file a.jpg image/jpeg, 24 bytes]"
    assert [(a.mime_type, a.name, a.width, a.height) for a in one.attachments] == [("image/png", "a.jpg", 3, 2)]
    two = await PythonExecutor(workers, "desk:two").execute(order())
    assert two.value == {"rows": [1, "[file list.csv text/csv, 3 bytes]"], "raw": "[file x/y, 1 bytes]"}
    assert [(a.mime_type, base64.b64decode(a.data)) for a in two.attachments] == [("text/csv", b"a,b"), ("x/y", b"x")]


async def test_files_are_kept_as_far_as_there_is_room_and_named_beyond(
    write: WriteModule, workers: PythonWorkers
) -> None:
    write(
        f"{FILES}def many(): return [ResultFile(b'x') for _ in range(25)]\n"
        "def large(): return [ResultFile(bytes(2_000_000)), ResultFile(bytes(1_500_000), name='b'), ResultFile(b'x')]"
    )
    many = await PythonExecutor(workers, "desk:many").execute(order())
    assert len(many.attachments) == 20
    large = await PythonExecutor(workers, "desk:large").execute(order())
    assert [a.size for a in large.attachments] == [2_000_000, 1]
    assert isinstance(large.value, list)
    assert large.value[1] == "[file b, 1,500,000 bytes, too much to keep]"


async def test_a_file_that_is_none_is_refused_with_its_place_and_keys_are_taken_out(
    write: WriteModule, workers: PythonWorkers
) -> None:
    write(f"{FILES}def bad(): return [ResultFile('text')]\ndef told(): return ResultFile(b'my key', name='key.txt')")
    error = await failure_of(workers, "desk:bad")
    assert (error.kind, error.message) == ("result", "the result has a ResultFile at /0 whose data is a str")
    told = PythonExecutor(workers, "desk:told", redact=lambda text: text.replace("key", "…"))
    (file,) = (await told.execute(order())).attachments
    assert (base64.b64decode(file.data).decode(), file.name) == ("my …", "….txt")

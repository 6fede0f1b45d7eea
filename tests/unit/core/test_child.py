"""What a child process is told."""

import subprocess
import sys

from workbench.core.child import child_environment, module_command


def test_only_names_on_the_list_pass() -> None:
    ours = {
        "PATH": "p", "LC_ALL": "C", "HOME": "h", "SystemRoot": "w", "OPENAI_API_KEY": "k", "HF_TOKEN": "t",
        "PYTHONPATH": "x", "PYTHONSTARTUP": "y", "NEEDLE_API_KEY": "n", "SSH_AUTH_SOCK": "s",
    }  # fmt: skip
    assert set(child_environment(ours)) == {"PATH", "LC_ALL", "HOME", "SystemRoot"}


def test_the_command_runs_main_of_the_module_with_its_arguments() -> None:
    command = module_command("workbench.core.child", "a b", "c")
    assert command[0] == sys.executable
    assert command[-2:] == ["a b", "c"]


def test_the_bootstrap_leaves_no_trace_on_the_path() -> None:
    command = module_command("workbench.executors.python_worker", "only-one-argument")
    command[3] = command[3].replace("module.main(sys.argv[1:])", "repr((sys.path[0], sys.argv))")
    parent = command[4]
    ended = subprocess.run(command, capture_output=True, text=True, env={}, check=False)
    assert f"'{parent}'" not in ended.stderr
    assert "['-c', 'only-one-argument']" in ended.stderr


def test_the_packaged_program_is_asked_to_take_the_role_itself(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert module_command("workbench.x", "1") == [sys.executable, "--child", "workbench.x", "1"]
    assert module_command("workbench.x", "1", python="/usr/bin/python3")[0] == "/usr/bin/python3"

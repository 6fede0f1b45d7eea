"""`make test` fails when a check fails, and says which; chosen tests are run without the checks."""

import sys

import pytest
import run_tests

TESTS = (sys.executable, "-c", "import sys; print(len(sys.argv) - 1, 'passed')")

pytestmark = pytest.mark.child_process


@pytest.mark.parametrize(("failed", "said"), [(0, ""), (1, "✗ types\n")])
def test_checks_run_beside_all_tests_and_speak_only_when_one_fails(
    failed: int, said: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run_tests, "PYTEST", TESTS)
    checks = f"import sys; print('✗ types' if {failed} else '✓ types'); sys.exit({failed})"
    monkeypatch.setattr(run_tests, "CHECKS", (sys.executable, "-X", "utf8", "-c", checks))
    assert run_tests.main([]) == failed
    assert capfd.readouterr().out == f"0 passed\n{said}"


def test_chosen_tests_are_run_alone(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(run_tests, "PYTEST", TESTS)
    monkeypatch.setattr(run_tests, "CHECKS", ("there-is-no-such-program",))
    assert run_tests.main(["-k", "approval"]) == 0
    assert capfd.readouterr().out == "2 passed\n"

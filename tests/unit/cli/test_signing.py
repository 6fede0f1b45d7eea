"""`workbench signer`, signed evidence, and `verify --run`: who vouches for a result, and whether it still holds."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from tests.unit.cli.test_suite import cases, suite
from tests.unit.cli.test_verify import Exported
from tests.unit.cli.test_verify import exported as exported
from workbench.cli.exit_code import ExitCode
from workbench.cli.main import main
from workbench.core.evidence.verification import STATES

SEED = bytes(range(32))
KEY_NAME = "WORKBENCH_SIGNER_ANA_KEY"


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A keyring in memory."""
    held: dict[str, str] = {}
    fake = SimpleNamespace(
        get_password=lambda _, name: held.get(name),
        set_password=lambda _, name, key: held.__setitem__(name, key),
        delete_password=lambda _, name: held.pop(name),
    )
    monkeypatch.setattr("workbench.store.keys._keyring", lambda: fake)
    return held


def workbench(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(list(words), lambda _: 99)
    said = capsys.readouterr()
    return code, said.out, said.err


def opened(envelope: Path) -> tuple[Any, Any]:
    document = json.loads(envelope.read_text(encoding="utf-8"))
    return document, json.loads(base64.b64decode(document["payload"]))


def verify(capsys: pytest.CaptureFixture[str], file: Path, *options: str) -> tuple[int, str]:
    code, out, _ = workbench(capsys, "verify", str(file), "--json", *options)
    return code, json.loads(out)["state"]


def test_a_signer_is_made_shown_trusted_elsewhere_and_forgotten(
    keyring: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert workbench(capsys, "signer", "new", "ana")[0] == ExitCode.ANSWERED
    (private,) = keyring.values()
    pem = workbench(capsys, "signer", "show", "ana")[1]
    assert pem.startswith("-----BEGIN PUBLIC KEY-----")
    assert private not in pem
    load_pem_public_key(pem.encode())
    assert "your own" in workbench(capsys, "signer", "list")[1]
    assert workbench(capsys, "signer", "new", "ana")[0] == ExitCode.USAGE
    (tmp_path / "ana.pem").write_text(pem, encoding="utf-8")
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path / "elsewhere"))
    assert "trusted" in workbench(capsys, "signer", "trust", "ana-at-work", str(tmp_path / "ana.pem"))[1]
    assert "known as 'ana-at-work'" in workbench(capsys, "signer", "trust", "again", str(tmp_path / "ana.pem"))[2]
    (tmp_path / "no.pem").write_text("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", encoding="utf-8")
    assert "not an Ed25519 public key" in workbench(capsys, "signer", "trust", "no", str(tmp_path / "no.pem"))[2]
    assert workbench(capsys, "signer", "forget", "ana-at-work")[0] == ExitCode.ANSWERED
    assert "No signers" in workbench(capsys, "signer", "list")[1]
    monkeypatch.delenv("WORKBENCH_HOME")


def test_without_a_keyring_no_key_is_made_and_the_way_out_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("workbench.store.keys._keyring", lambda: None)
    code, _, err = workbench(capsys, "signer", "new", "ana")
    assert code == ExitCode.USAGE
    assert KEY_NAME in err
    assert "No signers" in workbench(capsys, "signer", "list")[1]


def test_the_signature_is_over_the_exact_statement(
    exported: Exported, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(KEY_NAME, base64.b64encode(SEED).decode())
    assert exported.export("--sign", "ana") == ExitCode.ANSWERED
    envelope, statement = opened(exported.evidence)
    assert envelope["payloadType"] == "application/vnd.in-toto+json"
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    payload = base64.b64decode(envelope["payload"])
    signed = b"DSSEv1 28 application/vnd.in-toto+json " + str(len(payload)).encode() + b" " + payload
    (signature,) = envelope["signatures"]
    Ed25519PrivateKey.from_private_bytes(SEED).public_key().verify(base64.b64decode(signature["sig"]), signed)
    assert exported.command("export", "--format", "mcp", "--sign", "ana") == ExitCode.USAGE
    assert exported.export("--sign", "nobody") == ExitCode.USAGE


def tampered(folder: Path, file: Path) -> None:
    (folder / "look.json").write_text("{}", encoding="utf-8")


def forged(folder: Path, file: Path) -> None:
    document, statement = opened(file)
    statement["predicate"]["result"] = "PASSED"
    document["payload"] = base64.b64encode(json.dumps(statement).encode()).decode()
    file.write_text(json.dumps(document), encoding="utf-8")


def unsigned(folder: Path, file: Path) -> None:
    file.write_text(json.dumps(opened(file)[1]), encoding="utf-8")


def unsupported(folder: Path, file: Path) -> None:
    document, _ = opened(file)
    file.write_text(json.dumps({**document, "payloadType": "text/plain"}), encoding="utf-8")


def stranger(folder: Path, file: Path) -> None:
    document, _ = opened(file)
    document["signatures"][0]["keyid"] = "0" * 64
    file.write_text(json.dumps(document), encoding="utf-8")


SIX = {
    "accepted": (lambda folder, file: None, (), "ok", ExitCode.ANSWERED),
    "rejected by policy": (unsigned, (), "unsigned", ExitCode.UNSIGNED),
    "tampered subject": (tampered, (), "digest mismatch", ExitCode.DIGEST_MISMATCH),
    "untrusted signer": (stranger, (), "unknown signer", ExitCode.UNKNOWN_SIGNER),
    "stale": (lambda folder, file: None, ("--max-age", "0"), "stale", ExitCode.STALE),
    "unsupported": (unsupported, (), "malformed", ExitCode.MALFORMED),
    "forged": (forged, (), "bad signature", ExitCode.BAD_SIGNATURE),
}


@pytest.fixture
def signed(
    exported: Exported, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Exported:
    """Signed by a key that is trusted here."""
    monkeypatch.setenv(KEY_NAME, base64.b64encode(SEED).decode())
    assert exported.export("--sign", "ana") == ExitCode.ANSWERED
    (tmp_path / "ana.pem").write_text(workbench(capsys, "signer", "show", "ana")[1], encoding="utf-8")
    assert workbench(capsys, "signer", "trust", "ana", str(tmp_path / "ana.pem"))[0] == ExitCode.ANSWERED
    monkeypatch.delenv(KEY_NAME)
    return exported


def test_each_kind_of_evidence_gets_a_word_and_an_exit_code_of_its_own(
    signed: Exported, capsys: pytest.CaptureFixture[str]
) -> None:
    before = {path: path.read_bytes() for path in signed.folder.iterdir()}
    found = {}
    for name, (change, options, _, _) in SIX.items():
        change(signed.folder, signed.evidence)
        found[name] = verify(capsys, signed.evidence, *options)
        for path, data in before.items():
            path.write_bytes(data)
    assert found == {name: (code, word) for name, (_, _, word, code) in SIX.items()}
    assert len(set(found.values())) == len(SIX)
    assert len(STATES) == 9


def test_signing_again_does_not_make_old_evidence_new(
    signed: Exported, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from workbench.core.evidence.envelope import sign

    _, statement = opened(signed.evidence)
    details = statement["predicate"]["toolCallingWorkbench"]
    details["measurements"][0]["ended_at"] -= 10 * 86_400
    signed.evidence.write_text(sign(json.dumps(statement).encode(), SEED), encoding="utf-8")
    assert verify(capsys, signed.evidence, "--max-age", "11") == (ExitCode.ANSWERED, "ok")
    assert verify(capsys, signed.evidence, "--max-age", "9") == (ExitCode.STALE, "stale")


def edited(change: Callable[[Any], None], path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")


def test_the_suites_are_repeated_and_each_case_is_compared_with_its_evidence(
    signed: Exported, capsys: pytest.CaptureFixture[str]
) -> None:
    project = signed.command.project
    suite(signed.command, *cases(12, 0))
    assert signed.command("suite", "run", "gate") == ExitCode.ANSWERED
    assert signed.export("--tool", "touch") == ExitCode.ANSWERED
    here = ("--project", str(project), "--run", "--allow-unsigned", "--json")
    code, out, _ = workbench(capsys, "verify", str(signed.evidence), *here)
    (drift,) = json.loads(out)["drift"]
    assert (code, drift["cases"], drift["broken"]) == (ExitCode.INSUFFICIENT, 12, 0)
    edited(lambda script: script["answers"][0]["calls"][0].update(tool="look"), project / "script.json")
    code, out, _ = workbench(capsys, "verify", str(signed.evidence), *here)
    (drift,) = json.loads(out)["drift"]
    assert (code, drift["word"], drift["broken"]) == (ExitCode.REGRESSION, "regression", 12)
    assert "then, 0.0% now" in workbench(capsys, "verify", str(signed.evidence), *here[:-1])[1]
    assert workbench(capsys, "verify", str(signed.evidence), "--run")[0] == ExitCode.USAGE


def test_totals_without_their_cases_make_no_verdict(signed: Exported, capsys: pytest.CaptureFixture[str]) -> None:
    assert signed.export() == ExitCode.ANSWERED
    signed.edit(lambda document: _arm(document).pop("shares"))
    here = ("--project", str(signed.command.project), "--run", "--allow-unsigned", "--json")
    code, out, _ = workbench(capsys, "verify", str(signed.evidence), *here)
    (drift,) = json.loads(out)["drift"]
    assert (code, drift["word"], drift["cases"]) == (ExitCode.INSUFFICIENT, "insufficient data", 0)


def _arm(document: Any) -> Any:
    return document["predicate"]["toolCallingWorkbench"]["measurements"][0]["arms"][0]

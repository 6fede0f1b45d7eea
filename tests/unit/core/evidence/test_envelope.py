"""Keys and signatures of evidence, in the forms that other programs write."""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from workbench.core.errors import MalformedJson
from workbench.core.evidence.envelope import (
    check_signatures,
    open_evidence,
    public_key_of,
    public_pem,
    read_private_key,
    read_public_key,
    sign,
)

SEED = bytes(range(32))
STATEMENT = '{"ä": 1}'.encode()
KEYS = {"ana": public_key_of(SEED)}


def test_private_keys_are_read_from_pem_and_base64_and_nothing_else() -> None:
    key = Ed25519PrivateKey.from_private_bytes(SEED)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    assert read_private_key(pem) == read_private_key(base64.b64encode(SEED).decode()) == SEED
    rsa = generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    assert [read_private_key(text) for text in (rsa, "x", "", pem[:60], "AAAA")] == [None] * 5


def test_a_public_key_comes_back_from_its_pem() -> None:
    assert read_public_key(public_pem(KEYS["ana"])) == KEYS["ana"]
    assert read_public_key("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----") is None


def test_a_signature_is_good_only_for_the_exact_bytes() -> None:
    document = json.loads(sign(STATEMENT, SEED))
    assert check_signatures(open_evidence(json.dumps(document).encode()), KEYS) == ("signed", "ana")
    document["payload"] = base64.b64encode(STATEMENT + b" ").decode()
    assert check_signatures(open_evidence(json.dumps(document).encode()), KEYS) == ("bad signature", "")


def test_a_signature_without_a_name_is_tried_with_every_key_and_none_is_no_signature() -> None:
    document = json.loads(sign(STATEMENT, SEED))
    del document["signatures"][0]["keyid"]
    assert check_signatures(open_evidence(json.dumps(document).encode()), KEYS) == ("signed", "ana")
    assert check_signatures(open_evidence(json.dumps(document).encode()), {}) == ("unknown signer", "")
    document["signatures"] = []
    assert check_signatures(open_evidence(json.dumps(document).encode()), KEYS) == ("unsigned", "")


def test_another_signature_does_not_spoil_a_good_one() -> None:
    document = json.loads(sign(STATEMENT, SEED))
    document["signatures"].insert(0, {"keyid": "0" * 64, "sig": "AAAA"})
    assert check_signatures(open_evidence(json.dumps(document).encode()), KEYS) == ("signed", "ana")


@pytest.mark.parametrize("changes", [{"payload": "!"}, {"payloadType": "text/plain"}, {"signatures": 3}])
def test_an_envelope_of_another_kind_is_malformed(changes: dict[str, object]) -> None:
    document = {**json.loads(sign(STATEMENT, SEED)), **changes}
    with pytest.raises(MalformedJson):
        open_evidence(json.dumps(document).encode())

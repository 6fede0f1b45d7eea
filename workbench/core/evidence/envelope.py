"""Signed evidence: a DSSE envelope around a statement, with Ed25519.

Source: DSSE v1.0.2, and the in-toto attestation framework for the type of the payload. A signature is over the exact
bytes of the statement, so they are kept as they are. `cryptography` is imported where it is used, because it takes
long.
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from workbench.core.errors import MalformedJson
from workbench.core.json_text import parse_strict_object, pretty

PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
KEY_BYTES: Final = 32
SignatureState = Literal["unsigned", "bad signature", "unknown signer", "signed"]


class Signature(msgspec.Struct, frozen=True):
    """`sig` is base64. `keyid` only says which key to try."""

    sig: str
    keyid: str = ""


class Envelope(msgspec.Struct, frozen=True):
    """The document of signed evidence; `payload` is base64."""

    payload_type: str = msgspec.field(name="payloadType")
    payload: str
    signatures: tuple[Signature, ...]


class Signed(msgspec.Struct, frozen=True):
    """What evidence consists of: the bytes of the statement and, where there is an envelope, its signatures."""

    statement: bytes
    signatures: tuple[Signature, ...] | None = None


def sign(statement: bytes, private_key: bytes) -> str:
    """The text of an envelope around a statement. `private_key` are the 32 bytes of an Ed25519 key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    signature = Ed25519PrivateKey.from_private_bytes(private_key).sign(_signed_bytes(statement))
    keyid = key_id(public_key_of(private_key))
    signatures = (Signature(base64.b64encode(signature).decode(), keyid),)
    envelope = Envelope(PAYLOAD_TYPE, base64.b64encode(statement).decode(), signatures)
    return pretty(msgspec.to_builtins(envelope)) + "\n"


def open_evidence(data: bytes) -> Signed:
    """The statement's bytes and the signatures, from an envelope or from a statement without one. Nothing is checked
    yet. Raises `MalformedJson`."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise MalformedJson("this is not UTF-8") from None
    document = parse_strict_object(text)
    if "payloadType" not in document:
        return Signed(data)
    try:
        envelope = msgspec.convert(document, Envelope)
    except msgspec.ValidationError as error:
        raise MalformedJson(str(error)) from None
    if envelope.payload_type != PAYLOAD_TYPE:
        raise MalformedJson(f"envelopes of type {envelope.payload_type[:80]!r} are not supported")
    payload = _decoded(envelope.payload)
    if payload is None:
        raise MalformedJson("the payload is not base64")
    return Signed(payload, envelope.signatures)


def check_signatures(signed: Signed, known: Mapping[str, bytes]) -> tuple[SignatureState, str]:
    """What the signatures are worth, and who signed. `known` are public keys by the signers' names.

    One good signature of a known signer is enough. A signature that names a known key and does not fit is bad; of a
    signature that names another key nothing can be said.
    """
    if not signed.signatures:
        return "unsigned", ""
    by_id = {key_id(key): name for name, key in known.items()}
    is_bad = False
    for signature in signed.signatures:
        name = by_id.get(signature.keyid)
        for signer in [name] if name is not None else [] if signature.keyid else list(known):
            if _fits(signature, signed.statement, known[signer]):
                return "signed", signer
            is_bad = is_bad or name is not None
    return "bad signature" if is_bad else "unknown signer", ""


def key_id(public_key: bytes) -> str:
    """SHA-256 of the key as a certificate has it (DER), in hexadecimal."""
    return hashlib.sha256(_DER_PREFIX + public_key).hexdigest()


def public_key_of(private_key: bytes) -> bytes:
    """The 32 bytes of the public key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return Ed25519PrivateKey.from_private_bytes(private_key).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def public_pem(public_key: bytes) -> str:
    """The key as other programs take it."""
    text = base64.b64encode(_DER_PREFIX + public_key).decode()
    return f"-----BEGIN PUBLIC KEY-----\n{text}\n-----END PUBLIC KEY-----\n"


def read_public_key(text: str) -> bytes | None:
    """The 32 bytes of an Ed25519 key in PEM; None for anything else."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

    try:
        key = load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw) if isinstance(key, Ed25519PublicKey) else None


def read_private_key(text: str) -> bytes | None:
    """The 32 bytes of an Ed25519 key, from PEM without a password or from base64; None for anything else."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if "-----BEGIN" not in text:
        data = _decoded(text.strip())
        return data if data is not None and len(data) == KEY_BYTES else None
    try:
        key = load_pem_private_key(text.encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None
    return key.private_bytes_raw() if isinstance(key, Ed25519PrivateKey) else None


_DER_PREFIX = bytes.fromhex("302a300506032b6570032100")
"""What stands before the 32 bytes of an Ed25519 key in DER (RFC 8410)."""


def _signed_bytes(statement: bytes) -> bytes:
    """DSSE's pre-authentication encoding."""
    kind = PAYLOAD_TYPE.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(statement), statement)


def _fits(signature: Signature, statement: bytes, public_key: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    data = _decoded(signature.sig)
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(data or b"", _signed_bytes(statement))
    except InvalidSignature:
        return False
    return True


def _decoded(text: str) -> bytes | None:
    """Base64 of either alphabet, as DSSE wants it read."""
    plain = text.replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain, validate=True)
    except (binascii.Error, ValueError):
        return None

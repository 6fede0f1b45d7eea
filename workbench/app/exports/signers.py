"""Who signs evidence: the user's own signing keys in the keyring, and the public keys of signers the user trusts."""

import base64
import os
import re
from pathlib import Path

import msgspec

from workbench.app.project.folders import UserFolders
from workbench.core.errors import StoreError, UsageError
from workbench.core.evidence.envelope import key_id, public_key_of, public_pem, read_private_key, read_public_key
from workbench.store.keys import KeyStore
from workbench.store.tool_file import write_whole

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_SEED_BYTES = 32


class Signer(msgspec.Struct, frozen=True):
    """A signer under a name of the user's own. `is_own`: the private key was made here."""

    name: str
    public_key: bytes
    is_own: bool = False

    @property
    def key_id(self) -> str:
        """What a signature names the key by."""
        return key_id(self.public_key)

    @property
    def pem(self) -> str:
        """The public key, for others."""
        return public_pem(self.public_key)


class _Row(msgspec.Struct):
    public_key: str
    is_own: bool = False


class _File(msgspec.Struct):
    signers: dict[str, _Row]
    format: int = 1


class Signers:
    """Reads and writes the list; private keys are in the keyring or the environment, never in a file."""

    def __init__(self, keys: KeyStore, folders: UserFolders | None = None) -> None:
        self._keys = keys
        self._path = (folders or UserFolders.of_this_user()).signer_file

    def all(self) -> tuple[Signer, ...]:
        """Everyone who is trusted, by name. Raises `StoreError` for a list that cannot be read."""
        found = []
        for name, row in sorted(self._read().signers.items()):
            key = read_public_key(row.public_key)
            if key is None:
                raise StoreError(f"the key of {name!r} is not an Ed25519 public key", where=str(self._path))
            found.append(Signer(name, key, row.is_own))
        return tuple(found)

    def public_keys(self) -> dict[str, bytes]:
        """The keys by name. Raises `StoreError`."""
        return {signer.name: signer.public_key for signer in self.all()}

    def named(self, name: str) -> Signer:
        """A trusted signer, or one whose private key is in the environment. Raises `UsageError` for no such signer."""
        found = next((signer for signer in self.all() if signer.name == name), None)
        if found is None and (private := self._private(name)) is not None:
            return Signer(name, public_key_of(private), is_own=True)
        if found is None:
            known = ", ".join(signer.name for signer in self.all()) or "none"
            raise UsageError(f"there is no signer {name!r}", hint=f"Signers: {known}.")
        return found

    def create(self, name: str) -> Signer:
        """Make a key pair. Raises `UsageError` for a name that is taken, and where no keyring can keep the key."""
        self._check_free(name)
        seed = os.urandom(_SEED_BYTES)
        if not self._keys.save(key_name(name), base64.b64encode(seed).decode()):
            self._keys.forget(key_name(name))
            raise UsageError(
                "this machine has no keyring that could keep the private key, so none was made",
                hint=f"Make one with `openssl genpkey -algorithm ed25519` and set {key_name(name)} to it.",
            )
        return self._add(Signer(name, public_key_of(seed), is_own=True))

    def trust(self, name: str, pem: str) -> Signer:
        """Accept what this key signs from now on. Raises `UsageError` for an invalid public key, or a known name
        or key."""
        self._check_free(name)
        key = read_public_key(pem)
        if key is None:
            hint = "Give a PEM file with an Ed25519 public key; `workbench signer show NAME` prints one."
            raise UsageError("this is not an Ed25519 public key", hint=hint)
        same = next((signer for signer in self.all() if signer.public_key == key), None)
        if same is not None:
            raise UsageError(f"this key is known as {same.name!r} already")
        return self._add(Signer(name, key))

    def forget(self, name: str) -> Signer:
        """Trust a signer no longer; the private key of one's own is deleted. Raises `UsageError` for no such signer."""
        signer = self.named(name)
        file = self._read()
        file.signers.pop(name, None)
        self._write(file)
        if signer.is_own:
            self._keys.forget(key_name(name))
        return signer

    def private_key(self, name: str) -> bytes:
        """The 32 bytes to sign with. Raises `UsageError` where this machine does not have them."""
        private = self._private(name)
        if private is None:
            self.named(name)
            hint = f"Set {key_name(name)}, or make a signer with `workbench signer new`."
            raise UsageError(f"the private key of {name!r} is not on this machine", hint=hint)
        return private

    def _private(self, name: str) -> bytes | None:
        if not _NAME.fullmatch(name):
            return None
        text = self._keys.get(key_name(name))
        if text is None:
            return None
        private = read_private_key(text)
        if private is None:
            hint = "It must be an Ed25519 private key: PEM without a password, or 32 bytes in base64."
            raise UsageError(f"{key_name(name)} is not a key to sign with", hint=hint)
        return private

    def _check_free(self, name: str) -> None:
        if not _NAME.fullmatch(name):
            raise UsageError(f"{name!r} cannot be the name of a signer", hint="Use 1 to 64 letters, digits, _ or -.")
        if name in self._read().signers:
            raise UsageError(f"the signer {name!r} already exists", hint="Choose another name, or forget that one.")

    def _add(self, signer: Signer) -> Signer:
        file = self._read()
        file.signers[signer.name] = _Row(signer.pem, signer.is_own)
        self._write(file)
        return signer

    def _read(self) -> _File:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_File)
        except FileNotFoundError:
            return _File({})
        except (OSError, msgspec.DecodeError) as error:
            hint = "Correct the file, or move it aside to trust nobody."
            raise StoreError(f"the list of signers cannot be read: {error}", where=str(self._path), hint=hint) from None

    def _write(self, file: _File) -> None:
        try:
            write_whole(self._path, msgspec.json.format(msgspec.json.encode(file), indent=2).decode() + "\n")
        except OSError as error:
            raise StoreError(f"the list of signers cannot be saved: {error}", where=str(self._path)) from None


def key_name(signer: str) -> str:
    """What the private key is called in the keyring and in the environment: `WORKBENCH_SIGNER_ANA_KEY`."""
    return f"WORKBENCH_SIGNER_{re.sub('[^A-Z0-9]', '_', signer.upper())}_KEY"


def read_key_file(path: Path) -> str:
    """The text of a file with a key. Raises `UsageError`."""
    try:
        if path.stat().st_size > 10_000:
            raise UsageError(f"{path} is too large for a key")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {path}: {error}") from None

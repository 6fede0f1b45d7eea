"""Whom we talk to and with which key: here every trace of the key is removed from failures, and advice is added."""

import msgspec

from workbench.core.errors import ProviderFailure
from workbench.core.failure_advice import advice_for
from workbench.core.secret import shown_address
from workbench.providers.api_key import ApiKey

MAX_MESSAGE_CHARS = 2_000


class Account(msgspec.Struct, frozen=True):
    """A vendor as named in messages. `key_name` says where the key comes from, such as a variable's name.

    `base_url` is None for the vendor's own address; only there is a key indispensable.
    """

    vendor: str
    key_name: str
    base_url: str | None = None

    def present(self, failure: ProviderFailure, key: ApiKey) -> ProviderFailure:
        """`failure` as it may be shown: without the key, even where a server echoed it, and with advice."""
        return ProviderFailure(
            _clip(self._scrub(key, failure.message.replace("The provider", self.vendor, 1))),
            kind=failure.kind,
            status=failure.status,
            code=_clip(self._scrub(key, failure.code)),
            request_id=_clip(self._scrub(key, failure.request_id)),
            retry_after_s=failure.retry_after_s,
            partial_text=self._scrub(key, failure.partial_text),
            has_partial=failure.has_partial,
            hint=_clip(self._scrub(key, failure.hint or self._advice(failure, key))),
        )

    def _scrub(self, key: ApiKey, text: str) -> str:
        if self.base_url and self.base_url in text:
            text = text.replace(self.base_url, shown_address(self.base_url))
        return key.scrub(text)

    def no_key(self) -> ProviderFailure:
        """Nothing was sent, because the vendor would refuse it."""
        return ProviderFailure(
            f"There is no API key for {self.vendor}.",
            kind="authentication",
            hint=f"Set {self.key_name}, or enter the key in the settings.",
        )

    def _advice(self, failure: ProviderFailure, key: ApiKey) -> str:
        """The advice that only this place can give; the rest is the same for everybody."""
        address = shown_address(self.base_url) if self.base_url else "the vendor's own address"
        match failure.kind:
            case "authentication":
                used = f"The key used ends in {key.ending}. " if key.ending else ""
                return f"{used}Check {self.key_name}, or enter the key again in the settings."
            case "permission" if failure.status in (None, 403):
                return f"The key from {self.key_name} is not allowed to do this; ask the account's administrator."
            case "not_found" if failure.status in (None, 200, 404, 410):
                return f"Check the name of the model and the base URL ({address})."
            case "malformed" if not failure.has_partial:
                return f"Check the base URL ({address}) and the connection's kind: the answer does not match it."
            case "connection":
                return f"Check the network and the base URL ({address})."
            case _:
                return advice_for(failure)


def _clip(text: str) -> str:
    return text if len(text) <= MAX_MESSAGE_CHARS else text[:MAX_MESSAGE_CHARS] + "…"

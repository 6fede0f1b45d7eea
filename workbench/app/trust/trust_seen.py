"""What the person's trust covered when it was looked at last."""

import msgspec


class TrustSeen(msgspec.Struct, frozen=True):
    """For showing, never for deciding: looking again reads every file of code, and files change meanwhile."""

    is_trusted: bool = True
    trusts_code: bool = False
    trusts_rules: bool = True
    code_files: int = 0

    @property
    def needs_trust(self) -> bool:
        """Whether something of this project waits for the person's trust."""
        return not (self.is_trusted and self.trusts_rules)

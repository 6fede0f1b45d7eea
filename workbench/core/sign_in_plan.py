"""Where a sign-in to a server leads, as a person is shown it before it begins. Pure."""

import msgspec

from workbench.core.json_text import digest
from workbench.core.visible_text import visible_line


class SignInPlan(msgspec.Struct, frozen=True, kw_only=True):
    """Where a sign-in leads and what it asks for. Approving means approving exactly `shown`.

    `authorize` is empty where no browser is needed, `register` where the client is known already, `identity` where no
    identity provider vouches for the person; `is_guess` says that the server names no addresses, so that these are the
    usual ones of older servers.
    """

    server: str
    issuer: str
    authorize: str
    token: str
    register: str
    client: str
    scopes: tuple[str, ...]
    is_guess: bool = False
    identity: str = ""

    @property
    def shown(self) -> str:
        """All of it, one fact a line."""
        lines = [f"sign in to: {self.server}", f"at: {self.issuer}"]
        lines += [f"open in the browser: {self.authorize}"] if self.authorize else []
        lines += [f"send your ID token to: {self.identity}"] if self.identity else []
        lines += [f"get tokens from: {self.token}"]
        lines += [f"register this program at: {self.register}"] if self.register else []
        lines += [f"as: {self.client}", f"scopes: {' '.join(self.scopes) or 'none named: the server decides'}"]
        lines += ["note: the server names no addresses; these are the usual ones"] if self.is_guess else []
        return "\n".join(map(visible_line, lines))

    @property
    def seal(self) -> str:
        """What an approval is bound to."""
        return digest(self.shown)

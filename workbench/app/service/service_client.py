"""A program that uses the service, and what it may do."""

from typing import Literal, get_args

import msgspec

from workbench.core.errors import WorkbenchError

Scope = Literal["read", "call", "approve"]
"""`read` lists, checks, and reads; `call` calls tools and talks to the model; `approve` decides about calls."""
SCOPES: tuple[Scope, ...] = get_args(Scope)

RefusalKind = Literal["not_found", "forbidden", "invalid", "conflict", "limit"]


class ServiceRefusal(WorkbenchError):
    """The service refuses a client's request."""

    def __init__(self, message: str, *, kind: RefusalKind, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.kind = kind


class ServiceClient(msgspec.Struct, frozen=True):
    """`name` is the name that the person gave its token."""

    name: str
    scopes: frozenset[Scope]

    def check(self, scope: Scope) -> None:
        """Raises `ServiceRefusal` without this scope."""
        if scope not in self.scopes:
            raise ServiceRefusal(
                f"the token of {self.name!r} does not have the scope {scope!r}",
                kind="forbidden",
                hint="Create another token for it in the workbench.",
            )

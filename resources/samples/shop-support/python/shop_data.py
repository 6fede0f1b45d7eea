"""The bundled catalog, customers and orders, and what has been changed since.

The bundled files are never written. Changes go to .workbench/state.json, which may be deleted to start afresh.
"""

import difflib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
STATE = PROJECT / ".workbench" / "state.json"

Row = dict[str, Any]


def all_products() -> list[Row]:
    """The catalog."""
    return _rows("products")


def all_users() -> list[Row]:
    """The customers."""
    return _rows("users")


def all_orders() -> list[Row]:
    """The order book with all changes applied."""
    changes = read_state()["orders"]
    return [row | changes.get(row["order_id"], {}) for row in _rows("orders")]


def find_product(wanted: str) -> Row:
    """A product by number or name; raises `LookupError` with near matches."""
    by_name = {row["name"].casefold(): row for row in all_products()}
    key = wanted.strip().casefold()
    for row in all_products():
        if key in (row["product_id"].casefold(), row["name"].casefold()):
            return row
    partly = [row for name, row in by_name.items() if key and key in name]
    if len(partly) == 1:
        return partly[0]
    near = [row["name"] for row in partly] or [
        by_name[match]["name"] for match in difflib.get_close_matches(key, by_name, n=3, cutoff=0.5)
    ]
    raise LookupError(f"There is no product {wanted!r}. " + _advice(near, "Search the catalog for it."))


def find_user(user_id: str) -> Row:
    """A customer by number; raises `LookupError`."""
    for row in all_users():
        if row["user_id"].casefold() == user_id.strip().casefold():
            return row
    raise LookupError(f"There is no user {user_id!r}. User numbers look like U-3; lookup_user finds them.")


def find_order(order_id: str) -> Row:
    """An order by number; raises `LookupError`."""
    wanted = order_id.strip().upper()
    for row in all_orders():
        if row["order_id"] == wanted:
            return row
    if wanted.startswith("U-"):
        raise LookupError(
            f"{order_id!r} is a user number, not an order number. get_order_history lists a user's orders."
        )
    near = difflib.get_close_matches(wanted, [row["order_id"] for row in all_orders()], n=3, cutoff=0.7)
    raise LookupError(f"There is no order {order_id!r}. " + _advice(near, "Order numbers look like A-1004."))


def read_state() -> Row:
    """What has been changed so far."""
    try:
        found: Row = json.loads(STATE.read_text(encoding="utf-8"))
    except FileNotFoundError:
        found = {}
    return {"orders": {}, "messages": [], "tickets": []} | found


@contextmanager
def changed_state() -> Iterator[Row]:
    """The state, to be changed and then written; calls that run at the same time wait for each other."""
    STATE.parent.mkdir(parents=True, exist_ok=True)
    with STATE.with_suffix(".lock").open("a+b") as lock:
        _wait_for(lock.fileno())
        state = read_state()
        yield state
        draft = STATE.with_suffix(".part")
        draft.write_text(json.dumps(state, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        draft.replace(STATE)


def _wait_for(descriptor: int) -> None:
    """Lock an open file; the lock ends with the file or with the process."""
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX)


@cache
def _rows(name: str) -> list[Row]:
    rows: list[Row] = json.loads((PROJECT / "data" / f"{name}.json").read_text(encoding="utf-8"))
    return rows


def _advice(near: list[str], otherwise: str) -> str:
    return f"Near matches: {', '.join(near)}." if near else otherwise

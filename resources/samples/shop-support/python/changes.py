"""What changes an order or moves money. Each refuses what the shop's rules do not allow."""

from shop_data import changed_state, find_order


def cancel_order(order_id: str, reason: str = "") -> dict[str, object]:
    """Cancel an order that is still being processed."""
    with changed_state() as state:
        row = find_order(order_id)
        if row["status"] != "processing":
            raise ValueError(f"Order {row['order_id']} is {row['status']}; only a processing order can be cancelled.")
        _change(state, row, status="cancelled", cancel_reason=reason)
    return {"order_id": row["order_id"], "status": "cancelled"}


def create_return(order_id: str, reason: str = "") -> dict[str, object]:
    """Open the return of a delivered order."""
    with changed_state() as state:
        row = find_order(order_id)
        if row["status"] != "delivered":
            raise ValueError(f"Order {row['order_id']} is {row['status']}; only a delivered order can be returned.")
        number = f"R-{row['order_id'][2:]}"
        _change(state, row, status="return opened", return_number=number, return_reason=reason)
    return {"order_id": row["order_id"], "return_number": number, "status": "return opened"}


def issue_refund(order_id: str, amount: float | None = None, reason: str = "") -> dict[str, object]:
    """Pay back an amount, or the whole total; never more than was paid."""
    with changed_state() as state:
        row = find_order(order_id)
        before = row.get("refunded", 0)
        wanted = row["total"] - before if amount is None else amount
        if wanted <= 0 or before + wanted > row["total"]:
            raise ValueError(
                f"Order {row['order_id']} cost {row['total']:g} euros, of which {before:g} were paid back."
            )
        _change(state, row, refunded=round(before + wanted, 2), refund_reason=reason)
    return {"order_id": row["order_id"], "refunded": round(wanted, 2), "currency": "EUR"}


def apply_discount(order_id: str, percent: float) -> dict[str, object]:
    """Lower the total of an order that is still being processed; one discount for each order."""
    with changed_state() as state:
        row = find_order(order_id)
        if row["status"] != "processing":
            raise ValueError(f"Order {row['order_id']} is {row['status']}; a discount needs a processing order.")
        if "discount_percent" in row:
            raise ValueError(f"Order {row['order_id']} already has a discount of {row['discount_percent']:g} percent.")
        total = round(row["total"] * (1 - percent / 100), 2)
        _change(state, row, discount_percent=percent, total=total)
    return {"order_id": row["order_id"], "discount_percent": percent, "total": total}


def _change(state: dict[str, dict[str, object]], row: dict[str, object], **fields: object) -> None:
    number = str(row["order_id"])
    earlier = state["orders"].get(number, {})
    state["orders"][number] = {**earlier, **fields} if isinstance(earlier, dict) else fields

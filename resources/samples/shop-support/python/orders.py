"""What was ordered, and where it is."""

from shop_data import all_orders, all_products, find_order, find_user


def get_order_history(user_id: str) -> dict[str, object]:
    """All orders of one customer, newest first."""
    user = find_user(user_id)
    rows = [row for row in all_orders() if row["user_id"] == user["user_id"]]
    rows.sort(key=lambda row: row["ordered_on"], reverse=True)
    return {
        "user_id": user["user_id"],
        "orders": [{key: row[key] for key in ("order_id", "ordered_on", "status", "total")} for row in rows],
    }


def get_order_details(order_id: str) -> dict[str, object]:
    """Items, prices and total of one order."""
    row = find_order(order_id)
    names = {product["product_id"]: product["name"] for product in all_products()}
    items = [item | {"name": names[item["product_id"]]} for item in row["items"]]
    return {key: value for key, value in row.items() if key != "tracking"} | {"items": items}


def track_order(order_id: str) -> dict[str, object]:
    """Where the parcel is."""
    row = find_order(order_id)
    if "tracking" not in row:
        return {"order_id": row["order_id"], "status": row["status"], "tracking": None, "note": "Not shipped yet."}
    return {"order_id": row["order_id"], "status": row["status"], "tracking": row["tracking"]}

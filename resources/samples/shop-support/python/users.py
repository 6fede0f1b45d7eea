"""Who the customers are."""

from shop_data import all_users, find_user


def lookup_user(query: str) -> dict[str, object]:
    """User numbers by e-mail address or name."""
    wanted = query.strip().casefold()
    found = [
        row for row in all_users() if wanted and (wanted in row["email"].casefold() or wanted in row["name"].casefold())
    ]
    if not found:
        raise LookupError(f"No customer has {query!r} as name or e-mail address.")
    return {"users": [{key: row[key] for key in ("user_id", "name", "email")} for row in found]}


def get_user_profile(user_id: str) -> dict[str, object]:
    """Address, phone, member level and points."""
    return find_user(user_id)

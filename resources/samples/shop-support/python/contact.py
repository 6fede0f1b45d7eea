"""What reaches a person. Messages are only written down; nothing leaves this computer."""

from shop_data import changed_state, find_user


def send_message(user_id: str, text: str) -> dict[str, object]:
    """Write a message to a customer."""
    user = find_user(user_id)
    if not text.strip():
        raise ValueError("The message has no text.")
    with changed_state() as state:
        state["messages"].append({"user_id": user["user_id"], "text": text})
    return {"user_id": user["user_id"], "status": "written down, not really sent"}


def escalate_to_human(reason: str = "", priority: str = "normal") -> dict[str, object]:
    """Open a ticket for a colleague."""
    with changed_state() as state:
        number = f"T-{len(state['tickets']) + 1}"
        state["tickets"].append({"ticket": number, "reason": reason, "priority": priority})
    return {"ticket": number, "priority": priority, "status": "a colleague will take over"}

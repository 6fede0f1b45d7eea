"""The tools of the shop's support desk."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.unit.samples.conftest import SAMPLES, CallTool
from workbench.core.errors import ToolError
from workbench.store.project import Project

pytestmark = pytest.mark.child_process

SAMPLE = "shop-support"


def test_there_are_fifteen_tools(sample: Project) -> None:
    assert len(sample.toolset) == 15


def test_a_large_refund_is_refused_by_a_rule(sample: Project) -> None:
    tool = sample.toolset.named("issue_refund")
    assert tool is not None
    actions = [
        sample.policy.rule_for(tool, {"order_id": "A-1012", "amount": amount}).action
        for amount in (99, 100, 700.0, 2500)
    ]
    assert actions == ["ask", "deny", "deny", "deny"]


async def test_the_catalog_is_searched(call_tool: CallTool) -> None:
    found = await call_tool("search_products", query="waterproof jackets", max_price=150)
    assert found["products"][0]["name"] == "Drizzle rain jacket"
    assert all(row["price"] <= 150 for row in found["products"])
    assert (await call_tool("search_products", query="submarine"))["count"] == 0
    bags = await call_tool("search_products", query="waterproof", category="bags")
    assert [row["name"] for row in bags["products"]] == ["Dry bag 20"]


async def test_products_are_found_by_number_name_and_part_of_the_name(call_tool: CallTool) -> None:
    for written in ("P-102", "Summit boots", "summit"):
        assert await call_tool("check_stock", product=written) == {
            "product_id": "P-102", "name": "Summit boots", "in_stock": False, "pieces": 0,
        }  # fmt: skip
    assert (await call_tool("get_product_details", product="nest 2 tent"))["price"] == 249
    compared = await call_tool("compare_products", products=["Volt 10", "Volt 20 power bank"])
    assert compared["cheapest"] == "Volt 10 power bank"


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("check_stock", {"product": "Nest tent"}, "Near matches: Nest"),
        ("check_stock", {"product": "volt"}, "Near matches: Volt 10 power bank, Volt 20 power bank"),
        ("get_order_details", {"order_id": "U-3"}, "is a user number, not an order number"),
        ("track_order", {"order_id": "A-9"}, "There is no order"),
        ("get_user_profile", {"user_id": "A-1001"}, "There is no user"),
        ("lookup_user", {"query": "zoe"}, "No customer has"),
        ("cancel_order", {"order_id": "A-1002"}, "is shipped; only a processing order can be cancelled"),
        ("create_return", {"order_id": "A-1004"}, "is processing; only a delivered order can be returned"),
        ("issue_refund", {"order_id": "A-1003", "amount": 36}, "cost 35 euros"),
        ("apply_discount", {"order_id": "A-1001", "percent": 10}, "needs a processing order"),
        ("send_message", {"user_id": "U-1", "text": " "}, "has no text"),
    ],
)
async def test_what_cannot_be_done_is_told_so_that_the_model_can_react(
    call_tool: CallTool, tool: str, arguments: dict[str, object], said: str
) -> None:
    with pytest.raises(ToolError, match=said):
        await call_tool(tool, **arguments)


async def test_customers_and_their_orders_are_found(call_tool: CallTool) -> None:
    assert (await call_tool("lookup_user", query="chen@example.com"))["users"][0]["user_id"] == "U-3"
    assert (await call_tool("get_user_profile", user_id="u-3"))["level"] == "gold"
    history = await call_tool("get_order_history", user_id="U-1")
    assert [order["order_id"] for order in history["orders"]] == ["A-1002", "A-1001"]
    assert (await call_tool("track_order", order_id="A-1002"))["tracking"]["carrier"] == "Northline"
    assert (await call_tool("track_order", order_id="A-1004"))["tracking"] is None
    assert (await call_tool("get_order_details", order_id="a-1006"))["items"][1]["name"] == "Trekking poles"


async def test_changes_are_kept_beside_the_data_and_the_data_stays_as_it_was(
    sample: Project, call_tool: CallTool
) -> None:
    await call_tool("cancel_order", order_id="A-1004", reason="by mistake")
    assert (await call_tool("get_order_details", order_id="A-1004"))["status"] == "cancelled"
    with pytest.raises(ToolError, match="is cancelled"):
        await call_tool("cancel_order", order_id="A-1004")
    assert (await call_tool("apply_discount", order_id="A-1013", percent=10))["total"] == 133.2
    with pytest.raises(ToolError, match="already has a discount of 10 percent"):
        await call_tool("apply_discount", order_id="A-1013", percent=5)
    assert (await call_tool("create_return", order_id="A-1008"))["return_number"] == "R-1008"
    state = json.loads((sample.folder / ".workbench" / "state.json").read_text())
    assert set(state["orders"]) == {"A-1004", "A-1008", "A-1013"}
    for path in (SAMPLES / SAMPLE / "data").iterdir():
        assert (sample.folder / "data" / path.name).read_bytes() == path.read_bytes()


async def test_no_more_is_paid_back_than_was_paid(call_tool: CallTool) -> None:
    assert (await call_tool("issue_refund", order_id="A-1001", amount=100))["refunded"] == 100
    assert (await call_tool("issue_refund", order_id="A-1001"))["refunded"] == 37
    with pytest.raises(ToolError, match="of which 137 were paid back"):
        await call_tool("issue_refund", order_id="A-1001")


async def test_changes_at_the_same_time_do_not_overwrite_each_other(sample: Project, call_tool: CallTool) -> None:
    await asyncio.gather(
        *(call_tool("send_message", user_id=f"U-{1 + number % 8}", text=f"message {number}") for number in range(12)),
        call_tool("escalate_to_human", reason="angry", priority="high"),
    )
    state = json.loads((sample.folder / ".workbench" / "state.json").read_text())
    assert sorted(message["text"] for message in state["messages"]) == sorted(f"message {n}" for n in range(12))
    assert [ticket["ticket"] for ticket in state["tickets"]] == ["T-1"]


def test_nothing_in_the_sample_names_a_real_mailbox() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in Path(SAMPLES / SAMPLE / "data").iterdir())
    assert text.count("@") == text.count("@example.com") == 8

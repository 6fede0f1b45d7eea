"""Names under which the tools of servers are offered."""

from hypothesis import given
from hypothesis import strategies as some

from workbench.core.tool import PORTABLE_NAME
from workbench.executors.mcp_spec import McpSpec, fingerprint, offered_names, offered_tools


def test_a_plain_name_is_put_behind_its_server() -> None:
    assert offered_names("git", ["git_status", "a__b"]) == {"git_status": "git__git_status", "a__b": "git__a__b"}


def test_names_that_would_collide_are_all_told_apart_but_the_plain_one_keeps_its_own() -> None:
    names = offered_names("s", ["read.file", "read/file", "read_file"])
    assert names["read_file"] == "s__read_file"
    assert names["read.file"].startswith("s__read_file_")
    assert len(set(names.values())) == 3


@given(some.lists(some.text(min_size=1, max_size=200), unique=True, max_size=30))
def test_every_name_is_accepted_by_every_vendor_and_no_two_are_the_same(names: list[str]) -> None:
    offered = offered_names("a-server_32-characters-long-at-x", names)
    assert all(PORTABLE_NAME.fullmatch(name) for name in offered.values())
    assert len(set(offered.values())) == len(names)
    assert all(name.startswith("a-server_32-characters-long-at-x__") for name in offered.values())


@given(some.lists(some.sampled_from(["a.b", "a/b", "a_b", "ö", "x" * 99]), unique=True, min_size=1))
def test_a_name_that_shares_its_form_with_no_other_does_not_depend_on_the_others(names: list[str]) -> None:
    alone = offered_names("s", ["x" * 99])
    assert offered_names("s", [*names, "x" * 99])["x" * 99] == alone["x" * 99]


def test_the_document_stays_as_the_server_wrote_it_except_for_its_name() -> None:
    document = {"name": "a.b", "inputSchema": {"type": "object"}, "annotations": {"readOnlyHint": True}, "odd": [None]}
    (tool,) = offered_tools("s", [document, {**document, "description": "a second one of that name"}])
    assert (tool.name, tool.tool.document) == ("a.b", {**document, "name": "s__a_b"})


def test_a_fingerprint_differs_with_the_command_and_with_the_tool() -> None:
    (one,) = offered_tools("s", [{"name": "a", "inputSchema": {}}])
    (other,) = offered_tools("s", [{"name": "a", "inputSchema": {}, "description": "!"}])
    marks = {fingerprint(McpSpec(name="s", seal=seal), tool) for seal in ("1", "2") for tool in (one, other, None)}
    assert len(marks) == 6

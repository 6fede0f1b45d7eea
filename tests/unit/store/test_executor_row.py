"""What the table `executors` may say."""

import pytest

from workbench.core.mock import MockError, MockPlan, MockReply, MockRule, When
from workbench.store.executor_row import MockRow, in_words, needs_trust, origin_problem
from workbench.store.project_file import read_project_file


def row(text: str) -> object:
    file, problems = read_project_file(f"[executors.look]\n{text}", "workbench.toml")
    assert not problems, [str(problem) for problem in problems]
    return file.executors["look"]


def problems(text: str) -> str:
    _, found = read_project_file(f"[executors.look]\n{text}", "workbench.toml")
    return "; ".join(str(problem) for problem in found)


def test_a_mock_is_read_with_all_its_conditions_and_replies() -> None:
    read = row(
        """kind = "mock"
strict = true
[[executors.look.rules]]
name = "cold"
when = { partial = { city = "Oslo" }, call = 2, regex = { city = "^O" }, jsonpath = { "$.a" = 1 } }
reply = { error = { kind = "stock", message = "sold out" }, delay_s = 2 }
[[executors.look.rules]]
when.exact = '{"city": null}'
reply.template = "{{city}}"
"""
    )
    assert isinstance(read, MockRow)
    assert read.plan() == MockPlan(
        (
            MockRule(
                When(partial={"city": "Oslo"}, call=2, regex={"city": "^O"}, jsonpath={"$.a": 1}),
                MockReply(error=MockError("sold out", "stock"), delay_s=2.0),
                "cold",
            ),
            MockRule(When(exact={"city": None}), MockReply(template="{{city}}")),
        ),
        strict=True,
    )


def test_the_short_form_is_one_fixed_result() -> None:
    read = row('kind = "mock"\nresult = { temp = 3 }')
    assert isinstance(read, MockRow)
    assert read.plan() == MockPlan((), MockReply(static={"temp": 3}))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('kind = "telepathy"', "telepathy"),
        ('kind = "mock"\nresult = 2026-11-21', "not a JSON value"),
        ('kind = "mock"\nresult = nan', "not a JSON value"),
        ('kind = "mock"\ndefault = { static = 1, fail = "huge" }', "not static and fail"),
        ('kind = "mock"\ndefault = { fail = "boredom" }', "timeout"),
        ('kind = "mock"\ndefault = { python = "os.system" }', "module:function"),
        ('kind = "mock"\n[[executors.look.rules]]\nreply = {}\nwhen.jsonpath = { city = 1 }', "does not begin with"),
        ('kind = "mock"\n[[executors.look.rules]]\nreply = {}\nwhen.exact = "[1]"', "not a JSON object"),
        ('kind = "mock"\n[[executors.look.rules]]\nreply = {}\nwhen.regex = { city = "(" }', "never closed"),
        (
            'kind = "mock"\n[[executors.look.rules]]\nreply = {}\nwhen.regex = { a = "\\\\p{Emoji}" }',
            "Emoji is not known",
        ),
        ('kind = "mock"\n[[executors.look.rules]]\nreply = {}\nwhen.call = 0', "greater than or equal to 1"),
        ('kind = "http"\nurl = "https://{host}/"', "no {argument}"),
        ('kind = "http"\nurl = "https://a.example/"\nheaders = { Authorization = "Bearer x" }', "key into this file"),
        ('kind = "http"\nurl = "https://a.example/"\nheaders = { X = "a\\nb" }', "not a header"),
        ('kind = "http"\nurl = "https://a.example/"\nmore_keys = [{ key = "K" }]', "the first key goes into auth"),
        (
            'kind = "http"\nurl = "https://a.example/"\nauth = { key = "A" }\nmore_keys = [{ key = "B" }]',
            "two keys would be sent in the same place",
        ),
        ('kind = "http"\nurl = "https://a.example/"\nauth = { key = "A", header = "cookie" }', "the cookie's name"),
        ('kind = "http"\nurl = "https://a.example/"\nretries = 50', "less than or equal to 5"),
    ],
)
def test_what_makes_no_sense_is_a_problem_of_the_file(text: str, said: str) -> None:
    assert said in problems(text)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/",
        "file:///etc/passwd",
        "https://",
        "https://{city}.example/",
        "{scheme}://a.example/",
        "https://user:word@a.example/",
        "https://a.example:{port}/",
        "https://a.example\\@b.example/",
        "https://[::1/",
        "https://a.example/\n",
    ],
)
def test_an_address_has_a_fixed_origin_and_no_credentials(url: str) -> None:
    assert origin_problem(url)


def test_what_leaves_this_machine_or_runs_code_needs_trust() -> None:
    needs = {
        'kind = "python"\nfunction = "a:b"': True,
        'kind = "http"\nurl = "https://a.example/"': True,
        'kind = "mock"\nresult = 1': False,
        'kind = "mock"\ndefault = { python = "a:b" }': True,
    }
    assert {text: needs_trust(row(text)) for text in needs} == needs  # type: ignore[arg-type]


def test_a_row_says_in_words_how_its_tool_runs() -> None:
    assert in_words(row('kind = "http"\nmethod = "POST"\nurl = "https://a.example/{id}"')) == (  # type: ignore[arg-type]
        "http POST https://a.example/{id}"
    )

"""Signing in to an MCP server: what is asked, kept and said, with an authorization server on the test's event loop."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.support.sign_in_server import Agreeing, SignInServer, sign_in_server
from tests.unit.executors.http_endpoint import answer
from workbench.core.errors import ExecutorUnavailable, ToolError
from workbench.core.sign_in_plan import SignInPlan
from workbench.executors.mcp_server import McpServer
from workbench.executors.mcp_sign_in import SignIn
from workbench.executors.mcp_spec import McpHeader, McpSpec
from workbench.executors.sign_in_setup import IdentityProvider, SignInFailed, SignInSetup


class Kept:
    """A vault and the consents, in memory."""

    def __init__(self) -> None:
        self.text = ""
        self.approved: set[str] = set()
        self.questions: list[str] = []

    def read(self) -> str:
        return self.text

    def write(self, text: str) -> None:
        self.text = text

    def clear(self) -> None:
        self.text = ""

    def approves(self, plan: str) -> bool:
        self.questions.append(plan)
        return plan in self.approved

    def approve(self, plan: SignInPlan) -> None:
        self.approved.add(plan.seal)


class Client:
    """Our client of a server that wants a sign-in."""

    def __init__(self, far: SignInServer, kept: Kept | None = None, **setup: Any) -> None:
        self.kept = kept or Kept()
        self.watched: list[str] = []
        self.keys = {"SECRET": "a secret: 100%"}
        self.sign_in = SignIn(
            far.url,
            SignInSetup(**setup),
            self.kept,
            self.kept,
            secret=self.keys.get,
            watch=self.watched.append,
        )
        self.server = McpServer(McpSpec(name="shop", url=far.url), secret=lambda _: None, sign_in=self.sign_in)

    async def call(self) -> Any:
        await self.server.start()
        answer, _ = await self.server.call("go", {}, 30.0)
        return answer["content"]

    async def refusal(self) -> str:
        with pytest.raises((ToolError, ExecutorUnavailable)) as caught:
            await self.call()
        return str(caught.value)


DONE = [{"type": "text", "text": "done"}]


@pytest.fixture
async def far() -> AsyncIterator[SignInServer]:
    async with sign_in_server() as server:
        yield server


@contextmanager
def failing(words: str) -> Iterator[None]:
    with pytest.raises(SignInFailed) as caught:
        yield
    assert words in str(caught.value)
    assert caught.value.hint, "it says how to fix it"


async def test_a_person_approves_where_it_leads_signs_in_once_and_calls(far: SignInServer) -> None:
    client, person = Client(far), Agreeing()
    assert "it requires you to sign in" in await client.refusal()
    assert client.sign_in.state == "needed"
    await client.sign_in.run(person)
    assert person.plans[0].shown.splitlines() == [
        f"sign in to: {far.url}",
        f"at: {far.at.origin}",
        f"open in the browser: {far.at.origin}/authorize",
        f"get tokens from: {far.at.origin}/token",
        f"register this program at: {far.at.origin}/register",
        "as: Tool-Calling Workbench, which registers itself",
        "scopes: read",
    ]
    assert await client.call() == DONE
    assert client.sign_in.state == "in"
    await client.server.stop()
    again = Client(far, client.kept)  # another start of the program
    assert await again.call() == DONE
    assert set(far.tokens) <= set(again.watched)
    await again.server.stop()
    await again.sign_in.run(person)
    assert (len(person.plans), len(far.registered)) == (1, 1), "what is approved and registered is not asked again"
    assert far.asked_to_authorize[0]["redirect_uri"] == far.asked_to_authorize[1]["redirect_uri"]


async def test_nothing_is_registered_or_opened_before_the_plan_is_approved(far: SignInServer) -> None:
    client, person = Client(far), Agreeing(agrees=False)
    with failing("not approved"):
        await client.sign_in.run(person)
    assert (far.registered, person.visited, client.kept.text) == ([], [], "")


async def test_another_address_or_scope_is_asked_about_again(far: SignInServer) -> None:
    client, person = Client(far), Agreeing()
    await client.sign_in.run(person)
    far.metadata["token_endpoint"] = f"{far.at.origin}/token?moved"
    await client.sign_in.run(person)
    assert [plan.token for plan in person.plans] == [f"{far.at.origin}/token", f"{far.at.origin}/token?moved"]
    other = Client(far, client.kept, scopes=("read", "write"))
    await other.sign_in.run(person)
    assert [plan.scopes for plan in person.plans] == [("read",), ("read",), ("read", "write")]


async def test_a_token_that_is_old_or_refused_is_renewed_without_the_person(far: SignInServer) -> None:
    far.expires_in = 1
    client, person = Client(far), Agreeing()
    await client.sign_in.run(person)
    assert await client.call() == DONE
    assert far.forms[-1]["grant_type"] == "refresh_token"
    far.expires_in = 3600
    assert await client.call() == DONE
    far.tokens.clear()  # the server forgets them all
    assert await client.call() == DONE
    assert len(far.asked_to_authorize) == 1
    await client.server.stop()


async def test_a_refresh_token_that_is_refused_ends_the_sign_in_with_words(far: SignInServer) -> None:
    client = Client(far)
    await client.sign_in.run(Agreeing())
    far.tokens.clear()
    far.refresh_tokens.clear()
    assert "your sign-in is no longer valid" in await client.refusal()
    assert client.sign_in.state == "needed"
    await client.sign_in.run(Agreeing())
    assert await client.call() == DONE
    await client.server.stop()


async def test_a_call_that_needs_more_scopes_says_which_and_the_next_sign_in_asks_for_all(far: SignInServer) -> None:
    client, person = Client(far), Agreeing()
    assert "sign in" in await client.refusal()
    await client.sign_in.run(person)
    for number, scope in enumerate(("write", "pay", "drop"), 1):
        far.wanted = f"read {scope}"
        assert f"it demands more scopes for this: read {scope}" in await client.refusal()
        await client.sign_in.run(person)
        assert len(person.plans) == number + 1
    assert person.plans[-1].scopes == ("read", "write", "pay", "drop")
    assert await client.call() == DONE
    far.wanted = "everything"
    await client.refusal()
    with failing("demanded more scopes 3 times"):
        await client.sign_in.run(person)
    await client.server.stop()


async def test_scopes_that_were_granted_and_do_not_help_are_not_asked_for_again(far: SignInServer) -> None:
    client = Client(far, scopes=("read", "write"))
    await client.sign_in.run(Agreeing())
    far.wanted = "write"
    far.tokens = dict.fromkeys(far.tokens, "read")
    assert "which your sign-in already has" in await client.refusal()
    await client.server.stop()


@pytest.mark.parametrize(
    ("back", "words"),
    [
        ({"error": "access_denied", "error_description": "No."}, "the consent was refused. It said: No."),
        ({"error": "server_error"}, "the sign-in was refused: server_error"),
        ({"state": "other"}, "its state does not match"),
        ({"iss": "https://elsewhere.example"}, "iss mismatch"),
    ],
)
async def test_what_the_browser_brings_back_is_checked(far: SignInServer, back: dict[str, str], words: str) -> None:
    far.alter = lambda good: {
        **{name: value for name, value in good.items() if name != "code" or "error" not in back}, **back
    }  # fmt: skip
    client = Client(far)
    with failing(words):
        await client.sign_in.run(Agreeing())
    assert not far.forms


async def test_an_issuer_that_is_another_one_is_refused(far: SignInServer) -> None:
    with failing("but the project says https://auth.example"):
        await Client(far, client_id="us", issuer="https://auth.example").sign_in.run(Agreeing())
    far.metadata["issuer"] = "https://elsewhere.example"
    with failing("issuer mismatch"):
        await Client(far).sign_in.run(Agreeing())
    assert not far.registered


async def test_metadata_that_is_missing_or_leads_out_of_encryption_is_refused(far: SignInServer) -> None:
    person = Agreeing()
    far.metadata["token_endpoint"] = "http://auth.example/token"
    with failing("http://auth.example/token, which is not encrypted"):
        await Client(far).sign_in.run(person)
    far.metadata = {}
    with failing("gives no metadata"):
        await Client(far).sign_in.run(person)
    far.resource["authorization_servers"] = ["http://127.0.0.1:9"]
    with failing("http://127.0.0.1:9/.well-known/oauth-authorization-server cannot be reached"):
        await Client(far).sign_in.run(person)
    far.at.origin = "http://shop.example"
    far.url = "http://shop.example/mcp"
    with failing("http://shop.example/mcp, which is not encrypted"):
        await Client(far).sign_in.run(person)
    assert not person.plans


async def test_a_server_without_any_metadata_is_signed_in_to_at_the_usual_addresses(far: SignInServer) -> None:
    far.metadata, far.resource = {}, {}
    far.alter = lambda back: {name: value for name, value in back.items() if name != "iss"}
    client, person = Client(far), Agreeing()
    await client.sign_in.run(person)
    assert person.plans[0].is_guess
    assert person.plans[0].token == f"{far.at.origin}/token"


async def test_a_server_of_the_first_revision_may_name_an_issuer_below_its_origin(far: SignInServer) -> None:
    far.resource = {}
    far.metadata["issuer"] = far.issuer = f"{far.at.origin}/oauth"
    client, person = Client(far, issuer=far.issuer), Agreeing()
    await client.sign_in.run(person)
    assert person.plans[0].issuer == far.issuer
    await client.sign_in.run(person)
    assert (len(person.plans), len(far.registered)) == (1, 1)


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
async def test_a_client_registered_by_hand_proves_itself_as_the_server_wants(far: SignInServer, method: str) -> None:
    far.metadata["token_endpoint_auth_methods_supported"] = [method]
    client = Client(far, client_id="us & co", key="SECRET", scopes=("read",))
    await client.sign_in.run(Agreeing())
    (form,) = far.forms
    is_basic = method == "client_secret_basic"
    assert form["authorization"].startswith("Basic ") == is_basic
    assert form.get("client_secret") == (None if is_basic else "a secret: 100%")
    assert not far.registered
    assert "a secret" not in client.kept.text


async def test_a_client_whose_id_is_a_document_uses_it_where_the_server_takes_documents(far: SignInServer) -> None:
    far.metadata["client_id_metadata_document_supported"] = True
    client, person = Client(far, client_id="https://us.example/client.json"), Agreeing()
    await client.sign_in.run(person)
    assert far.asked_to_authorize[0]["client_id"] == person.plans[0].client == "https://us.example/client.json"
    assert not far.registered


async def test_client_credentials_need_no_browser_and_are_renewed_by_themselves(far: SignInServer) -> None:
    far.grants_refresh = False
    far.metadata["token_endpoint_auth_methods_supported"] = ["client_secret_basic"]
    client = Client(far, grant="client_credentials", client_id="us", key="SECRET", scopes=("read",))
    person = Agreeing()
    assert "sign in" in await client.refusal()
    await client.sign_in.run(person)
    assert (person.visited, person.plans[0].authorize) == ([], "")
    assert await client.call() == DONE
    far.tokens.clear()
    assert await client.call() == DONE
    assert [form["grant_type"] for form in far.forms] == ["client_credentials"] * 2
    await client.server.stop()


async def test_a_client_with_a_private_key_signs_what_it_sends_for_this_issuer(far: SignInServer) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    setup = {"grant": "client_credentials", "client_id": "us", "method": "private_key_jwt", "key": "KEY"}
    with failing("the key SECRET is not a private key"):
        await Client(far, **{**setup, "key": "SECRET"}).sign_in.run(Agreeing())
    client = Client(far, **setup)
    client.keys["KEY"] = pem
    await client.sign_in.run(Agreeing())
    claims = jwt.decode(far.forms[0]["client_assertion"], key.public_key(), ["ES256"], audience=far.metadata["issuer"])
    assert (claims["iss"], claims["sub"]) == ("us", "us")


def vouched_client(far: SignInServer, **more: Any) -> Client:
    identity = IdentityProvider(token_endpoint=f"{far.at.origin}/vouch", client_id="us there", key="ID_TOKEN")
    setup = {"grant": "identity_assertion", "client_id": "us", "key": "SECRET", "issuer": far.at.origin, **more}
    client = Client(far, identity=identity, **setup)
    client.keys["ID_TOKEN"] = "id token"
    return client


async def test_a_company_that_vouches_for_the_person_spares_the_browser_and_renews_by_itself(far: SignInServer) -> None:
    far.grants_refresh = False
    far.metadata["token_endpoint_auth_methods_supported"] = ["client_secret_basic"]
    client, person = vouched_client(far, scopes=("read",)), Agreeing()
    assert "sign in" in await client.refusal()
    await client.sign_in.run(person)
    assert person.visited == []
    assert f"send your ID token to: {far.at.origin}/vouch" in person.plans[0].shown.splitlines()
    asked = far.vouched[0]
    assert (asked["audience"], asked["resource"], asked["client_id"]) == (far.at.origin, far.url, "us there")
    assert asked["requested_token_type"].endswith(":id-jag")
    assert (far.forms[0]["assertion"], far.forms[0]["scope"]) == ("vouched for", "read")
    assert far.forms[0]["grant_type"].endswith(":jwt-bearer")
    assert far.forms[0]["authorization"].startswith("Basic ")
    assert "vouched for" in client.watched
    assert await client.call() == DONE
    far.tokens.clear()
    assert await client.call() == DONE
    assert len(far.vouched) == 2
    await client.server.stop()


async def test_nobody_is_vouched_for_without_a_yes_at_another_issuer_or_with_an_old_token(far: SignInServer) -> None:
    with failing("was not approved"):
        await vouched_client(far).sign_in.run(Agreeing(agrees=False))
    with failing("but the project says https://other.example"):
        await vouched_client(far, issuer="https://other.example").sign_in.run(Agreeing())
    assert far.vouched == []
    client = vouched_client(far)
    client.keys["ID_TOKEN"] = "an old one"
    with failing("refused to vouch for you (status 400, invalid_grant). It said: expired"):
        await client.sign_in.run(Agreeing())
    del client.keys["ID_TOKEN"]
    with failing("it needs the key ID_TOKEN"):
        await client.sign_in.run(Agreeing())
    far.assertion = 5
    with failing("does not vouch for you"):
        await vouched_client(far).sign_in.run(Agreeing())
    assert far.forms == []


async def test_signing_out_revokes_and_forgets(far: SignInServer) -> None:
    client = Client(far)
    await client.sign_in.run(Agreeing())
    assert await client.call() == DONE
    await client.server.stop()
    known = {*far.tokens, *far.refresh_tokens}
    await client.sign_in.sign_out()
    assert set(far.revoked) == known
    assert (client.kept.text, client.sign_in.state) == ("", "")
    assert "it requires you to sign in" in await client.refusal()


async def test_a_server_with_a_key_of_the_persons_and_no_sign_in_says_both_and_asks_no_store_each_time(
    far: SignInServer,
) -> None:
    client = Client(far)
    spec = McpSpec(name="shop", url=far.url, headers={"X-Api-Key": McpHeader("SECRET")})
    client.server = McpServer(spec, secret=client.keys.get, sign_in=client.sign_in)
    said = await client.refusal()
    assert "it does not accept the key SECRET in the header X-Api-Key" in said
    assert "Or it requires you to sign in" in said
    assert client.kept.questions == []


async def test_an_answer_that_cannot_be_read_is_said_to_be_one(far: SignInServer) -> None:
    far.at.answers = [answer(200, b"no gzip", Content_Encoding="gzip")]
    with failing("gave an answer that cannot be read"):
        await Client(far).sign_in.run(Agreeing())

"""Who comes into the console, how, and what they may open."""

import pytest

from api.console.sessions import SESSION, SESSION_SECONDS
from api.console.viewers import ROLES
from api.console.ways import CLOSED, OIDC, WayIn, own_path, way_in_of
from runtime.settings import InvalidSettings, Settings, told_settings
from tests.routes.client import Client
from tests.routes.desk import LOCAL, Visitor

PAGES = {
    "/overview": "analytics:read",
    "/liability": "analytics:read",
    "/retention": "analytics:read",
    "/segments": "analytics:read",
    "/offers": "analytics:read",
    "/journeys": "analytics:read",
    "/tiers": "analytics:read",
    "/stores": "analytics:read",
    "/rule-results": "analytics:read",
    "/rule-figures": "analytics:read",
    "/overview/figures": "analytics:read",
    "/overview/latency": "analytics:read",
    "/experiments": "analytics:read",
    "/signals": "analytics:read",
    "/rows/order_rows": "analytics:read",
    "/rows/wallets.csv": "analytics:read",
    "/members": "members:read",
    "/members/member-1": "members:read",
    "/members/member-1/timeline": "members:read",
    "/rules": "rules:read",
    "/rule-calendar": "rules:read",
    "/code-pools": "rules:read",
    "/campaigns": "rules:read",
    "/new-campaign": "rules:write",
    "/campaign-count": "rules:write",
    "/saved": "analytics:read",
    "/sql": "analytics:query",
    "/deliveries": "delivery:write",
    "/operations": "operations:read",
    "/operations/letters": "operations:read",
}


@pytest.mark.parametrize("path", PAGES)
def test_nobody_sees_a_page_without_signing_in(path: str) -> None:
    answer = Visitor().get(f"{path}?days=7")

    assert answer.status_code == 303
    assert (
        answer.headers["location"] == f"/console/sign-in?next=/console{path}%3Fdays%3D7"
    )


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("path", PAGES)
def test_a_role_opens_the_pages_of_its_rights(role: str, path: str) -> None:
    client = Client()
    client.hold_member()
    answer = Visitor(client).sign_in(role).get(path)

    may = PAGES[path] in ROLES[role]
    assert answer.status_code == (200 if may else 403), answer.text
    assert may or PAGES[path] in answer.text


@pytest.mark.parametrize(
    "path",
    [
        f"/members/member-1/{what}"
        for what in ("adjust", "void", "merge", "unmerge", "resend")
    ],
)
def test_only_the_desk_moves_points(path: str) -> None:
    client = Client()
    client.hold_member()
    answer = (
        Visitor(client).sign_in("analyst").send(path, "/members/member-1", points="5")
    )

    assert answer.status_code == 403
    assert client.publisher.published == []


def test_a_session_is_out_of_reach_of_scripts_and_of_other_sites() -> None:
    visitor = Visitor()
    answer = visitor.send("/sign-in", "/sign-in", role="marketer", name="Ada")
    cookie = next(
        one for one in answer.headers.get_list("set-cookie") if one.startswith(SESSION)
    )

    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/console" in cookie
    assert "Secure" not in cookie
    assert "marketer" not in cookie
    assert "Ada" not in cookie


def test_a_session_of_https_stays_on_https() -> None:
    visitor = Visitor(base="https://127.0.0.1")
    answer = visitor.send("/sign-in", "/sign-in", role="marketer", name="Ada")

    assert "Secure" in answer.headers["set-cookie"]


def test_a_session_ends() -> None:
    visitor = Visitor().sign_in()
    assert visitor.get("/rules").status_code == 200
    visitor.client.now_seconds += SESSION_SECONDS

    assert visitor.get("/rules").status_code == 303


@pytest.mark.parametrize(
    "changed", ["", "x", "eyJhbGciOiJub25lIn0..x.x.x", "a" * 5_000]
)
def test_a_session_that_is_not_ours_is_none(changed: str) -> None:
    visitor = Visitor()
    visitor.cookies.set(SESSION, changed, domain="127.0.0.1", path="/console")

    assert visitor.get("/rules").status_code == 303


def test_one_kind_of_cookie_is_not_another() -> None:
    visitor = Visitor()
    visitor.get("/sign-in")
    door = visitor.cookies["regulars_door"]
    visitor.cookies.set(SESSION, door, domain="127.0.0.1", path="/console")

    assert visitor.get("/rules").status_code == 303


def test_signing_out_ends_the_session() -> None:
    visitor = Visitor().sign_in()
    answer = visitor.send("/sign-out", "/rules")

    assert answer.headers["location"] == "/console/sign-in"
    assert visitor.get("/rules").status_code == 303


@pytest.mark.parametrize(
    "base",
    ["http://evil.example", "http://192.168.0.7", "http://127.0.0.1.evil.example"],
)
def test_whoever_asks_by_another_name_does_not_choose_whom_to_be(base: str) -> None:
    visitor = Visitor(base=base)
    page = visitor.get("/sign-in").text
    answer = visitor.send("/sign-in", "/sign-in", role="everything", name="Eve")

    assert 'type="radio"' not in page
    assert answer.status_code == 400
    assert visitor.get("/rules").status_code == 303


@pytest.mark.parametrize(
    "options",
    [
        {"client": ("10.0.0.9", 1)},
        {"headers": {"x-forwarded-for": "10.0.0.9"}},
        {"headers": {"forwarded": "for=10.0.0.9"}},
        {"headers": {"via": "1.1 proxy"}},
    ],
)
def test_whoever_comes_from_elsewhere_does_not_choose_whom_to_be(options) -> None:
    assert 'type="radio"' not in Visitor().get("/sign-in", **options).text


@pytest.mark.parametrize(
    "fields",
    [
        {"csrf": "wrong"},
        {"csrf": ""},
        {"role": "root"},
        {"role": ""},
        {"name": " "},
    ],
)
def test_a_form_that_is_not_whole_lets_nobody_in(fields: dict[str, str]) -> None:
    visitor = Visitor()
    whole = {"role": "marketer", "name": "Ada"}
    answer = visitor.send("/sign-in", "/sign-in", **(whole | fields))

    assert answer.status_code == 400
    assert visitor.get("/rules").status_code == 303


@pytest.mark.parametrize(
    ("change", "headers"),
    [
        ({"csrf": "wrong"}, {}),
        ({"csrf": ""}, {}),
        ({}, {"sec-fetch-site": "cross-site"}),
        ({}, {"sec-fetch-site": "same-site"}),
        ({}, {"content-type": "application/json"}),
        ({}, {"content-type": "text/plain"}),
    ],
)
def test_a_form_from_elsewhere_moves_nothing(change, headers) -> None:
    client = Client()
    client.hold_member()
    visitor = Visitor(client).sign_in()
    fields = {
        "csrf": visitor.get("/members/member-1").text.split('name="csrf" value="')[1]
    }
    fields["csrf"] = fields["csrf"].split('"')[0]
    sent = fields | {"points": "5", "reason": "x", "key": "k"} | change
    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = visitor.call(
        "POST",
        "/console/members/member-1/adjust",
        content="&".join(f"{name}={value}" for name, value in sent.items()),
        headers=kind | headers,
    )

    assert answer.status_code == 400
    assert client.publisher.published == []


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/console/rules", "/console/rules"),
        ("/console/rows/order_rows?store=a", "/console/rows/order_rows?store=a"),
        ("https://evil.example", "/console/"),
        ("//evil.example", "/console/"),
        ("/console/\\evil.example", "/console/"),
        ("/console/\r\nx: y", "/console/"),
        ("/consolex", "/console/"),
        ("", "/console/"),
    ],
)
def test_signing_in_leads_on_within_the_console(asked: str, led: str) -> None:
    visitor = Visitor()
    page = visitor.get("/sign-in", params={"next": asked}).text
    csrf = page.split('name="csrf" value="')[1].split('"')[0]
    answer = visitor.post("/sign-in", role="marketer", name="Ada", csrf=csrf)

    assert answer.headers["location"] == led
    assert own_path(asked, "/console") == led


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"console_sign_in": "local", "api_host": "0.0.0.0"}, "this machine only"),
        (
            {"console_sign_in": "local", "access_issuer": "https://issuer.example"},
            "sign in by oidc",
        ),
        ({"console_sign_in": "oidc"}, "OpenID discovery"),
        (
            {"console_sign_in": "oidc", "access_issuer": "https://issuer.example"},
            "CLIENT_ID",
        ),
        (
            {
                "console_sign_in": "oidc",
                "access_issuer": "https://issuer.example",
                "console_client_id": "console",
                "console_address": "http://loyalty.example",
            },
            "https address",
        ),
    ],
)
def test_a_way_in_that_lets_strangers_in_is_refused(changes, fault: str) -> None:
    verifier = Client().tokens.verifier()

    with pytest.raises(InvalidSettings, match=fault):
        way_in_of(Settings(**changes), verifier)


def test_nobody_comes_in_unless_somebody_says_how() -> None:
    assert way_in_of(Settings(), None) == WayIn(CLOSED)
    client = Client(way_in=WayIn())
    assert "Signing in is not set up" in Visitor(client).get("/sign-in").text


def test_oidc_is_taken_when_all_of_it_is_named() -> None:
    way = way_in_of(
        Settings(
            console_sign_in="oidc",
            access_issuer="https://issuer.example",
            console_client_id="console",
            console_address="https://loyalty.example/",
        ),
        Client().tokens.verifier(),
    )

    assert way.kind == OIDC
    assert way.oidc is not None
    address = way.oidc.client.return_address
    assert address == "https://loyalty.example/console/sign-in/return"


def test_settings_are_told_without_secrets() -> None:
    told = dict(
        told_settings(
            Settings(
                console_secret="s" * 40,
                console_client_secret="hush",
                redis_url="redis://user:hush@cache:6379/0",
                clickhouse_url="http://hush@lake:8123",
            )
        )
    )

    assert "hush" not in str(told)
    assert told["REGULARS_CONSOLE_SECRET"] == "set"  # noqa: S105 - it is none
    assert told["REGULARS_REDIS_URL"] == "redis://…@cache:6379/0"


def test_the_front_door_leads_to_the_first_page_of_a_role() -> None:
    assert Visitor().call("GET", "/").headers["location"] == "/console/"
    led = {role: Visitor().sign_in(role).get("/").headers["location"] for role in ROLES}

    assert led == {
        "marketer": "/console/overview",
        "approver": "/console/overview",
        "service": "/console/members",
        "analyst": "/console/overview",
        "operator": "/console/rules",
    }


def test_a_console_for_nobody_is_not_there() -> None:
    client = Client(has_console=False)

    assert client.call("GET", f"{LOCAL}/console/sign-in").status_code == 404

"""What the console's pages say, over twins of the stores."""

import re
from datetime import date
from pathlib import Path

import pytest

from api.console.boards import cohorts_of, summed, trigger_columns
from api.console.pages import POLICY
from api.console.places import TEMPLATES, TEXTS
from api.console.showing import Shown
from api.console.spans import span_of
from api.console.texts import Texts
from loyalty.limits import DAY_MS
from loyalty.zones import UTC
from schemas.state import DeadLetter
from stores import questions as kinds
from stores.calendars import zone_of
from stores.log_watch import ReaderLag
from stores.questions import QUESTIONS, Answered
from tests.builders import NOON
from tests.routes.client import Client
from tests.routes.desk import Visitor, hidden_fields
from tests.routes.test_console_doors import PAGES

ROOT = Path(__file__).parents[2]
HTML_PAGES = [path for path in PAGES if not path.endswith(".csv")]
NEW_YORK = zone_of("America/New_York")
# What is saved is in Redis; figures alone are nothing without their store.
OTHERS = ("/saved", "/overview/figures", "/overview/latency", "/rule-figures")
DASHBOARDS = [
    path
    for path in HTML_PAGES
    if PAGES[path] == "analytics:read" and path not in OTHERS
]


@pytest.fixture
def client() -> Client:
    made = Client()
    made.hold_member()
    return made


@pytest.mark.parametrize("path", HTML_PAGES)
def test_every_page_is_under_the_strict_policy(client: Client, path: str) -> None:
    answer = Visitor(client).sign_in().get(path)

    assert answer.status_code == 200
    assert answer.headers["content-security-policy"] == POLICY
    assert "unsafe" not in POLICY
    assert "style=" not in answer.text
    assert not re.search(r"<script(?! src=)", answer.text)
    assert "http://" not in answer.text.replace("http://www.w3.org/", "")
    assert "https://" not in answer.text
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", DASHBOARDS)
def test_a_dashboard_without_clickhouse_says_so(client: Client, path: str) -> None:
    visitor = Visitor(client).sign_in()
    client.questions.is_available = False
    answer = visitor.get(path)

    assert answer.status_code == 200
    assert "could not be had just now" in answer.text


def test_figures_of_a_day_that_goes_on_are_asked_for_again(client: Client) -> None:
    client.questions.rows["wallets"] = [("points", 7, 1, 9, 2, 0, 0)]
    visitor = Visitor(client).sign_in()
    page, old = (
        visitor.get("/overview?days=1"),
        visitor.get("/overview?until=2020-01-31"),
    )
    again = visitor.get("/overview/figures?days=1")

    assert 'data-refresh="/console/overview/figures?from=' in page.text
    assert "data-refresh" not in old.text
    assert "data-refresh" in again.text
    assert "<html" not in again.text
    client.questions.is_available = False
    assert visitor.get("/overview/figures?days=1").status_code == 503


def test_rules_are_told_with_what_they_gave(client: Client) -> None:
    client.questions.rows["rule_results"] = [
        ("spend", "points", 3, 9, 1_234),
        ("gone", "", 1, 1, 0),
    ]
    page = Visitor(client).sign_in().get("/rule-results")

    assert 'href="/console/rules/spend"' in page.text
    assert "1,234" in page.text
    assert "/rules/gone" not in page.text


def test_a_member_without_clickhouse_has_a_balance_and_no_past(client: Client) -> None:
    visitor = Visitor(client).sign_in()
    client.analytics.is_available = False
    page = visitor.get("/members/member-1").text

    assert "135" in page
    assert "The past cannot be read just now" in page


def test_a_page_without_its_store_says_which_and_that_nothing_is_lost(
    client: Client,
) -> None:
    visitor = Visitor(client).sign_in()
    client.views.is_available = False
    answer = visitor.get("/members/member-1")

    assert answer.status_code == 503
    assert "redis does not answer" in answer.text
    assert "Nothing is lost" in answer.text


def test_operations_without_kafka_say_so(client: Client) -> None:
    visitor = Visitor(client).sign_in()
    client.log_watch.is_available = False

    assert "Kafka does not answer" in visitor.get("/operations").text


def test_operations_tell_lag_and_dead_letters(client: Client) -> None:
    client.log_watch.rows = (ReaderLag("engine", "orders", (0, 7), 1_234),)
    letter = DeadLetter("orders", 1, 42, "wrong-magic", "<b>x</b>", NOON, b"\xff", b"")
    client.log_watch.letters = [letter]
    page = Visitor(client).sign_in().get("/operations").text

    assert "orders/1@42" in page
    assert "wrong-magic" in page
    # Words of strangers are words.
    assert "&lt;b&gt;x&lt;/b&gt;" in page


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nothing", 404),
        ("/members/nobody", 404),
        ("/members?q=nobody", 404),
        ("/rows/nothing", 404),
        ("/rows/nothing.csv", 404),
        ("/rows/expiring_members", 422),
        ("/rows/expiring_members?day=soon", 422),
        ("/members/member-1?cursor=%21", 422),
        ("/members/" + "x" * 200, 400),
        ("/sign-in/start", 400),
        ("/sign-in/return?code=x&state=y", 400),
    ],
)
def test_what_is_not_there_is_told_on_a_page(
    client: Client, path: str, status: int
) -> None:
    answer = Visitor(client).sign_in().get(path)

    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")


def test_a_failure_of_ours_is_a_page_that_tells_nothing(client: Client) -> None:
    visitor = Visitor(client).sign_in()
    client.questions.rows["daily"] = [("not", "a", "row")]
    answer = visitor.get("/overview")

    assert answer.status_code == 500
    assert "Traceback" not in answer.text


def test_a_member_is_found_by_the_id_with_its_spaces_off(client: Client) -> None:
    answer = Visitor(client).sign_in().get("/members?q=%20member-1%20")

    assert answer.headers["location"] == "/console/members/member-1"


def test_the_timeline_tells_why_and_goes_on(client: Client) -> None:
    client.hold_member(orders=30)
    visitor = Visitor(client).sign_in()
    page = visitor.get("/members/member-1").text
    cursor = re.findall(r"timeline\?cursor=(\w+)", page)[0]
    rest = visitor.get(f"/members/member-1/timeline?cursor={cursor}").text

    assert page.count('class="event"') == 25
    assert rest.count('class="event"') == 5
    assert "earned 45 by spend" in rest
    assert "<html" not in rest


def test_the_desk_adjusts_once_however_often_the_form_is_sent(client: Client) -> None:
    client.earn(45)
    visitor = Visitor(client).sign_in("service", "Ada")
    fields = {"points": "+12", "reason": "cold soup", "key": "one-form"}
    answers = [
        visitor.send("/members/member-1/adjust", "/members/member-1", **fields)
        for _ in range(2)
    ]
    page = visitor.call("GET", answers[0].headers["location"]).text

    assert {answer.status_code for answer in answers} == {303}
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert client.publisher.members["member-1"].lots[-1].points == 12
    assert "Done: adjusted by 12: cold soup (Ada)" in page


def test_what_the_desk_did_it_can_take_back(client: Client) -> None:
    client.earn(45)
    visitor = Visitor(client).sign_in("service")
    sent = visitor.send(
        "/members/member-1/adjust", "/members/member-1", points="7", reason="x"
    )
    command_id = sent.headers["location"].split("command=")[1]
    undone = visitor.send(
        "/members/member-1/void", "/members/member-1", command_id=command_id
    )
    page = visitor.call("GET", undone.headers["location"]).text

    assert "Done" in page
    member = client.publisher.members["member-1"]
    assert sum(lot.points for lot in member.lots) == 45


def test_what_is_not_decided_yet_is_told_so(client: Client) -> None:
    client.earn(45)
    client.publisher.is_paused = True
    visitor = Visitor(client).sign_in("service")
    sent = visitor.send(
        "/members/member-1/adjust", "/members/member-1", points="7", reason="x"
    )

    page = visitor.call("GET", sent.headers["location"]).text
    assert "the engine has not answered yet" in page


@pytest.mark.parametrize(
    "fields",
    [
        {"points": "0", "reason": "x"},
        {"points": "1.5", "reason": "x"},
        {"points": "", "reason": "x"},
        {"points": "9999999999", "reason": "x"},
        {"points": "٣", "reason": "x"},
        {"points": "5", "reason": " "},
    ],
)
def test_a_correction_that_makes_no_sense_is_not_sent(
    client: Client, fields: dict[str, str]
) -> None:
    visitor = Visitor(client).sign_in("service")
    path = "/members/member-1/adjust"
    answer = visitor.send(path, "/members/member-1", **fields)

    assert answer.status_code == 422
    assert client.publisher.published == []


def test_csv_holds_the_rows_and_no_formulas(client: Client) -> None:
    client.questions.rows["order_rows"] = [
        ("=1+1", "@m", "-s", "APP", NOON, 5),
        ('a"b', "m,n", "s", "", NOON, -5),
    ]
    answer = Visitor(client).sign_in().get("/rows/order_rows.csv")

    assert answer.headers["content-disposition"].endswith('"order_rows.csv"')
    assert answer.text.splitlines()[1:] == [
        f"'=1+1,'@m,'-s,APP,{NOON},5",
        f'"a""b","m,n",s,,{NOON},-5',
    ]


def test_sql_that_is_refused_stays_in_the_form(client: Client) -> None:
    visitor = Visitor(client).sign_in("analyst")
    answer = visitor.send("/sql", "/sql", statement="SELECT '</textarea>';")

    assert answer.status_code == 422
    assert "SELECT &#39;&lt;/textarea&gt;&#39;</textarea>" in answer.text


def test_an_analyst_stops_what_is_their_own(client: Client) -> None:
    ann, bob = (Visitor(client).sign_in("analyst", name) for name in ("Ann", "Bob"))
    asked = {"statement": "SELECT 1", "mark": "m", "csrf": csrf_of(ann)}
    ann.post("/sql", **asked)

    others = bob.post("/sql/stop", **asked | {"csrf": csrf_of(bob)})
    own = ann.post("/sql/stop", **asked)

    assert "Nothing of yours was running" in others.text
    assert "works on it no longer" in own.text
    assert ">SELECT 1</textarea>" in own.text


def csrf_of(visitor: Visitor) -> str:
    return hidden_fields(visitor.get("/sql").text)["csrf"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_of_the_cookie_is_the_pages(client: Client, theme: str) -> None:
    visitor = Visitor(client)
    visitor.cookies.set("regulars_theme", theme, domain="127.0.0.1", path="/console")

    assert f'data-theme="{theme}"' in visitor.get("/sign-in").text


def test_a_theme_that_there_is_not_is_not_repeated(client: Client) -> None:
    visitor = Visitor(client)
    visitor.cookies.set("regulars_theme", "x", domain="127.0.0.1", path="/console")

    assert "data-theme" not in visitor.get("/sign-in").text


def test_files_are_kept_under_an_address_of_their_content(client: Client) -> None:
    visitor = Visitor(client)
    page = visitor.get("/sign-in").text
    address = re.findall(r'href="(/console/static/console\.css\?v=\w+)"', page)[0]
    answer = visitor.call("GET", address)

    assert "immutable" in answer.headers["cache-control"]
    assert visitor.get("/static/../app.py").status_code == 404
    assert visitor.get("/static/%2e%2e/templates/layout.html").status_code == 404


def test_every_text_is_there_and_none_is_left_over() -> None:
    keys = Texts(TEXTS / "en.yaml").keys()
    said = "".join(
        path.read_text()
        for folder in (TEMPLATES, ROOT / "api" / "console")
        for path in [*folder.rglob("*.html"), *folder.rglob("*.py")]
    )
    asked = set(re.findall(r"""\bt(?:exts)?\(\s*["']([a-z_.0-9]+)["']""", said))
    # Groups whose names come from what is told.
    grouped = {
        "column",
        "kind",
        "entry",
        "role",
        "segments",
        "signals",
        "rows",
        "nav",
        "error",
        "sign_in",
    }

    of = re.findall(r"""\bt(?:exts)?\.of\(\s*["']([a-z_.]+)["']""", said)
    begun = tuple(
        {one for one in asked if one.endswith((".", "_"))} | {f"{g}." for g in of}
    )
    left = {key for key in keys - asked if key.split(".")[0] not in grouped}

    assert {one for one in asked - keys if one not in begun} == set()
    assert {key for key in left if not key.startswith(begun)} == set()


def test_every_question_has_words_for_its_columns() -> None:
    keys = Texts(TEXTS / "en.yaml").keys()
    columns = {
        f"column.{column.name}" for one in QUESTIONS.values() for column in one.columns
    }

    assert columns - keys == set()


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (1_234_567, kinds.COUNT, "1,234,567"),
        (-5, kinds.POINTS, "\N{MINUS SIGN}5"),
        (123_456, kinds.MINOR, "$1,234.56"),
        (-5, kinds.MINOR, "\N{MINUS SIGN}$0.05"),
        (1_234, kinds.SHARE, "12.3%"),
        (-4_400, kinds.SHARE, "\N{MINUS SIGN}44.0%"),
        (5, kinds.SHARE, "0.1%"),
        (date(2026, 7, 4), kinds.DAY, "Sat 4 Jul 2026"),
        (date(2026, 7, 1), kinds.MONTH, "Jul 2026"),
        (None, kinds.MONTH, "never"),
        (None, kinds.COUNT, "\N{EN DASH}"),
        (NOON, kinds.TIME, "15 Jan 2024, 07:00"),
        (0, kinds.TIME, "never"),
        ("text", kinds.TEXT, "text"),
    ],
)
def test_values_are_told_for_people(value, kind: str, text: str) -> None:
    assert Shown("USD", NEW_YORK).value(value, kind) == text


def test_money_without_cents_has_none() -> None:
    assert Shown("JPY", UTC).money(1_250) == "¥1,250"
    assert Shown("CHF", UTC).money(1_250) == "CHF 12.50"


def test_points_that_end_at_midnight_are_usable_the_day_before() -> None:
    midnight = 1_705_294_800_000  # 15 January 2024 in New York

    assert Shown("USD", NEW_YORK).end(midnight) == "14 Jan 2024"
    assert Shown("USD", NEW_YORK).end(0) == "never"


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ({}, "2023-12-17", "2024-01-15"),
        ({"days": "7"}, "2024-01-09", "2024-01-15"),
        ({"days": "0"}, "2024-01-15", "2024-01-15"),
        ({"days": "x"}, "2023-12-17", "2024-01-15"),
        ({"from": "2024-01-01", "until": "2024-01-03"}, "2024-01-01", "2024-01-03"),
        ({"from": "2024-01-05", "until": "2024-01-03"}, "2024-01-03", "2024-01-03"),
        ({"from": "0001-01-01"}, "2023-12-17", "2024-01-15"),
        ({"from": "soon", "until": "later"}, "2023-12-17", "2024-01-15"),
        ({"days": "9999"}, "2021-01-11", "2024-01-15"),
    ],
)
def test_a_span_is_as_asked_and_else_the_last_month(query, first, last) -> None:
    span = span_of(query, NEW_YORK, now_ms=NOON, last_order_at=NOON)

    assert (span.first.isoformat(), span.last.isoformat()) == (first, last)
    assert span.until_at - span.from_at >= span.days * DAY_MS - 3_600_000


def test_old_data_is_shown_to_its_end() -> None:
    span = span_of({}, UTC, now_ms=NOON, last_order_at=NOON - 90 * DAY_MS)

    assert (span.last.isoformat(), span.is_old) == ("2023-10-17", True)


def test_cohorts_end_where_the_data_ends() -> None:
    names = ("cohort", "size", "months_since", "members", "share_bp")
    rows = [
        (date(2024, 1, 1), 4, 0, 4, 10_000),
        (date(2024, 1, 1), 4, 2, 1, 2_500),
        (date(2024, 3, 1), 2, 0, 2, 10_000),
    ]
    cohorts = cohorts_of([dict(zip(names, row, strict=True)) for row in rows])

    assert [[s["share_bp"] for s in one["shares"]] for one in cohorts] == [
        [10_000, 0, 2_500],
        [10_000],
    ]
    assert cohorts_of([]) == []


def test_the_busiest_triggers_have_columns_and_the_others_share_one() -> None:
    week = date(2024, 1, 1)
    rows = [(f"t{n}", week, n, n) for n in range(1, 7)]
    found = trigger_columns(Answered(QUESTIONS["trigger_weeks"].columns, rows))

    assert [column.name for column in found.columns] == [
        "week",
        "t6",
        "t5",
        "t4",
        "others",
    ]
    assert found.rows == [(week, 6, 5, 4, 6)]
    few = trigger_columns(Answered(QUESTIONS["trigger_weeks"].columns, rows[:4]))
    assert [column.name for column in few.columns] == ["week", "t4", "t3", "t2", "t1"]


def test_sums_leave_days_out() -> None:
    rows = [(date(2024, 1, n), *range(8)) for n in (1, 2)]
    found = summed(Answered(QUESTIONS["daily"].columns, rows))

    assert found["value_minor"] == 2
    assert "day" not in found


def test_a_dashboard_with_its_days_is_saved_and_given_up(client: Client) -> None:
    visitor = Visitor(client).sign_in("marketer", "Ann")
    path = "/offers?from=2026-07-01&until=2026-07-31"
    visitor.send("/saved", path, name=" July <b> ")
    listed = visitor.get("/saved").text

    assert 'href="/console/offers?from=2026-07-01&amp;until=2026-07-31"' in listed
    assert "July &lt;b&gt;</a>" in listed
    other = Visitor(client).sign_in("marketer", "Bob").get("/saved")
    assert "Nothing is saved" in other.text

    visitor.send("/saved/drop", "/saved")
    assert "Nothing is saved" in visitor.get("/saved").text


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"name": ""}, "1 to 60 characters"),
        ({"name": "x" * 61}, "1 to 60 characters"),
        ({"address": "//example.com"}, "cannot be saved"),
        ({"address": "javascript:alert(1)"}, "cannot be saved"),
        ({"address": "/offers?" + "x" * 500}, "cannot be saved"),
    ],
)
def test_what_is_no_view_is_not_saved(
    client: Client, fields: dict[str, str], why: str
) -> None:
    visitor = Visitor(client).sign_in("marketer")
    answer = visitor.send("/saved", "/offers", **{"name": "July"} | fields)

    assert answer.status_code == 422
    assert why in answer.text


def test_an_experiment_shows_its_arms_against_the_control() -> None:
    client = Client()
    client.questions.rows["experiments"] = [("old-trial", "a", 9, 1, 2)]
    nothing = (0.0,) * 5
    client.questions.rows["experiment_arms"] = [
        ("a", 1_000, 2e3, 5e3, 1e6, 1.0004e9, *nothing),
        ("b", 1_000, 3e3, 1e4, 2e6, 4.0004e9, *nothing),
    ]
    page = Visitor(client).sign_in().get("/experiments?days=14").text

    assert "old-trial" in page
    # It is in no program any more, so nothing is decided.
    assert "no longer has" in page
    assert "10.00" in page
    assert "+1.00" in page
    assert "in the 14 days from" in page

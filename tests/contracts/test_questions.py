"""The dashboards' questions on a small town whose answers are counted by hand."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from jobs.close_days import close, closing_of
from jobs.migrate_clickhouse import migrate
from local.stack import Stack
from loyalty.decide import decide
from loyalty.decision import Decision
from loyalty.events import ActivityEvent, Applied, Command, OrderEvent, Tick
from loyalty.experiments import arm_of
from loyalty.member import NEW_MEMBER
from loyalty.program import Program
from loyalty.program_document import program_from
from loyalty.view import view_of
from schemas.changes import change_of
from schemas.update_reader import Update, UpdateReader
from schemas.updates import Source, UpdateCodec
from stores.analytics import ClickHouseAnalytics
from stores.analytics_contract import Received, ReceivedActivity
from stores.clickhouse import connect
from stores.clickhouse_questions import ClickHouseQuestions
from stores.questions import QUESTIONS, ParameterMissing, told_of
from stores.questions_contract import STATEMENT_ROWS_MAX, StatementRefused
from tests.builders import A_FULL_PROGRAM, a_refund, an_activity, an_order

READER = UpdateReader()

pytestmark = pytest.mark.end_to_end
NEVER_ASKED = frozenset({"limit"})


def at(text: str) -> int:
    """Time in ms of a UTC time."""
    moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
    return int(moment.timestamp() * 1_000)


def bought(
    member_id: str, order_id: str, dollars: int, when: str, store: str = "north"
) -> OrderEvent:
    """An order of a member, in whole dollars."""
    order = an_order(
        order_id,
        subtotal_minor=dollars * 100,
        member_id=member_id,
        occurred_at=at(when),
    )
    return order._replace(store_id=store)


def redeemed(member_id: str, reward: str, when: str) -> Command:
    """A reward that a member takes."""
    attributes: dict[str, Any] = {"reward_id": reward}
    command_id = f"take-{member_id}-{when}"
    return Command(command_id, member_id, "points.redeem", at(when), "app", attributes)


# A point a dollar, which lives 30 days; silver from 50 of the last 25 days; a coffee
# costs 40 points. Ann comes often, Bob twice, Cid once and takes half of it back.
LIVES: dict[str, list[Any]] = {
    "ann": [
        bought("ann", "a1", 45, "2024-01-10T12:00"),
        an_activity(
            "seen", member_id="ann", occurred_at=at("2024-01-10T18:00")
        )._replace(type="app.opened"),
        redeemed("ann", "coffee", "2024-01-11T09:00"),
        bought("ann", "a2", 30, "2024-01-12T12:00"),
        bought("ann", "a3", 20, "2024-02-05T12:00", "south"),
    ],
    "bob": [
        bought("bob", "b1", 10, "2024-01-12T08:00", "south"),
        bought("bob", "b2", 10, "2024-01-12T20:00", "south"),
        Tick(at("2024-02-20T00:00")),
    ],
    "cid": [
        bought("cid", "c1", 42, "2024-02-03T12:00"),
        a_refund(
            "c1",
            amount_minor=21_00,
            member_id="cid",
            occurred_at=at("2024-02-04T12:00"),
        )._replace(store_id="north"),
        a_refund(
            "c1",
            amount_minor=10_00,
            refund_id="refund-2",
            member_id="cid",
            occurred_at=at("2024-02-04T13:00"),
        )._replace(store_id="north"),
    ],
}


def update_of(
    member_id: str, events: list[Any], program: Program = A_FULL_PROGRAM
) -> Update:
    """All that the rules make of a life, as one update."""
    member, changes = NEW_MEMBER, []
    for number, event in enumerate(events):
        decision = decide(member, event, program, member_id=member_id)
        assert isinstance(decision, Decision)
        member = decision.member
        changes.append(change_of(decision, event, Source("orders", number, 0)))
    codec = UpdateCodec()
    view = view_of(member_id, member, program)
    return READER.read(codec.encode(member_id, view, changes))


TRIAL = program_from(
    {
        "program": "trial",
        "currency": "USD",
        "earn": [{"id": "base", "points": 1}],
        "personal_offers": [{"id": "cake", "name": "Cake", "valid_days": 60}],
        "bonuses": [
            {
                "id": "thanks",
                "kind": "add",
                "points": 10,
                "experiment": {
                    "id": "thanks-trial",
                    "arms": [
                        {"id": "control", "percent": 50, "without": True},
                        {"id": "thanked", "percent": 50},
                    ],
                },
                "when": {"from": "2024-03-10"},
            }
        ],
    }
)


def tried(member_id: str, *orders: tuple[str, int, str]) -> list[OrderEvent]:
    """Orders of somebody who takes part in the experiment; the 30th uses a cake."""
    found = [bought(member_id, name, dollars, when) for name, dollars, when in orders]
    cake = (Applied("cake", None, None, 100),)
    used = at("2024-03-30T00:00")
    return [
        order._replace(applied=cake) if order.occurred_at > used else order
        for order in found
    ]


def saw_cake(member_id: str, event_id: str) -> ReceivedActivity:
    """That somebody saw the offer."""
    act = an_activity(event_id, member_id=member_id, occurred_at=at("2024-03-20T09:00"))
    seen = act._replace(type="offer.viewed", attributes={"offer_id": "cake"})
    return ReceivedActivity(seen, 0)


def of_arm(arm_id: str, place: int) -> str:
    """One of those in an arm."""
    trial = TRIAL.bonus_rules[0].trial
    assert trial is not None
    names = (f"try{n}" for n in range(100))
    return [name for name in names if arm_of(name, trial).arm_id == arm_id][place]


# Before the 10th of March nobody is exposed; what is bought then is the past.
TRIED = {
    of_arm("control", 0): [
        ("k1", 10, "2024-03-05T12:00"),
        ("k2", 20, "2024-03-12T12:00"),
        ("k9", 1, "2024-03-30T12:00"),
    ],
    of_arm("control", 1): [
        ("k3", 30, "2024-03-12T12:00"),
        ("k4", 5, "2024-03-25T12:00"),
    ],
    of_arm("thanked", 0): [
        ("k5", 40, "2024-03-11T12:00"),
        ("k6", 40, "2024-03-12T12:00"),
        ("k7", 7, "2024-01-01T12:00"),
    ],
    of_arm("thanked", 1): [("k8", 99, "2024-03-28T12:00")],
}


async def fill(
    analytics: ClickHouseAnalytics,
    lives: dict[str, list[Any]] = LIVES,
    tokens: tuple[str, ...] = ("once", "again"),
) -> None:
    """Tell of all lives, twice: what is repeated counts once."""
    events = [event for life in lives.values() for event in life]
    orders = [Received(one, 0) for one in events if isinstance(one, OrderEvent)]
    acts = [
        ReceivedActivity(one, 0) for one in events if isinstance(one, ActivityEvent)
    ]
    for token in tokens:
        updates = [update_of(member_id, life) for member_id, life in lives.items()]
        await analytics.insert_updates(updates, token=token)
        await analytics.insert_orders(orders, token=token)
        await analytics.insert_activity(acts, token=token)


Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(scope="module", params=["rows", "closed"])
def questions(request: pytest.FixtureRequest, servers: Stack) -> ClickHouseQuestions:
    """A small town in a real ClickHouse; answers are the same once days are closed."""
    url = servers.addresses()["clickhouse_url"]
    database = f"questions_{request.param}"
    migrate(connect(url), database)
    asyncio.run(fill(ClickHouseAnalytics(url, database)))
    if request.param == "closed":
        march = at("2024-03-01T05:00")
        closing = closing_of(A_FULL_PROGRAM.zone, A_FULL_PROGRAM.wallet_id, march)
        close(connect(url, database), closing, print)
    return ClickHouseQuestions(url, database)


@pytest.fixture
def ask(questions: ClickHouseQuestions) -> Ask:
    """Rows of an answer; January unless other days are named."""

    def asked(name: str, **told: Any) -> list[tuple[Any, ...]]:
        values = told_of(A_FULL_PROGRAM) | {
            "from_at": at("2024-01-01T00:00"),
            "until_at": at("2024-02-01T00:00"),
            "limit": 100,
            **told,
        }
        answer = asyncio.run(questions.ask(QUESTIONS[name], values))
        for row in answer.rows:
            assert len(row) == len(answer.columns)
        return answer.rows

    return asked


FEBRUARY = {"from_at": at("2024-02-01T00:00"), "until_at": at("2024-03-01T00:00")}


def test_the_span_is_from_the_first_order_to_the_last(ask: Ask) -> None:
    assert ask("span") == [(at("2024-01-10T12:00"), at("2024-02-05T12:00"), 6)]


def test_each_day_is_told_also_those_on_which_nothing_happened(ask: Ask) -> None:
    rows = {row[0].isoformat(): row[1:] for row in ask("daily")}

    assert len(rows) == 31
    # Orders, money, earned, used, expired, offers, redemptions, triggers.
    assert rows["2024-01-10"][:6] == (1, 45_00, 45, 0, 0, 1)
    assert rows["2024-01-11"][:7] == (0, 0, 0, 40, 0, 0, 1)
    assert rows["2024-01-12"][:3] == (3, 50_00, 50)
    assert rows["2024-01-13"] == (0, 0, 0, 0, 0, 0, 0, 0)


def test_a_day_is_a_local_day(ask: Ask) -> None:
    rows = ask("daily", zone="Asia/Tokyo", until_at=at("2024-01-31T15:00"))
    orders = {row[0].isoformat(): row[1] for row in rows if row[1]}

    # What Bob buys at 20:00 in UTC is of the next morning.
    assert orders == {"2024-01-10": 1, "2024-01-12": 2, "2024-01-13": 1}


def test_members_are_counted_once_in_a_span_and_in_the_one_before(ask: Ask) -> None:
    assert ask("active_members") == [(2, 0)]
    assert ask("active_members", **FEBRUARY) == [(2, 2)]


def test_what_is_owed_is_the_sum_of_the_ledger(ask: Ask) -> None:
    [(wallet, owed, _, earned, used, expired, breakage)] = ask("wallets")

    # Bob's points are gone; Cid gave back what he earned with 31 dollars.
    assert (wallet, earned, used, expired) == ("points", 157, 40, 20)
    assert owed == 157 - 40 - 20 - 31
    assert breakage == 3_333


def test_points_end_in_the_month_of_their_last_day(ask: Ask) -> None:
    # Of 60 points that are gone 20 expired, so a third of each month's will.
    assert ask("expiry_forecast") == [
        (date(2024, 2, 1), 35, 1, 11),
        (date(2024, 3, 1), 31, 2, 10),
    ]
    assert ask("expiring_members", day="2024-03-20") == [
        ("ann", 20, at("2024-03-07T00:00")),
        ("cid", 11, at("2024-03-05T00:00")),
    ]


def test_cohorts_tell_who_comes_back(ask: Ask) -> None:
    january, february = date(2024, 1, 1), date(2024, 2, 1)

    assert ask("retention", **FEBRUARY) == [
        (january, 2, 0, 2, 10_000),
        (january, 2, 1, 1, 5_000),
        (february, 1, 0, 1, 10_000),
    ]
    assert [row[0] for row in ask("cohort_members", day="2024-01-15")] == ["ann", "bob"]


def test_every_member_has_one_segment(ask: Ask) -> None:
    segments = ask("segments", **FEBRUARY)
    members = [
        row[0]
        for segment in segments
        for row in ask("segment_members", **FEBRUARY, segment=segment[0])
    ]

    assert sorted(members) == ["ann", "bob", "cid"]
    assert sum(row[3] for row in segments) == 157_00


def test_the_funnel_goes_from_reached_over_seen_to_taken(ask: Ask) -> None:
    assert ask("offer_funnel") == [("coffee", 1, 1, 1, 1, 10_000)]
    assert ask("offer_members", offer="coffee")[0][0] == "ann"
    # Ann reaches one again in February; Cid does too, and gives the points back.
    assert ask("offer_funnel", **FEBRUARY) == [("coffee", 2, 0, 0, 0, 0)]


def test_rules_tell_whom_they_reached_and_what_they_gave(ask: Ask) -> None:
    # Members, times, points; a reward takes points, and gives none.
    assert ask("rule_results") == [
        ("spend", "points", 2, 4, 95),
        ("coffee", "", 1, 1, 0),
    ]
    assert ask("rule_results", **FEBRUARY)[0] == ("spend", "points", 2, 2, 62)


def test_a_budget_tells_what_its_rules_gave_and_did_not_get_back(ask: Ask) -> None:
    # 157 points by orders, 31 of them taken back by the returns.
    february = at("2024-02-01T05:00")
    rules = ["spend", "unused"]
    assert ask("budget_uses", since=0, rules=rules) == [("spend", 126)]
    assert ask("budget_uses", since=february, rules=rules) == [("spend", 31)]
    assert ask("budget_uses", since=0, rules=["unused"]) == []


def test_tiers_tell_who_rose_and_who_fell(ask: Ask) -> None:
    assert ask("tier_changes")[0] == ("base", "silver", 1, 1)
    assert ask("tier_weeks") == [(date(2024, 1, 8), 1, 0)]
    [row] = ask("tier_change_rows", tier_before="base", tier_after="silver")
    assert row[:4] == ("ann", at("2024-01-12T12:00"), "base", "silver")
    assert sum(row[1] for row in ask("tier_members")) == 3


def test_stores_stand_side_by_side(ask: Ask) -> None:
    # Orders, members, money, basket, before, change, given back.
    assert ask("stores", **FEBRUARY) == [
        ("north", 1, 1, 42_00, 42_00, 75_00, -4_400, 31_00),
        ("south", 1, 1, 20_00, 20_00, 20_00, 0, 0),
    ]
    orders = ask("order_rows", store="south")
    assert [row[0] for row in orders] == ["b2", "b1"]


# Two stores and what they are together; who ordered at both is one of both.
PLACES: dict[str, Any] = {
    "stores": ["north", "south", "north", "south"],
    "places": ["north", "south", "all", "all"],
}


def test_places_stand_beside_each_other(ask: Ask) -> None:
    # Orders, members, money, basket, given back, its share, earned, offers used.
    assert ask("places", **PLACES) == [
        ("all", 4, 2, 95_00, 23_75, 0, 0, 95, 0),
        ("north", 2, 1, 75_00, 37_50, 0, 0, 75, 0),
        ("south", 2, 1, 20_00, 10_00, 0, 0, 20, 0),
    ]
    assert ask("places", **PLACES, **FEBRUARY)[1] == (
        *("north", 1, 1, 42_00, 42_00, 31_00, 7_380, 42, 0),
    )
    # Nothing chosen is everything.
    assert ask("places", **FEBRUARY) == [("", 2, 2, 62_00, 31_00, 31_00, 5_000, 62, 0)]


def test_places_are_told_day_by_day(ask: Ask) -> None:
    rows = ask("place_days", **PLACES)

    assert [row for row in rows if row[1] == "south"] == [
        (date(2024, 1, 12), "south", 2, 20_00, 0, 20, 0)
    ]
    assert (date(2024, 1, 12), "all", 3, 50_00, 0, 50, 0) in rows
    assert len(rows) == 2 * 2 + 1


@pytest.mark.parametrize(
    ("name", "told", "rows"),
    [
        ("rule_results", {"store": "south"}, [("spend", "points", 1, 2, 20)]),
        ("rule_results", {"channel": "APP"}, [("spend", "points", 2, 4, 95)]),
        ("rule_results", {"store": "south", "channel": "COUNTER"}, []),
        ("stores", {"channel": "COUNTER"}, []),
        ("places", {"channel": "COUNTER"}, []),
        ("order_rows", {"store": "south", "channel": "COUNTER"}, []),
    ],
)
def test_a_store_or_a_way_to_order_is_looked_at_alone(
    ask: Ask, name: str, told: dict[str, Any], rows: list[tuple[Any, ...]]
) -> None:
    assert ask(name, **told) == rows


def test_signals_of_a_store_are_those_of_who_ordered_there(ask: Ask) -> None:
    for store, members in (("north", {"ann"}), ("south", {"bob"}), ("west", set())):
        busy = ask("fraud_signals", orders_max=0, store=store)
        assert {row[1] for row in busy if row[0] == "orders-per-day"} <= members
    assert ask("fraud_signals", orders_max=1, store="south")
    assert ask("fraud_signals", **FEBRUARY, store="south") == []
    assert ask("fraud_signals", **FEBRUARY, store="north")


@pytest.fixture(scope="module")
def trials(servers: Stack) -> ClickHouseQuestions:
    """An experiment in a database of its own."""
    url = servers.addresses()["clickhouse_url"]
    client = connect(url)
    client.command("DROP DATABASE IF EXISTS trials")
    migrate(client, "trials")

    async def tell() -> None:
        analytics = ClickHouseAnalytics(url, "trials")
        for token in ("once", "again"):
            lives = [(name, tried(name, *told)) for name, told in TRIED.items()]
            updates = [update_of(name, list(life), TRIAL) for name, life in lives]
            await analytics.insert_updates(updates, token=token)
            orders = [Received(one, 0) for _, life in lives for one in life]
            await analytics.insert_orders(orders, token=token)
            names = [name for name, _ in lives[:2]]
            acts = [saw_cake(name, f"saw-{n}") for n, name in enumerate(names)]
            acts.append(saw_cake(names[0], "saw-again"))
            await analytics.insert_activity(acts, token=token)

    asyncio.run(tell())
    return ClickHouseQuestions(url, "trials")


def test_arms_are_summed_from_exposure_on_and_before_it(
    trials: ClickHouseQuestions,
) -> None:
    told = told_of(TRIAL) | {
        "experiment": "thanks-trial",
        "days": 7,
        "until_at": at("2024-04-02T00:00"),
    }
    answer = asyncio.run(trials.ask(QUESTIONS["experiment_arms"], told))
    found = asyncio.run(trials.ask(QUESTIONS["experiments"], told))

    # Who was exposed on the 28th has had fewer than 7 days; 25 March and January
    # are too far away.
    assert answer.rows == [
        (
            *("control", 2, 2, 2, 50_00, 20_00**2 + 30_00**2, 50, 20**2 + 30**2),
            *(10_00, 10_00**2, 10_00 * 20_00),
        ),
        ("thanked", 1, 2, 4, 80_00, 80_00**2, 100, 100**2, 0, 0, 0),
    ]
    assert [row[:3] for row in found.rows] == [
        ("thanks-trial", "control", 2),
        ("thanks-trial", "thanked", 2),
    ]


def test_an_offer_is_used_where_its_order_was_placed(
    trials: ClickHouseQuestions,
) -> None:
    told = told_of(TRIAL) | {
        "from_at": at("2024-03-01T00:00"),
        "until_at": at("2024-04-01T00:00"),
        "stores": ["north"],
        "places": ["north"],
    }
    days = asyncio.run(trials.ask(QUESTIONS["place_days"], told)).records()
    [whole] = asyncio.run(trials.ask(QUESTIONS["places"], told)).records()

    # One order of the 30th comes with a cake.
    used = [(one["day"], one["redemptions"]) for one in days if one["redemptions"]]
    assert used == [(date(2024, 3, 30), 1)]
    assert whole["redemptions"] == 1


def test_answers_to_offers_count_a_member_once(trials: ClickHouseQuestions) -> None:
    told = {"until_at": at("2024-04-02T00:00")}
    answer = asyncio.run(trials.ask(QUESTIONS["offer_responses"], told))

    # Two saw the cake, one of them twice, and one used it.
    assert answer.rows == [("cake", "", 2, 0, 1)]


def test_offers_tell_what_became_of_them(trials: ClickHouseQuestions) -> None:
    day_ms = 86_400_000
    told = {"offers": ["pie", "cake"], "lives_ms": [day_ms, 60 * day_ms]}
    may = told | {"until_at": at("2024-05-05T00:00")}
    june = told | {"until_at": at("2024-06-01T00:00")}
    answer = asyncio.run(trials.ask(QUESTIONS["offer_uses"], may))
    later = asyncio.run(trials.ask(QUESTIONS["offer_uses"], june))

    # Four got a cake, one used it. Of the others two got theirs on the 11th and the
    # 12th of March, which end on the 10th and the 11th of May; one ends on the 27th.
    assert answer.rows == [("cake", 4, 1, 0, 2)]
    assert later.rows == [("cake", 4, 1, 0, 0)]


def test_what_is_unusual_is_told_with_what_is_usual(ask: Ask) -> None:
    signals = ask("fraud_signals", **FEBRUARY)
    busy = ask("fraud_signals", orders_max=1)

    assert ("refund-share", "cid", date(2024, 2, 4), 7_380, 5_000) in signals
    assert ("orders-per-day", "bob", date(2024, 1, 12), 2, 1) in busy


def test_a_question_that_is_not_told_enough_is_refused(
    questions: ClickHouseQuestions,
) -> None:
    with pytest.raises(ParameterMissing, match="daily needs from_at, until_at"):
        asyncio.run(questions.ask(QUESTIONS["daily"], {"zone": "UTC", "wallet": "x"}))


def test_words_of_strangers_are_values(ask: Ask) -> None:
    hostile = "x'; DROP TABLE ledger_rows; --\\"

    assert ask("order_rows", store=hostile) == []
    assert ask("wallets")


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE ledger_rows",
        "INSERT INTO ledger_rows (member_id) VALUES ('x')",
        "ALTER TABLE ledger_rows DELETE WHERE 1",
        "SELECT 1 SETTINGS readonly = 0",
        "SET readonly = 0",
        "SELECT * FROM file('/etc/passwd', 'LineAsString')",
        "SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString')",
        "SELECT 1 INTO/**/OUTFILE '/tmp/regulars-outfile.csv'",
        "CREATE TABLE t (a Int8) ENGINE = Memory",
        "SELECT 1; DROP TABLE ledger_rows",
        "SELECT unknown_column FROM ledger",
        "not SQL at all",
        "SELECT sleepEachRow(1) FROM numbers(60) SETTINGS max_block_size = 1",
    ],
)
def test_a_statement_only_reads_and_only_so_long(
    questions: ClickHouseQuestions, ask: Ask, statement: str
) -> None:
    with pytest.raises(StatementRefused):
        asyncio.run(questions.run(statement))

    assert ask("wallets")


def test_a_statement_answers_with_so_many_rows(questions: ClickHouseQuestions) -> None:
    answer = asyncio.run(questions.run("SELECT number FROM numbers(100000)"))

    assert (len(answer.rows), answer.is_cut) == (STATEMENT_ROWS_MAX, True)
    assert answer.columns == [("number", "UInt64")]


def test_a_statement_is_stopped_by_its_mark_and_by_no_other(
    questions: ClickHouseQuestions,
) -> None:
    endless = "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1"

    async def story() -> tuple[int, int, str]:
        running = asyncio.create_task(questions.run(endless, "mine"))
        others = stopped = 0
        for _ in range(50):
            others += await questions.stop("another")
            stopped = await questions.stop("mine")
            if stopped:
                break
            await asyncio.sleep(0.1)
        with pytest.raises(StatementRefused) as refused:
            await running
        return others, stopped, str(refused.value)

    others, stopped, words = asyncio.run(story())

    assert (others, stopped) == (0, 1)
    assert "cancelled" in words
    assert asyncio.run(questions.stop("x' OR 1 = 1 --")) == 0


def test_every_column_is_told_with_its_meaning(questions: ClickHouseQuestions) -> None:
    columns = asyncio.run(questions.tables())
    found = {(one.table, one.column): one for one in columns}

    assert found["ledger", "points"].meaning.startswith("Signed")
    assert found["activity", "type"].meaning
    assert not any(one.table.endswith("_rows") for one in columns)

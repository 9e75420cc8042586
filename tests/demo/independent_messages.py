"""
What the demo's program says in the retail year, worked out a second time.

From `docs/program-rules.md` and the data's files, one household after the other in
plain loops; nothing of `loyalty` or `jobs` is imported. Time is exact: what is due
happens at its very moment, and an order of that moment comes first.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import yaml

from tests.demo.independent_totals import (
    PROGRAM_FILE,
    Basket,
    Document,
    Household,
    baskets_of,
    final_tick_at,
)

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 86_400_000
GAPS: Final = 8
HABIT_COUNT_MAX: Final = 255


class Said(NamedTuple):
    """A step that fired (no number, no channel), or a message; `at` in ms."""

    member_id: str
    trigger: str
    step: str
    channel: str
    at: int


class Waits(NamedTuple):
    """A step that waits for its time, or, with channels, messages of one that fired."""

    at: int
    trigger: str
    occasion: int
    step: int
    begun_at: int
    channels: tuple[str, ...] = ()
    until: int = 0


def independent_messages(
    *, one_of: int = 1, program_file: Path = PROGRAM_FILE
) -> list[Said]:
    """All that is said to each so-many-th household, in no order."""
    document: Document = yaml.safe_load(program_file.read_text())
    check_computable(document)
    zone = ZoneInfo(document["time_zone"])
    said: list[Said] = []
    for number, (household, baskets) in enumerate(baskets_of(zone)):
        if number % one_of == 0:
            said += Told(document, zone, f"household-{household}").year(baskets)
    return said


class Told:
    """One household's year, moment by moment."""

    def __init__(self, document: Document, zone: ZoneInfo, member_id: str) -> None:
        self.zone, self.member_id = zone, member_id
        self.triggers = {one["id"]: one for one in document["triggers"]}
        self.costs = {one["id"]: one["cost_points"] for one in document["offers"]}
        self.policy = document["engagement"]
        self.streak = document["streaks"][0]
        self.final_at = final_tick_at()
        final = datetime.fromtimestamp(self.final_at / 1000, zone)
        self.points = Household(document, final)
        self.ends: list[tuple[int, int]] = []
        self.balance = 0
        self.orders: list[int] = []
        self.hours: Counter[int] = Counter()
        self.weeks: list[int] = []
        self.lapse_done = 0
        self.week_done = 0
        self.fired: dict[str, int] = {}
        self.pushed: list[int] = []
        self.waits: list[Waits] = []
        self.said: list[Said] = []

    def year(self, baskets: list[Basket]) -> list[Said]:
        for basket in baskets:
            while 0 < (due_at := self.next_at()) < basket.at:
                self.moment(due_at, None)
            self.moment(basket.at, basket)
        while 0 < (due_at := self.next_at()) <= self.final_at:
            self.moment(due_at, None)
        return self.said

    def next_at(self) -> int:
        times = [wait.at for wait in self.waits]
        times += [at for at, _ in self.ends]
        times += [at for at in (self.lapse_at(), self.risk_at()) if at]
        return min(times, default=0)

    def moment(self, at: int, basket: Basket | None) -> None:
        before = self.balance
        self.balance -= sum(points for end, points in self.ends if end <= at)
        self.ends = [(end, points) for end, points in self.ends if end > at]
        if basket is not None:
            self.order(basket)
        self.waits = [wait for wait in self.waits if self.is_true(wait)]
        lapse_at = self.lapse_at()
        if 0 < lapse_at <= at:
            self.lapse_done = self.orders[-1]
            self.begin("come-back", self.orders[-1], lapse_at)
        risk_at = self.risk_at()
        if 0 < risk_at <= at:
            self.week_done = self.weeks[-1] + 1
            self.begin("keep-your-streak", self.week_done, risk_at)
        self.settle(at)
        for name in ("near-coffee", "near-five-off"):
            if self.is_near(name, self.balance) and not self.is_near(name, before):
                self.begin(name, at, at)
        self.settle(at)

    def order(self, basket: Basket) -> None:
        counted = len(self.points.ends)
        self.points.count(basket)
        for end, points in self.points.ends[counted:]:
            self.balance += points
            self.ends.append((ms(end), points))
        self.weeks = self.points.weeks
        self.orders = [*self.orders, basket.at][-GAPS - 1 :]
        hour = self.local(basket.at).hour
        if self.hours[hour] == HABIT_COUNT_MAX:
            self.hours = Counter({one: n // 2 for one, n in self.hours.items()})
        self.hours[hour] += 1

    def lapse_at(self) -> int:
        """When the latest order is long ago by the household's own rhythm."""
        rule = self.triggers["come-back"]
        if not self.orders or self.orders[-1] <= self.lapse_done:
            return 0
        gaps = [later - one for one, later in pairwise(self.orders)]
        wait = rule["days"] * DAY_MS
        if len(gaps) >= 3 and median(gaps) >= 1:
            wait = int(median(gaps)) * int(rule["rhythm"])
            wait = max(wait, rule["days_min"] * DAY_MS)
            wait = min(wait, rule["days_max"] * DAY_MS)
        return self.orders[-1] + wait

    def risk_at(self) -> int:
        """So long before the end of the week that would break the streak."""
        rule = self.triggers["keep-your-streak"]
        if len(self.weeks) < rule["length_min"] or self.weeks[-1] + 1 <= self.week_done:
            return 0
        # Weeks begin on Mondays; day 1 of the calendar was one.
        after = datetime.fromordinal((self.weeks[-1] + 2) * 7 + 1)
        return ms(after.replace(tzinfo=self.zone)) - rule["days_before"] * DAY_MS

    def is_near(self, name: str, balance: int) -> bool:
        rule = self.triggers[name]
        return 0 < self.costs[rule["offer"]] - balance <= rule["within_points"]

    def is_true(self, wait: Waits) -> bool:
        if wait.trigger == "come-back":
            return self.orders[-1] <= wait.occasion
        if wait.trigger == "keep-your-streak":
            return self.weeks[-1] + 1 == wait.occasion
        return self.is_near(wait.trigger, self.balance)

    def begin(self, name: str, occasion: int, at: int) -> None:
        self.waits.append(Waits(at, name, occasion, 0, at))

    def settle(self, at: int) -> None:
        while due := [wait for wait in self.waits if wait.at <= at]:
            self.waits = [wait for wait in self.waits if wait.at > at]
            due.sort(key=lambda wait: -self.triggers[wait.trigger].get("priority", 0))
            for wait in due:
                if wait.channels:
                    self.speak(wait, at)
                else:
                    self.fire(wait, at)

    def fire(self, wait: Waits, at: int) -> None:
        rule = self.triggers[wait.trigger]
        cooldown = rule.get("cooldown_days", 0) * DAY_MS
        if wait.step == 0 and cooldown:
            last = self.fired.get(wait.trigger)
            if last is not None and at < last + cooldown:
                return
            self.fired[wait.trigger] = at
        self.said.append(Said(self.member_id, wait.trigger, "", "", at))
        steps = rule.get("steps", [rule])
        message = steps[wait.step].get("message")
        if message:
            until = wait.at + message["expires_hours"] * HOUR_MS
            spoken = wait._replace(channels=tuple(message["channels"]), until=until)
            go_at = self.habit_at(at) if message.get("by_habit") else at
            if go_at > at:
                self.waits.append(spoken._replace(at=go_at))
            else:
                self.speak(spoken, at)
        if wait.step + 1 < len(steps):
            delay = steps[wait.step + 1]["delay"]
            day = self.local(wait.begun_at).date() + timedelta(delay["days"])
            hour, minute = map(int, delay["at"].split(":"))
            moment = datetime(*day.timetuple()[:3], hour, minute, tzinfo=self.zone)
            next_at = max(ms(moment), wait.begun_at)
            self.waits.append(wait._replace(at=next_at, step=wait.step + 1))

    def speak(self, wait: Waits, at: int) -> None:
        later: dict[int, list[str]] = {}
        for channel in wait.channels:
            go_at = self.allowed_at(channel, at)
            if go_at >= wait.until or at >= wait.until:
                continue
            if go_at > at:
                later.setdefault(go_at, []).append(channel)
                continue
            if channel == "push":
                self.pushed.append(at)
            if not self.is_held_out(wait.trigger):
                number = str(wait.step)
                one = Said(self.member_id, wait.trigger, number, channel, at)
                self.said.append(one)
        for go_at, channels in later.items():
            self.waits.append(wait._replace(at=go_at, channels=tuple(channels)))

    def is_held_out(self, name: str) -> bool:
        percent = self.triggers[name].get("holdout_percent", 0)
        digest = blake2b(f"{name}/{self.member_id}".encode(), digest_size=8).digest()
        bucket = int.from_bytes(digest) * 100 // 2**64 + 1
        return bool(bucket <= percent)

    def habit_at(self, at: int) -> int:
        """Now in the hour of most orders, else when it comes next."""
        if self.hours.total() < 3:
            return at
        hour = min(self.hours, key=lambda one: (-self.hours[one], one))
        if self.local(at).hour == hour:
            return at
        return self.next_hour(at, hour)

    def allowed_at(self, channel: str, at: int) -> int:
        """First time at which neither the night nor a cap keeps it."""
        while True:
            found = self.awake_at(at)
            if channel == "push":
                found = max(self.day_at(found), self.week_at(found))
            if found == at:
                return at
            at = found

    def awake_at(self, at: int) -> int:
        quiet = self.policy["quiet_hours"]
        ends = int(quiet["to"].split(":")[0])
        hour = self.local(at).hour
        if hour >= int(quiet["from"].split(":")[0]) or hour < ends:
            return self.next_hour(at, ends)
        return at

    def day_at(self, at: int) -> int:
        """One push a day: if there was one, the next midnight."""
        times = self.policy["frequency"][0]["times"]
        today = self.local(at).date()
        if sum(self.local(one).date() == today for one in self.pushed[-9:]) < times:
            return at
        tomorrow = today + timedelta(1)
        return ms(datetime(*tomorrow.timetuple()[:3], tzinfo=self.zone))

    def week_at(self, at: int) -> int:
        """Three in so many times 24 hours: when the third last of them is over."""
        cap = self.policy["frequency"][1]
        span = cap["days"] * DAY_MS
        recent = sorted(one for one in self.pushed if at - span < one <= at)
        return at if len(recent) < cap["times"] else recent[-cap["times"]] + span

    def next_hour(self, at: int, hour: int) -> int:
        """Next local time at which an hour begins."""
        day = self.local(at).date()
        for one in (day, day + timedelta(1)):
            found = ms(datetime(one.year, one.month, one.day, hour, tzinfo=self.zone))
            if found > at:
                return found
        raise AssertionError("an hour comes within a day")

    def local(self, at: int) -> datetime:
        return datetime.fromtimestamp(at / 1000, UTC).astimezone(self.zone)


def ms(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000


def check_computable(document: Document) -> None:
    """Refuse what is not worked out here, rather than compare with something else."""
    kinds = {one["id"]: one["kind"] for one in document["triggers"]}
    assert kinds == {
        "near-coffee": "near_reward",
        "near-five-off": "near_reward",
        "come-back": "lapsed",
        "keep-your-streak": "streak_at_risk",
    }
    known = {"id", "kind", "offer", "within_points", "cooldown_days", "priority"}
    known |= {"message", "days", "rhythm", "days_min", "days_max", "holdout_percent"}
    known |= {"steps", "streak", "days_before", "length_min"}
    for trigger in document["triggers"]:
        assert trigger.keys() <= known
        for step in trigger.get("steps", [trigger]):
            message = step.get("message", {})
            assert message.keys() <= {
                "template",
                "channels",
                "by_habit",
                "expires_hours",
            }
    assert all("purpose" not in one for one in document["templates"])
    policy = document["engagement"]
    assert policy.keys() == {"consent_assumed", "quiet_hours", "frequency"}
    assert {"push", "inbox"} <= set(policy["consent_assumed"])
    assert policy["quiet_hours"] == {"from": "21:00", "to": "9:00"}
    day, rolling = policy["frequency"]
    assert (day["period"], day["channels"]) == ("day", ["push"])
    assert (rolling["kind"], rolling["channels"]) == ("rolling", ["push"])
    assert "stores" not in document
    assert "member_time_zones" not in document

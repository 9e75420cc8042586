"""Streaks and challenges: what several orders come to together."""

from loyalty.book import Book
from loyalty.experiments import base_id
from loyalty.facts import Gain
from loyalty.limits import GAMES_MAX
from loyalty.member import Badge, Challenge, Streak
from loyalty.periods import period_of
from loyalty.program import Program
from loyalty.rules import (
    GOAL_ORDERS,
    GOAL_SPEND,
    ChallengeRule,
    StreakRule,
)


def advance_streak(book: Book, rule: StreakRule, at: int, *, program: Program) -> int:
    """Count a qualifying order; return the points that it completes."""
    ordinal = period_of(rule.period, at, program.zone)
    # Arms differ in what they are given, not in what counts.
    rule_id = base_id(rule.rule_id)
    known = _streak(book, rule_id)
    if known is None or ordinal > known.ordinal + 1:
        streak = Streak(rule_id, ordinal, 1, 0)
    elif ordinal == known.ordinal:
        streak = Streak(rule_id, ordinal, known.orders + 1, known.length)
    elif known.orders < rule.orders_min:
        # The period before was not enough: the streak begins anew.
        streak = Streak(rule_id, ordinal, 1, 0)
    else:
        streak = Streak(rule_id, ordinal, 1, known.length)
    points = 0
    if streak.orders == rule.orders_min:
        streak = streak._replace(length=streak.length + 1)
        points = _streak_award(book, rule, streak, at=at)
    others = [one for one in book.streaks if one.rule_id != rule_id]
    book.streaks = (*others, streak)
    return points


def advance_challenge(
    book: Book, rule: ChallengeRule, gain: Gain, *, at: int, program: Program
) -> int:
    """Count an order towards a goal; return the points that it completes."""
    ordinal = period_of(rule.period, at, program.zone) if rule.period else 0
    rule_id = base_id(rule.rule_id)
    known = _challenge(book, rule_id)
    if known is None:
        if rule.opt_in or len(book.challenges) >= GAMES_MAX:
            return 0
        known = Challenge(rule_id, 0, ordinal, 0, 0)
    if rule.period and known.ordinal != ordinal:
        known = Challenge(rule_id, 0, ordinal, 0, 0)
    elif known.completed and not rule.repeats:
        return 0
    if known.started_at and rule.within_ms and at >= known.started_at + rule.within_ms:
        known = known._replace(started_at=0, progress=0)
    progress = known.progress + _step(rule, gain)
    now = known._replace(started_at=known.started_at or at, progress=progress)
    times = 0
    if progress >= rule.target:
        times = progress // rule.target if rule.repeats else 1
        rest = progress - times * rule.target if rule.repeats else progress
        now = now._replace(
            started_at=at if rule.repeats and rest else 0,
            progress=rest,
            completed=known.completed + times,
        )
        book.happen("challenge", rule_id, f"reached {rule.target} {rule.goal}")
        _award_badge(book, rule.badge, at)
    _put_challenge(book, now)
    return times * rule.points


def join_challenge(book: Book, rule_id: str, at: int) -> None:
    """Take part in a challenge that asks to be joined."""
    if _challenge(book, rule_id) is None and len(book.challenges) < GAMES_MAX:
        _put_challenge(book, Challenge(rule_id, at, 0, 0, 0))


def leave_challenge(book: Book, rule_id: str) -> None:
    """No longer take part; what was counted is forgotten."""
    book.challenges = tuple(one for one in book.challenges if one.rule_id != rule_id)


def _step(rule: ChallengeRule, gain: Gain) -> int:
    if rule.goal == GOAL_ORDERS:
        return 1
    return gain.amount_minor if rule.goal == GOAL_SPEND else gain.units


def _streak_award(book: Book, rule: StreakRule, streak: Streak, *, at: int) -> int:
    is_whole = streak.length % rule.length == 0
    if not is_whole or (streak.length > rule.length and not rule.repeats):
        return 0
    book.happen(
        "streak", base_id(rule.rule_id), f"{streak.length} {rule.period}s in a row"
    )
    _award_badge(book, rule.badge, at)
    return rule.points


def _award_badge(book: Book, badge: str, at: int) -> None:
    if not badge or any(one.badge == badge for one in book.badges):
        return
    if len(book.badges) < GAMES_MAX:
        book.badges = (*book.badges, Badge(badge, at))
        book.happen("badge", badge, "earned")


def _streak(book: Book, rule_id: str) -> Streak | None:
    for streak in book.streaks:
        if streak.rule_id == rule_id:
            return streak
    return None


def _challenge(book: Book, rule_id: str) -> Challenge | None:
    for challenge in book.challenges:
        if challenge.rule_id == rule_id:
            return challenge
    return None


def _put_challenge(book: Book, challenge: Challenge) -> None:
    others = [one for one in book.challenges if one.rule_id != challenge.rule_id]
    book.challenges = tuple(sorted([*others, challenge]))

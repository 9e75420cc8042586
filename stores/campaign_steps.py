"""Steps of a campaign's life, each as a change of what is kept; None is no change."""

from stores.campaigns_contract import (
    DETAIL_LENGTH_MAX,
    DONE,
    DRAFT,
    LEASE_MS,
    PAUSED,
    RUNNING,
    SCHEDULED,
    STEPS_KEPT_MAX,
    STOPPED,
    Campaign,
    CampaignStep,
    Going,
    Plan,
    Progress,
)

WRITTEN = "written"
STARTED = "started"
RESUMED = "resumed"


def written(known: Campaign, plan: Plan, by: str, *, now: int) -> Campaign | None:
    """A draft with another plan."""
    if known.state != DRAFT:
        return None
    changed = known._replace(plan=plan, written_by=by)
    return _with_step(changed, by, WRITTEN, now=now)


def scheduled(known: Campaign, by: str, *, now: int) -> Campaign | None:
    """A draft that somebody lets begin, at its time."""
    if known.state != DRAFT:
        return None
    plan = known.plan._replace(starts_at=known.plan.starts_at or now)
    changed = known._replace(state=SCHEDULED, approved_by=by, plan=plan)
    return _with_step(changed, by, STARTED, now=now)


def paused(known: Campaign, by: str, *, now: int) -> Campaign | None:
    """One that sends nothing more until it is resumed."""
    if known.state not in (SCHEDULED, RUNNING):
        return None
    return _with_step(known._replace(state=PAUSED), by, PAUSED, now=now)


def resumed(known: Campaign, by: str, *, now: int) -> Campaign | None:
    """One that goes on where it was."""
    if known.state != PAUSED:
        return None
    state = RUNNING if known.started_at else SCHEDULED
    changed = known._replace(state=state, lease="", lease_until=0)
    return _with_step(changed, by, RESUMED, now=now)


def stopped(known: Campaign, by: str, *, now: int) -> Campaign | None:
    """One that never goes on; a draft is given up."""
    if known.is_over:
        return None
    changed = known._replace(state=STOPPED, ended_at=now)
    return _with_step(changed, by, STOPPED, now=now)


def taken(known: Campaign, lease: str, now: int) -> Campaign | None:
    """One with a new holder; None while another one has it, or before its time."""
    is_due = known.state == SCHEDULED and known.plan.starts_at <= now
    is_left = known.state == RUNNING and known.lease_until <= now
    if not (is_due or is_left):
        return None
    return known._replace(
        state=RUNNING,
        started_at=known.started_at or now,
        lease=lease,
        lease_until=now + LEASE_MS,
    )


def renewed(known: Campaign, lease: str, now: int) -> Campaign | None:
    """One that its holder still has."""
    if known.state != RUNNING or known.lease != lease:
        return None
    return known._replace(lease_until=now + LEASE_MS)


def frozen(
    known: Campaign, lease: str, progress: Progress, *, now: int
) -> Campaign | None:
    """One whose audience is settled, once and for all."""
    held = renewed(known, lease, now)
    if held is None or held.progress.snapshot:
        return None
    return held._replace(progress=progress)


def going(known: Campaign, lease: str, going: Going, *, now: int) -> Campaign | None:
    """One about to send to some members; what another holder noted stays as it is."""
    held = renewed(known, lease, now)
    if held is None:
        return None
    noted = held.progress.going or going
    return held._replace(progress=held.progress._replace(going=noted))


def confirmed(known: Campaign, lease: str, going: Going) -> Campaign | None:
    """One whose members the broker has: also when it was paused meanwhile."""
    progress = known.progress
    if known.lease != lease or progress.going != going:
        return None
    progress = progress._replace(
        going=None, after=going.until, sent=progress.sent + going.members
    )
    return known._replace(progress=progress)


def left(known: Campaign, lease: str) -> Campaign | None:
    """One that its holder lets go of, for the next one to go on at once."""
    if known.state != RUNNING or known.lease != lease:
        return None
    return known._replace(lease="", lease_until=0)


def finished(known: Campaign, lease: str, ended: Campaign) -> Campaign | None:
    """One at its end; None when it is not the holder's any more."""
    if known.state != RUNNING or known.lease != lease:
        return None
    return known._replace(
        state=ended.state,
        ended_at=ended.ended_at,
        detail=ended.detail[:DETAIL_LENGTH_MAX],
        lease="",
        lease_until=0,
    )


def done(known: Campaign, now: int, detail: str = "") -> Campaign:
    """How a campaign stands that is through, or whose time is over."""
    return known._replace(state=DONE, ended_at=now, detail=detail)


def given_up(known: Campaign, now: int, detail: str) -> Campaign:
    """How a campaign stands that could not go on by itself."""
    return known._replace(state=STOPPED, ended_at=now, detail=detail)


def _with_step(known: Campaign, by: str, what: str, *, now: int) -> Campaign:
    steps = (*known.steps, CampaignStep(now, by, what))[-STEPS_KEPT_MAX:]
    return known._replace(steps=steps, revision=known.revision + 1)

"""`make demo`: the whole system on this machine, a real year of orders through it."""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from local.demo_messages import DemoMessages
from local.kafka import BRIEF, KafkaNotInstalled, is_installed
from local.processes import NotHealthy
from local.stack import PROJECT, JobFailed, Stack
from local.webhook_log import SETTINGS, receiving

ROOT: Final = Path(".local")
WEBHOOK_LOG: Final = "webhook-log.jsonl"
EXIT_FAILED: Final = 1
EXIT_INTERRUPTED: Final = 130
# The midnight after the data's first week, which is one day long, and no later one:
# points of a few weeks would be over by the end of the year.
FIRST_MIDNIGHT: Final = date(2017, 1, 3)
A_MEMBER: Final = "household-900"
LATENCY_SUM: Final = re.compile(r"regulars_sink_latency_seconds_(sum|count)\S* (\S+)")


def main(arguments: list[str]) -> int:
    """Run the demo; return the exit code."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument(
        "--once", action="store_true", help="stop everything at the end"
    )
    parser.add_argument("--weeks", type=int, default=53, help="replay only so many")
    parser.add_argument("--root", type=Path, default=ROOT, help="folder of the data")
    chosen = parser.parse_args(arguments)
    if chosen.once:
        os.environ.setdefault(BRIEF, "1")
    stack = Stack(chosen.root.resolve(), say=_say, settings=SETTINGS)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with receiving(stack.root / WEBHOOK_LOG) as log:
            _run(stack, weeks=chosen.weeks, messages=DemoMessages(stack, log))
            if not chosen.once:
                print("\n  Ctrl-C stops everything.", flush=True)
                while True:
                    signal.pause()
    except KeyboardInterrupt:
        print()
        return 0 if not chosen.once else EXIT_INTERRUPTED
    except (NotHealthy, JobFailed, KafkaNotInstalled) as error:
        sys.stderr.write(f"\n{error}\n")
        return EXIT_FAILED
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        stack.stop()
    return 0


def _run(stack: Stack, *, weeks: int, messages: DemoMessages) -> None:
    print("Regulars: a year of a real grocer's orders through a loyalty engine\n")
    if not is_installed():
        _say("fetching Kafka, once for this machine (about 40 seconds)")
    stack.start_all()
    messages.listen()
    replayed = stack.root / f"replayed-{weeks}-weeks"
    print()
    if replayed.exists():
        _say("the year is in Kafka already (make clean to begin anew)")
    else:
        started = time.monotonic()
        _replay(stack, weeks)
        stack.run_job("wait-until-idle")
        # A midnight may have come while orders before it were still on their way.
        stack.run_job("send-ticks", "--at", midnight_after(weeks))
        stack.run_job("wait-until-idle")
        seconds = time.monotonic() - started
        replayed.write_text(f"{seconds:.1f}\n")
        print(f"\n  order to offer and to table in {seconds:.1f} s, exactly once\n")
    print(stack.run_job("show-totals").rstrip())
    _show_latency(stack)
    messages.show()
    _show_member(stack)


def _replay(stack: Stack, weeks: int) -> None:
    done = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", "jobs", "replay-retail", "--weeks", str(weeks)],
        env=stack.environment(),
        cwd=PROJECT,
        check=False,
    )
    if done.returncode == EXIT_INTERRUPTED or done.returncode < 0:
        raise KeyboardInterrupt
    if done.returncode != 0:
        raise JobFailed("the replay failed, see above")


def _show_latency(stack: Stack) -> None:
    """Mean time from the broker taking an order to its offers being readable."""
    port = stack.port("redis-sink", "metrics")
    with urllib.request.urlopen(
        f"http://127.0.0.1:{port}/metrics", timeout=5
    ) as answer:
        found = dict(LATENCY_SUM.findall(answer.read().decode()))
    if float(found.get("count", 0)):
        mean = float(found["sum"]) / float(found["count"])
        print(f"  order to offer      {mean:.2f} s on average, at full speed")


def midnight_after(weeks: int) -> str:
    """The midnight at which everything was due that was due in so many weeks."""
    return f"{FIRST_MIDNIGHT + timedelta(weeks=weeks - 1)}T00:00:00Z"


def _show_member(stack: Stack) -> None:
    api = stack.addresses()["api_url"]
    url = f"{api}/v1/members/{A_MEMBER}"
    token = stack.issuer.token("members:read", subject="demo")
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=5) as answer:
        member = json.load(answer)
    offers = ", ".join(offer["name"] for offer in member["offers"]) or "none yet"
    print(f"\n  {A_MEMBER}: {member['balance']:,} points, tier {member['tier']}")
    print(f"  offers: {offers}")
    print(f"\n  the console         {api}/console/  (choose who you are, no password)")
    print(f"  the member there    {api}/console/members/{A_MEMBER}")
    print(f"  the API             {api}/v1/members/{A_MEMBER}/offers")
    print(f"                      {api}/v1/members/{A_MEMBER}/ledger")
    print('  a token for it      make token SCOPES="members:read"')
    print("  every call, in order: docs/api.md")


def _say(text: str) -> None:
    print(f"  {text}", flush=True)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

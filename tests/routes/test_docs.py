"""The pages for strangers name what there is, and nothing else."""

import re
from pathlib import Path

from api.errors import KINDS
from api.refusals import BY_REASON
from tests.builders import NOON
from tests.routes.client import Client

DOCS = Path(__file__).parents[2] / "docs"
# Those of HTTP's own name that a request can meet.
OF_HTTP = {"not-found", "method-not-allowed"}


def test_every_problem_type_is_registered() -> None:
    text = (DOCS / "problems.md").read_text()
    rows = re.findall(r"^\| `/problems/([a-z-]+)` \| (\d+) \|", text, re.MULTILINE)

    kinds = {kind.name: str(int(kind.status)) for kind in KINDS}
    assert {name: status for name, status in rows if name not in OF_HTTP} == kinds
    assert {name for name, _ in rows} >= OF_HTTP


def test_every_reason_of_a_refusal_is_explained() -> None:
    sources = [Path("loyalty/events.py"), Path("schemas/events.py")]
    said = "".join((DOCS.parent / path).read_text() for path in sources)
    reasons = set(re.findall(r'Invalid(?:Event)\(\s*"([a-z-]+)"', said))
    text = (DOCS / "problems.md").read_text()

    assert reasons
    assert {reason for reason in reasons if f"`{reason}`" not in text} == set()


def test_every_path_is_in_the_guide() -> None:
    paths = Client().call("GET", "/openapi.json").json()["paths"]
    text = (DOCS / "api.md").read_text().replace("{id}", "{member_id}")

    assert {path for path in paths if path not in text} == set()


def test_every_reason_of_a_refused_command_is_explained() -> None:
    text = (DOCS / "problems.md").read_text()
    told = {
        reason: int(status)
        for reasons, status in re.findall(
            r"^\| (`[^|]*) \| (\d+) \|", text, re.MULTILINE
        )
        for reason in re.findall(r"`([a-z-]+)`", reasons)
    }

    assert {reason: int(kind.status) for reason, kind in BY_REASON.items()} == {
        reason: told[reason] for reason in BY_REASON if reason in told
    }


def test_what_the_guide_sends_is_taken() -> None:
    """Every body of the guide, in its order: the later ones build on the earlier."""
    text = (DOCS / "api.md").read_text()
    pattern = r"-X POST \$API(\S+) (.*?)-d '(\{.*?\})'\n"
    sent = re.findall(pattern, text, re.DOTALL)
    now = "'$(date +%s000)'"
    client = Client()

    assert {path.split("/")[-1] for path, _, _ in sent} == {
        "orders",
        "activity",
        "members",
        "adjustments",
        "redemptions",
        "reservations",
        "estimates",
    }
    for path, options, body in sent:
        headers = {"content-type": "application/json"}
        key = re.search(r"Idempotency-Key: ([^']+)'", options)
        if key is not None:
            headers["idempotency-key"] = key[1]
        content = body.replace(now, str(NOON))
        answer = client.call("POST", path, content=content, headers=headers)
        assert answer.status_code in (200, 201, 202), (path, answer.text)

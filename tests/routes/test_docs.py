"""The pages for strangers name what there is, and nothing else."""

import re
from pathlib import Path

from api.errors import KINDS
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


def test_what_the_guide_sends_is_taken() -> None:
    text = (DOCS / "api.md").read_text()
    sent = re.findall(r"-X POST \$API(\S+) .*? -d '(\{.*?\})'\n", text, re.DOTALL)
    now = "'$(date +%s000)'"

    assert [path for path, _ in sent] == ["/v1/orders", "/v1/activity"]
    for path, body in sent:
        answer = Client().call(
            "POST",
            path,
            content=body.replace(now, str(NOON)),
            headers={"content-type": "application/json"},
        )
        assert answer.status_code == 202

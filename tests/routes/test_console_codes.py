"""Pools of codes on the console: their figures, and lists that people upload."""

import asyncio
import html
from typing import Any

import httpx
import pytest

from api.code_requests import CODE_LENGTH_MAX
from api.console.rulebook.code_uploads import LineFault, code_lines
from api.console.uploads import text_of_file
from loyalty.program_document import program_from
from stores.code_lists_contract import CODES_AT_ONCE_MAX
from tests.routes.client import Client
from tests.routes.desk import Visitor, hidden_fields

PROGRAM: dict[str, Any] = {
    "program": "p",
    "currency": "USD",
    "earn": [{"id": "spend", "points": 1}],
    "code_pools": [
        {"id": "spring", "codes": 500},
        {"id": "list", "kind": "uploaded", "codes": 20_000, "redeem_by": "anyone"},
    ],
    "personal_offers": [
        {"id": "cake", "name": "Cake", "codes": "spring", "valid_days": 30},
        {"id": "pie", "name": "Pie", "codes": "list"},
        {"id": "tart", "name": "Tart", "codes": "list", "valid_days": 7},
    ],
}
PAGE = "/code-pools/list"


@pytest.fixture
def client() -> Client:
    return Client(program_from(PROGRAM), PROGRAM)


@pytest.fixture
def mia(client: Client) -> Visitor:
    return Visitor(client).sign_in("marketer", "Mia")


def upload(
    visitor: Visitor, *, page: str = PAGE, file: bytes = b"", **fields: str
) -> httpx.Response:
    """Send the form of a pool as a browser does: with a file, or with none."""
    hidden = hidden_fields(visitor.get(page).text)
    return visitor.call(
        "POST",
        f"/console{page}/codes",
        data=hidden | {"first": "0", "codes": ""} | fields,
        files={"file": ("codes.csv" if file else "", file)},
    )


def told(answer: httpx.Response) -> str:
    """What a page says, without its tags' entities."""
    return html.unescape(answer.text)


def count(client: Client) -> int:
    return asyncio.run(client.code_lists.count("list"))


def test_a_file_of_codes_is_uploaded(client: Client, mia: Visitor) -> None:
    answer = upload(mia, file=b'\xef\xbb\xbfCode\r\n"PIE-1"\r\n\r\nPIE-2\r\n')

    assert answer.status_code == 303, answer.text
    page = mia.get(answer.headers["location"].removeprefix("/console")).text
    assert "2 codes were uploaded." in page
    assert "2 uploaded" in page
    assert 'name="first" value="2"' in page
    shown = asyncio.run(client.code_lists.codes_of("list", [0, 1, 2]))
    assert shown == ["PIE-1", "PIE-2", None]


def test_pasted_codes_go_on_where_the_list_ends(client: Client, mia: Visitor) -> None:
    upload(mia, codes="A-1\nA-2")
    assert upload(mia, codes="A-3", first="2").status_code == 303
    # The same part again changes nothing.
    assert upload(mia, codes="A-1\nA-2").status_code == 303
    assert count(client) == 3


def test_bad_and_double_lines_are_named_and_nothing_is_taken(
    client: Client, mia: Visitor
) -> None:
    long = "X" * (CODE_LENGTH_MAX + 1)
    answer = upload(mia, codes=f"A-1\n\na 1\nÜ-1\n--\n{long}")

    assert answer.status_code == 422
    page = told(answer)
    assert "Nothing was uploaded: 4 lines to put right." in page
    assert "<strong>Line 3</strong> <code>a 1</code> is the same as line 1" in page
    assert "<strong>Line 4</strong> <code>Ü-1</code> is not of letters" in page
    assert "<strong>Line 5</strong>" in page
    assert "<strong>Line 6</strong>" in page
    # What was pasted is there to be corrected.
    assert "A-1\n\na 1" in page
    assert count(client) == 0


def test_codes_in_the_way_of_others_are_named_with_where_they_stand(
    client: Client, mia: Visitor
) -> None:
    upload(mia, codes="A-1\nA-2")
    again = told(upload(mia, codes="new\nA-1", first="5"))
    taken = told(upload(mia, codes="new", first="1"))

    assert (
        "<strong>Line 2</strong> <code>A-1</code> is known already, as number 0 of list"
        in again
    )
    assert "cannot have number 1: that has another code." in taken
    assert count(client) == 2


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"codes": " \n\n"}, "there is no code in it"),
        ({"file": b"\xff\x00\xc3\x28"}, "no text in UTF-8"),
        ({"codes": "A", "first": "-1"}, "is 0 to 999999"),
        ({"codes": "A", "first": "x"}, "is 0 to 999999"),
        ({"codes": "A", "first": "20000"}, "do not fit into a pool of 20000"),
        (
            {"file": b"\n".join(b"c%d" % n for n in range(CODES_AT_ONCE_MAX + 1))},
            "10,001 codes are more than 10,000",
        ),
    ],
    ids=["empty", "no text", "below", "no number", "no room", "too many"],
)
def test_what_cannot_be_uploaded_says_why(
    client: Client, mia: Visitor, fields: dict[str, Any], why: str
) -> None:
    answer = upload(mia, **fields)

    assert answer.status_code == 422
    assert why in told(answer)
    assert len(answer.content) < 60_000
    assert count(client) == 0


def test_as_many_codes_as_may_be_are_taken_at_once(
    client: Client, mia: Visitor
) -> None:
    file = b"\n".join(b"c%d" % n for n in range(CODES_AT_ONCE_MAX))

    assert upload(mia, file=file).status_code == 303
    assert count(client) == CODES_AT_ONCE_MAX


def test_a_pool_whose_codes_are_made_takes_no_list(mia: Visitor) -> None:
    page = mia.get("/code-pools/spring").text
    answer = upload(mia, page="/code-pools/spring", codes="A")

    assert 'type="file"' not in page
    assert answer.status_code == 422
    assert "are generated" in answer.text


def test_a_list_is_not_for_who_only_looks_nor_for_other_sites(
    client: Client, mia: Visitor
) -> None:
    otto = Visitor(client).sign_in("approver", "Otto")
    assert 'type="file"' not in otto.get(PAGE).text
    assert upload(otto, codes="A").status_code == 403
    path = "/console/code-pools/list/codes"
    files = {"file": ("a.txt", b"A")}
    strange = mia.call("POST", path, data={"csrf": "guess"}, files=files)
    other = mia.call(
        "POST", path, files=files, headers={"sec-fetch-site": "cross-site"}
    )

    assert (strange.status_code, other.status_code) == (400, 400)
    assert count(client) == 0


def test_a_pool_tells_what_became_of_its_codes(client: Client, mia: Visitor) -> None:
    client.questions.rows["offer_uses"] = [
        ("cake", 40, 5, 1, 2),
        ("pie", 1_000, 250, 100, 30),
        ("tart", 500, 50, 0, 7),
    ]
    page = mia.get(PAGE).text
    figures = [f'<dd class="figure">{n}</dd>' for n in ("1,500", "300", "37", "18,500")]
    [asked] = [one for name, one in client.questions.asked if name == "offer_uses"]

    assert [one for one in figures if one not in page] == []
    assert asked["offers"] == ["pie", "tart"]
    assert asked["lives_ms"] == [14 * 86_400_000, 7 * 86_400_000]
    listed = mia.get("/code-pools").text
    assert "Cake" in listed
    assert '<td class="n">460</td>' in listed


def test_without_the_store_of_numbers_the_pool_and_its_form_are_there(
    client: Client, mia: Visitor
) -> None:
    client.questions.is_available = False
    page = mia.get(PAGE)

    assert page.status_code == 200
    assert "could not be had just now: offer_uses" in page.text
    assert 'type="file"' in page.text


def test_a_programme_without_pools_says_what_to_do() -> None:
    mia = Visitor(Client()).sign_in("marketer", "Mia")

    assert "The programme has no pool of codes" in mia.get("/code-pools").text
    assert mia.get("/code-pools/none").status_code == 404


def test_a_head_is_left_out_only_at_the_top() -> None:
    assert code_lines("Codes\nA\ncode").codes == ["A", "code"]
    assert code_lines("A\nA").faults == [LineFault(2, "A", "double", 1)]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("A\n".encode("utf-16"), "A\n"),
        (b"\xef\xbb\xbfA", "A"),
        (b"A\x00B", None),
        (b"", ""),
    ],
)
def test_files_are_read_as_editors_save_them(content: bytes, text: str | None) -> None:
    assert text_of_file(content) == text

"""FAULTS G3: nothing is sent to anybody inside, whatever an address looks like."""

import asyncio
import socket
from collections.abc import Iterator
from ipaddress import ip_address, ip_network

import pytest

from delivery.targets import TargetRefused, TargetRules, is_public, target_of
from delivery.web import Answer, NotSent, SafeClient
from tests.end_to_end.receiver import Receiver, receiving

HTTP = TargetRules(allows_http=True)
INNER = TargetRules(allows_http=True, networks=(ip_network("127.0.0.0/8"),))
REFUSED = [
    "https://127.0.0.1/hook",
    "https://localhost/hook",
    "https://sub.localhost./hook",
    "https://10.1.2.3/",
    "https://172.16.0.1/",
    "https://172.31.255.255/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data",
    "https://100.64.0.1/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[::127.0.0.1]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fd00::1]/",
    "https://[ff02::1]/",
    "https://0x7f000001/",
    "https://0x7f.1/",
    "https://2130706433/",
    "https://017700000001/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://0/",
    "https://0.0.0.0/",
    "https://255.255.255.255/",
    "https://224.0.0.1/",
    "https://198.18.0.1/",
    "https://metadata.google.internal/",
    "https://printer.local/",
    "https://ok@127.0.0.1/",
    "https://ok:secret@example.com/",
    "http://example.com/",
    "file:///etc/passwd",
    "gopher://example.com/",
    "ftp://example.com/",
    "//example.com/",
    "https:///hook",
    "https://example.com:22/",
    "https://example.com:6379x/",
    "https://example.com:99999/",
    "https://example.com/#part",
    "https://exa mple.com/",
    "https://example.com\\@127.0.0.1/",
    "https://example.com/\r\nX: y",
    "https://①②⑦.0.0.1/",
    "https://[::1/",
    "https://" + "a" * 2_000 + ".example.com/",
    "",
]


@pytest.mark.parametrize("url", REFUSED, ids=[url[:40] for url in REFUSED])
def test_an_address_inside_is_refused_before_anything_is_sent(url: str) -> None:
    with pytest.raises(TargetRefused):
        target_of(url, TargetRules())


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://example.com", ("https", "example.com", 443, "/")),
        ("https://EXAMPLE.com.:8443/a?b=c", ("https", "example.com", 8443, "/a?b=c")),
        ("https://93.184.216.34/x", ("https", "93.184.216.34", 443, "/x")),
        ("https://[2606:2800:21f::1]/", ("https", "2606:2800:21f::1", 443, "/")),
    ],
)
def test_a_public_address_is_taken_apart(url: str, target: tuple) -> None:
    assert target_of(url, TargetRules()) == target


@pytest.mark.parametrize("text", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_what_is_anybodys_is_public(text: str) -> None:
    assert is_public(ip_address(text))


def test_a_network_that_the_operator_names_is_allowed() -> None:
    assert target_of("http://127.0.0.1:8000/", INNER).port == 8_000
    with pytest.raises(TargetRefused):
        target_of("http://10.0.0.1:8000/", INNER)


@pytest.fixture
def listener() -> Iterator[tuple[int, list[int]]]:
    """A port of this machine, and the connections that it saw."""
    seen: list[int] = []
    server = socket.create_server(("127.0.0.1", 0))
    server.setblocking(False)
    yield server.getsockname()[1], seen
    while True:
        try:
            connection, _ = server.accept()
        except BlockingIOError:
            break
        seen.append(1)
        connection.close()
    server.close()
    assert seen == []


def post(url: str, rules: TargetRules, *answers: list[str]) -> int:
    """Post to a name that the resolver answers for, one answer after the other."""
    told = list(answers)

    async def resolve(_host: str, _port: int) -> list[str]:
        return told.pop(0) if len(told) > 1 else told[0]

    async def inside() -> int:
        client = SafeClient(rules, timeout_ms=1_000, resolve=resolve)
        try:
            await client.check(url)
            return (await client.post(url, {}, b"{}")).status
        finally:
            await client.close()

    return asyncio.run(inside())


@pytest.mark.parametrize(
    "answers",
    [
        [["127.0.0.1"]],
        [["::1"]],
        [["::ffff:127.0.0.1"]],
        [["93.184.216.34", "127.0.0.1"]],
        [["169.254.169.254"]],
        # The name that changes after it was checked (rebinding).
        [["93.184.216.34"], ["127.0.0.1"]],
        [[]],
    ],
    ids=["loopback", "six", "mapped", "one of two", "metadata", "rebinding", "nowhere"],
)
def test_a_name_that_leads_inside_is_never_connected_to(
    listener: tuple[int, list[int]], answers: list[list[str]]
) -> None:
    with pytest.raises(TargetRefused):
        post(f"http://innocent.example:{listener[0]}/", HTTP, *answers)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def test_a_redirect_is_an_answer_and_is_not_followed(receiver: Receiver) -> None:
    receiver.status = 302

    status = post(receiver.url("/away"), INNER, ["127.0.0.1"])

    assert status == 302
    assert [hit.path for hit in receiver.hits] == ["/away"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_who_sends_on_to_somebody_inside_is_not_followed(
    status: int, listener: tuple[int, list[int]]
) -> None:
    """What `Location` names sees no connection; of the answer only the status is kept."""
    port, _ = listener
    answer = (
        f"HTTP/1.1 {status} Away\r\nLocation: http://127.0.0.1:{port}/\r\n"
        "Content-Length: 6\r\n\r\nsecret"
    )

    async def inside() -> Answer:
        async def serve(
            reader: asyncio.StreamReader, writer: asyncio.StreamWriter
        ) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer.encode())
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        # Anybody may name 127.0.0.1 in `Location`: even an allowed one is not followed.
        client = SafeClient(INNER, timeout_ms=1_000)
        try:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
            return await client.post(url, {}, b"{}")
        finally:
            await client.close()
            server.close()

    found = asyncio.run(inside())

    assert found.status == status
    assert "secret" not in repr(found)
    assert str(port) not in repr(found)


def test_a_name_is_kept_while_its_address_is_connected_to(receiver: Receiver) -> None:
    post(f"http://innocent.example:{receiver.port}/x", INNER, ["127.0.0.1"])

    assert receiver.hits[0].headers["host"] == f"innocent.example:{receiver.port}"


@pytest.mark.parametrize("path", ["/slow"])
def test_who_answers_too_late_has_not_answered(receiver: Receiver, path: str) -> None:
    with pytest.raises(NotSent, match="in time"):
        post(receiver.url(path), INNER, ["127.0.0.1"])

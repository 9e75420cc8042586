"""`python -m benchmarks.receiver`: answers 200 to whatever is posted, at once."""

import asyncio
from typing import Final, cast

ANSWER: Final = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
HEAD_END: Final = b"\r\n\r\n"


class _Receiving(asyncio.Protocol):
    """One connection: whole requests are answered, in their order."""

    def __init__(self) -> None:
        """Nothing has come."""
        self._left = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where answers go."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer every request that is whole."""
        self._left += data
        while (end := self._left.find(HEAD_END)) >= 0:
            head = self._left[:end].lower()
            length = int(head.partition(b"content-length: ")[2].split(b"\r\n")[0])
            whole = end + len(HEAD_END) + length
            if len(self._left) < whole:
                return
            self._left = self._left[whole:]
            self._transport.write(ANSWER)


async def main() -> None:
    """Print the port, and answer until the process is ended."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Receiving, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())

"""An SMTP server that takes its time: before its greeting, or at any command."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Final

from delivery.mail import MailServer

GREETING: Final = "greeting"
END: Final = "end of the letter"


class SlowServer:
    """
    Takes every letter, each after its time; it does not ask whether somebody waits.

    `seconds` are by what is asked for: `GREETING`, a command, or `END`, that is
    the end of the letter itself.
    """

    def __init__(self, seconds: Mapping[str, float]) -> None:
        self.taken = 0
        self._seconds = seconds

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[MailServer]:
        """Listen, and say where."""
        async with await asyncio.start_server(self._talk, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            yield MailServer(
                "127.0.0.1", port, "none", "", "", "Bistro <news@bistro.example>"
            )

    async def _talk(self, reader: StreamReader, writer: StreamWriter) -> None:
        # Whoever gave up is gone, and at the end of a test so is the loop.
        with suppress(ConnectionError, asyncio.CancelledError):
            await self._answer(writer, GREETING, "220 at last")
            while line := await reader.readline():
                verb = line.decode().strip().upper().partition(" ")[0]
                if verb == "DATA":
                    writer.write(b"354 go on\r\n")
                    await reader.readuntil(b"\r\n.\r\n")
                    await asyncio.sleep(self._seconds.get(END, 0.0))
                    self.taken += 1
                await self._answer(
                    writer, verb, "221 bye" if verb == "QUIT" else "250 OK"
                )
                if verb == "QUIT":
                    break
        writer.close()

    async def _answer(self, writer: StreamWriter, asked: str, text: str) -> None:
        await asyncio.sleep(self._seconds.get(asked, 0.0))
        writer.write(f"{text}\r\n".encode())
        await writer.drain()

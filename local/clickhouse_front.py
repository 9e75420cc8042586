"""`python -m local.clickhouse_front`: ClickHouse's HTTP interface over the engine."""

import argparse
import asyncio
import logging
import uuid
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from local.clickhouse_engine import HANDLES, Engine, EngineError, summary_header
from local.clickhouse_http import (
    BODY_BYTES_MAX,
    BadRequest,
    compressed,
    request_of,
)

logger = logging.getLogger(__name__)

COMPRESS_FROM_BYTES: Final = 1_024
# ClickHouse's codes for which it answers with another status than 500.
STATUS_OF_CODE: Final = {60: 404, 62: 400, 81: 404, 516: 403, 497: 403, 164: 403}


class Front:
    """Answers requests; the engine works in threads, so pings never wait for it."""

    def __init__(self, engine: Engine) -> None:
        """Say which engine."""
        self._engine = engine
        self._threads = ThreadPoolExecutor(HANDLES * 4, "clickhouse")

    async def ping(self, _: Request) -> Response:
        """Say that the server is there."""
        return PlainTextResponse("Ok.\n")

    async def answer(self, request: Request) -> Response:
        """Run a statement and answer as ClickHouse does."""
        arguments = dict(request.query_params)
        if not arguments and request.method == "GET":
            return await self.ping(request)
        try:
            body = await _body(request)
            understood = request_of(
                arguments, request.headers.get("content-encoding", ""), body
            )
        except BadRequest as error:
            return _refused(str(error), 0, 400)
        loop = asyncio.get_running_loop()
        try:
            answer = await loop.run_in_executor(
                self._threads, self._engine.run, understood
            )
        except EngineError as error:
            status = STATUS_OF_CODE.get(error.code, 500)
            return _refused(error.text, error.code, status)
        headers = {
            "X-ClickHouse-Summary": summary_header(answer),
            "X-ClickHouse-Query-Id": arguments.get("query_id", str(uuid.uuid4())),
            "X-ClickHouse-Timezone": self._engine.timezone,
            "X-ClickHouse-Server-Display-Name": "embedded",
        }
        if answer.body or answer.format not in ("", "TabSeparated"):
            headers["X-ClickHouse-Format"] = answer.format
        content = answer.body
        wants_less = arguments.get("enable_http_compression") == "1"
        if wants_less and len(content) >= COMPRESS_FROM_BYTES:
            accepted = request.headers.get("accept-encoding", "")
            content, encoding = compressed(content, accepted)
            if encoding:
                headers["Content-Encoding"] = encoding
        return Response(content, headers=headers, media_type="text/plain")


async def _body(request: Request) -> bytes:
    parts = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > BODY_BYTES_MAX:
            raise BadRequest(f"the body has more than {BODY_BYTES_MAX} bytes")
        parts.append(part)
    return b"".join(parts)


def _refused(text: str, code: int, status: int) -> Response:
    return PlainTextResponse(
        text + "\n", status, headers={"X-ClickHouse-Exception-Code": str(code)}
    )


def build(path: Path) -> Starlette:
    """Build the server over a folder; the engine opens when it starts."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        front = Front(await asyncio.to_thread(Engine, path))
        app.router.routes.extend(
            [
                Route("/ping", front.ping, methods=["GET"]),
                Route("/", front.answer, methods=["GET", "POST"]),
            ]
        )
        yield

    return Starlette(lifespan=lifespan)


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--path", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    arguments = parser.parse_args()
    arguments.path.parent.mkdir(parents=True, exist_ok=True)
    uvicorn.run(
        build(arguments.path),
        host="127.0.0.1",
        port=arguments.port,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=5,
    )


if __name__ == "__main__":
    main()

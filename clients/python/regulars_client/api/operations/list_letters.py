import datetime
from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.letters_out import LettersOut
from ...models.list_letters_status import ListLettersStatus
from ...models.problem_out import ProblemOut
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    reason: None | str | Unset = UNSET,
    topic: None | str | Unset = UNSET,
    from_at: datetime.datetime | int | None | Unset = UNSET,
    until_at: datetime.datetime | int | None | Unset = UNSET,
    status: ListLettersStatus | Unset = "open",
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 50,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_reason: None | str | Unset
    if isinstance(reason, Unset):
        json_reason = UNSET
    else:
        json_reason = reason
    params["reason"] = json_reason

    json_topic: None | str | Unset
    if isinstance(topic, Unset):
        json_topic = UNSET
    else:
        json_topic = topic
    params["topic"] = json_topic

    json_from_at: int | None | str | Unset
    if isinstance(from_at, Unset):
        json_from_at = UNSET
    elif isinstance(from_at, datetime.datetime):
        json_from_at = from_at.isoformat()
    else:
        json_from_at = from_at
    params["from_at"] = json_from_at

    json_until_at: int | None | str | Unset
    if isinstance(until_at, Unset):
        json_until_at = UNSET
    elif isinstance(until_at, datetime.datetime):
        json_until_at = until_at.isoformat()
    else:
        json_until_at = until_at
    params["until_at"] = json_until_at

    json_status: str | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = status

    params["status"] = json_status

    json_cursor: None | str | Unset
    if isinstance(cursor, Unset):
        json_cursor = UNSET
    else:
        json_cursor = cursor
    params["cursor"] = json_cursor

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/dead-letters",
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> LettersOut | ProblemOut | None:
    if response.status_code == 200:
        response_200 = LettersOut.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = ProblemOut.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = ProblemOut.from_dict(response.json())

        return response_403

    if response.status_code == 422:
        response_422 = ProblemOut.from_dict(response.json())

        return response_422

    if response.status_code == 500:
        response_500 = ProblemOut.from_dict(response.json())

        return response_500

    if response.status_code == 503:
        response_503 = ProblemOut.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[LettersOut | ProblemOut]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    reason: None | str | Unset = UNSET,
    topic: None | str | Unset = UNSET,
    from_at: datetime.datetime | int | None | Unset = UNSET,
    until_at: datetime.datetime | int | None | Unset = UNSET,
    status: ListLettersStatus | Unset = "open",
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 50,
) -> Response[LettersOut | ProblemOut]:
    """List Letters

     Letters by reason, topic and time of their record, oldest first in a partition.

    A page is made of at most 20,000 looked at, and may be short: `next_cursor` leads
    on.

    Args:
        reason (None | str | Unset):
        topic (None | str | Unset):
        from_at (datetime.datetime | int | None | Unset):
        until_at (datetime.datetime | int | None | Unset):
        status (ListLettersStatus | Unset):  Default: 'open'.
        cursor (None | str | Unset):
        limit (int | Unset):  Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LettersOut | ProblemOut]
    """

    kwargs = _get_kwargs(
        reason=reason,
        topic=topic,
        from_at=from_at,
        until_at=until_at,
        status=status,
        cursor=cursor,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    reason: None | str | Unset = UNSET,
    topic: None | str | Unset = UNSET,
    from_at: datetime.datetime | int | None | Unset = UNSET,
    until_at: datetime.datetime | int | None | Unset = UNSET,
    status: ListLettersStatus | Unset = "open",
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 50,
) -> LettersOut | ProblemOut | None:
    """List Letters

     Letters by reason, topic and time of their record, oldest first in a partition.

    A page is made of at most 20,000 looked at, and may be short: `next_cursor` leads
    on.

    Args:
        reason (None | str | Unset):
        topic (None | str | Unset):
        from_at (datetime.datetime | int | None | Unset):
        until_at (datetime.datetime | int | None | Unset):
        status (ListLettersStatus | Unset):  Default: 'open'.
        cursor (None | str | Unset):
        limit (int | Unset):  Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LettersOut | ProblemOut
    """

    return sync_detailed(
        client=client,
        reason=reason,
        topic=topic,
        from_at=from_at,
        until_at=until_at,
        status=status,
        cursor=cursor,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    reason: None | str | Unset = UNSET,
    topic: None | str | Unset = UNSET,
    from_at: datetime.datetime | int | None | Unset = UNSET,
    until_at: datetime.datetime | int | None | Unset = UNSET,
    status: ListLettersStatus | Unset = "open",
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 50,
) -> Response[LettersOut | ProblemOut]:
    """List Letters

     Letters by reason, topic and time of their record, oldest first in a partition.

    A page is made of at most 20,000 looked at, and may be short: `next_cursor` leads
    on.

    Args:
        reason (None | str | Unset):
        topic (None | str | Unset):
        from_at (datetime.datetime | int | None | Unset):
        until_at (datetime.datetime | int | None | Unset):
        status (ListLettersStatus | Unset):  Default: 'open'.
        cursor (None | str | Unset):
        limit (int | Unset):  Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[LettersOut | ProblemOut]
    """

    kwargs = _get_kwargs(
        reason=reason,
        topic=topic,
        from_at=from_at,
        until_at=until_at,
        status=status,
        cursor=cursor,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    reason: None | str | Unset = UNSET,
    topic: None | str | Unset = UNSET,
    from_at: datetime.datetime | int | None | Unset = UNSET,
    until_at: datetime.datetime | int | None | Unset = UNSET,
    status: ListLettersStatus | Unset = "open",
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 50,
) -> LettersOut | ProblemOut | None:
    """List Letters

     Letters by reason, topic and time of their record, oldest first in a partition.

    A page is made of at most 20,000 looked at, and may be short: `next_cursor` leads
    on.

    Args:
        reason (None | str | Unset):
        topic (None | str | Unset):
        from_at (datetime.datetime | int | None | Unset):
        until_at (datetime.datetime | int | None | Unset):
        status (ListLettersStatus | Unset):  Default: 'open'.
        cursor (None | str | Unset):
        limit (int | Unset):  Default: 50.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        LettersOut | ProblemOut
    """

    return (
        await asyncio_detailed(
            client=client,
            reason=reason,
            topic=topic,
            from_at=from_at,
            until_at=until_at,
            status=status,
            cursor=cursor,
            limit=limit,
        )
    ).parsed

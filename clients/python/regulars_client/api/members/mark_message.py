from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.inbox_message_out import InboxMessageOut
from ...models.mark_in import MarkIn
from ...models.problem_out import ProblemOut
from ...types import Response


def _get_kwargs(
    member_id: str,
    message_id: str,
    *,
    body: MarkIn,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/v1/members/{member_id}/inbox/{message_id}".format(
            member_id=quote(str(member_id), safe=""),
            message_id=quote(str(message_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> InboxMessageOut | ProblemOut | None:
    if response.status_code == 200:
        response_200 = InboxMessageOut.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = ProblemOut.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = ProblemOut.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = ProblemOut.from_dict(response.json())

        return response_404

    if response.status_code == 413:
        response_413 = ProblemOut.from_dict(response.json())

        return response_413

    if response.status_code == 415:
        response_415 = ProblemOut.from_dict(response.json())

        return response_415

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
) -> Response[InboxMessageOut | ProblemOut]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    member_id: str,
    message_id: str,
    *,
    client: AuthenticatedClient,
    body: MarkIn,
) -> Response[InboxMessageOut | ProblemOut]:
    """Mark Message

     Say that a message was read or dismissed; the first time is an act of theirs.

    Args:
        member_id (str):
        message_id (str):
        body (MarkIn): What became of a message.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[InboxMessageOut | ProblemOut]
    """

    kwargs = _get_kwargs(
        member_id=member_id,
        message_id=message_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    member_id: str,
    message_id: str,
    *,
    client: AuthenticatedClient,
    body: MarkIn,
) -> InboxMessageOut | ProblemOut | None:
    """Mark Message

     Say that a message was read or dismissed; the first time is an act of theirs.

    Args:
        member_id (str):
        message_id (str):
        body (MarkIn): What became of a message.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        InboxMessageOut | ProblemOut
    """

    return sync_detailed(
        member_id=member_id,
        message_id=message_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    member_id: str,
    message_id: str,
    *,
    client: AuthenticatedClient,
    body: MarkIn,
) -> Response[InboxMessageOut | ProblemOut]:
    """Mark Message

     Say that a message was read or dismissed; the first time is an act of theirs.

    Args:
        member_id (str):
        message_id (str):
        body (MarkIn): What became of a message.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[InboxMessageOut | ProblemOut]
    """

    kwargs = _get_kwargs(
        member_id=member_id,
        message_id=message_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    member_id: str,
    message_id: str,
    *,
    client: AuthenticatedClient,
    body: MarkIn,
) -> InboxMessageOut | ProblemOut | None:
    """Mark Message

     Say that a message was read or dismissed; the first time is an act of theirs.

    Args:
        member_id (str):
        message_id (str):
        body (MarkIn): What became of a message.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        InboxMessageOut | ProblemOut
    """

    return (
        await asyncio_detailed(
            member_id=member_id,
            message_id=message_id,
            client=client,
            body=body,
        )
    ).parsed

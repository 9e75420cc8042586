from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.act_cloud_event import ActCloudEvent
from ...models.all_accepted_out import AllAcceptedOut
from ...models.order_cloud_event import OrderCloudEvent
from ...models.problem_out import ProblemOut
from ...types import Response


def _get_kwargs(
    *,
    body: list[ActCloudEvent | OrderCloudEvent],
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/cloudevents",
    }

    _kwargs["json"] = []
    for body_item_data in body:
        body_item: dict[str, Any]
        if isinstance(body_item_data, OrderCloudEvent):
            body_item = body_item_data.to_dict()
        else:
            body_item = body_item_data.to_dict()

        _kwargs["json"].append(body_item)

    headers["Content-Type"] = "application/cloudevents-batch+json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> AllAcceptedOut | ProblemOut | None:
    if response.status_code == 202:
        response_202 = AllAcceptedOut.from_dict(response.json())

        return response_202

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
) -> Response[AllAcceptedOut | ProblemOut]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: list[ActCloudEvent | OrderCloudEvent],
) -> Response[AllAcceptedOut | ProblemOut]:
    """Post Cloud Events

     Take CloudEvents: one, a batch, or one in headers (structured, batch, binary).

    All of them are checked before the first is sent. 202 says that the broker has all;
    after 503 it may have some: send all again, each counts once.

    Args:
        body (list[ActCloudEvent | OrderCloudEvent]):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AllAcceptedOut | ProblemOut]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: list[ActCloudEvent | OrderCloudEvent],
) -> AllAcceptedOut | ProblemOut | None:
    """Post Cloud Events

     Take CloudEvents: one, a batch, or one in headers (structured, batch, binary).

    All of them are checked before the first is sent. 202 says that the broker has all;
    after 503 it may have some: send all again, each counts once.

    Args:
        body (list[ActCloudEvent | OrderCloudEvent]):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AllAcceptedOut | ProblemOut
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: list[ActCloudEvent | OrderCloudEvent],
) -> Response[AllAcceptedOut | ProblemOut]:
    """Post Cloud Events

     Take CloudEvents: one, a batch, or one in headers (structured, batch, binary).

    All of them are checked before the first is sent. 202 says that the broker has all;
    after 503 it may have some: send all again, each counts once.

    Args:
        body (list[ActCloudEvent | OrderCloudEvent]):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AllAcceptedOut | ProblemOut]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: list[ActCloudEvent | OrderCloudEvent],
) -> AllAcceptedOut | ProblemOut | None:
    """Post Cloud Events

     Take CloudEvents: one, a batch, or one in headers (structured, batch, binary).

    All of them are checked before the first is sent. 202 says that the broker has all;
    after 503 it may have some: send all again, each counts once.

    Args:
        body (list[ActCloudEvent | OrderCloudEvent]):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AllAcceptedOut | ProblemOut
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed

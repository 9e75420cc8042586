from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.campaign_out import CampaignOut
from ...models.problem_out import ProblemOut
from ...models.wake_in import WakeIn
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    body: WakeIn,
    idempotency_key: str,
    if_match: None | str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["Idempotency-Key"] = idempotency_key

    if not isinstance(if_match, Unset):
        headers["If-Match"] = if_match

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/campaigns/wakes",
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> CampaignOut | ProblemOut | None:
    if response.status_code == 202:
        response_202 = CampaignOut.from_dict(response.json())

        return response_202

    if response.status_code == 400:
        response_400 = ProblemOut.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = ProblemOut.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = ProblemOut.from_dict(response.json())

        return response_403

    if response.status_code == 413:
        response_413 = ProblemOut.from_dict(response.json())

        return response_413

    if response.status_code == 415:
        response_415 = ProblemOut.from_dict(response.json())

        return response_415

    if response.status_code == 422:
        response_422 = ProblemOut.from_dict(response.json())

        return response_422

    if response.status_code == 429:
        response_429 = ProblemOut.from_dict(response.json())

        return response_429

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
) -> Response[CampaignOut | ProblemOut]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: WakeIn,
    idempotency_key: str,
    if_match: None | str | Unset = UNSET,
) -> Response[CampaignOut | ProblemOut]:
    """Wake Members

     Let the engine look at every member once: rules of time reach the dormant too.

    After a trigger such as `lapsed` or `birthday` was published. The same key again is
    the same campaign.

    Args:
        idempotency_key (str):
        if_match (None | str | Unset):
        body (WakeIn): At which pace the engine looks at all members.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CampaignOut | ProblemOut]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
        if_match=if_match,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: WakeIn,
    idempotency_key: str,
    if_match: None | str | Unset = UNSET,
) -> CampaignOut | ProblemOut | None:
    """Wake Members

     Let the engine look at every member once: rules of time reach the dormant too.

    After a trigger such as `lapsed` or `birthday` was published. The same key again is
    the same campaign.

    Args:
        idempotency_key (str):
        if_match (None | str | Unset):
        body (WakeIn): At which pace the engine looks at all members.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CampaignOut | ProblemOut
    """

    return sync_detailed(
        client=client,
        body=body,
        idempotency_key=idempotency_key,
        if_match=if_match,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: WakeIn,
    idempotency_key: str,
    if_match: None | str | Unset = UNSET,
) -> Response[CampaignOut | ProblemOut]:
    """Wake Members

     Let the engine look at every member once: rules of time reach the dormant too.

    After a trigger such as `lapsed` or `birthday` was published. The same key again is
    the same campaign.

    Args:
        idempotency_key (str):
        if_match (None | str | Unset):
        body (WakeIn): At which pace the engine looks at all members.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CampaignOut | ProblemOut]
    """

    kwargs = _get_kwargs(
        body=body,
        idempotency_key=idempotency_key,
        if_match=if_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: WakeIn,
    idempotency_key: str,
    if_match: None | str | Unset = UNSET,
) -> CampaignOut | ProblemOut | None:
    """Wake Members

     Let the engine look at every member once: rules of time reach the dormant too.

    After a trigger such as `lapsed` or `birthday` was published. The same key again is
    the same campaign.

    Args:
        idempotency_key (str):
        if_match (None | str | Unset):
        body (WakeIn): At which pace the engine looks at all members.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CampaignOut | ProblemOut
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            idempotency_key=idempotency_key,
            if_match=if_match,
        )
    ).parsed

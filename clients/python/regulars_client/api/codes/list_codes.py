from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.codes_out import CodesOut
from ...models.problem_out import ProblemOut
from ...types import UNSET, Response, Unset


def _get_kwargs(
    pool_id: str,
    *,
    first: int | Unset = 0,
    limit: int | Unset = 100,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["first"] = first

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/code-pools/{pool_id}/codes".format(
            pool_id=quote(str(pool_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> CodesOut | ProblemOut | None:
    if response.status_code == 200:
        response_200 = CodesOut.from_dict(response.json())

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

    if response.status_code == 422:
        response_422 = ProblemOut.from_dict(response.json())

        return response_422

    if response.status_code == 500:
        response_500 = ProblemOut.from_dict(response.json())

        return response_500

    if response.status_code == 501:
        response_501 = ProblemOut.from_dict(response.json())

        return response_501

    if response.status_code == 503:
        response_503 = ProblemOut.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[CodesOut | ProblemOut]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    pool_id: str,
    *,
    client: AuthenticatedClient,
    first: int | Unset = 0,
    limit: int | Unset = 100,
) -> Response[CodesOut | ProblemOut]:
    """List Codes

     A pool's codes by number, for tills that check them by themselves.

    Args:
        pool_id (str):
        first (int | Unset):  Default: 0.
        limit (int | Unset):  Default: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CodesOut | ProblemOut]
    """

    kwargs = _get_kwargs(
        pool_id=pool_id,
        first=first,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    pool_id: str,
    *,
    client: AuthenticatedClient,
    first: int | Unset = 0,
    limit: int | Unset = 100,
) -> CodesOut | ProblemOut | None:
    """List Codes

     A pool's codes by number, for tills that check them by themselves.

    Args:
        pool_id (str):
        first (int | Unset):  Default: 0.
        limit (int | Unset):  Default: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CodesOut | ProblemOut
    """

    return sync_detailed(
        pool_id=pool_id,
        client=client,
        first=first,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    pool_id: str,
    *,
    client: AuthenticatedClient,
    first: int | Unset = 0,
    limit: int | Unset = 100,
) -> Response[CodesOut | ProblemOut]:
    """List Codes

     A pool's codes by number, for tills that check them by themselves.

    Args:
        pool_id (str):
        first (int | Unset):  Default: 0.
        limit (int | Unset):  Default: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CodesOut | ProblemOut]
    """

    kwargs = _get_kwargs(
        pool_id=pool_id,
        first=first,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    pool_id: str,
    *,
    client: AuthenticatedClient,
    first: int | Unset = 0,
    limit: int | Unset = 100,
) -> CodesOut | ProblemOut | None:
    """List Codes

     A pool's codes by number, for tills that check them by themselves.

    Args:
        pool_id (str):
        first (int | Unset):  Default: 0.
        limit (int | Unset):  Default: 100.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CodesOut | ProblemOut
    """

    return (
        await asyncio_detailed(
            pool_id=pool_id,
            client=client,
            first=first,
            limit=limit,
        )
    ).parsed

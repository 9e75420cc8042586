from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.code_pool_out import CodePoolOut
from ...models.codes_in import CodesIn
from ...models.problem_out import ProblemOut
from ...types import Response


def _get_kwargs(
    pool_id: str,
    *,
    body: CodesIn,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/v1/code-pools/{pool_id}/codes".format(
            pool_id=quote(str(pool_id), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> CodePoolOut | ProblemOut | None:
    if response.status_code == 200:
        response_200 = CodePoolOut.from_dict(response.json())

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

    if response.status_code == 409:
        response_409 = ProblemOut.from_dict(response.json())

        return response_409

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
) -> Response[CodePoolOut | ProblemOut]:
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
    body: CodesIn,
) -> Response[CodePoolOut | ProblemOut]:
    """Put Codes

     Upload a part of a pool's list: all of it is taken, or nothing.

    The same part again changes nothing. A number keeps its code for good, and a code
    its number: members may have it already.

    Args:
        pool_id (str):
        body (CodesIn): A part of a pool's list: its codes have the numbers from `first` on.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CodePoolOut | ProblemOut]
    """

    kwargs = _get_kwargs(
        pool_id=pool_id,
        body=body,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    pool_id: str,
    *,
    client: AuthenticatedClient,
    body: CodesIn,
) -> CodePoolOut | ProblemOut | None:
    """Put Codes

     Upload a part of a pool's list: all of it is taken, or nothing.

    The same part again changes nothing. A number keeps its code for good, and a code
    its number: members may have it already.

    Args:
        pool_id (str):
        body (CodesIn): A part of a pool's list: its codes have the numbers from `first` on.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CodePoolOut | ProblemOut
    """

    return sync_detailed(
        pool_id=pool_id,
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    pool_id: str,
    *,
    client: AuthenticatedClient,
    body: CodesIn,
) -> Response[CodePoolOut | ProblemOut]:
    """Put Codes

     Upload a part of a pool's list: all of it is taken, or nothing.

    The same part again changes nothing. A number keeps its code for good, and a code
    its number: members may have it already.

    Args:
        pool_id (str):
        body (CodesIn): A part of a pool's list: its codes have the numbers from `first` on.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[CodePoolOut | ProblemOut]
    """

    kwargs = _get_kwargs(
        pool_id=pool_id,
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    pool_id: str,
    *,
    client: AuthenticatedClient,
    body: CodesIn,
) -> CodePoolOut | ProblemOut | None:
    """Put Codes

     Upload a part of a pool's list: all of it is taken, or nothing.

    The same part again changes nothing. A number keeps its code for good, and a code
    its number: members may have it already.

    Args:
        pool_id (str):
        body (CodesIn): A part of a pool's list: its codes have the numbers from `first` on.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        CodePoolOut | ProblemOut
    """

    return (
        await asyncio_detailed(
            pool_id=pool_id,
            client=client,
            body=body,
        )
    ).parsed

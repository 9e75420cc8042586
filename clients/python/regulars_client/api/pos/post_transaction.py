from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.accrue_in import AccrueIn
from ...models.inquire_in import InquireIn
from ...models.pos_out import PosOut
from ...models.problem_out import ProblemOut
from ...models.redeem_in import RedeemIn
from ...models.reverse_in import ReverseIn
from ...models.search_in import SearchIn
from ...types import Response


def _get_kwargs(
    *,
    body: AccrueIn | InquireIn | RedeemIn | ReverseIn | SearchIn,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/pos/transactions",
    }

    if isinstance(body, SearchIn):
        _kwargs["json"] = body.to_dict()
    elif isinstance(body, InquireIn):
        _kwargs["json"] = body.to_dict()
    elif isinstance(body, RedeemIn):
        _kwargs["json"] = body.to_dict()
    elif isinstance(body, AccrueIn):
        _kwargs["json"] = body.to_dict()
    else:
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> PosOut | ProblemOut | None:
    if response.status_code == 200:
        response_200 = PosOut.from_dict(response.json())

        return response_200

    if response.status_code == 202:
        response_202 = PosOut.from_dict(response.json())

        return response_202

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
) -> Response[PosOut | ProblemOut]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: AccrueIn | InquireIn | RedeemIn | ReverseIn | SearchIn,
) -> Response[PosOut | ProblemOut]:
    """Post Transaction

     Do a till's transaction once; the same id again gets the same answer.

    Args:
        body (AccrueIn | InquireIn | RedeemIn | ReverseIn | SearchIn):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PosOut | ProblemOut]
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
    body: AccrueIn | InquireIn | RedeemIn | ReverseIn | SearchIn,
) -> PosOut | ProblemOut | None:
    """Post Transaction

     Do a till's transaction once; the same id again gets the same answer.

    Args:
        body (AccrueIn | InquireIn | RedeemIn | ReverseIn | SearchIn):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PosOut | ProblemOut
    """

    return sync_detailed(
        client=client,
        body=body,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: AccrueIn | InquireIn | RedeemIn | ReverseIn | SearchIn,
) -> Response[PosOut | ProblemOut]:
    """Post Transaction

     Do a till's transaction once; the same id again gets the same answer.

    Args:
        body (AccrueIn | InquireIn | RedeemIn | ReverseIn | SearchIn):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PosOut | ProblemOut]
    """

    kwargs = _get_kwargs(
        body=body,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: AccrueIn | InquireIn | RedeemIn | ReverseIn | SearchIn,
) -> PosOut | ProblemOut | None:
    """Post Transaction

     Do a till's transaction once; the same id again gets the same answer.

    Args:
        body (AccrueIn | InquireIn | RedeemIn | ReverseIn | SearchIn):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PosOut | ProblemOut
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
        )
    ).parsed

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.personal_offers_out import PersonalOffersOut
from ...models.problem_out import ProblemOut
from ...types import UNSET, Response, Unset


def _get_kwargs(
    member_id: str,
    *,
    store_id: None | str | Unset = UNSET,
    limit: int | Unset = 5,
    per_category_max: int | Unset = 2,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_store_id: None | str | Unset
    if isinstance(store_id, Unset):
        json_store_id = UNSET
    else:
        json_store_id = store_id
    params["store_id"] = json_store_id

    params["limit"] = limit

    params["per_category_max"] = per_category_max

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/members/{member_id}/personal-offers".format(
            member_id=quote(str(member_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> PersonalOffersOut | ProblemOut | None:
    if response.status_code == 200:
        response_200 = PersonalOffersOut.from_dict(response.json())

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

    if response.status_code == 503:
        response_503 = ProblemOut.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[PersonalOffersOut | ProblemOut]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    member_id: str,
    *,
    client: AuthenticatedClient,
    store_id: None | str | Unset = UNSET,
    limit: int | Unset = 5,
    per_category_max: int | Unset = 2,
) -> Response[PersonalOffersOut | ProblemOut]:
    """List Personal Offers

     Offers that the member was given, best first, and why not the others in reach.

    The order stays while the member's version stays. `usable_now` looks at the store
    and the time; without a store an offer for certain stores is not usable.

    Args:
        member_id (str):
        store_id (None | str | Unset):
        limit (int | Unset):  Default: 5.
        per_category_max (int | Unset):  Default: 2.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PersonalOffersOut | ProblemOut]
    """

    kwargs = _get_kwargs(
        member_id=member_id,
        store_id=store_id,
        limit=limit,
        per_category_max=per_category_max,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    member_id: str,
    *,
    client: AuthenticatedClient,
    store_id: None | str | Unset = UNSET,
    limit: int | Unset = 5,
    per_category_max: int | Unset = 2,
) -> PersonalOffersOut | ProblemOut | None:
    """List Personal Offers

     Offers that the member was given, best first, and why not the others in reach.

    The order stays while the member's version stays. `usable_now` looks at the store
    and the time; without a store an offer for certain stores is not usable.

    Args:
        member_id (str):
        store_id (None | str | Unset):
        limit (int | Unset):  Default: 5.
        per_category_max (int | Unset):  Default: 2.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PersonalOffersOut | ProblemOut
    """

    return sync_detailed(
        member_id=member_id,
        client=client,
        store_id=store_id,
        limit=limit,
        per_category_max=per_category_max,
    ).parsed


async def asyncio_detailed(
    member_id: str,
    *,
    client: AuthenticatedClient,
    store_id: None | str | Unset = UNSET,
    limit: int | Unset = 5,
    per_category_max: int | Unset = 2,
) -> Response[PersonalOffersOut | ProblemOut]:
    """List Personal Offers

     Offers that the member was given, best first, and why not the others in reach.

    The order stays while the member's version stays. `usable_now` looks at the store
    and the time; without a store an offer for certain stores is not usable.

    Args:
        member_id (str):
        store_id (None | str | Unset):
        limit (int | Unset):  Default: 5.
        per_category_max (int | Unset):  Default: 2.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[PersonalOffersOut | ProblemOut]
    """

    kwargs = _get_kwargs(
        member_id=member_id,
        store_id=store_id,
        limit=limit,
        per_category_max=per_category_max,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    member_id: str,
    *,
    client: AuthenticatedClient,
    store_id: None | str | Unset = UNSET,
    limit: int | Unset = 5,
    per_category_max: int | Unset = 2,
) -> PersonalOffersOut | ProblemOut | None:
    """List Personal Offers

     Offers that the member was given, best first, and why not the others in reach.

    The order stays while the member's version stays. `usable_now` looks at the store
    and the time; without a store an offer for certain stores is not usable.

    Args:
        member_id (str):
        store_id (None | str | Unset):
        limit (int | Unset):  Default: 5.
        per_category_max (int | Unset):  Default: 2.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        PersonalOffersOut | ProblemOut
    """

    return (
        await asyncio_detailed(
            member_id=member_id,
            client=client,
            store_id=store_id,
            limit=limit,
            per_category_max=per_category_max,
        )
    ).parsed

from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.offers_out import OffersOut
from ...models.problem_out import ProblemOut
from ...types import UNSET, Response, Unset


def _get_kwargs(
    member_id: str,
    *,
    limit: int | Unset = 10,
    fields: None | str | Unset = UNSET,
    if_none_match: None | str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_none_match, Unset):
        headers["if-none-match"] = if_none_match

    params: dict[str, Any] = {}

    params["limit"] = limit

    json_fields: None | str | Unset
    if isinstance(fields, Unset):
        json_fields = UNSET
    else:
        json_fields = fields
    params["fields"] = json_fields

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/members/{member_id}/offers".format(
            member_id=quote(str(member_id), safe=""),
        ),
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | OffersOut | ProblemOut | None:
    if response.status_code == 200:
        response_200 = OffersOut.from_dict(response.json())

        return response_200

    if response.status_code == 304:
        response_304 = cast(Any, None)
        return response_304

    if response.status_code == 400:
        response_400 = ProblemOut.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = ProblemOut.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = ProblemOut.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = ProblemOut.from_dict(response.json())

        return response_404

    if response.status_code == 410:
        response_410 = ProblemOut.from_dict(response.json())

        return response_410

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
) -> Response[Any | OffersOut | ProblemOut]:
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
    limit: int | Unset = 10,
    fields: None | str | Unset = UNSET,
    if_none_match: None | str | Unset = UNSET,
) -> Response[Any | OffersOut | ProblemOut]:
    """List Offers

     Offers that the member can use, best first, each with why.

    Args:
        member_id (str):
        limit (int | Unset):  Default: 10.
        fields (None | str | Unset): Only these fields of OfferOut: names with commas between
            them, a dot before a field of a field, also in a list; `required` of the schema then holds
            for what is named.
        if_none_match (None | str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | OffersOut | ProblemOut]
    """

    kwargs = _get_kwargs(
        member_id=member_id,
        limit=limit,
        fields=fields,
        if_none_match=if_none_match,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    member_id: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 10,
    fields: None | str | Unset = UNSET,
    if_none_match: None | str | Unset = UNSET,
) -> Any | OffersOut | ProblemOut | None:
    """List Offers

     Offers that the member can use, best first, each with why.

    Args:
        member_id (str):
        limit (int | Unset):  Default: 10.
        fields (None | str | Unset): Only these fields of OfferOut: names with commas between
            them, a dot before a field of a field, also in a list; `required` of the schema then holds
            for what is named.
        if_none_match (None | str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | OffersOut | ProblemOut
    """

    return sync_detailed(
        member_id=member_id,
        client=client,
        limit=limit,
        fields=fields,
        if_none_match=if_none_match,
    ).parsed


async def asyncio_detailed(
    member_id: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 10,
    fields: None | str | Unset = UNSET,
    if_none_match: None | str | Unset = UNSET,
) -> Response[Any | OffersOut | ProblemOut]:
    """List Offers

     Offers that the member can use, best first, each with why.

    Args:
        member_id (str):
        limit (int | Unset):  Default: 10.
        fields (None | str | Unset): Only these fields of OfferOut: names with commas between
            them, a dot before a field of a field, also in a list; `required` of the schema then holds
            for what is named.
        if_none_match (None | str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | OffersOut | ProblemOut]
    """

    kwargs = _get_kwargs(
        member_id=member_id,
        limit=limit,
        fields=fields,
        if_none_match=if_none_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    member_id: str,
    *,
    client: AuthenticatedClient,
    limit: int | Unset = 10,
    fields: None | str | Unset = UNSET,
    if_none_match: None | str | Unset = UNSET,
) -> Any | OffersOut | ProblemOut | None:
    """List Offers

     Offers that the member can use, best first, each with why.

    Args:
        member_id (str):
        limit (int | Unset):  Default: 10.
        fields (None | str | Unset): Only these fields of OfferOut: names with commas between
            them, a dot before a field of a field, also in a list; `required` of the schema then holds
            for what is named.
        if_none_match (None | str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | OffersOut | ProblemOut
    """

    return (
        await asyncio_detailed(
            member_id=member_id,
            client=client,
            limit=limit,
            fields=fields,
            if_none_match=if_none_match,
        )
    ).parsed

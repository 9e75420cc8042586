from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.diff_out import DiffOut
from ...models.problem_out import ProblemOut
from ...types import UNSET, Response, Unset


def _get_kwargs(
    rule_id: str,
    version: int,
    *,
    against: int | None | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_against: int | None | Unset
    if isinstance(against, Unset):
        json_against = UNSET
    else:
        json_against = against
    params["against"] = json_against

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/rules/{rule_id}/versions/{version}/diff".format(
            rule_id=quote(str(rule_id), safe=""),
            version=quote(str(version), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> DiffOut | ProblemOut | None:
    if response.status_code == 200:
        response_200 = DiffOut.from_dict(response.json())

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
) -> Response[DiffOut | ProblemOut]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    rule_id: str,
    version: int,
    *,
    client: AuthenticatedClient,
    against: int | None | Unset = UNSET,
) -> Response[DiffOut | ProblemOut]:
    """Compare Versions

     What a version changes, against the one before it if no other is named.

    Args:
        rule_id (str):
        version (int):
        against (int | None | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DiffOut | ProblemOut]
    """

    kwargs = _get_kwargs(
        rule_id=rule_id,
        version=version,
        against=against,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    rule_id: str,
    version: int,
    *,
    client: AuthenticatedClient,
    against: int | None | Unset = UNSET,
) -> DiffOut | ProblemOut | None:
    """Compare Versions

     What a version changes, against the one before it if no other is named.

    Args:
        rule_id (str):
        version (int):
        against (int | None | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DiffOut | ProblemOut
    """

    return sync_detailed(
        rule_id=rule_id,
        version=version,
        client=client,
        against=against,
    ).parsed


async def asyncio_detailed(
    rule_id: str,
    version: int,
    *,
    client: AuthenticatedClient,
    against: int | None | Unset = UNSET,
) -> Response[DiffOut | ProblemOut]:
    """Compare Versions

     What a version changes, against the one before it if no other is named.

    Args:
        rule_id (str):
        version (int):
        against (int | None | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[DiffOut | ProblemOut]
    """

    kwargs = _get_kwargs(
        rule_id=rule_id,
        version=version,
        against=against,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    rule_id: str,
    version: int,
    *,
    client: AuthenticatedClient,
    against: int | None | Unset = UNSET,
) -> DiffOut | ProblemOut | None:
    """Compare Versions

     What a version changes, against the one before it if no other is named.

    Args:
        rule_id (str):
        version (int):
        against (int | None | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        DiffOut | ProblemOut
    """

    return (
        await asyncio_detailed(
            rule_id=rule_id,
            version=version,
            client=client,
            against=against,
        )
    ).parsed

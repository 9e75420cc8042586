import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem_out import ProblemOut
from ...models.results_out import ResultsOut
from ...types import UNSET, Response, Unset


def _get_kwargs(
    experiment_id: str,
    *,
    days: int | Unset = 28,
    until_at: datetime.datetime | int | None | Unset = UNSET,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    params["days"] = days

    json_until_at: int | None | str | Unset
    if isinstance(until_at, Unset):
        json_until_at = UNSET
    elif isinstance(until_at, datetime.datetime):
        json_until_at = until_at.isoformat()
    else:
        json_until_at = until_at
    params["until_at"] = json_until_at

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/experiments/{experiment_id}/results".format(
            experiment_id=quote(str(experiment_id), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ProblemOut | ResultsOut | None:
    if response.status_code == 200:
        response_200 = ResultsOut.from_dict(response.json())

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
) -> Response[ProblemOut | ResultsOut]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    experiment_id: str,
    *,
    client: AuthenticatedClient,
    days: int | Unset = 28,
    until_at: datetime.datetime | int | None | Unset = UNSET,
) -> Response[ProblemOut | ResultsOut]:
    """Experiment Results

     What each arm did in so many days from its members' exposure on.

    Of members whose days are over by `until_at`, which is now if it is not said. The
    same `until_at` gives the same answer.

    Args:
        experiment_id (str):
        days (int | Unset):  Default: 28.
        until_at (datetime.datetime | int | None | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ProblemOut | ResultsOut]
    """

    kwargs = _get_kwargs(
        experiment_id=experiment_id,
        days=days,
        until_at=until_at,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    experiment_id: str,
    *,
    client: AuthenticatedClient,
    days: int | Unset = 28,
    until_at: datetime.datetime | int | None | Unset = UNSET,
) -> ProblemOut | ResultsOut | None:
    """Experiment Results

     What each arm did in so many days from its members' exposure on.

    Of members whose days are over by `until_at`, which is now if it is not said. The
    same `until_at` gives the same answer.

    Args:
        experiment_id (str):
        days (int | Unset):  Default: 28.
        until_at (datetime.datetime | int | None | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ProblemOut | ResultsOut
    """

    return sync_detailed(
        experiment_id=experiment_id,
        client=client,
        days=days,
        until_at=until_at,
    ).parsed


async def asyncio_detailed(
    experiment_id: str,
    *,
    client: AuthenticatedClient,
    days: int | Unset = 28,
    until_at: datetime.datetime | int | None | Unset = UNSET,
) -> Response[ProblemOut | ResultsOut]:
    """Experiment Results

     What each arm did in so many days from its members' exposure on.

    Of members whose days are over by `until_at`, which is now if it is not said. The
    same `until_at` gives the same answer.

    Args:
        experiment_id (str):
        days (int | Unset):  Default: 28.
        until_at (datetime.datetime | int | None | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ProblemOut | ResultsOut]
    """

    kwargs = _get_kwargs(
        experiment_id=experiment_id,
        days=days,
        until_at=until_at,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    experiment_id: str,
    *,
    client: AuthenticatedClient,
    days: int | Unset = 28,
    until_at: datetime.datetime | int | None | Unset = UNSET,
) -> ProblemOut | ResultsOut | None:
    """Experiment Results

     What each arm did in so many days from its members' exposure on.

    Of members whose days are over by `until_at`, which is now if it is not said. The
    same `until_at` gives the same answer.

    Args:
        experiment_id (str):
        days (int | Unset):  Default: 28.
        until_at (datetime.datetime | int | None | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ProblemOut | ResultsOut
    """

    return (
        await asyncio_detailed(
            experiment_id=experiment_id,
            client=client,
            days=days,
            until_at=until_at,
        )
    ).parsed

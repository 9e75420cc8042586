import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.answer_out import AnswerOut
from ...models.problem_out import ProblemOut
from ...types import UNSET, Response, Unset


def _get_kwargs(
    question: str,
    *,
    from_at: datetime.datetime | int | None | Unset = UNSET,
    until_at: datetime.datetime | int | None | Unset = UNSET,
    wallet: None | str | Unset = UNSET,
    store: None | str | Unset = UNSET,
    channel: None | str | Unset = UNSET,
    stores: list[str] | Unset = UNSET,
    segment: None | str | Unset = UNSET,
    offer: None | str | Unset = UNSET,
    experiment: None | str | Unset = UNSET,
    days: int | None | Unset = UNSET,
    tier_before: None | str | Unset = UNSET,
    tier_after: None | str | Unset = UNSET,
    day: datetime.date | None | Unset = UNSET,
    limit: int | Unset = 200,
) -> dict[str, Any]:

    params: dict[str, Any] = {}

    json_from_at: int | None | str | Unset
    if isinstance(from_at, Unset):
        json_from_at = UNSET
    elif isinstance(from_at, datetime.datetime):
        json_from_at = from_at.isoformat()
    else:
        json_from_at = from_at
    params["from_at"] = json_from_at

    json_until_at: int | None | str | Unset
    if isinstance(until_at, Unset):
        json_until_at = UNSET
    elif isinstance(until_at, datetime.datetime):
        json_until_at = until_at.isoformat()
    else:
        json_until_at = until_at
    params["until_at"] = json_until_at

    json_wallet: None | str | Unset
    if isinstance(wallet, Unset):
        json_wallet = UNSET
    else:
        json_wallet = wallet
    params["wallet"] = json_wallet

    json_store: None | str | Unset
    if isinstance(store, Unset):
        json_store = UNSET
    else:
        json_store = store
    params["store"] = json_store

    json_channel: None | str | Unset
    if isinstance(channel, Unset):
        json_channel = UNSET
    else:
        json_channel = channel
    params["channel"] = json_channel

    json_stores: list[str] | Unset = UNSET
    if not isinstance(stores, Unset):
        json_stores = stores

    params["stores"] = json_stores

    json_segment: None | str | Unset
    if isinstance(segment, Unset):
        json_segment = UNSET
    else:
        json_segment = segment
    params["segment"] = json_segment

    json_offer: None | str | Unset
    if isinstance(offer, Unset):
        json_offer = UNSET
    else:
        json_offer = offer
    params["offer"] = json_offer

    json_experiment: None | str | Unset
    if isinstance(experiment, Unset):
        json_experiment = UNSET
    else:
        json_experiment = experiment
    params["experiment"] = json_experiment

    json_days: int | None | Unset
    if isinstance(days, Unset):
        json_days = UNSET
    else:
        json_days = days
    params["days"] = json_days

    json_tier_before: None | str | Unset
    if isinstance(tier_before, Unset):
        json_tier_before = UNSET
    else:
        json_tier_before = tier_before
    params["tier_before"] = json_tier_before

    json_tier_after: None | str | Unset
    if isinstance(tier_after, Unset):
        json_tier_after = UNSET
    else:
        json_tier_after = tier_after
    params["tier_after"] = json_tier_after

    json_day: None | str | Unset
    if isinstance(day, Unset):
        json_day = UNSET
    elif isinstance(day, datetime.date):
        json_day = day.isoformat()
    else:
        json_day = day
    params["day"] = json_day

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/analytics/{question}".format(
            question=quote(str(question), safe=""),
        ),
        "params": params,
    }

    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> AnswerOut | ProblemOut | None:
    if response.status_code == 200:
        response_200 = AnswerOut.from_dict(response.json())

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
) -> Response[AnswerOut | ProblemOut]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    question: str,
    *,
    client: AuthenticatedClient,
    from_at: datetime.datetime | int | None | Unset = UNSET,
    until_at: datetime.datetime | int | None | Unset = UNSET,
    wallet: None | str | Unset = UNSET,
    store: None | str | Unset = UNSET,
    channel: None | str | Unset = UNSET,
    stores: list[str] | Unset = UNSET,
    segment: None | str | Unset = UNSET,
    offer: None | str | Unset = UNSET,
    experiment: None | str | Unset = UNSET,
    days: int | None | Unset = UNSET,
    tier_before: None | str | Unset = UNSET,
    tier_after: None | str | Unset = UNSET,
    day: datetime.date | None | Unset = UNSET,
    limit: int | Unset = 200,
) -> Response[AnswerOut | ProblemOut]:
    """Answer Question

     Answer of a question; days, weeks and months are those of the program's zone.

    What a question does not ask for is not looked at.

    Args:
        question (str):
        from_at (datetime.datetime | int | None | Unset):
        until_at (datetime.datetime | int | None | Unset):
        wallet (None | str | Unset):
        store (None | str | Unset):
        channel (None | str | Unset):
        stores (list[str] | Unset):
        segment (None | str | Unset):
        offer (None | str | Unset):
        experiment (None | str | Unset):
        days (int | None | Unset):
        tier_before (None | str | Unset):
        tier_after (None | str | Unset):
        day (datetime.date | None | Unset):
        limit (int | Unset):  Default: 200.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AnswerOut | ProblemOut]
    """

    kwargs = _get_kwargs(
        question=question,
        from_at=from_at,
        until_at=until_at,
        wallet=wallet,
        store=store,
        channel=channel,
        stores=stores,
        segment=segment,
        offer=offer,
        experiment=experiment,
        days=days,
        tier_before=tier_before,
        tier_after=tier_after,
        day=day,
        limit=limit,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    question: str,
    *,
    client: AuthenticatedClient,
    from_at: datetime.datetime | int | None | Unset = UNSET,
    until_at: datetime.datetime | int | None | Unset = UNSET,
    wallet: None | str | Unset = UNSET,
    store: None | str | Unset = UNSET,
    channel: None | str | Unset = UNSET,
    stores: list[str] | Unset = UNSET,
    segment: None | str | Unset = UNSET,
    offer: None | str | Unset = UNSET,
    experiment: None | str | Unset = UNSET,
    days: int | None | Unset = UNSET,
    tier_before: None | str | Unset = UNSET,
    tier_after: None | str | Unset = UNSET,
    day: datetime.date | None | Unset = UNSET,
    limit: int | Unset = 200,
) -> AnswerOut | ProblemOut | None:
    """Answer Question

     Answer of a question; days, weeks and months are those of the program's zone.

    What a question does not ask for is not looked at.

    Args:
        question (str):
        from_at (datetime.datetime | int | None | Unset):
        until_at (datetime.datetime | int | None | Unset):
        wallet (None | str | Unset):
        store (None | str | Unset):
        channel (None | str | Unset):
        stores (list[str] | Unset):
        segment (None | str | Unset):
        offer (None | str | Unset):
        experiment (None | str | Unset):
        days (int | None | Unset):
        tier_before (None | str | Unset):
        tier_after (None | str | Unset):
        day (datetime.date | None | Unset):
        limit (int | Unset):  Default: 200.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AnswerOut | ProblemOut
    """

    return sync_detailed(
        question=question,
        client=client,
        from_at=from_at,
        until_at=until_at,
        wallet=wallet,
        store=store,
        channel=channel,
        stores=stores,
        segment=segment,
        offer=offer,
        experiment=experiment,
        days=days,
        tier_before=tier_before,
        tier_after=tier_after,
        day=day,
        limit=limit,
    ).parsed


async def asyncio_detailed(
    question: str,
    *,
    client: AuthenticatedClient,
    from_at: datetime.datetime | int | None | Unset = UNSET,
    until_at: datetime.datetime | int | None | Unset = UNSET,
    wallet: None | str | Unset = UNSET,
    store: None | str | Unset = UNSET,
    channel: None | str | Unset = UNSET,
    stores: list[str] | Unset = UNSET,
    segment: None | str | Unset = UNSET,
    offer: None | str | Unset = UNSET,
    experiment: None | str | Unset = UNSET,
    days: int | None | Unset = UNSET,
    tier_before: None | str | Unset = UNSET,
    tier_after: None | str | Unset = UNSET,
    day: datetime.date | None | Unset = UNSET,
    limit: int | Unset = 200,
) -> Response[AnswerOut | ProblemOut]:
    """Answer Question

     Answer of a question; days, weeks and months are those of the program's zone.

    What a question does not ask for is not looked at.

    Args:
        question (str):
        from_at (datetime.datetime | int | None | Unset):
        until_at (datetime.datetime | int | None | Unset):
        wallet (None | str | Unset):
        store (None | str | Unset):
        channel (None | str | Unset):
        stores (list[str] | Unset):
        segment (None | str | Unset):
        offer (None | str | Unset):
        experiment (None | str | Unset):
        days (int | None | Unset):
        tier_before (None | str | Unset):
        tier_after (None | str | Unset):
        day (datetime.date | None | Unset):
        limit (int | Unset):  Default: 200.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[AnswerOut | ProblemOut]
    """

    kwargs = _get_kwargs(
        question=question,
        from_at=from_at,
        until_at=until_at,
        wallet=wallet,
        store=store,
        channel=channel,
        stores=stores,
        segment=segment,
        offer=offer,
        experiment=experiment,
        days=days,
        tier_before=tier_before,
        tier_after=tier_after,
        day=day,
        limit=limit,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    question: str,
    *,
    client: AuthenticatedClient,
    from_at: datetime.datetime | int | None | Unset = UNSET,
    until_at: datetime.datetime | int | None | Unset = UNSET,
    wallet: None | str | Unset = UNSET,
    store: None | str | Unset = UNSET,
    channel: None | str | Unset = UNSET,
    stores: list[str] | Unset = UNSET,
    segment: None | str | Unset = UNSET,
    offer: None | str | Unset = UNSET,
    experiment: None | str | Unset = UNSET,
    days: int | None | Unset = UNSET,
    tier_before: None | str | Unset = UNSET,
    tier_after: None | str | Unset = UNSET,
    day: datetime.date | None | Unset = UNSET,
    limit: int | Unset = 200,
) -> AnswerOut | ProblemOut | None:
    """Answer Question

     Answer of a question; days, weeks and months are those of the program's zone.

    What a question does not ask for is not looked at.

    Args:
        question (str):
        from_at (datetime.datetime | int | None | Unset):
        until_at (datetime.datetime | int | None | Unset):
        wallet (None | str | Unset):
        store (None | str | Unset):
        channel (None | str | Unset):
        stores (list[str] | Unset):
        segment (None | str | Unset):
        offer (None | str | Unset):
        experiment (None | str | Unset):
        days (int | None | Unset):
        tier_before (None | str | Unset):
        tier_after (None | str | Unset):
        day (datetime.date | None | Unset):
        limit (int | Unset):  Default: 200.

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        AnswerOut | ProblemOut
    """

    return (
        await asyncio_detailed(
            question=question,
            client=client,
            from_at=from_at,
            until_at=until_at,
            wallet=wallet,
            store=store,
            channel=channel,
            stores=stores,
            segment=segment,
            offer=offer,
            experiment=experiment,
            days=days,
            tier_before=tier_before,
            tier_after=tier_after,
            day=day,
            limit=limit,
        )
    ).parsed

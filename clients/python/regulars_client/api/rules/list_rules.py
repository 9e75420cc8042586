from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.list_rules_section_type_0 import (
    ListRulesSectionType0,
)
from ...models.problem_out import ProblemOut
from ...models.rules_out import RulesOut
from ...types import UNSET, Response, Unset


def _get_kwargs(
    *,
    section: ListRulesSectionType0 | None | Unset = UNSET,
    state: None | str | Unset = UNSET,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    if_match: None | str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_match, Unset):
        headers["If-Match"] = if_match

    params: dict[str, Any] = {}

    json_section: None | str | Unset
    if isinstance(section, Unset):
        json_section = UNSET
    elif isinstance(section, str):
        json_section = section
    else:
        json_section = section
    params["section"] = json_section

    json_state: None | str | Unset
    if isinstance(state, Unset):
        json_state = UNSET
    else:
        json_state = state
    params["state"] = json_state

    json_cursor: None | str | Unset
    if isinstance(cursor, Unset):
        json_cursor = UNSET
    else:
        json_cursor = cursor
    params["cursor"] = json_cursor

    params["limit"] = limit

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/v1/rules",
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ProblemOut | RulesOut | None:
    if response.status_code == 200:
        response_200 = RulesOut.from_dict(response.json())

        return response_200

    if response.status_code == 401:
        response_401 = ProblemOut.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = ProblemOut.from_dict(response.json())

        return response_403

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
) -> Response[ProblemOut | RulesOut]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    section: ListRulesSectionType0 | None | Unset = UNSET,
    state: None | str | Unset = UNSET,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    if_match: None | str | Unset = UNSET,
) -> Response[ProblemOut | RulesOut]:
    """List Rules

     Every rule by id, also those that stand in the program's file only.

    Args:
        section (ListRulesSectionType0 | None | Unset):
        state (None | str | Unset):
        cursor (None | str | Unset):
        limit (int | Unset):  Default: 50.
        if_match (None | str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ProblemOut | RulesOut]
    """

    kwargs = _get_kwargs(
        section=section,
        state=state,
        cursor=cursor,
        limit=limit,
        if_match=if_match,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    section: ListRulesSectionType0 | None | Unset = UNSET,
    state: None | str | Unset = UNSET,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    if_match: None | str | Unset = UNSET,
) -> ProblemOut | RulesOut | None:
    """List Rules

     Every rule by id, also those that stand in the program's file only.

    Args:
        section (ListRulesSectionType0 | None | Unset):
        state (None | str | Unset):
        cursor (None | str | Unset):
        limit (int | Unset):  Default: 50.
        if_match (None | str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ProblemOut | RulesOut
    """

    return sync_detailed(
        client=client,
        section=section,
        state=state,
        cursor=cursor,
        limit=limit,
        if_match=if_match,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    section: ListRulesSectionType0 | None | Unset = UNSET,
    state: None | str | Unset = UNSET,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    if_match: None | str | Unset = UNSET,
) -> Response[ProblemOut | RulesOut]:
    """List Rules

     Every rule by id, also those that stand in the program's file only.

    Args:
        section (ListRulesSectionType0 | None | Unset):
        state (None | str | Unset):
        cursor (None | str | Unset):
        limit (int | Unset):  Default: 50.
        if_match (None | str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ProblemOut | RulesOut]
    """

    kwargs = _get_kwargs(
        section=section,
        state=state,
        cursor=cursor,
        limit=limit,
        if_match=if_match,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    section: ListRulesSectionType0 | None | Unset = UNSET,
    state: None | str | Unset = UNSET,
    cursor: None | str | Unset = UNSET,
    limit: int | Unset = 50,
    if_match: None | str | Unset = UNSET,
) -> ProblemOut | RulesOut | None:
    """List Rules

     Every rule by id, also those that stand in the program's file only.

    Args:
        section (ListRulesSectionType0 | None | Unset):
        state (None | str | Unset):
        cursor (None | str | Unset):
        limit (int | Unset):  Default: 50.
        if_match (None | str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ProblemOut | RulesOut
    """

    return (
        await asyncio_detailed(
            client=client,
            section=section,
            state=state,
            cursor=cursor,
            limit=limit,
            if_match=if_match,
        )
    ).parsed

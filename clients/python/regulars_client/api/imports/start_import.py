from http import HTTPStatus
from typing import Any

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.import_out import ImportOut
from ...models.problem_out import ProblemOut
from ...models.start_import_kind import StartImportKind
from ...types import UNSET, File, Response


def _get_kwargs(
    *,
    body: File,
    kind: StartImportKind,
    idempotency_key: str,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    headers["Idempotency-Key"] = idempotency_key

    params: dict[str, Any] = {}

    json_kind: str = kind
    params["kind"] = json_kind

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/v1/imports",
        "params": params,
    }

    _kwargs["content"] = body.payload
    headers["Content-Type"] = "application/x-ndjson"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> ImportOut | ProblemOut | None:
    if response.status_code == 202:
        response_202 = ImportOut.from_dict(response.json())

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
) -> Response[ImportOut | ProblemOut]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    *,
    client: AuthenticatedClient,
    body: File,
    kind: StartImportKind,
    idempotency_key: str,
) -> Response[ImportOut | ProblemOut]:
    """Start Import

     Take a file of rows, NDJSON or CSV; ask `Location` how far it is.

    The same key and file again is the same import; one that was interrupted goes
    through its rows anew then, and each still counts once.

    Args:
        kind (StartImportKind):
        idempotency_key (str):
        body (File):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ImportOut | ProblemOut]
    """

    kwargs = _get_kwargs(
        body=body,
        kind=kind,
        idempotency_key=idempotency_key,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    *,
    client: AuthenticatedClient,
    body: File,
    kind: StartImportKind,
    idempotency_key: str,
) -> ImportOut | ProblemOut | None:
    """Start Import

     Take a file of rows, NDJSON or CSV; ask `Location` how far it is.

    The same key and file again is the same import; one that was interrupted goes
    through its rows anew then, and each still counts once.

    Args:
        kind (StartImportKind):
        idempotency_key (str):
        body (File):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ImportOut | ProblemOut
    """

    return sync_detailed(
        client=client,
        body=body,
        kind=kind,
        idempotency_key=idempotency_key,
    ).parsed


async def asyncio_detailed(
    *,
    client: AuthenticatedClient,
    body: File,
    kind: StartImportKind,
    idempotency_key: str,
) -> Response[ImportOut | ProblemOut]:
    """Start Import

     Take a file of rows, NDJSON or CSV; ask `Location` how far it is.

    The same key and file again is the same import; one that was interrupted goes
    through its rows anew then, and each still counts once.

    Args:
        kind (StartImportKind):
        idempotency_key (str):
        body (File):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[ImportOut | ProblemOut]
    """

    kwargs = _get_kwargs(
        body=body,
        kind=kind,
        idempotency_key=idempotency_key,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    *,
    client: AuthenticatedClient,
    body: File,
    kind: StartImportKind,
    idempotency_key: str,
) -> ImportOut | ProblemOut | None:
    """Start Import

     Take a file of rows, NDJSON or CSV; ask `Location` how far it is.

    The same key and file again is the same import; one that was interrupted goes
    through its rows anew then, and each still counts once.

    Args:
        kind (StartImportKind):
        idempotency_key (str):
        body (File):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        ImportOut | ProblemOut
    """

    return (
        await asyncio_detailed(
            client=client,
            body=body,
            kind=kind,
            idempotency_key=idempotency_key,
        )
    ).parsed

"""Headers that the API of the embedded stack takes."""

from local.stack import Stack

ALL_SCOPES = (
    "events:write members:read members:write points:write pos:write privacy:write "
    "service:write rules:read rules:write rules:approve analytics:read "
    "operations:read operations:write delivery:write webhooks:write"
)


def signed_by(stack: Stack, subject: str = "end-to-end") -> dict[str, str]:
    """Headers with a token of the stack's own issuer, for everything."""
    token = stack.issuer.token(ALL_SCOPES, subject=subject, seconds=3_600)
    return {"authorization": f"Bearer {token}"}

"""The local issuer of access tokens: a key pair in a folder, for this machine only."""

import argparse
import json
import os
import secrets
import sys
import time
from pathlib import Path
from typing import Any, Final

from joserfc import jwt
from joserfc.jwk import ECKey

from local.secret_files import write_once

ISSUER: Final = "regulars-local"
AUDIENCE: Final = "regulars"
ALGORITHM: Final = "ES256"
TOKEN_SECONDS: Final = 900
ROOT: Final = Path(".local")
# What the API knows; a test holds it against that.
SCOPES: Final = (
    "events:write",
    "members:read",
    "members:write",
    "points:write",
    "pos:write",
    "privacy:write",
    "analytics:read",
    "service:write",
    "rules:read",
    "rules:write",
    "rules:approve",
    "operations:read",
    "operations:write",
    "webhooks:write",
    "delivery:write",
)


class LocalIssuer:
    """
    Issues access tokens (RFC 9068) that the API of the embedded stack takes.

    The key pair is made once: `key.json` for its owner's eyes only, and
    `public/jwks.json`, which is all that the API reads.
    """

    def __init__(self, root: Path) -> None:
        """`root` is the folder of the stack."""
        folder = root / "issuer"
        self._key_file = folder / "key.json"
        self._keys_file = folder / "public" / "jwks.json"

    def settings(self) -> dict[str, str]:
        """Settings of an API that takes this issuer's tokens."""
        self._key()
        return {
            "REGULARS_ACCESS_ISSUER": ISSUER,
            "REGULARS_ACCESS_AUDIENCE": AUDIENCE,
            "REGULARS_ACCESS_JWKS_FILE": str(self._keys_file.resolve()),
        }

    def token(
        self,
        scopes: str,
        *,
        subject: str = "somebody",
        client_id: str = "",
        member_id: str = "",
        brand: str = "",
        seconds: int = TOKEN_SECONDS,
    ) -> str:
        """Token for scopes, separated by spaces; the client is the subject's own."""
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": ISSUER,
            # As each process says it of its own brand, see runtime/brands.py.
            "aud": f"{AUDIENCE}/{brand}" if brand else AUDIENCE,
            "sub": subject,
            "client_id": client_id or subject,
            "scope": scopes,
            "iat": now,
            "exp": now + seconds,
            "jti": secrets.token_hex(16),
        }
        if member_id:
            claims["member_id"] = member_id
        key = self._key()
        header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": key.kid}
        return jwt.encode(header, claims, key, algorithms=[ALGORITHM])

    def _key(self) -> ECKey:
        if not self._key_file.exists():
            self._make_key()
        key = ECKey.import_key(json.loads(self._key_file.read_text()))
        if not self._keys_file.exists():
            public = {"keys": [key.as_dict(private=False)]}
            write_once(self._keys_file, json.dumps(public, indent=2), mode=0o644)
        return key

    def _make_key(self) -> None:
        key = ECKey.generate_key("P-256", {"use": "sig", "alg": ALGORITHM})
        key.ensure_kid()
        write_once(self._key_file, json.dumps(key.as_dict(private=True)), mode=0o600)


def main(arguments: list[str]) -> int:
    """Print a token; return the exit code."""
    parser = argparse.ArgumentParser(prog="make token", description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT)
    parser.add_argument("--scopes", default="", help="separated by spaces")
    parser.add_argument("--subject", default="", help="who")
    parser.add_argument("--member", default="", help="the one member it is good for")
    parser.add_argument("--client", default="", help="the application; else SUBJECT")
    parser.add_argument(
        "--brand", default=os.environ.get("REGULARS_BRAND", ""), help="if there is one"
    )
    chosen = parser.parse_args(arguments)
    scopes = chosen.scopes.split()
    unknown = [one for one in scopes if one not in SCOPES]
    if not scopes or unknown:
        found = f"no such scope: {' '.join(unknown)}; " if unknown else ""
        known = f"there are {' '.join(SCOPES)}"
        example = 'make token SCOPES="members:read points:write"'
        sys.stderr.write(f"{found}name scopes: {example}; {known}\n")
        return 2
    token = LocalIssuer(chosen.root).token(
        " ".join(scopes),
        subject=chosen.subject or "somebody",
        client_id=chosen.client,
        member_id=chosen.member,
        brand=chosen.brand,
    )
    sys.stdout.write(f"{token}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

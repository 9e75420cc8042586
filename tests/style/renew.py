"""
`python -m tests.style.renew`: what is kept of the API's document, written anew.

With `--released` also the document of the last release: at a release, never else.
"""

import json
import sys
from pathlib import Path

from jobs.write_gateway import gateway_page
from tests.routes.client import Client

ROOT = Path(__file__).parents[2]


def main(arguments: list[str]) -> None:
    """Write the gateway, and with --released what must not break from now on."""
    document = Client().call("GET", "/openapi.json").json()
    (ROOT / "deploy/gateway/envoy.yaml").write_text(gateway_page(document))
    if arguments == ["--released"]:
        text = json.dumps(document, indent=1, sort_keys=True) + "\n"
        (ROOT / "docs/openapi/released.json").write_text(text)


if __name__ == "__main__":
    main(sys.argv[1:])

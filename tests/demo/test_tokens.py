"""`make token`: what it prints is good for the API, and a slip is told at once."""

from pathlib import Path

import pytest

from api import gate
from local import issuer


def asked(root: Path, scopes: str) -> int:
    return issuer.main(["--root", str(root), "--scopes", scopes])


def test_a_token_names_the_scopes_that_the_api_knows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(tmp_path, " ".join(gate.SCOPES)) == 0
    assert capsys.readouterr().out.count(".") == 2
    assert set(issuer.SCOPES) == set(gate.SCOPES)


@pytest.mark.parametrize("scopes", ["", "foo", "members:raed members:read"])
def test_a_scope_that_there_is_not_is_refused_with_those_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], scopes: str
) -> None:
    assert asked(tmp_path, scopes) == 2

    told = capsys.readouterr().err
    assert "members:read points:write" in told
    assert all(one in told for one in issuer.SCOPES)

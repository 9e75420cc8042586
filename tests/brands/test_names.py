"""What one brand has for itself: names and keys that no other brand can come to."""

import os
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from pydantic import ValidationError

from runtime.brands import branded
from runtime.settings import Settings

ROOT = Path(__file__).parents[2]
SECRET = "s" * 40
GIVEN = Settings(
    identity_key=SECRET, delivery_key=SECRET, console_secret=SECRET, partitions=4
)
# As near to one another as names of brands and engines can be.
NEIGHBOURS = [
    ("", "regulars"),
    ("", "bistro-regulars"),
    ("bistro", "regulars"),
    ("bistro", "regulars-b"),
    ("bistro2", "regulars"),
    ("b", "istro"),
    ("bistror", "egulars"),
]


def shared_names(settings: Settings) -> set[str]:
    """How what belongs to a brand begins on the servers."""
    return {
        f"{settings.app_id}:",
        f"{settings.app_id}-engine",
        f"{settings.app_id}-members-changelog",
    }


@pytest.mark.parametrize(
    "pair", list(combinations(NEIGHBOURS, 2)), ids=lambda pair: f"{pair[0]}-{pair[1]}"
)
def test_no_two_brands_or_engines_share_the_beginning_of_a_key(
    pair: tuple[tuple[str, str], tuple[str, str]],
) -> None:
    one, other = (
        branded(GIVEN.model_copy(update={"app_id": app_id}), brand)
        for brand, app_id in pair
    )

    assert shared_names(one).isdisjoint(shared_names(other))
    assert not f"{one.app_id}:".startswith(f"{other.app_id}:")
    assert not f"{other.app_id}:".startswith(f"{one.app_id}:")


def test_a_brand_has_its_own_database_audience_and_keys_of_one_secret() -> None:
    bistro, diner = branded(GIVEN, "bistro"), branded(GIVEN, "diner")
    keys = [
        key
        for one in (bistro, diner)
        for key in (
            one.identity_key.get_secret_value(),
            one.delivery_key.get_secret_value(),
            one.console_secret,
        )
    ]

    assert bistro.clickhouse_database == "bistro_regulars"
    assert bistro.access_audience == "regulars/bistro"
    assert len({*keys, SECRET}) == 7
    assert all(len(key) >= 32 for key in keys)
    assert branded(GIVEN, "bistro") == bistro


def test_without_a_brand_everything_is_as_it_was() -> None:
    assert branded(GIVEN, "") == GIVEN


def test_a_brand_without_secrets_has_none() -> None:
    bistro = branded(Settings(), "bistro")

    assert bistro.identity_key.get_secret_value() == ""
    assert bistro.console_secret == ""


@pytest.mark.parametrize(
    "brand", ["Bistro", "bi-stro", "bi.stro", "bi_stro", "1bistro", "b" * 17, "bi:stro"]
)
def test_a_name_that_could_be_taken_for_two_is_refused(brand: str) -> None:
    with pytest.raises(ValidationError):
        Settings(brand=brand)


def test_every_topic_of_a_process_begins_with_its_brand() -> None:
    asked = (
        "from runtime.settings import load_settings as load;"
        "from schemas.topics import READERS, all_topics;"
        "names = [one.name for one in all_topics(load().app_id)];"
        "print(*names, *(name for read in READERS.values() for name in read))"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked],
        env={"PATH": os.environ["PATH"], "REGULARS_BRAND": "bistro"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = done.stdout.split()

    assert len(names) >= 18
    assert [name for name in names if not name.startswith("bistro.")] == []

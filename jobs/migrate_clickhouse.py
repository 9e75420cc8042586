"""Create and change the tables of ClickHouse: numbered files, each applied once."""

import argparse
from pathlib import Path
from typing import Final

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from jobs.errors import JobRefused
from runtime.settings import Settings
from stores.clickhouse import connect

SUMMARY = "create and change the tables of ClickHouse; running it again is harmless"
MIGRATIONS: Final = Path(__file__).parents[1] / "stores" / "migrations"


def run(settings: Settings, arguments: list[str]) -> None:
    """Apply every migration that has not been applied."""
    argparse.ArgumentParser(prog="migrate-clickhouse", description=SUMMARY).parse_args(
        arguments
    )
    try:
        client = connect(settings.clickhouse_url)
    except (ClickHouseError, OSError) as error:
        raise JobRefused(
            f"no ClickHouse answers at {settings.clickhouse_url} "
            f"(REGULARS_CLICKHOUSE_URL): {error}"
        ) from error
    try:
        for name in migrate(client, settings.clickhouse_database):
            print(f"applied {name}")
    except ClickHouseError as error:
        raise JobRefused(f"a migration was not applied: {error}") from error
    finally:
        client.close()


def migrate(client: Client, database: str) -> list[str]:
    """Apply what is missing; return its names, oldest first."""
    client.command(f"CREATE DATABASE IF NOT EXISTS {database}")
    client.command(
        f"CREATE TABLE IF NOT EXISTS {database}.schema_migrations "
        "(name String, applied_at DateTime DEFAULT now()) "
        "ENGINE = MergeTree ORDER BY name"
    )
    known = {
        row[0]
        for row in client.query(
            f"SELECT name FROM {database}.schema_migrations"  # noqa: S608 - the name is checked by the settings
        ).result_rows
    }
    applied = []
    for path in sorted(MIGRATIONS.glob("*.sql")):
        if path.stem in known:
            continue
        for statement in statements(path.read_text().replace("{database}", database)):
            client.command(statement)
        client.insert(
            f"{database}.schema_migrations", [[path.stem]], column_names=["name"]
        )
        applied.append(path.stem)
    return applied


def statements(text: str) -> list[str]:
    """Statements of a file, without its comment lines."""
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    parts = "\n".join(lines).split(";\n")
    return [part.strip().rstrip(";") for part in parts if part.strip().rstrip(";")]

"""An engine whose members write to one another and claim: `python -m` this module."""

import sys

from loyalty.budgets import Budget
from runtime.logs import set_up_logs
from runtime.settings import Settings, load_settings
from schemas.registries import registry_at
from streams import worker
from streams.role import Role
from streams.roles.engine import build_engine, role_of
from tests.simulation.test_effects import rules

TOTAL = 1_500


def _role(settings: Settings) -> Role:
    engine = build_engine(
        settings,
        registry_at(settings.schema_registry_url),
        decide=rules,
        find_budget=lambda name, _: Budget("b", TOTAL) if name == "b" else None,
    )
    return role_of(settings, engine)


if __name__ == "__main__":
    found = load_settings()
    set_up_logs(found.log_level)
    sys.exit(worker.run("engine", _role, found))

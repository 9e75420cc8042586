"""An engine whose members write to one another and claim: `python -m` this module."""

import sys

from loyalty.budgets import Budget
from runtime.logs import set_up_logs
from runtime.settings import Settings, load_settings
from streams import worker
from streams.app import build_engine, engine_app
from streams.registries import registry_of
from tests.simulation.test_effects import rules

TOTAL = 1_500


def _role(settings: Settings) -> worker.Role:
    engine = build_engine(
        settings,
        registry_of(settings),
        decide=rules,
        find_budget=lambda name, _: Budget("b", TOTAL) if name == "b" else None,
    )
    app = engine_app(settings, engine)
    return worker.Role(
        app, engine.readiness, engine.positions, engine.progress_at, engine.stop
    )


if __name__ == "__main__":
    found = load_settings()
    set_up_logs(found.log_level)
    worker.ROLES["engine"] = _role
    sys.exit(worker.run("engine", found))

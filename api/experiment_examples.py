"""Examples of experiments, for the API's document."""

from typing import Any, Final

_INTERVAL: Final[dict[str, Any]] = {"low": 12.4, "high": 131.6}
EXPERIMENTS: Final[dict[str, Any]] = {
    "items": [
        {
            "experiment_id": "rainy-trial",
            "arms": [
                {"arm_id": "control", "percent": 50, "members": 4012},
                {"arm_id": "double", "percent": 50, "members": 3988},
            ],
            "is_in_program": True,
        }
    ]
}
RESULTS: Final[dict[str, Any]] = {
    "experiment_id": "rainy-trial",
    "days": 28,
    "confidence": 0.95,
    "standing": "",
    "mismatch_probability": 0.79,
    "arms": [
        {
            "arm_id": "double",
            "percent": 50,
            "members": 3988,
            "orders_each": 3.41,
            "value_minor_each": 5120.5,
            "points_each": 61.2,
            "verdict": "higher",
            "value_minor": {
                "mean": 72.0,
                "once": _INTERVAL,
                "always": {"low": 2.1, "high": 141.9},
                "variance_kept_bp": 6100,
            },
            "orders": None,
            "points": None,
        }
    ],
}

from typing import Literal

DependencyOutBreaker = Literal["closed", "half-open", "open"]

DEPENDENCY_OUT_BREAKER_VALUES: set[DependencyOutBreaker] = {
    "closed",
    "half-open",
    "open",
}


def check_dependency_out_breaker(value: str) -> DependencyOutBreaker:
    if value in DEPENDENCY_OUT_BREAKER_VALUES:
        return value
    raise TypeError(
        f"Unexpected value {value!r}. Expected one of {DEPENDENCY_OUT_BREAKER_VALUES!r}"
    )

"""A body's numbers are numbers: true is not 1, and "1" is not either."""

import importlib
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

API = Path(__file__).parents[2] / "api"
MODULES = [f"api.{path.stem}" for path in sorted(API.glob("*_requests.py"))]
FIELDS = [
    pytest.param(field, id=f"{model.__name__}.{name}")
    for module in map(importlib.import_module, MODULES)
    for model in vars(module).values()
    if isinstance(model, type)
    and issubclass(model, BaseModel)
    and model.__module__ == module.__name__
    for name, field in model.model_fields.items()
]


def read(field: FieldInfo, value: object) -> Any:
    """What a field makes of a value; the value itself where it does not take it."""
    kind: Any = field.annotation
    for more in field.metadata:
        kind = Annotated[kind, more]
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return value


@pytest.mark.parametrize("field", FIELDS)
def test_what_is_no_number_is_not_taken_for_one(field: FieldInfo) -> None:
    for value in (True, "1"):
        assert type(read(field, value)) is not int


def test_there_are_such_fields() -> None:
    assert len(FIELDS) > 50
    assert any(type(read(field.values[0], 1)) is int for field in FIELDS)

"""
Records that are named tuples in the program, in the order of the schema's fields.

The compiled codec (`native/record_codec.c`) reads and writes what is usual; what
it leaves, and everything where it is not compiled, goes through fastavro and
back. Both give the same tuples, the same bytes and the same errors.
"""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, Final, Generic, TypeVar

from native.loading import quicken, record_codec
from schemas.framing import Framing, Record, Registry, Schema

T = TypeVar("T", bound=tuple[Any, ...])
Shapes = dict[str, type[Any]]
Convert = Callable[[Any], Any]

# Both are written alike; fastavro does not look at the width either.
_KIND_NAMES: Final = {"int": "long"}
_COMPILED_KINDS: Final = frozenset(
    {"null", "boolean", "long", "double", "string", "bytes"}
)


class TupleFraming(Generic[T]):
    """Reads and writes the records of one schema as named tuples."""

    def __init__(
        self,
        name: str,
        shapes: Sequence[type[Any]],
        registry: Registry | None = None,
        *,
        compiled: bool = True,
    ) -> None:
        """
        Compile schema `name`; the first shape is its own, the others by their names.

        `compiled` False is for tests of the twin.
        """
        self.framing = Framing(name, registry)
        self.header = self.framing.header
        schema = self.framing.schema
        by_name = {shape.__name__: shape for shape in shapes[1:]}
        by_name[_own_name(schema)] = shapes[0]
        self._to_tuple = _to_tuple(schema, by_name) or _same
        self._to_record = _to_record(schema, by_name) or _same
        quicken(shapes)
        codec = record_codec() if compiled else None
        self._compiled = codec(plan_of(schema, by_name)) if codec else None

    def encode(self, record: T) -> bytes:
        """Write a record that our own code made."""
        if self._compiled is not None:
            value: bytes | None = self._compiled.encode(self.header, record)
            if value is not None:
                return value
        return self.framing.encode(self._to_record(record))

    def decode(self, value: bytes | None) -> T:
        """
        Read a record from anywhere.

        Raises: MalformedRecord for bytes that are not exactly one record of a
        schema that we know.
        """
        if self._compiled is not None and value and value.startswith(self.header):
            record: T | None = self._compiled.decode(value, len(self.header))
            if record is not None:
                return record
        made: T = self._to_tuple(self.framing.decode(value))
        return made


def plan_of(schema: Schema, shapes: Shapes) -> tuple[str, Any, tuple[Any, ...]]:
    """Plan for the compiled codec: (kind, class or symbols, plans of the parts)."""
    if isinstance(schema, list):
        return "union", None, tuple(plan_of(branch, shapes) for branch in schema)
    kind = schema["type"] if isinstance(schema, dict) else schema
    if kind == "record":
        fields = tuple(plan_of(field["type"], shapes) for field in schema["fields"])
        return "record", _shape(schema, shapes), fields
    if kind == "enum":
        return "enum", tuple(schema["symbols"]), ()
    if kind == "array":
        return "array", None, (plan_of(schema["items"], shapes),)
    if kind == "map":
        return "map", None, (plan_of(schema["values"], shapes),)
    kind = _KIND_NAMES.get(kind, kind)
    assert kind in _COMPILED_KINDS, f"the compiled codec knows no {kind}"
    return kind, None, ()


def _own_name(schema: Schema) -> str:
    """Name of a record without its namespace."""
    return str(schema["name"]).rpartition(".")[2]


def _shape(schema: Schema, shapes: Shapes) -> type[Any]:
    """Named tuple of a record, whose fields are the schema's, in their order."""
    shape = shapes[_own_name(schema)]
    names = tuple(field["name"] for field in schema["fields"])
    assert shape._fields == names, f"{shape.__name__} is not {schema['name']}"
    return shape


def _to_tuple(schema: Schema, shapes: Shapes) -> Convert | None:
    """How a decoded value becomes ours; None where it is ours already."""
    if isinstance(schema, list):
        return _of_branches(schema, shapes, _to_tuple)
    kind = schema["type"] if isinstance(schema, dict) else schema
    if kind == "array":
        item = _to_tuple(schema["items"], shapes)
        return tuple if item is None else lambda items: tuple(map(item, items))
    if kind != "record":
        return None
    shape = _shape(schema, shapes)
    make: Convert = shape._make
    names: tuple[str, ...] = shape._fields
    nested = _nested(schema, shapes, _to_tuple)

    def read(record: Record) -> Any:
        for name, convert in nested:
            record[name] = convert(record[name])
        return make([record[name] for name in names])

    if nested or len(names) == 1:
        return read
    values = itemgetter(*names)
    return lambda record: make(values(record))


def _to_record(schema: Schema, shapes: Shapes) -> Convert | None:
    """How a value of ours becomes what fastavro writes; None where it is that."""
    if isinstance(schema, list):
        return _of_branches(schema, shapes, _to_record)
    kind = schema["type"] if isinstance(schema, dict) else schema
    if kind == "array":
        item = _to_record(schema["items"], shapes)
        return None if item is None else lambda items: list(map(item, items))
    if kind != "record":
        return None
    _shape(schema, shapes)
    nested = _nested(schema, shapes, _to_record)

    def write(value: Any) -> Record:
        record: Record = value._asdict()
        for name, convert in nested:
            record[name] = convert(record[name])
        return record

    return write


def _nested(
    schema: Schema, shapes: Shapes, way: Callable[[Schema, Shapes], Convert | None]
) -> list[tuple[str, Convert]]:
    """Fields of a record that need converting, and how."""
    found = ((field["name"], way(field["type"], shapes)) for field in schema["fields"])
    return [(name, convert) for name, convert in found if convert is not None]


def _of_branches(
    branches: list[Schema],
    shapes: Shapes,
    way: Callable[[Schema, Shapes], Convert | None],
) -> Convert | None:
    """Conversion of a union: of "nothing, or that", or of plain values only."""
    convert = way(branches[-1], shapes)
    if convert is None:
        assert not any(way(branch, shapes) for branch in branches), "ambiguous"
        return None
    assert len(branches) == 2, "ambiguous"  # noqa: PLR2004 - null and one other
    assert branches[0] == "null", "ambiguous"
    return lambda value: None if value is None else convert(value)


def _same(value: Any) -> Any:
    return value

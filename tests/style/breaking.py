"""
What of an OpenAPI document would break a client of an earlier one.

No maintained tool in Python does this (those that do are Go or Node), and what is asked
is little: whatever was taken is taken still, whatever was promised is there still.
"""

from collections.abc import Iterator
from typing import Any

from tests.style.linting import METHODS

Document = dict[str, Any]
UPPER = ("maxLength", "maximum", "exclusiveMaximum", "maxItems", "maxProperties")
LOWER = ("minLength", "minimum", "exclusiveMinimum", "minItems", "minProperties")


class Comparison:
    """An earlier document and a later one."""

    def __init__(self, old: Document, new: Document) -> None:
        self._old = old
        self._new = new
        self._seen: set[tuple[str, str, bool]] = set()

    def breaks(self) -> Iterator[str]:
        """What a client of the earlier one would miss."""
        for path, item in self._old["paths"].items():
            for method in METHODS:
                if method not in item:
                    continue
                name = f"{method.upper()} {path}"
                later = self._new["paths"].get(path, {}).get(method)
                if later is None:
                    yield f"{name}: is gone"
                else:
                    yield from self._operation(name, item[method], later)

    def _operation(self, name: str, old: Document, new: Document) -> Iterator[str]:
        yield from self._parameters(name, old, new)
        yield from self._scopes(name, old, new)
        before, after = old.get("requestBody", {}), new.get("requestBody", {})
        if after.get("required", False) and not before.get("required", False):
            yield f"{name}: a body is needed now"
        for kind, media in before.get("content", {}).items():
            if kind not in after.get("content", {}):
                yield f"{name}: no longer takes {kind}"
            else:
                later = after["content"][kind]
                yield from self._taken(f"{name} body", media["schema"], later["schema"])
        for status, answer in old["responses"].items():
            if not status.startswith("2"):
                continue
            later_answer = new["responses"].get(status)
            if later_answer is None:
                yield f"{name}: no longer answers {status}"
                continue
            for kind, media in answer.get("content", {}).items():
                later = later_answer.get("content", {}).get(kind)
                if later is None:
                    yield f"{name} {status}: no longer answers {kind}"
                # Of events the schema describes each, not the body.
                elif kind != "text/event-stream":
                    where = f"{name} {status}"
                    yield from self._given(
                        where, media.get("schema", {}), later.get("schema", {})
                    )

    def _parameters(self, name: str, old: Document, new: Document) -> Iterator[str]:
        before, after = _named(old), _named(new)
        for key, parameter in before.items():
            if key not in after:
                yield f"{name}: no longer takes {key}"
            else:
                yield from self._taken(
                    f"{name} {key}", parameter["schema"], after[key]["schema"]
                )
        for key, parameter in after.items():
            was_needed = before.get(key, {}).get("required", False)
            if parameter.get("required", False) and not was_needed:
                yield f"{name}: {key} is needed now"

    def _scopes(self, name: str, old: Document, new: Document) -> Iterator[str]:
        before, after = _scopes_of(old), _scopes_of(new)
        # Each one was enough for itself.
        for scope in sorted(before - after):
            yield f"{name}: the scope {scope} is no longer enough"
        if after and not old.get("security"):
            yield f"{name}: a token is needed now"

    def _taken(self, where: str, old: Document, new: Document) -> Iterator[str]:
        """What was taken, and is no longer."""
        yield from self._compared(where, old, new, is_taken=True)

    def _given(self, where: str, old: Document, new: Document) -> Iterator[str]:
        """What was promised, and is no longer."""
        yield from self._compared(where, old, new, is_taken=False)

    def _compared(
        self, where: str, old: Document, new: Document, *, is_taken: bool
    ) -> Iterator[str]:
        key = (old.get("$ref", ""), new.get("$ref", ""), is_taken)
        if key[0]:
            if key in self._seen:
                return
            self._seen.add(key)
        old, new = _resolved(old, self._old), _resolved(new, self._new)
        before, after = _kinds(old), _kinds(new)
        lost = before - after if is_taken else after - before
        if before and after and lost:
            verb = "taken" if is_taken else "promised"
            yield f"{where}: {', '.join(sorted(before))} was {verb}, now {', '.join(sorted(after))}"
        if is_taken:
            yield from _narrowed(where, old, new)
        yield from self._properties(where, old, new, is_taken=is_taken)
        if "items" in old and "items" in new:
            yield from self._compared(
                f"{where}[]", old["items"], new["items"], is_taken=is_taken
            )
        for one, other in zip(_variants(old), _variants(new), strict=False):
            yield from self._compared(where, one, other, is_taken=is_taken)

    def _properties(
        self, where: str, old: Document, new: Document, *, is_taken: bool
    ) -> Iterator[str]:
        before, after = old.get("properties", {}), new.get("properties", {})
        needed, needed_now = set(old.get("required", ())), set(new.get("required", ()))
        for name, schema in before.items():
            if name not in after:
                yield f"{where}.{name}: is gone"
            else:
                yield from self._compared(
                    f"{where}.{name}", schema, after[name], is_taken=is_taken
                )
        if is_taken:
            for name in sorted(needed_now - needed):
                yield f"{where}.{name}: is needed now"
        else:
            for name in sorted((needed - needed_now) & after.keys()):
                yield f"{where}.{name}: is no longer promised"


def _named(operation: Document) -> dict[str, Document]:
    return {f"{p['in']} {p['name']}": p for p in operation.get("parameters", ())}


def _scopes_of(operation: Document) -> set[str]:
    needs = operation.get("security", ())
    return {scope for need in needs for scopes in need.values() for scope in scopes}


def _resolved(schema: Document, document: Document) -> Document:
    while "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = document["components"]["schemas"][name]
    return schema


def _variants(schema: Document) -> list[Document]:
    return list(schema.get("anyOf") or schema.get("oneOf") or ())


def _kinds(schema: Document) -> set[str]:
    found = {str(one["type"]) for one in [schema, *_variants(schema)] if "type" in one}
    return found | (
        {"ref"} if any("$ref" in one for one in _variants(schema)) else set()
    )


def _narrowed(where: str, old: Document, new: Document) -> Iterator[str]:
    if "enum" in new:
        for value in old.get("enum", [old["const"]] if "const" in old else []):
            if value not in new["enum"]:
                yield f"{where}: {value!r} is no longer taken"
    if "enum" in new and not {"enum", "const"} & old.keys():
        yield f"{where}: only some values are taken now"
    for name in UPPER:
        if name in new and new[name] < old.get(name, float("inf")):
            yield f"{where}: {name} is {new[name]} now"
    for name in LOWER:
        if name in new and new[name] > old.get(
            name, 0 if name.startswith("min") else float("-inf")
        ):
            yield f"{where}: {name} is {new[name]} now"
    if new.get("pattern", old.get("pattern")) != old.get("pattern"):
        yield f"{where}: another pattern"

"""`fields=`: an answer of which only the named parts are sent."""

from typing import Annotated, Any, Final, cast, get_args

from fastapi import Depends, Query, Response
from fastapi.params import Depends as Dependency
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from api.entity_tags import etag_of_content, headers_of, unless_known
from api.problems import FieldsUnknown

FIELDS_LENGTH_MAX: Final = 1_000
FAULTS_MAX: Final = 20
# What is taken of a part: all of it, or only these parts of it.
Tree = dict[str, "Tree"]


class Fields:
    """The parts of an answer that somebody wants; all, unless they named some."""

    def __init__(self, tree: Tree | None, within: str) -> None:
        """`within` is the list whose elements the names are of, or empty."""
        self._tree = tree
        self._within = within

    def of(self, answer: BaseModel, response: Response) -> Any:
        """Answer as it goes out, whole or its named parts, with the headers so far."""
        headers = response.headers
        told = {name: headers[name] for name in headers if name != "content-length"}
        if self._tree is None:
            # It is of its shape already: the framework would check it once more.
            content = answer.__pydantic_serializer__.to_json(answer)
            return Response(content, headers=told, media_type="application/json")
        document = answer.model_dump(mode="json")
        if self._within:
            document[self._within] = _part(document[self._within], self._tree)
        else:
            document = _part(document, self._tree)
        return JSONResponse(document, headers=told)


def sparse(shape: type[BaseModel], within: str = "") -> Dependency:
    """
    Parameter `fields` of a route that answers with a shape.

    With `within` the names are of the elements of that list, and what stands beside
    it is always sent.
    """
    named = _element(shape, within) if within else shape

    async def parsed(
        fields: Annotated[
            str | None,
            Query(
                min_length=1,
                max_length=FIELDS_LENGTH_MAX,
                description=f"Only these fields of {named.__name__}: names with commas "
                "between them, a dot before a field of a field, also in a list; "
                "`required` of the schema then holds for what is named.",
            ),
        ] = None,
    ) -> Fields:
        return Fields(None if fields is None else _tree(fields, named), within)

    return cast("Dependency", Depends(parsed))


def if_changed(
    answer: BaseModel,
    response: Response,
    *,
    fields: Fields,
    if_none_match: str | None,
) -> Any:
    """Named parts of an answer that has no version, unless its content is known."""
    etag = etag_of_content(answer)
    known = unless_known(if_none_match, etag)
    if known is not None:
        return known
    response.headers.update(headers_of(etag))
    return fields.of(answer, response)


def _tree(text: str, shape: type[BaseModel]) -> Tree:
    """
    Parts that a text names.

    Raises: FieldsUnknown for names that the shape does not have.
    """
    tree: Tree = {}
    unknown: dict[str, None] = {}
    for path in text.split(","):
        names = path.strip().split(".")
        if not _is_known(names, shape):
            unknown[path.strip()] = None
            continue
        _add(tree, names)
    if unknown:
        faults = [
            {"pointer": "query/fields", "detail": f"there is no field {name!r}"}
            for name in list(unknown)[:FAULTS_MAX]
        ]
        detail = f"{len(unknown)} field(s) of {len(text.split(','))} are not known"
        raise FieldsUnknown(detail, errors=faults)
    return tree


def _add(tree: Tree, names: list[str]) -> None:
    """Take a part; the whole of something is more than parts of it."""
    for name in names[:-1]:
        if tree.get(name) == {}:
            return
        tree = tree.setdefault(name, {})
    tree[names[-1]] = {}


def _is_known(names: list[str], shape: type[BaseModel] | None) -> bool:
    for name in names:
        if shape is None or name not in shape.model_fields:
            return False
        shape = _shape_of(shape.model_fields[name].annotation)
    return True


def _element(shape: type[BaseModel], name: str) -> type[BaseModel]:
    found = _shape_of(shape.model_fields[name].annotation)
    assert found is not None, "a list of shapes"
    return found


def _shape_of(annotation: Any) -> type[BaseModel] | None:
    """Shape of a field, or of the elements of its list."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_shape_of(part) for part in get_args(annotation))
    return next((shape for shape in found if shape is not None), None)


def _part(value: Any, tree: Tree) -> Any:
    if isinstance(value, list):
        return [_part(one, tree) for one in value]
    if not tree or not isinstance(value, dict):
        return value
    return {name: _part(value[name], tree[name]) for name in value if name in tree}

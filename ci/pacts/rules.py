"""Pact's matching rules for requests and replies of the query protocol, from the service model.

XML rules must name elements with their namespace (``$['NS:A']['#text']``): Pact's matcher looks them up so, and a rule
that names none is dropped without a word, after which the example must be met literally.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.model import ListShape, Shape, StringShape, StructureShape

from ...contract.codec.departure import Departures
from ...contract.codec.form import Pairs
from ...contract.codec.query_request import wire_name
from ...contract.codec.xml_document import read_document
from ...contract.model import Operation
from .pact import Rule

TYPE: Mapping[str, Any] = {"match": "type"}
_BOOLEAN = "true|false"
_INTEGER = "-?[0-9]+"
_NUMBERED = re.compile(r"\.(?:member\.)?[0-9]+")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def form_rules(operation: Operation, pairs: Pairs, like: Pairs) -> tuple[Rule, ...]:
    """Return the rules for the form of a request.

    Args:
        operation: What is asked for.
        pairs: The request's.
        like: Those of a request that succeeds. Where the two differ, the request is what it is for, and the value must
            be met literally.
    """
    usual = dict(like)
    rules: list[Rule] = []
    for key, value in pairs:
        shape = shape_at(operation, key)
        if shape is not None and usual.get(key) == value:
            rules.append(Rule(form_path(key), (_text_matcher(shape),)))
    return tuple(sorted(rules, key=lambda rule: rule.path))


def form_path(key: str) -> str:
    """Return the path of a key of a form.

    >>> form_path("JobId"), form_path("jobIds.member.1")
    ('$.JobId', "$['jobIds.member.1']")
    """
    return f"$.{key}" if _PLAIN.fullmatch(key) else f"$['{key}']"


def shape_at(operation: Operation, key: str) -> Shape | None:
    """Return the scalar shape that a key of a request's form stands for, or None."""
    shape: Shape | None = operation.input_shape
    plain = _NUMBERED.sub(".", key).rstrip(".")
    for part in filter(None, plain.split(".")):
        while isinstance(shape, ListShape):
            shape = shape.member
        if not isinstance(shape, StructureShape):
            return None
        names = {wire_name(name, member): member for name, member in shape.members.items()}
        shape = names.get(part)
    while isinstance(shape, ListShape):
        shape = shape.member
    return None if isinstance(shape, StructureShape) else shape


def reply_rules(operation: Operation, body: bytes, promised: frozenset[str]) -> tuple[Rule, ...]:
    """Return the rules for the XML of a reply that the contract allows.

    Args:
        operation: What was asked for.
        body: The reply's.
        promised: Members of the result whose value is promised, so that it must be met literally.
    """
    root = read_document(body, Departures())
    if root is None:
        return ()
    rules: dict[str, Rule] = {}
    found = _error_rules(root) if _local(root) == "ErrorResponse" else _result_rules(operation, root, promised)
    for rule in found:
        rules.setdefault(rule.path, rule)
    return tuple(rules[path] for path in sorted(rules))


def _error_rules(root: Any) -> Iterator[Rule]:
    at = step("$", root)
    for child in root:
        if _local(child) == "RequestId":
            yield _free(step(at, child))
        for part in child:
            if _local(part) == "Message":
                yield _free(step(step(at, child), part))


def _result_rules(operation: Operation, root: Any, promised: frozenset[str]) -> Iterator[Rule]:
    at = step("$", root)
    for child in root:
        if _local(child) == "ResponseMetadata":
            yield from (_free(step(step(at, child), part)) for part in child)
        elif operation.output_shape is not None:
            yield from _member_rules(operation.output_shape, child, step(at, child), promised)


def _member_rules(shape: StructureShape, parent: Any, at: str, promised: frozenset[str]) -> Iterator[Rule]:
    members = {wire_name(name, member): (name, member) for name, member in shape.members.items()}
    for child in parent:
        name, member = members.get(_local(child), ("", None))  # who recorded the reply may have got a wrong one
        if member is not None and name not in promised:
            yield from _value_rules(member, child, step(at, child))


def _value_rules(shape: Shape, element: Any, at: str) -> Iterator[Rule]:
    if isinstance(shape, StructureShape):
        yield from _member_rules(shape, element, at, frozenset())
    elif isinstance(shape, ListShape):
        for item in element:
            here = step(at, item)
            # Without it, Pact looks at the first item of a list alone.
            yield Rule(here, ({"match": "type", "min": 1},))
            yield from _value_rules(shape.member, item, here)
    else:
        yield Rule(f"{at}['#text']", (_text_matcher(shape),))


def _text_matcher(shape: Shape) -> Mapping[str, Any]:
    if shape.type_name == "boolean":
        return {"match": "regex", "regex": _BOOLEAN}
    if shape.type_name in ("integer", "long"):
        return {"match": "regex", "regex": _INTEGER}
    if isinstance(shape, StringShape) and shape.enum:
        return {"match": "regex", "regex": "|".join(map(re.escape, shape.enum))}
    return TYPE


def _free(path: str) -> Rule:
    return Rule(f"{path}['#text']", (TYPE,))


def step(at: str, element: Any) -> str:
    """Return the path of an element below that of its parent, named with its namespace."""
    namespace, brace, name = str(element.tag)[1:].partition("}")
    return f"{at}['{namespace}:{name}']" if brace else f"{at}['{element.tag}']"


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]

"""Whether the path of a matching rule points at anything in the body beside it."""

from __future__ import annotations

import re
from typing import Any

from ...contract.codec.departure import Departures
from ...contract.codec.form import read_form
from ...contract.codec.xml_document import read_document
from .pact import FORM, Message

_STEP = re.compile(r"\.(?P<plain>[^.\[\]']+)|\['(?P<quoted>[^']*)'\]|\[(?P<index>[0-9]+|\*)\]")


def points_at_something(path: str, message: Message) -> bool | None:
    """Return whether `path` names a place in a message's body; None for a body that is neither a form nor XML."""
    steps = _steps(path)
    kind = next((value for name, value in message.headers if name.lower() == "content-type"), "")
    body = (message.body or "").encode("utf-8", "surrogateescape")
    if kind.startswith(FORM):
        return steps is not None and _in_form(steps, {key for key, _ in read_form(body).pairs})
    if "xml" in kind:
        root = read_document(body, Departures())
        return steps is not None and root is not None and _in_xml(steps, [root], above=None)
    return None


def _steps(path: str) -> list[str] | None:
    """Return the steps of a path below its ``$``, indices in brackets; None for what is no path."""
    found: list[str] = []
    at = 1
    while at < len(path):
        step = _STEP.match(path, at)
        if step is None:
            return None
        index = step["index"]
        found.append(f"[{index}]" if index is not None else step["plain"] or step["quoted"])
        at = step.end()
    return found if path.startswith("$") else None


def _in_form(steps: list[str], keys: set[str]) -> bool:
    if not steps:
        return True
    rest_is_an_index = all(step.startswith("[") for step in steps[1:])
    return rest_is_an_index and (steps[0] in keys or (steps[0] == "*" and bool(keys)))


def _in_xml(steps: list[str], elements: list[Any], above: Any) -> bool:
    """Return whether `steps` lead somewhere from the element `above`, whose children are `elements`."""
    if not steps:
        return True
    step, rest = steps[0], steps[1:]
    if step.startswith("["):
        return (step == "[*]" or int(step[1:-1]) < 1 + len(elements)) and _in_xml(rest, elements, above)
    if step == "#text":
        return above is not None and not rest
    if step.startswith("@"):
        return above is not None and not rest and step[1:] in above.attrib
    return any(_in_xml(rest, list(one), one) for one in elements if step in ("*", _name(one)))


def _name(element: Any) -> str:
    namespace, brace, name = str(element.tag)[1:].partition("}")
    return f"{namespace}:{name}" if brace else str(element.tag)

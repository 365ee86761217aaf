"""What stands around the members of a reply: its media type, namespaces, request id, and the error envelope."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import Element

from ..interaction import Reply
from .departure import Departures, shortened

_XML_TYPES = frozenset({"text/xml", "application/xml"})
_XML_SPACE = " \t\r\n"


@dataclass(frozen=True, slots=True)
class ErrorReading:
    """The error envelope as it stands; each part None when absent."""

    code: str | None
    message: str | None
    fault: str | None


def read_content_type(reply: Reply, told: Departures) -> None:
    """Tell what is wrong with the headers that say how the body is to be read."""
    types: list[str] = []
    encoding = None
    for key, value in reply.headers:
        name = key.lower()
        if name == "content-type":
            types.append(value)
        elif name == "content-encoding" and encoding is None:
            encoding = value
    for expected, observed in _wrong_types(tuple(types)):
        told.add("content-type", "header:Content-Type", expected, observed)
    if encoding is not None and encoding.strip().lower() not in ("", "identity"):
        # botocore never decodes a query reply's content encoding (measured with 1.44.5).
        told.add("content-type", "header:Content-Encoding", "no content encoding", shortened(encoding))


@lru_cache(maxsize=256)  # an endpoint has one type, or a few
def _wrong_types(types: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    content_type = types[0] if types else None
    media, *parameters = (content_type or "").split(";")
    charsets = [_charset(parameter) for parameter in parameters if "charset" in parameter.lower()]
    if len(types) > 1:
        return (("one Content-Type", " and ".join(map(repr, types))),)
    if media.strip().lower() not in _XML_TYPES:
        return (("text/xml or application/xml", shortened(content_type)),)
    if any(charset != "utf-8" for charset in charsets):
        return (("charset utf-8", shortened(content_type)),)
    return ()


def _charset(parameter: str) -> str:
    name, _, value = parameter.partition("=")
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1]
    return value.lower() if name.strip().lower() == "charset" else f"none, but {name.strip()}"


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def read_namespaces(root: Element, accepted: frozenset[str], told: Departures) -> None:
    """Tell a namespace of the root that is not accepted, and the first element that has another one."""
    opening, _, name = root.tag.rpartition("}")
    space = opening[1:]
    if accepted and space not in accepted:
        told.add("namespace", f"/{name}", " or ".join(sorted(accepted)), shortened(space or None))
    for element in root.iter():
        other, _, name = element.tag.rpartition("}")
        if other != opening:
            told.add("namespace", f"//{name}", f"the root's namespace {space!r}", shortened(other[1:] or None))
            return


def tell_stray_text(element: Element, path: str, told: Departures) -> None:
    """Tell the first text that stands directly in an element which may hold elements only."""
    texts = [child.tail for child in element if child.tail]
    if element.text:
        texts.insert(0, element.text)
    for text in texts:
        if stray := text.strip(_XML_SPACE):
            told.add("member-type", path, "elements only", shortened(stray))
            return


def read_request_id(element: Element, path: str, told: Departures) -> str | None:
    """Return the text of a ``RequestId``; what is no id of a request is told."""
    if len(element):
        told.add("request-id", path, "text", f"the element {local_name(element[0])}")
    elif not (element.text or "").strip():
        told.add("request-id", path, "a request id", shortened(element.text))
    return element.text or None


def read_metadata(elements: Iterable[Element], path: str, told: Departures) -> str | None:
    """Return the request id of the ``ResponseMetadata`` of a result, of which there has to be one."""
    request_id: str | None = None
    found = False
    for index, element in enumerate(elements):
        if index:
            told.add("member-repeated", path, "once", "again")
        tell_stray_text(element, path, told)
        for child in element:
            tag = local_name(child)
            if tag != "RequestId":
                told.add("member-unknown", f"{path}/{tag}", "RequestId", tag)
            elif found:
                told.add("member-repeated", f"{path}/{tag}", "once", "again")
            else:
                found = True
                request_id = read_request_id(child, f"{path}/{tag}", told)
    if not found:
        told.add("request-id", f"{path}/RequestId", "a request id", "nothing")
    return request_id


def read_error(root: Element, name: str, told: Departures) -> tuple[ErrorReading | None, str | None]:
    """Return the error in an envelope called `name`, and the request id beside it."""
    path = f"/{name}"
    if name != "ErrorResponse":
        told.add("error-envelope", path, "ErrorResponse", name)
    request_id: str | None = None
    error: ErrorReading | None = None
    seen: set[str] = set()
    tell_stray_text(root, path, told)
    for child in root:
        tag = local_name(child)
        if tag in seen:
            told.add("member-repeated", f"{path}/{tag}", "once", "again")
            continue
        seen.add(tag)
        if tag == "Error":
            error = _read_error_members(child, f"{path}/Error", told)
        elif tag == "RequestId":
            request_id = read_request_id(child, f"{path}/{tag}", told)
        elif tag == "ResponseMetadata":  # botocore reads the id here too, but the documented envelope has it bare
            told.add("error-envelope", f"{path}/{tag}", "RequestId directly below ErrorResponse", tag)
            request_id = next((item.text for item in child if local_name(item) == "RequestId"), None)
        else:
            told.add("error-envelope", f"{path}/{tag}", "Error and RequestId", tag)
    if error is None:
        told.add("error-envelope", f"{path}/Error", "an Error element", "nothing")
    if not request_id and "RequestId" not in seen:
        told.add("request-id", f"{path}/RequestId", "a request id", "nothing")
    return error, request_id


def _read_error_members(element: Element, path: str, told: Departures) -> ErrorReading:
    found: dict[str, str | None] = {}
    tell_stray_text(element, path, told)
    for child in element:
        tag = local_name(child)
        if len(child):
            told.add("member-type", f"{path}/{tag}", "text", "elements")
        if tag in found:
            told.add("member-repeated", f"{path}/{tag}", "once", "again")
        elif tag in ("Type", "Code", "Message", "Detail"):
            found[tag] = child.text
        else:
            told.add("error-envelope", f"{path}/{tag}", "Type, Code, Message", tag)
    fault, code = found.get("Type"), found.get("Code")
    if fault not in ("Sender", "Receiver"):
        told.add("error-type", f"{path}/Type", "Sender or Receiver", shortened(fault))
    if not code or code.split() != [code]:
        told.add("error-code", f"{path}/Code", "a code without white space", shortened(code))
    if not (found.get("Message") or "").strip():
        told.add("error-message", f"{path}/Message", "a message", shortened(found.get("Message")))
    return ErrorReading(code, found.get("Message"), fault)

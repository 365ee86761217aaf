"""XML documents read strictly: bytes to elements, or the one departure that stands against it. Never raises.

A document is UTF-8 and has no document type; so entities are never expanded, and nothing is fetched. Who parses a
document by other means asks `why_not_parsed` first.
"""

from __future__ import annotations

import codecs
import re
from xml.etree.ElementTree import Element, ParseError, XMLParser
from xml.parsers import expat
from xml.parsers.expat import errors

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from .departure import Departures, shortened

MAX_BODY = 4 * 1024 * 1024

_DECLARED = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DECLARATIONS = (b"<?xml", codecs.BOM_UTF8)
_VERSION = re.compile(rb"""<\?xml\s+version\s*=\s*["']([^"']*)["']""")
# Where expat stops when the input ends too early; every other error stands in what is there.
_AT_THE_END = frozenset(
    errors.codes[text]
    for text in (
        errors.XML_ERROR_NO_ELEMENTS,
        errors.XML_ERROR_UNCLOSED_TOKEN,
        errors.XML_ERROR_PARTIAL_CHAR,
        errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)


def read_document(body: bytes, told: Departures) -> Element | None:
    """Return the root of the document in `body`, or None with the reason added to `told`.

    Codes: ``body-empty``, ``body-too-large``, ``not-utf-8``, ``entity-declaration``, ``truncated`` (the body ends too
    early), ``not-well-formed``.
    """
    if not body or body.isspace():
        told.add("body-empty", "body", "an XML document", "only white space" if body else "nothing")
    elif len(body) > MAX_BODY:
        told.add("body-too-large", "body", f"at most {MAX_BODY} bytes", f"{len(body)} bytes")
    elif not _is_utf_8(body, told):
        pass
    elif (version := _in_declaration(_VERSION, body)) and version[1] != b"1.0":
        # expat reads any version; others must not.
        told.add("not-well-formed", "body:declaration", "XML version 1.0", shortened(version[1].decode("utf-8")))
    elif b"<!DOCTYPE" in body and _declares_document_type(body):
        told.add("entity-declaration", "body", "no document type or entity declaration", "a document type")
    else:
        # Without a document type there are no entities, and the standard parser takes half the time of defusedxml's.
        parser = XMLParser(encoding="utf-8")  # noqa: S314
        try:
            parser.feed(body)
            root: Element = parser.close()
        except ParseError as wrong:
            line, column = wrong.position
            code = "truncated" if wrong.code in _AT_THE_END else "not-well-formed"
            reason = str(wrong).partition(":")[0]
            told.add(code, f"body:line {line} column {column}", "a complete XML document", reason)
        else:
            return root
    return None


def _in_declaration(wanted: re.Pattern[bytes], body: bytes) -> re.Match[bytes] | None:
    # Most replies have none, and to look for it takes a tenth of their reading.
    return wanted.match(body.removeprefix(codecs.BOM_UTF8)) if body.startswith(_DECLARATIONS) else None


def why_not_parsed(body: bytes) -> str:
    """Return why no parser should be given `body`, or an empty text.

    A document type can define entities that take a machine's memory, and so can sheer size. Depth is bounded by size:
    what is as deep as it can be takes botocore two seconds (measured with 1.44.5).

    >>> why_not_parsed(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    'it declares a document type'
    """
    if len(body) > MAX_BODY:
        return f"it has {len(body)} bytes, more than the {MAX_BODY} that are read of any reply"
    # The bytes of a document type in UTF-16, which expat finds out by itself, have NULs between them.
    if (b"<!DOCTYPE" in body or 0 in body) and _opens_document_type(body):
        return "it declares a document type"
    return ""


def _opens_document_type(body: bytes) -> bool:
    """Whether expat, as it is used by botocore, comes to a document type."""
    parser = expat.ParserCreate("utf-8")
    parser.StartDoctypeDeclHandler = _stop
    try:
        parser.Parse(body, True)  # noqa: FBT003 - its only form
    except _DocumentType:
        return True
    except expat.ExpatError:  # where the SDK's parser gives up too
        return False
    return False


class _DocumentType(Exception):
    """There is one."""


def _stop(*_: object) -> None:
    raise _DocumentType


def _is_utf_8(body: bytes, told: Departures) -> bool:
    if 0 in body[:2]:  # expat takes it for UTF-16 without a byte order mark, whatever encoding it was told
        told.add("not-utf-8", f"body:byte {body.index(0)}", "UTF-8", repr(body[:8]))
        return False
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as wrong:
        if wrong.end < len(body) or wrong.reason != "unexpected end of data":  # else it is cut within a character
            told.add("not-utf-8", f"body:byte {wrong.start}", "UTF-8", repr(body[wrong.start : wrong.start + 8]))
            return False
    declared = _in_declaration(_DECLARED, body)
    if declared is None or declared[1].lower() == b"utf-8" or (declared[1].lower() == b"us-ascii" and body.isascii()):
        return True
    told.add("not-utf-8", "body:declaration", "encoding UTF-8", shortened(declared[1].decode("ascii")))
    return False


def _declares_document_type(body: bytes) -> bool:
    """Whether `body` opens a document type, rather than naming it in a comment or a CDATA section."""
    try:
        ElementTree.fromstring(body, forbid_dtd=True)
    except DefusedXmlException:
        return True
    except ParseError:  # it comes before any document type
        return False
    return False

"""What no parser is given: the guard, and that the strict reader always has something against it too."""

from __future__ import annotations

import botocore.parsers
import pytest
from botoproof.contract.adapters.models import read_operation
from botoproof.contract.codec.query_reading import read_reply
from botoproof.contract.codec.query_reply import write_result
from botoproof.contract.codec.xml_document import MAX_BODY, why_not_parsed
from botoproof.contract.interaction import Reply
from hypothesis import given
from hypothesis import strategies as st

UPDATE = read_operation("importexport", "UpdateJob")
RIGHT = write_result(UPDATE, {"Success": True, "WarningMessage": "careful"}, request_id="an-id").body
TYPE = b'<!DOCTYPE r [<!ENTITY a "secret of the entity">]>'


def expanded(body: bytes) -> bool:
    """Return whether botocore's parser expands the entity in `body`."""
    response = {"status_code": 200, "headers": {}, "body": body, "context": {"operation_name": "UpdateJob"}}
    try:
        value = botocore.parsers.create_parser("query").parse(response, UPDATE.declared.output_shape)
    except botocore.parsers.ResponseParserError:
        return False
    return "secret of the entity" in str(value)


PIECES = st.sampled_from(
    [
        b'<?xml version="1.0"?>', b'<?xml version="1.0" encoding="utf-16"?>', b"<!-- <!DOCTYPE -->", b" ", TYPE,
        b"<UpdateJobResponse><UpdateJobResult><WarningMessage>&a;</WarningMessage></UpdateJobResult>"
        b"</UpdateJobResponse>", RIGHT, b"<![CDATA[<!DOCTYPE]]>", b"\0", b"\xff",
    ]
)  # fmt: skip
ENCODINGS = st.sampled_from(["latin-1", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])


@given(pieces=st.lists(PIECES, max_size=5), encoding=ENCODINGS)
def test_what_botocore_would_expand_is_kept_from_it_and_the_strict_reader_has_something_against_it(
    pieces: list[bytes], encoding: str
) -> None:
    body = b"".join(pieces).decode("latin-1").encode(encoding)

    kept = bool(why_not_parsed(body))

    assert kept or not expanded(body)
    assert not kept or read_reply(UPDATE, Reply(200, (("Content-Type", "text/xml"),), body)).departures


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_document_type_is_found_in_every_encoding_that_botocore_reads(encoding: str) -> None:
    document = b"<UpdateJobResponse><UpdateJobResult><WarningMessage>&a;</WarningMessage>"
    body = (TYPE + document + b"</UpdateJobResult></UpdateJobResponse>").decode().encode(encoding)

    assert expanded(body)
    assert why_not_parsed(body) == "it declares a document type"


@pytest.mark.parametrize(
    "body",
    [RIGHT, b"", b"no XML <!DOCTYPE", b"<!-- <!DOCTYPE a> --><a/>", b"<a><![CDATA[<!DOCTYPE a>]]></a>", b"<a/>\0"],
)
def test_a_document_without_a_document_type_is_not_kept_back(body: bytes) -> None:
    assert why_not_parsed(body) == ""


def test_the_largest_document_that_is_read_is_not_kept_back() -> None:
    assert why_not_parsed(b" " * MAX_BODY) == ""
    assert (
        why_not_parsed(b" " * (MAX_BODY + 1))
        == "it has 4194305 bytes, more than the 4194304 that are read of any reply"
    )

"""Replies that are right, to be changed in one place, and what is told of them when they are read."""

from __future__ import annotations

from botoproof.contract.codec.query_reading import ReplyReading, read_reply
from botoproof.contract.interaction import Headers, Reply
from botoproof.contract.model import Operation

XML = (("Content-Type", "text/xml"),)
RESULT = b"""<UpdateJobResponse xmlns="http://importexport.amazonaws.com/doc/2010-06-01/">\
<UpdateJobResult><Success>true</Success><WarningMessage>w</WarningMessage>\
<ArtifactList><member><Description>d</Description><URL>u</URL></member>\
<member><Description>e</Description><URL>v</URL></member></ArtifactList></UpdateJobResult>\
<ResponseMetadata><RequestId>r1</RequestId></ResponseMetadata></UpdateJobResponse>"""
VALUE = {
    "Success": True,
    "WarningMessage": "w",
    "ArtifactList": [{"Description": "d", "URL": "u"}, {"Description": "e", "URL": "v"}],
}
ERROR = b"""<ErrorResponse xmlns="http://importexport.amazonaws.com/doc/2010-06-01/">\
<Error><Type>Sender</Type><Code>InvalidJobIdException</Code><Message>m</Message></Error>\
<RequestId>r1</RequestId></ErrorResponse>"""
INNER = "/UpdateJobResponse/UpdateJobResult"


def read(operation: Operation, body: bytes, *, status: int = 200, headers: Headers = XML) -> ReplyReading:
    """Read a reply with that body."""
    return read_reply(operation, Reply(status, headers, body))


def told(reading: ReplyReading) -> list[tuple[str, str]]:
    """The codes and paths of the departures."""
    return [(departure.code, departure.path) for departure in reading.departures]


def changed(body: bytes, old: str, new: str) -> bytes:
    """The body with the first `old` replaced, which must be there."""
    assert old.encode() in body
    return body.replace(old.encode(), new.encode(), 1)

"""Rules about requests as they leave: the same call was captured from each SDK."""

from __future__ import annotations

from ....contract.finding import Severity
from ..rule import SYMMETRIC, Depth, Rule, Who

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
CALLER, READER, EMULATOR = Who.CALLER, Who.READER, Who.EMULATOR
_WIRE = (Depth.WIRE,)
_RECORD = "Record anew, and let matchers look at what identifies the call only."

RULES = (
    Rule(
        "request-method-changed",
        "the same call is sent with another HTTP method",
        ERROR,
        (EMULATOR,),
        SYMMETRIC,
        _WIRE,
        before="The request had the one method.",
        after="It has another, e.g. POST for GET.",
        breaks="Emulators, recordings and proxies: the request matches nothing.",
        adapt=f"Upgrade the emulator. {_RECORD}",
    ),
    Rule(
        "request-url-changed",
        "the same call is sent to another URL",
        ERROR,
        (EMULATOR,),
        SYMMETRIC,
        _WIRE,
        before="Path and query were the one text; hosts are endpoint-effective-changed.",
        after="Path or query is another.",
        breaks="Emulators, recordings, presigned URLs that are compared, proxies with rules for paths.",
        adapt=f"Upgrade the emulator. {_RECORD}",
    ),
    Rule(
        "request-body-changed",
        "the same call has another body",
        ERROR,
        (EMULATOR,),
        SYMMETRIC,
        _WIRE,
        before="The bytes were the one text, volatile parts aside.",
        after="They are another.",
        breaks="Recordings that match on the body, emulators that know only the old form.",
        adapt=f"Upgrade the emulator. {_RECORD}",
    ),
    Rule(
        "header-added",
        "requests bear a header that they did not",
        WARNING,
        (EMULATOR,),
        "header-removed",
        _WIRE,
        before="No request had the header.",
        after="Every such request has it.",
        breaks="Third-party services that refuse what they do not know (they did at x-amz-checksum-crc32), matchers on "
        "all headers.",
        adapt="Upgrade the service that stands in, or switch the feature off by its configuration, where it has one.",
    ),
    Rule(
        "header-removed",
        "requests lack a header that they had",
        ERROR,
        (EMULATOR,),
        "header-added",
        _WIRE,
        before="Every such request had the header.",
        after="None has it.",
        breaks="Third-party services that require it (they did at Content-MD5), matchers on all headers.",
        adapt="Upgrade the service that stands in, or switch the old behaviour on by its configuration.",
    ),
    Rule(
        "header-changed",
        "a header of requests has another value",
        WARNING,
        (EMULATOR,),
        SYMMETRIC,
        _WIRE,
        before="The header had the one value, volatile parts aside.",
        after="It has another.",
        breaks="Matchers on the header, and services that read it.",
        adapt=_RECORD,
    ),
)

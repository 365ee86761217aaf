"""What a reply must not give away: traces, paths of the endpoint's machine, secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..exchange import Exchange
from ..finding import Finding, FindingKind, Severity

_CHECK = "reply_gives_nothing_away"
_SOURCE = "OWASP, improper error handling; no AWS reply shows such text"

TRACE = FindingKind(
    "leak-trace",
    _CHECK,
    "the reply shows a stack trace or an internal exception",
    Severity.ERROR,
    "It tells strangers what the endpoint is made of, and callers nothing.",
    _SOURCE,
    "Answer with the documented error; keep the trace in the log.",
)
PATH = FindingKind(
    "leak-path",
    _CHECK,
    "the reply shows a path or address of the endpoint's machine",
    Severity.ERROR,
    "It tells strangers how the endpoint is installed.",
    _SOURCE,
    "Take the path out of the message.",
)
SECRET = FindingKind(
    "leak-secret",
    _CHECK,
    "the reply shows a secret",
    Severity.ERROR,
    "The secret access key, or part of a signature's computation, came back over the wire.",
    _SOURCE,
    "Take it out, and change the key.",
)

KINDS = (TRACE, PATH, SECRET)

_TRACE = re.compile(
    r"Traceback \(most recent call last\)"
    r"|File \"[^\"]+\", line \d+"
    r"|\bat [\w.$]+\([\w]+\.java:\d+\)"
    r"|\bat [\w.<>$]+ \(?[^\s)]+:\d+:\d+\)?"
    r"|\b(?:java|javax|com|org|net)\.[\w.]+(?:Exception|Error)\b"
    r"|\b(?:KeyError|TypeError|ValueError|AttributeError|IndexError|NullPointerException|RuntimeError)\b[:(]"
    r"|panic: |goroutine \d+ \["
    r"|SQLSTATE|ORA-\d{5}|You have an error in your SQL syntax"
)
_PATH = re.compile(
    r"(?<![\w:/.])/(?:home|root|usr|var|opt|etc|tmp|srv|app|Users)/[\w./-]{2,}"
    r"|\b[A-Za-z]:\\[\w\\ .-]{2,}"
    r"|\b(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}\b"
)


def reply_gives_nothing_away(exchange: Exchange) -> Iterator[Finding]:
    """No stack trace, path, internal address or secret stands in a reply, unless the request itself said it."""
    interaction = exchange.interaction
    if interaction is None or interaction.reply is None:
        return
    reply = interaction.reply
    text = reply.body.decode("utf-8", "replace")
    name = str(exchange.operation)
    for secret in exchange.allowance.secrets:
        if secret and (secret in text or any(secret in value for _, value in reply.headers)):
            yield Finding(SECRET, name, "", "no secret in a reply", "the secret access key", key=("secret",))
    for kind, pattern in ((TRACE, _TRACE), (PATH, _PATH)):
        match = pattern.search(text)
        if match is not None and not _was_said(match[0], interaction.request.body):
            where = (
                "body" if exchange.reading is None or exchange.reading.error is None else "/ErrorResponse/Error/Message"
            )
            yield Finding(kind, name, where, "nothing of the endpoint's inside", repr(match[0][:80]))


def _was_said(text: str, body: bytes) -> bool:
    """Whether the request said it first; pages with forms are compared by their letters and digits."""
    letters = re.findall(r"\w+", text)
    sent = body.decode("utf-8", "replace")
    return bool(letters) and all(part in sent for part in letters)

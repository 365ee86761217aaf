"""What a reply must not give away: traces, paths of the endpoint's machine, secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import islice
from urllib.parse import unquote_to_bytes

from ..exchange import Exchange
from ..finding import Finding, FindingKind, Severity
from ..interaction import Request

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

# Replies may be megabytes of anything, for every case of a run: so many characters are searched, and so many places
# compared with the request. No pattern may try the same run of characters from each of its places.
_LOOKED_AT = 65_536
_MATCHES = 100
_TRACE = re.compile(
    r"Traceback \(most recent call last\)"
    r"|File \"[^\"]+\", line \d+"
    r"|\bat [\w.$]+\([\w]+\.java:\d+\)"
    r"|\bat [\w.<>$]+ \(?[^\s)]+:\d+:\d+\)?"
    r"|(?<![\w.])(?:java|javax|com|org|net)\.[\w.]+(?:Exception|Error)\b"
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
    text = unescape(reply.body.decode("utf-8", "replace"))
    name = str(exchange.operation)
    for secret in exchange.allowance.secrets:
        if secret and (secret in text or any(secret in value for _, value in reply.headers)):
            yield Finding(SECRET, name, "", "no secret in a reply", "the secret access key", key=("secret",))
    said: str | None = None
    for kind, pattern in ((TRACE, _TRACE), (PATH, _PATH)):
        for match in islice(pattern.finditer(text, 0, _LOOKED_AT), _MATCHES):
            said = _said(interaction.request) if said is None else said
            if not _was_said(match[0], said):
                where = "/ErrorResponse/Error/Message" if exchange.reading and exchange.reading.error else "body"
                yield Finding(kind, name, where, "nothing of the endpoint's inside", repr(match[0][:80]))
                break


def _said(request: Request) -> str:
    """Return all that the request said, as it stands and decoded."""
    sent = request.query.encode("utf-8", "surrogatepass") + b"\n" + request.body
    return f"{sent.decode('utf-8', 'replace')}\n{unquote_to_bytes(sent).decode('utf-8', 'replace')}"


def _was_said(text: str, said: str) -> bool:
    """Whether the request said it first; pages with forms are compared by their letters and digits."""
    letters = re.findall(r"\w+", text)
    return bool(letters) and all(part in said for part in letters)

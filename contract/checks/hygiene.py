"""What a reply must not give away: traces, paths of the endpoint's machine, secrets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import chain, islice
from urllib.parse import unquote_to_bytes

from ..exchange import Exchange
from ..finding import Finding, FindingKind, Severity
from ..interaction import Request
from ..masking import shows_secret

_CHECK = "reply_gives_nothing_away"
_SOURCE = "OWASP, improper error handling; no AWS reply shows such text"

TRACE = FindingKind(
    "leak-trace",
    _CHECK,
    "the reply shows a stack trace or an internal exception",
    Severity.ERROR,
    meaning="The reply holds text that only a stack trace, an exception of a programming language or a database's "
    "complaint has, and the request did not say it first.",
    harm="The endpoint's keeper, as strangers learn what it is made of; and callers, who are told nothing that they "
    "can act on.",
    provoked="An exception that nobody handles ends up in Message or in a page of HTML, such as "
    "'Traceback (most recent call last)' or \"KeyError: 'name'\".",
    source=_SOURCE,
    remedy="Answer with the documented error; keep the trace in the log.",
)
PATH = FindingKind(
    "leak-path",
    _CHECK,
    "the reply shows a path or address of the endpoint's machine",
    Severity.ERROR,
    meaning="The reply holds an absolute path or a private network address, and the request did not say it first.",
    harm="The endpoint's keeper, as strangers learn how it is installed and what else there is to attack.",
    provoked="A message quotes the file or the host that failed, such as /srv/jobs.db or 10.0.0.7.",
    source=_SOURCE,
    remedy="Take the path out of the message.",
)
SECRET = FindingKind(
    "leak-secret",
    _CHECK,
    "the reply shows a secret",
    Severity.ERROR,
    meaning="The secret access key that signs the run's requests stands in the reply's body or headers, whole or in "
    "part (a dozen characters), as it is or escaped or encoded. Where it stood, findings and reports show asterisks.",
    harm="Whoever owns the key: everybody who sees the reply, or a log that holds it, can sign in their name.",
    provoked="The endpoint explains a signature that does not match with all that went into its own computation, or "
    "prints its configuration.",
    source=_SOURCE,
    remedy="Take it out of the reply, and change the key.",
)

KINDS = (TRACE, PATH, SECRET)

# Replies may be megabytes of anything, for every case of a run: so many characters are searched, and so many places
# compared with the request. No pattern may try the same run of characters from each of its places. Each alternative
# begins with a character of its own and looks back from there: so the places that cannot match cost next to nothing.
_LOOKED_AT = 65_536
_MATCHES = 100
_TRACE = re.compile(
    r"Traceback \(most recent call last\)"
    r"|File \"[^\"]+\", line \d+"
    r"|at (?<!\wat )(?:[\w.$]+\([\w]+\.java:\d+\)|[\w.<>$]+ \(?[^\s)]+:\d+:\d+\)?)"
    r"|java(?<![\w.]java)x?\.[\w.]+(?:Exception|Error)\b"
    r"|com\.(?<![\w.]com\.)[\w.]+(?:Exception|Error)\b"
    r"|org\.(?<![\w.]org\.)[\w.]+(?:Exception|Error)\b"
    r"|net\.(?<![\w.]net\.)[\w.]+(?:Exception|Error)\b"
    r"|KeyError(?<!\wKeyError)[:(]|TypeError(?<!\wTypeError)[:(]|ValueError(?<!\wValueError)[:(]"
    r"|AttributeError(?<!\wAttributeError)[:(]|IndexError(?<!\wIndexError)[:(]"
    r"|NullPointerException(?<!\wNullPointerException)[:(]|RuntimeError(?<!\wRuntimeError)[:(]"
    r"|panic: |goroutine \d+ \["
    r"|SQLSTATE|ORA-\d{5}|You have an error in your SQL syntax"
)
_PATH = re.compile(
    r"/(?<![\w:/.]/)(?:home|root|usr|var|opt|etc|tmp|srv|app|Users)/[\w./-]{2,}"
    r"|1(?<!\w1)(?:0\.\d{1,3}|92\.168|72\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}\b"
)
_DRIVE = re.compile(r"(?<!\w)[A-Za-z]:\\[\w\\ .-]{2,}")


def reply_gives_nothing_away(exchange: Exchange) -> Iterator[Finding]:
    """No stack trace, path, internal address or secret stands in a reply, unless the request itself said it."""
    interaction = exchange.interaction
    if interaction is None or interaction.reply is None:
        return
    reply = interaction.reply
    text = unescape(reply.body.decode("utf-8", "replace"))
    name = str(exchange.operation)
    leaks = interaction.leaks_secret
    if leaks or (leaks is None and shows_secret(reply, exchange.allowance.secrets)):
        yield Finding(SECRET, name, "", "no secret in a reply", "the secret access key", key=("secret",))
    said: str | None = None
    drives = _DRIVE.finditer(text, 0, _LOOKED_AT) if ":\\" in text else ()
    for kind, matches in (
        (TRACE, _TRACE.finditer(text, 0, _LOOKED_AT)),
        (PATH, chain(_PATH.finditer(text, 0, _LOOKED_AT), drives)),
    ):
        for match in islice(matches, _MATCHES):
            said = _said(interaction.request) if said is None else said
            if not _was_said(match[0], said):
                where = "/ErrorResponse/Error/Message" if exchange.reading and exchange.reading.error else "body"
                yield Finding(kind, name, where, "nothing of the endpoint's inside", repr(match[0][:80]))
                break


def _said(request: Request) -> str:
    """Return all that the request said: as it stands, decoded, and with its control characters written out."""
    sent = request.query.encode("utf-8", "surrogatepass") + b"\n" + request.body
    decoded = unquote_to_bytes(sent).decode("utf-8", "replace")
    # Messages quote a value as their language writes it; "A:" and a control character then look like a path of Windows.
    written = "".join(char if char.isprintable() else repr(char)[1:-1] for char in decoded)
    return f"{sent.decode('utf-8', 'replace')}\n{decoded}\n{written}"


def _was_said(text: str, said: str) -> bool:
    """Whether the request said it first; pages with forms are compared by their letters and digits."""
    letters = re.findall(r"\w+", text)
    return bool(letters) and all(part in said for part in letters)

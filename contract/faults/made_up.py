"""Answers that are not the service's: statuses of proxies and balancers, with the bodies that they send."""

from __future__ import annotations

from ..interaction import Headers, Reply
from .fault import Fault

_HTML = (
    b"<html>\r\n<head><title>%d</title></head>\r\n<body>\r\n<center><h1>%d</h1></center>\r\n<hr>nginx<br>\r\n"
    b"</body>\r\n</html>\r\n"
)  # as nginx writes it: no XML, since an element is not closed

_BODIES: dict[str, tuple[str | None, bytes]] = {
    "empty": (None, b""),
    "html": ("text/html", _HTML),
    "json": ("application/json", b'{"message": "status %d"}'),
    "text": ("text/plain", b"status %d"),
    "xml": ("text/xml", b"<html><body>status %d</body></html>"),
    "truncated": ("text/xml", b"<ErrorResponse><Error><Type>Sender</Type><Code>Status%d</Code><Mess"),
}


def status_reply(status: int, body: str = "empty", extra: Headers = ()) -> Reply:
    """Return an answer with that status.

    Args:
        status: From 200 to 999.
        body: One of ``empty``, ``html``, ``json``, ``text``, ``xml``, ``truncated``.
        extra: Further headers.
    """
    kind, pattern = _BODIES[body]
    data = pattern.replace(b"%d", b"%d" % status)
    headers = (("Content-Type", kind),) if kind else ()
    if status in (204, 304):  # HTTP allows no body here, and clients read none
        data, headers = b"", ()
    return Reply(status, (*headers, ("Content-Length", str(len(data))), *extra), data)


def retry_headers(fault: Fault) -> Headers:
    """Return the headers by which a fault says when to come again."""
    headers: list[tuple[str, str]] = []
    after, amz = fault.value("retry_after"), fault.value("amz_retry_after")
    if after is not None:
        headers.append(("Retry-After", str(after)))
    if amz is not None:
        headers.append(("x-amz-retry-after", str(round(float(amz) * 1000))))
    return tuple(headers)

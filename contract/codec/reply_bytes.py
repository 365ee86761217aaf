"""Replies as the bytes of HTTP/1.1."""

from __future__ import annotations

from ..interaction import Reply


def write_reply(reply: Reply, *, head_only: bool = False) -> bytes:
    """Return a reply as bytes on the wire; a Content-Length is added when the reply brings none."""
    head = write_head(reply)
    return head if head_only else head + reply.body


def write_head(reply: Reply) -> bytes:
    """Return what comes before the body; a Content-Length is added when the reply brings none."""
    lines = [write_status(reply.status), *(f"{name}: {value}" for name, value in reply.headers)]
    if reply.header("content-length") is None and reply.header("transfer-encoding") is None:
        lines.append(f"Content-Length: {len(reply.body)}")
    return write_lines(lines)


def write_status(status: int, version: str = "1.1") -> str:
    """Return the first line."""
    return f"HTTP/{version} {status} {_REASONS.get(status, 'Reply')}"


def write_lines(lines: list[str]) -> bytes:
    """Return lines as a head."""
    return "\r\n".join((*lines, "", "")).encode("latin-1", "replace")


_REASONS = {200: "OK", 400: "Bad Request", 403: "Forbidden", 405: "Method Not Allowed", 413: "Content Too Large"} | {
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
}

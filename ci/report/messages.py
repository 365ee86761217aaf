"""Requests, replies and what struck, as text that a reader sees as it is, whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Data = Mapping[str, Any]


def visible(text: str) -> str:
    r"""Return a text with every character visible but line ends and tabs: no control, nor one that turns its line.

    >>> visible("a\x00b\u202ec\n")
    'a\\x00b\\u202ec\n'
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in "\n\t" else char.encode("unicode_escape").decode("ascii")
        for char in text.replace("\r\n", "\n")
    )


def request_text(case: Data) -> str:
    """Return the request of a case, or why there is none."""
    request = case["request"]
    if request is not None:
        return _message(f"{request['method']} {request['url']}", request)
    if case["kind"] == "reply":
        return "Nothing was sent: the reply was handed to the SDK's parser."
    return "No request left the SDK."


def reply_text(case: Data) -> str:
    """Return the reply to a case, or why there is none."""
    reply, failure = case["reply"], case["failure"]
    if reply is not None:
        return _message(f"HTTP status {reply['status']}", reply)
    return f"No reply: {visible(failure['kind'])}: {visible(failure['detail'])}" if failure else "No reply."


def _message(first: str, message: Data) -> str:
    return "\n".join((visible(first), *_headers(message), "", *_body(message["body"])))


def _headers(message: Data) -> Iterator[str]:
    for name, value in message["headers"]:
        yield f"{visible(name)}: {visible(value)}"


def _body(body: Data) -> Iterator[str]:
    if not body["bytes"]:
        yield "(no body)"
        return
    yield visible(body["text"]) if "text" in body else f"(bytes, in base64)\n{body['base64']}"
    if body["shortened"]:
        yield f"(shortened: the whole is {body['bytes']} bytes)"


def program_text(program: list[Data]) -> str:
    """Return the steps of a program that ends with a case, one or more lines each."""
    lines: list[str] = []
    for number, step in enumerate(program, start=1):
        notes = [f"makes {step['makes']}"] if step["makes"] else []
        notes += ["by several clients at the same time"] if step["together"] else []
        notes += ["every page"] if step["paged"] else []
        for case in step["cases"]:
            parameters = case["parameters"]
            shown = f"{case['label']}: what the SDK cannot send" if parameters is None else _arguments(parameters)
            told = f"  ({', '.join(notes)})" if notes else ""
            lines.append(f"{number}. {case['operation']}({shown}){told}")
    return visible("\n".join(lines))


def _arguments(parameters: Data) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in parameters.items())

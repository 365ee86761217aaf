"""Where an answer is cut does not depend on the order of its headers."""

from __future__ import annotations

import pytest
from botoproof.contract.faults.fault import fault
from botoproof.contract.faults.shapes import SHAPES
from botoproof.contract.interaction import Reply

LENGTH, OTHERS = ("Content-Length", "5"), (("Content-Type", "text/xml"), ("x-amzn-RequestId", "0123456789abcdef"))


@pytest.mark.parametrize("headers", [(LENGTH, *OTHERS), (*OTHERS, LENGTH)])
@pytest.mark.parametrize("kind", ["close.mid_headers", "reset.mid_headers"])
def test_headers_that_break_off_have_not_told_the_length(kind: str, headers: tuple[tuple[str, str], ...]) -> None:
    said = SHAPES[kind](Reply(200, headers, b"right"), fault(kind))

    assert said.head.startswith(b"HTTP/1.1 200 OK\r\nContent")
    assert b"\r\n\r\n" not in said.head
    assert b"Content-Length:" not in said.head
    assert said.body == b""

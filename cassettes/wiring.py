"""Every client of this process, whoever made it and when: for tests, whose code makes its own.

botocore has no event that all sessions share, and clients are often made when a module is imported. So the one public
method through which all of them send is replaced, `URLLib3Session.send`: what a client's own `before-send` handlers
answer does not come so far, and everything else does. Unlike connection classes, it never stands back in between.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.endpoint import Endpoint
from botocore.httpsession import URLLib3Session
from botocore.signers import RequestSigner

Send = Callable[[AWSPreparedRequest], AWSResponse]
Seam = Callable[[AWSPreparedRequest, str | None, Send], AWSResponse]
"""Takes a request, botocore's name of the service (None when no operation was called: credentials were looked for),
and what would have sent it."""


@contextmanager
def every_client(seam: Seam) -> Iterator[None]:
    """Let `seam` answer what any client sends, in all threads, until the end of the block."""
    send: Any = URLLib3Session.send
    make_request: Any = Endpoint.make_request
    called = threading.local()

    def seamed_request(self: Any, operation_model: Any, request_dict: Any) -> Any:
        before = getattr(called, "by", None)
        called.by = (self.http_session, str(operation_model.service_model.service_name))
        try:
            return make_request(self, operation_model, request_dict)
        finally:
            called.by = before

    def seamed_send(self: Any, request: AWSPreparedRequest) -> AWSResponse:
        def plainly(request: AWSPreparedRequest) -> AWSResponse:
            response: AWSResponse = send(self, request)
            return response

        # Credentials are looked for in the middle of a call, through a session of their own.
        session, service = getattr(called, "by", None) or (None, None)
        return seam(request, service if session is self else None, plainly)

    patched: Any = URLLib3Session
    endpoint: Any = Endpoint
    patched.send, endpoint.make_request = seamed_send, seamed_request
    try:
        yield
    finally:
        patched.send, endpoint.make_request = send, make_request


@contextmanager
def every_signer(seen: Callable[[Any], None]) -> Iterator[None]:
    """Let `seen` look at each signer that is about to sign, of any client and in all threads, until the block ends."""
    sign: Any = RequestSigner.sign

    def seamed_sign(self: Any, *given: Any, **named: Any) -> Any:
        seen(self)
        return sign(self, *given, **named)

    patched: Any = RequestSigner
    patched.sign = seamed_sign
    try:
        yield
    finally:
        patched.sign = sign

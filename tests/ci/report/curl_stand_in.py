"""What of curl the reproducers use, for machines that have none. An option that is not known here is an error."""

from __future__ import annotations

import argparse
import http.client
import sys
from datetime import UTC, datetime
from urllib.parse import urlsplit

from botoproof.contract.codec.signature import Credential, Scope, sign_v4
from botoproof.contract.interaction import Request


def main() -> None:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for flag in ("--silent", "--show-error", "--include"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("--max-time", type=float, required=True)
    parser.add_argument("--aws-sigv4")
    parser.add_argument("--user")
    parser.add_argument("--header", default="")
    parser.add_argument("--data-binary")
    parser.add_argument("url")
    given = parser.parse_args()
    body = b""
    if given.data_binary is not None:
        body = sys.stdin.buffer.read() if given.data_binary == "@-" else given.data_binary.encode()
    name, _, value = given.header.partition(":")
    headers = ((name, value.strip()),) if value.strip() else ()
    request = Request("GET" if given.data_binary is None else "POST", given.url, headers, body)
    if given.aws_sigv4 is not None:
        _, _, region, service = given.aws_sigv4.split(":")
        key, _, secret = given.user.partition(":")
        request = sign_v4(request, Credential(key, secret), Scope(region, service), datetime.now(UTC))
    place = urlsplit(request.url)
    connection = http.client.HTTPConnection(place.netloc, timeout=given.max_time)
    target = f"{request.path}?{request.query}" if request.query else request.path
    connection.request(request.method, target, request.body, dict(request.headers))
    reply = connection.getresponse()
    if given.include:
        lines = (f"HTTP/1.1 {reply.status} {reply.reason}", *(f"{k}: {v}" for k, v in reply.getheaders()), "", "")
        sys.stdout.buffer.write("\n".join(lines).encode())
    sys.stdout.buffer.write(reply.read())


if __name__ == "__main__":
    main()

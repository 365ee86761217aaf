"""What a proxy adds to a call: the same requests straight to an endpoint, through our proxy, and through microburst."""

from __future__ import annotations

import contextlib
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime

from botoproof.contract.adapters.models import read_operation
from botoproof.contract.adapters.server import Server
from botoproof.contract.codec.query_reply import write_result
from botoproof.contract.codec.signature import EXAMPLE_KEY, Scope, sign_v4
from botoproof.contract.interaction import Request

ROUNDS = 20
LIMIT = 1.0
"""Of what ours adds, by what microburst adds."""

COMMAND = (sys.executable, "-c", "import sys; from botoproof.ci.cli import main; sys.exit(main())")
FORM = b"Action=UpdateJob&Version=2010-06-01&JobId=ABCDE&JobType=Import&ValidateOnly=false&Manifest=" + b"m" * 400
SDK = (
    ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
    ("User-Agent", "Boto3/1.44.5 md/Botocore#1.44.5 ua/2.1 os/linux md/arch#x86_64 lang/python#3.11.7"),
    ("amz-sdk-invocation-id", "5f0c3e1a-7a54-4f0f-a1f0-2e9e6f6f5b0d"),
    ("amz-sdk-request", "attempt=1"),
)


def serve_endpoint() -> None:
    """Be the endpoint, in a process of its own: it does nothing but answer."""
    reply = write_result(read_operation("importexport", "UpdateJob"), {"Success": True}, request_id="r")
    with Server(lambda *_: reply, one_at_a_time=False) as server:
        print(server.url, flush=True)
        sys.stdin.read()


def message(url: str) -> bytes:
    """Return what boto3 would send there."""
    host = url.partition("//")[2]
    plain = Request("POST", f"{url}/", (*SDK, ("Host", host)), FORM)
    signed = sign_v4(plain, EXAMPLE_KEY, Scope("us-east-1", "importexport"), datetime.now().astimezone())
    lines = [*(f"{name}: {value}" for name, value in signed.headers), f"Content-Length: {len(FORM)}", "", ""]
    return b"POST / HTTP/1.1\r\n" + "\r\n".join(lines).encode() + FORM


def whole(said: bytes) -> bool:
    """Return whether an answer is complete: microburst sends it in chunks."""
    head, blank, body = said.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    return bool(blank) and (len(body) >= int(length[1]) if length else body.endswith(b"\r\n0\r\n\r\n"))


class Caller:
    """A client with one kept connection, which costs next to nothing itself."""

    def __init__(self, url: str) -> None:
        host, _, port = url.partition("//")[2].partition(":")
        self._link = socket.create_connection((host, int(port)), timeout=10)
        self._link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._message = message(url)

    def call(self) -> float:
        """Make one call, and return its milliseconds."""
        begun = time.perf_counter()
        self._link.sendall(self._message)
        said = b""
        while not whole(said):
            more = self._link.recv(65536)
            if not more:
                raise SystemExit(f"the connection was closed after {said!r}")
            said += more
        took = time.perf_counter() - begun
        if not said.startswith(b"HTTP/1.1 200") or b"</UpdateJobResponse>" not in said:
            raise SystemExit(f"expected the endpoint's answer, got {said!r}")
        return took * 1e3


@contextlib.contextmanager
def running(*command: str) -> Iterator[str]:
    """Run a server, and yield its URL: what it prints first that looks like one."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8") as process:  # noqa: S603 - our own
        try:
            line = process.stdout.readline() if process.stdout else ""
            found = re.search(r"http://[\d.]+:\d+", line)
            if found is None:
                raise SystemExit(f"{command} said {line!r}, and no URL")
            yield found[0]
        finally:
            process.terminate()


@contextlib.contextmanager
def microburst(python: str, upstream: str) -> Iterator[str]:
    """Run microburst on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    arguments = ("--upstream", upstream, "--port", str(port), "--no-resign")
    nowhere = subprocess.DEVNULL
    with subprocess.Popen((f"{python}/bin/microburst", *arguments), stdout=nowhere, stderr=nowhere) as process:  # noqa: S603 - as above
        try:
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def main(calls: int, peer: str) -> None:
    """Measure in turn, and print medians."""
    with contextlib.ExitStack() as stack:
        upstream = stack.enter_context(running(sys.executable, __file__, "endpoint"))
        serve = (*COMMAND, "serve", "--service", "importexport", "--upstream", upstream)
        struck = ("--fault", "UpdateJob=bytes.flip(9)")  # decided and looked for, and nothing is there to be changed
        callers = {
            "straight": Caller(upstream),
            "botoproof": Caller(stack.enter_context(running(*serve))),
            "botoproof, with a plan": Caller(stack.enter_context(running(*serve, *struck))),
        }
        if peer:
            callers["microburst"] = Caller(stack.enter_context(microburst(peer, upstream)))
        times: dict[str, list[float]] = {name: [] for name in callers}
        for caller in callers.values():
            for _ in range(200):
                caller.call()
        for _ in range(ROUNDS):
            for name, caller in callers.items():
                times[name] += [caller.call() for _ in range(max(1, calls // ROUNDS))]
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    print(f"milliseconds per call, medians of {calls} calls each, in {ROUNDS} turns")
    for name, median in medians.items():
        print(f"  {name:<24}{median:>8.3f}   adds {median - medians['straight']:>7.3f}")
    if "microburst" not in medians:
        print("microburst could not be had: no comparison")
        return
    ours, theirs = (medians[name] - medians["straight"] for name in ("botoproof", "microburst"))
    print(f"ours adds {ours / theirs:.2f} of what microburst adds")
    if ours / theirs > LIMIT:
        raise SystemExit(f"more than microburst adds: {ours:.3f} ms, against {theirs:.3f} ms")


if __name__ == "__main__":
    if sys.argv[1] == "endpoint":
        serve_endpoint()
    else:
        main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")

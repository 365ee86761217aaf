"""Recordings opened and replayed, ours beside vcrpy's, each row in a process of its own.

    python ci/bench/cassettes.py [SECONDS]

One file of UpdateJob calls, each with a job and a manifest of its own, is replayed in random order by a boto3 client
whose endpoint is a port of this machine where nobody listens. `bare` is boto3 alone, with replies made up; `ours` is
`Replayer`, which parses the file where it is hit; `vcrpy body` matches as its users are told to (method, path, body);
`vcrpy key` does so by our keys, made once for a request.
With 8 threads, connections that were tried are counted, and replies that belong to another request.
"""

from __future__ import annotations

import contextlib
import io
import json
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any

import boto3
import yaml
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botoproof.cassettes.format import Cassette, Provenance, Recorded
from botoproof.cassettes.key import request_key
from botoproof.cassettes.replay import Replayer
from botoproof.cassettes.writing import write_cassette
from botoproof.contract.adapters.sdk import as_request
from botoproof.contract.codec.form import write_form
from botoproof.contract.interaction import Reply, Request

KEY, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
NOBODY = "http://127.0.0.1:1"
SIZES = (100, 1_000, 10_000)
KINDS = ("bare", "ours", "vcrpy body", "vcrpy key")
MOST = {"bare": 100, "vcrpy body": 1_000}
ROWS = [(name, size) for size in SIZES for name in KINDS if size <= MOST.get(name, size)]
SIGNED = f"AWS4-HMAC-SHA256 Credential={KEY}/20261123/us-east-1/IngestionService/aws4_request"
HEADERS = (("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"), ("Authorization", SIGNED))


def manifest(number: int) -> str:
    """Return a manifest of usual length that no other job has."""
    address = "".join(f"    {name}: {name} {number}\n" for name in ("name", "company", "street1", "city", "postalCode"))
    return (
        f"manifestVersion: 2.0\ndeviceId: D{number}\neraseDevice: yes\nbucket: my-import-bucket\n"
        f"accessKeyId: {KEY}\nreturnAddress:\n{address}    country: USA\n    phoneNumber: 206-555-0100\nignore:\n"
        f"    - \\\\.psd$\n    - \\\\.PSD$\n    - lost\\\\+found/\n    - ^backup/\nlogPrefix: logs/{number}/\n"
        "serviceLevel: standard\ncacheControl: max-age=3600\nacl: private\nnotes: nothing to add\n"
    )


def parameters(number: int) -> dict[str, Any]:
    """Return the parameters of call `number`."""
    return {"JobId": f"JOB{number:06}", "Manifest": manifest(number), "JobType": "Import", "ValidateOnly": True}


def answer(number: int) -> bytes:
    """Return the reply to call `number`, which names it."""
    return (
        '<UpdateJobResponse xmlns="http://importexport.amazonaws.com/doc/2010-06-01/"><UpdateJobResult><Success>true'
        f"</Success><WarningMessage>{number}</WarningMessage></UpdateJobResult><ResponseMetadata><RequestId>r"
        "</RequestId></ResponseMetadata></UpdateJobResponse>"
    ).encode()


def write_file(path: Path, size: int) -> None:
    """Write the recording. Bodies are kept as text, since vcrpy's own matcher cannot compare a map."""
    interactions = list[Recorded]()
    for number in range(size):
        pairs = {"Action": "UpdateJob", "Version": "2010-06-01", **parameters(number), "ValidateOnly": "true"}
        request = Request(
            "POST", f"{NOBODY}/", HEADERS, write_form([(name, str(value)) for name, value in pairs.items()])
        )
        interactions.append(Recorded(request, Reply(200, (("Content-Type", "text/xml"),), answer(number)), ""))
    source = Provenance("embedded", "127.0.0.1", "importexport", "none", date(2026, 11, 23), "ci/bench/cassettes")
    write_cassette(path, Cassette(source, None, tuple(interactions)))


def write_plain_file(path: Path, source: Path) -> None:
    """Write the same recording with bodies as text and the key of the bench's client in it, as vcrpy would have."""
    tree = yaml.load(source.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    for entry in tree["interactions"]:
        body = {
            name: text.replace("<access-key:1>", KEY).replace("<access-key:2>", KEY)
            for name, text in entry["request"]["body"].items()
        }
        entry["request"]["body"] = write_form(list(body.items())).decode("ascii")
    path.write_text(yaml.dump(tree, Dumper=yaml.CSafeDumper), encoding="utf-8")


class _Raw(io.BytesIO):
    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self.read()


def attach_nothing(client: Any) -> None:
    """Answer the client's requests without a recording: what boto3 itself costs."""

    def send(request: Any, **_: Any) -> AWSResponse:
        number = int(as_request(request).body.partition(b"JobId=JOB")[2][:6])
        return AWSResponse(request.url, 200, {"Content-Type": "text/xml"}, _Raw(answer(number)))

    client.meta.events.register_first("before-send", send)


@contextlib.contextmanager
def opened(name: str, path: Path, client: Any) -> Iterator[None]:
    """Open the recording the way that `name` says, and let `client` be answered from it."""
    if name in ("bare", "ours"):
        Replayer(path).attach(client) if name == "ours" else attach_nothing(client)
        yield
        return
    import vcr

    recorder = vcr.VCR(record_mode=vcr.mode.NONE)
    if name == "vcrpy key":
        recorder.register_matcher("key", lambda one, other: key_of(one) == key_of(other))
    match = ["method", "path", "key" if name == "vcrpy key" else "body"]
    with recorder.use_cassette(str(path), match_on=match, allow_playback_repeats=True):
        yield


def key_of(request: Any) -> str:
    """Return the key of vcrpy's request, made once."""
    if not hasattr(request, "bench_key"):
        request.bench_key = request_key(Request(request.method, request.uri, HEADERS, request.body or b""))
    return str(request.bench_key)


def make_client() -> Any:
    """Return a client that tries once, for an endpoint that is not there."""
    config = Config(retries={"total_max_attempts": 1}, max_pool_connections=8)
    session = boto3.Session(KEY, SECRET, region_name="us-east-1")
    return session.client("importexport", endpoint_url=NOBODY, config=config)


def calls(client: Any, numbers: Iterable[int]) -> int:
    """Make calls; return how many were answered wrongly or not at all."""
    wrong = 0
    for number in numbers:
        try:
            wrong += client.update_job(**parameters(number))["WarningMessage"] != str(number)
        except Exception:  # noqa: BLE001 - what became of the call is what is counted
            wrong += 1
    return wrong


def rate(client: Any, numbers: Sequence[int], seconds: float) -> tuple[float, int, int]:
    """Make calls for so long; return how many a CPU second, how many there were, and how many were wrong."""
    begun, made, wrong = time.process_time(), 0, 0
    for number in numbers:
        wrong += calls(client, [number])
        made += 1
        if time.process_time() - begun > seconds:
            break
    return made / (time.process_time() - begun), made, wrong


def row(name: str, size: int, path: Path, seconds: float) -> dict[str, Any]:
    """Measure one row in this process."""
    client, draw = make_client(), random.Random(1)  # noqa: S311 - an order, no secret
    connections = list[Any]()
    connect = socket.socket.connect

    def count(self: socket.socket, address: Any) -> None:
        connections.append(address)
        connect(self, address)

    socket.socket.connect = count  # type: ignore[method-assign] # a bench counts what there is
    begun = time.process_time()
    with opened(name, path, client):
        open_seconds = time.process_time() - begun
        calls(client, [size - 1])
        order = draw.sample(range(size), size)
        first, made, wrong = rate(client, order, seconds)
        again, more, wrong_again = rate(client, order[:made], seconds)
        alone = len(connections)
        shares = [order[:made][place::8][:50] for place in range(8)]
        results = list[int]()
        threads = [Thread(target=lambda share: results.append(calls(client, share)), args=(share,)) for share in shares]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    threaded = {"calls": sum(map(len, shares)), "wrong": sum(results), "connections": len(connections) - alone}
    rates = {"first": first, "again": again, "made": made + more, "wrong": wrong + wrong_again}
    return {"open": open_seconds, **rates, "connections": alone, "threads": threaded}


def main(seconds: float) -> None:
    """Measure all rows and print them."""
    with tempfile.TemporaryDirectory() as folder:
        print("CPU seconds to open; calls a CPU second, each recording for the first time and again; wrong answers;")
        print("calls by 8 threads, wrong answers among them, and connections that were tried")
        print(
            f"{'':<11}{'file of':>8}{'open':>8}{'first':>8}{'again':>8}{'wrong':>7}{'calls':>9}{'wrong':>7}{'live':>6}"
        )
        for name, size in ROWS:
            ours, plain = Path(folder) / f"{size}.yaml", Path(folder) / f"{size}.plain.yaml"
            if not ours.exists():
                write_file(ours, size)
                write_plain_file(plain, ours)
            path = ours if name in ("bare", "ours") else plain
            command = [sys.executable, __file__, "--row", name, str(size), str(path), str(seconds)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - itself
            one = json.loads(done.stdout)
            threads = one["threads"]
            print(
                f"{name:<11}{size:>8}{one['open']:>8.3f}{one['first']:>8.1f}{one['again']:>8.1f}{one['wrong']:>7}"
                f"{threads['calls']:>9}{threads['wrong']:>7}{threads['connections']:>6}",
                flush=True,
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--row"]:
        name, size, path, seconds = sys.argv[2:]
        sys.stdout.write(json.dumps(row(name, int(size), Path(path), float(seconds))))
    else:
        main(float(sys.argv[1]) if len(sys.argv) > 1 else 2)

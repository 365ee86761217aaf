"""The codec beside botocore's own serialiser and parser, over every installed service that speaks the query protocol.

botocore's protocol tests are in its source distribution only, so what stands here is generated from the models.
"""

from __future__ import annotations

import gzip
import re
import zlib
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

import botocore
import pytest
from botocore.model import ListShape, MapShape, Shape, StructureShape
from botocore.parsers import create_parser
from botocore.serialize import create_serializer
from botoproof.contract.adapters.models import read_operations
from botoproof.contract.codec.query_reading import read_reply
from botoproof.contract.codec.query_reply import write_error, write_result
from botoproof.contract.codec.query_request import AUTHENTICATION_KEYS, read_request, wire_name, write_request
from botoproof.contract.codec.reply_envelope import ErrorReading
from botoproof.contract.interaction import Reply
from botoproof.contract.model import Operation
from hypothesis import given
from hypothesis import strategies as st

ROUNDS = 2  # of generated values for each operation

_HEAD = re.compile(rb'"query"')
_RANDOMS = st.randoms(use_true_random=False)
_PIECES = ["", "a", "Import", " ", "é", "\U0001f600", "<b>&amp;", "]]>", "'\"", "\n", "\r\n", "\t", "+%41=&", "~"]
_CONTROLS = ["\0", "\x1b", "\ufffe"]


def query_services() -> list[str]:
    """The services for which the installed botocore resolves to the query protocol.

    Only those are loaded whose first kilobyte, where the metadata stands, names the protocol: all of them take 10 s.
    """
    latest: dict[str, Path] = {}
    for path in sorted((Path(botocore.__file__).parent / "data").glob("*/*/service-2.json.gz")):
        latest[path.parts[-3]] = path
    named = [service for service, path in latest.items() if _HEAD.search(_first_bytes(path))]
    return [service for service in named if read_operations(service)[0].protocol == "query"]


def _first_bytes(path: Path) -> bytes:
    with gzip.open(path) as model:
        return model.read(1024)


SERVICES = query_services()


class Values:
    """Values for shapes, drawn from a source of randomness.

    Left out is what the wire cannot tell from absence: in requests empty maps and structures, in replies empty
    flattened lists and maps.
    """

    def __init__(self, random: Random, *, reply: bool = False) -> None:
        self.random = random
        self.reply = reply

    def structure(self, shape: StructureShape, depth: int = 0) -> dict[str, Any]:
        """Members in the model's order: the required ones, and about half of the others."""
        names = list(shape.members)
        if getattr(shape, "is_tagged_union", False):
            names = [self.random.choice(names)]
        value: dict[str, Any] = {}
        for name in names:
            member = shape.members[name]
            required = name in shape.required_members or len(names) == 1
            if required or self.random.random() < 0.5:
                drawn = self.value(member, depth + 1)
                while drawn is None and required:
                    drawn = self.value(member, depth + 1)
                if drawn is not None:
                    value[name] = drawn
        return value

    def value(self, shape: Shape, depth: int) -> Any:
        """A value, or None where there is none that the wire can tell."""
        random = self.random
        match shape:
            case StructureShape():
                value = self.structure(shape, depth) if depth < 40 else {}
                return value if value or self.reply else None
            case ListShape():
                items = [self.value(shape.member, depth + 1) for _ in range(random.choice([0, 1, 1, 2, 3]))]
                items = [item for item in items if item is not None]
                return None if self.reply and not items and shape.serialization.get("flattened") else items
            case MapShape():
                keys = [self.value(shape.key, depth + 1) for _ in range(random.choice([0, 1, 2]))]
                pairs = {key: self.value(shape.value, depth + 1) for key in keys}
                pairs = {key: value for key, value in pairs.items() if value is not None}
                return pairs if pairs or (self.reply and not shape.serialization.get("flattened")) else None
            case _:
                return self.scalar(shape)

    def scalar(self, shape: Shape) -> Any:
        """A value of a scalar shape."""
        random = self.random
        match shape.type_name:
            case "boolean":
                return random.choice([True, False])
            case "integer":
                return random.choice([0, 1, -1, 2**31 - 1, -(2**31), random.randrange(10**6)])
            case "long":
                return random.choice([0, -1, 2**63 - 1, -(2**63), random.randrange(10**12)])
            case "float" | "double":
                return random.choice([0.0, -1.5, 1e22, 5e-324, float("inf"), float("-inf"), random.random(), 3])
            case "blob":
                return bytes(random.randrange(256) for _ in range(random.randrange(5)))
            case "timestamp":
                zone = timezone(timedelta(minutes=random.choice([0, 0, 330, -480])))
                instant = datetime(2026, 11, 23, tzinfo=zone) + timedelta(seconds=random.randrange(-(10**9), 10**9))
                precise = shape.serialization.get("timestampFormat", "iso8601") == "iso8601"
                return instant + timedelta(microseconds=random.choice([0, 120000, 7]) if precise else 0)
            case _:
                pieces = _PIECES if self.reply else _PIECES + _CONTROLS
                return "".join(random.choice(pieces) for _ in range(random.randrange(4)))


def sent_by_botocore(operation: Operation, parameters: dict[str, Any]) -> list[tuple[str, str]]:
    """The pairs that botocore's serialiser makes; `AWSRequest` writes every value by `str`."""
    serializer = create_serializer("query", include_validation=False)
    body = serializer.serialize_to_request(parameters, operation.declared)["body"]
    return [(key, str(value)) for key, value in body.items()]


def parsed_by_botocore(operation: Operation, reply: Reply) -> dict[str, Any]:
    """What botocore's parser returns."""
    response = {"body": reply.body, "headers": dict(reply.headers), "status_code": reply.status, "context": {}}
    return dict(create_parser("query").parse(response, operation.declared.output_shape))


def hold_request(operation: Operation, random: Random) -> None:
    """Assert that a generated request is written as botocore writes it, and read back."""
    parameters = Values(random).structure(operation.input_shape) if operation.input_shape else {}

    pairs = write_request(operation, parameters)
    reading = read_request(operation, pairs)

    assert list(pairs) == sent_by_botocore(operation, parameters), operation
    assert reading.parameters == parameters, operation
    assert reading.departures == (), operation
    assert (reading.action, reading.version) == (operation.name, operation.api_version)


def hold_result(operation: Operation, random: Random) -> None:
    """Assert that a generated result is read back, and that botocore reads the same."""
    value = Values(random, reply=True).structure(operation.output_shape) if operation.output_shape else {}

    reply = write_result(operation, value, request_id="r1")
    reading = read_reply(operation, reply)
    parsed = parsed_by_botocore(operation, reply)

    metadata = parsed.pop("ResponseMetadata")
    assert reading.value == value, operation
    assert reading.departures == (), operation
    assert parsed == value, operation
    assert metadata["RequestId"] == reading.request_id == "r1"


def test_the_query_services_are_found() -> None:
    assert len(SERVICES) >= 15
    assert {"importexport", "iam", "sts", "rds", "sdb"} <= set(SERVICES)


@pytest.mark.parametrize("service", SERVICES)
def test_every_request_is_written_as_botocore_writes_it_and_read_back(service: str) -> None:
    random = Random(zlib.crc32(service.encode()))  # noqa: S311
    for operation in read_operations(service):
        for _ in range(ROUNDS):
            hold_request(operation, random)


@pytest.mark.parametrize("service", SERVICES)
def test_every_result_is_read_as_botocore_reads_it(service: str) -> None:
    random = Random(zlib.crc32(service.encode()))  # noqa: S311
    for operation in read_operations(service):
        for _ in range(ROUNDS):
            hold_result(operation, random)


@pytest.mark.parametrize("service", SERVICES)
def test_every_documented_error_is_read_as_botocore_reads_it(service: str) -> None:
    for operation in read_operations(service):
        for error in operation.errors:
            envelope: dict[str, Any] = {"status": error.status or 400, "fault": error.fault or "Sender"}

            reply = write_error(error.code, "a < b", request_id="r1", namespace=operation.namespace, **envelope)
            reading = read_reply(operation, reply)
            parsed = parsed_by_botocore(operation, reply)

            assert reading.error == ErrorReading(error.code, "a < b", envelope["fault"])
            assert reading.departures == ()
            assert parsed["Error"] == {"Code": error.code, "Message": "a < b", "Type": envelope["fault"]}
            assert parsed["ResponseMetadata"]["RequestId"] == reading.request_id == "r1"


@given(random=_RANDOMS)
def test_every_construct_is_written_as_botocore_writes_it_and_read_back(put_record: Operation, random: Random) -> None:
    hold_request(put_record, random)


@given(random=_RANDOMS)
def test_every_construct_of_a_result_is_read_as_botocore_reads_it(put_record: Operation, random: Random) -> None:
    hold_result(put_record, random)


@given(
    message=st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    code=st.text("ABCabc.-", min_size=1),
)
def test_any_message_is_read_as_botocore_reads_it(update_job: Operation, code: str, message: str) -> None:
    reply = write_error(code, message, request_id="r1", namespace=update_job.namespace)

    reading = read_reply(update_job, reply)

    assert reading.error is not None
    assert parsed_by_botocore(update_job, reply)["Error"] == {
        "Type": reading.error.fault,
        "Code": reading.error.code,
        "Message": reading.error.message,
    }


@pytest.mark.parametrize("service", SERVICES)
def test_no_member_hides_behind_the_keys_of_the_protocol(service: str) -> None:
    """`read_request` takes these keys out before it looks at the members."""
    for operation in read_operations(service):
        members = operation.input_shape.members if operation.input_shape else {}

        keys = [wire_name(name, shape) for name, shape in members.items()]

        assert not set(keys) & (AUTHENTICATION_KEYS | {"Action", "Operation", "Version"}), operation
        assert len(set(keys)) == len(keys), operation


def test_midnight_in_another_zone_is_the_same_instant_for_both(put_record: Operation) -> None:
    instant = datetime(2026, 11, 23, tzinfo=timezone(timedelta(hours=5, minutes=30)))

    pairs = write_request(put_record, {"When": instant})

    assert list(pairs) == sent_by_botocore(put_record, {"When": instant})
    assert read_request(put_record, pairs).parameters["When"] == instant.astimezone(UTC)

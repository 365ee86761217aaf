from __future__ import annotations

from typing import Any

import pytest
from botocore.model import ShapeResolver, StructureShape
from botocore.validate import ParamValidator
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

from botoproof.contract.adapters.models import read_model, read_operation
from botoproof.contract.validation import KINDS, complaints, sdk_rejects
from botoproof.strategies import NearMiss, near_misses

SERVICES = (
    "bedrock-runtime",
    "dynamodb",
    "ec2",
    "iam",
    "importexport",
    "iot-data",
    "lambda",
    "s3",
    "sqs",
    "sts",
    "wafv2",
)
EVERYTHING = {
    "Whole": {
        "type": "structure",
        "required": ["Name", "Token"],
        "members": {
            "Name": {"shape": "Name"},
            "Token": {"shape": "Name", "idempotencyToken": True},
            "Mode": {"shape": "Mode"},
            "Count": {"shape": "Count"},
            "Any": {"shape": "Any"},
            "Share": {"shape": "Share"},
            "Flag": {"shape": "Flag"},
            "Bytes": {"shape": "Bytes"},
            "Time": {"shape": "Time"},
            "List": {"shape": "List"},
            "Map": {"shape": "Map"},
            "Choice": {"shape": "Choice"},
            "Json": {"shape": "Text", "jsonvalue": True, "location": "header"},
            "Document": {"shape": "Document"},
        },
    },
    "Name": {"type": "string", "min": 2, "max": 8, "pattern": "[a-z]+"},
    "Text": {"type": "string"},
    "Mode": {"type": "string", "enum": ["Import", "Export"]},
    "Count": {"type": "integer", "min": 1, "max": 9},
    "Any": {"type": "long"},
    "Share": {"type": "double", "min": 0, "max": 1},
    "Flag": {"type": "boolean"},
    "Bytes": {"type": "blob", "min": 1, "max": 4},
    "Time": {"type": "timestamp"},
    "List": {"type": "list", "member": {"shape": "Inner"}, "min": 1, "max": 2},
    "Map": {"type": "map", "key": {"shape": "Key"}, "value": {"shape": "Inner"}, "min": 1, "max": 2},
    "Key": {"type": "string", "min": 1, "max": 8, "pattern": "[a-z0-9]+"},
    "Inner": {"type": "structure", "required": ["Flag"], "members": {"Flag": {"shape": "Flag"}}},
    "Choice": {"type": "structure", "union": True, "members": {"A": {"shape": "Name"}, "B": {"shape": "Flag"}}},
    "Document": {"type": "structure", "document": True, "members": {}},
}


def structure(name: str, shapes: dict[str, Any]) -> StructureShape:
    found = ShapeResolver(shapes).get_shape_by_name(name)
    assert isinstance(found, StructureShape)
    return found


def update_job() -> StructureShape:
    found = read_operation("importexport", "UpdateJob").input_shape
    assert found is not None
    return found


def breaks_one_constraint(shape: StructureShape, miss: NearMiss) -> None:
    found = [(complaint.kind, complaint.path) for complaint in complaints(shape, miss.value)]
    assert found == [(miss.kind, miss.path)]
    assert ParamValidator().validate(miss.value, shape).has_errors() is miss.botocore_rejects
    assert bool(sdk_rejects(shape, miss.value)) is miss.botocore_rejects


@pytest.mark.parametrize("service", SERVICES)
def test_exactly_one_constraint_of_a_real_model_is_broken(service: str) -> None:
    model = read_model(service)
    names = sorted(model.operation_names)
    inputs = [model.operation_model(name).input_shape for name in names[:: max(1, len(names) // 6)]]
    strategies = [
        st.tuples(st.just(shape), near_misses(shape)) for shape in inputs if shape is not None and shape.members
    ]

    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @given(st.one_of(strategies))
    def one(drawn: tuple[StructureShape, NearMiss]) -> None:
        breaks_one_constraint(*drawn)

    one()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_asked_for_alone(kind: str) -> None:
    shape = structure("Whole", EVERYTHING)

    @settings(max_examples=60)
    @given(near_misses(shape, kinds=[kind]))
    def only(miss: NearMiss) -> None:
        assert miss.kind == kind
        breaks_one_constraint(shape, miss)

    only()


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("required", "$.Name"),
        ("required", "$.List[0].Flag"),
        ("type", "$.Json"),
        ("type", "$.Document"),
        ("type", "$.Time"),
        ("unknown", "$.NotAMember"),
        ("unknown", "$.name"),
        ("union", "$.Choice"),
        ("min", "$.Share"),
        ("min", "$.Bytes"),
        ("min", "$.Map"),
        ("max", "$.List"),
        ("max", "$.Map"),
        ("max", "$.Bytes"),
        ("enum", "$.Mode"),
        ("pattern", "$.Choice.A"),
    ],
)
def test_every_place_is_reached(kind: str, path: str) -> None:
    misses = near_misses(structure("Whole", EVERYTHING), kinds=[kind])

    found = find(misses, lambda miss: miss.path == path, settings=settings(max_examples=2_000, database=None))

    assert found.kind == kind


def test_the_key_of_a_map_is_broken_too() -> None:
    misses = near_misses(structure("Whole", EVERYTHING), kinds=["pattern"])

    found = find(misses, lambda miss: miss.path.endswith("(key)"), settings=settings(max_examples=2_000, database=None))

    assert found.value["Map"].keys() == {"!"}
    assert found.path == "$.Map['!'](key)"


@pytest.mark.parametrize(
    ("kind", "path", "rejected"),
    [
        ("type", "$.Flag", True),
        ("required", "$.Name", True),
        ("unknown", "$.NotAMember", True),
        ("union", "$.Choice", True),
        ("min", "$.Name", True),
        ("min", "$.Map", False),
        ("max", "$.Name", False),
        ("enum", "$.Mode", False),
        ("pattern", "$.Name", False),
    ],
)
def test_whether_the_sdk_refuses_it_follows_from_the_kind(kind: str, path: str, *, rejected: bool) -> None:
    misses = near_misses(structure("Whole", EVERYTHING), kinds=[kind])

    found = find(misses, lambda miss: miss.path == path, settings=settings(max_examples=2_000, database=None))

    assert found.botocore_rejects is rejected


def test_a_bool_for_a_number_is_a_near_miss_that_the_sdk_sends() -> None:
    misses = near_misses(structure("Whole", EVERYTHING), kinds=["type"])

    found = find(misses, lambda miss: not miss.botocore_rejects, settings=settings(max_examples=2_000, database=None))

    assert found.value[found.path.removeprefix("$.")] is True


def test_an_idempotency_token_is_not_missed() -> None:
    @given(near_misses(structure("Whole", EVERYTHING), kinds=["required"]))
    def another(miss: NearMiss) -> None:
        assert miss.path != "$.Token"

    another()


def test_the_simplest_near_miss_is_small_and_readable() -> None:
    found = find(near_misses(update_job(), kinds=["required"]), lambda _: True, settings=settings(database=None))

    assert found == NearMiss(
        {"Manifest": "", "JobType": "Import", "ValidateOnly": False}, "required", "$.JobId", botocore_rejects=True
    )


def test_an_enum_is_missed_by_a_hair() -> None:
    found = find(
        near_misses(update_job(), kinds=["enum"]),
        lambda miss: miss.value["JobType"] == "import",
        settings=settings(database=None),
    )

    assert found == NearMiss(
        {"JobId": "", "Manifest": "", "JobType": "import", "ValidateOnly": False},
        "enum",
        "$.JobType",
        botocore_rejects=False,
    )


def test_an_unknown_kind_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match=r"^kinds must be among type, required, .*, pattern, got 'length', 'size'$"):
        near_misses(update_job(), kinds=["type", "length", "size"])


@pytest.mark.parametrize(("kinds", "named"), [(["pattern"], "pattern"), ([], "none")])
def test_kinds_that_the_shape_does_not_have_are_refused_at_once(kinds: list[str], named: str) -> None:
    with pytest.raises(ValueError, match=rf"^shape UpdateJobInput has nothing to break of kinds {named}$"):
        near_misses(update_job(), kinds=kinds)


def test_what_is_no_structure_is_refused_at_once() -> None:
    with pytest.raises(
        TypeError, match=r"^shape must be a botocore\.model\.StructureShape, got <StringShape\(JobId\)>$"
    ):
        near_misses(update_job().members["JobId"])  # type: ignore[arg-type]

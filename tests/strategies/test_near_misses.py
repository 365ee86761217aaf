from __future__ import annotations

from typing import Any

import pytest
from botocore.model import ServiceModel, StructureShape
from botocore.validate import ParamValidator
from botoproof.contract.adapters.models import read_model, read_operation
from botoproof.contract.validation import complaints, sdk_rejects
from botoproof.strategies import NearMiss, near_misses
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

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
PARTS: dict[str, Any] = {
    "Name": {"type": "string", "min": 2, "max": 8, "pattern": "[a-z]+"},
    "Text": {"type": "string"},
    "Contradiction": {"type": "string", "pattern": "[a-z]{9}", "max": 3},
    "Mode": {"type": "string", "enum": ["Import", "Export"]},
    "Tier": {"type": "string", "enum": ["a"], "max": 1, "min": 1},
    "Letter": {"type": "string", "enum": ["a", "A"], "min": 1, "max": 1},
    "Names": {"type": "structure", "members": {"NotAMember": {"shape": "Text"}, "a": {"shape": "Text"}}},
    "Code": {"type": "string", "pattern": "[\\s\\S]*"},
    "Count": {"type": "integer", "min": 1, "max": 9},
    "Several": {"type": "integer", "min": 2},
    "Any": {"type": "long"},
    "Share": {"type": "double", "min": 0, "max": 1},
    "Flag": {"type": "boolean"},
    "Bytes": {"type": "blob", "min": 1, "max": 4},
    "AnyBytes": {"type": "blob"},
    "Time": {"type": "timestamp"},
    "List": {"type": "list", "member": {"shape": "Inner"}, "min": 1, "max": 2},
    "Endless": {"type": "list", "member": {"shape": "Inner"}},
    "Map": {"type": "map", "key": {"shape": "Key"}, "value": {"shape": "Inner"}, "min": 1, "max": 2},
    "Dates": {"type": "map", "key": {"shape": "Mode"}, "value": {"shape": "Time"}, "max": 2},
    "Key": {"type": "string", "min": 1, "max": 8, "pattern": "[a-z0-9]+"},
    "Inner": {"type": "structure", "required": ["Flag"], "members": {"Flag": {"shape": "Flag"}}},
    "Choice": {"type": "structure", "union": True, "members": {"A": {"shape": "Name"}, "B": {"shape": "Flag"}}},
    "Only": {"type": "structure", "union": True, "members": {"A": {"shape": "Flag"}}},
    "Document": {"type": "structure", "document": True, "members": {}},
}


def structure_with(name: str, **reference: Any) -> StructureShape:
    """Return a structure with one required member ``M`` of that shape."""
    whole = {"type": "structure", "required": ["M"], "members": {"M": {"shape": name, **reference}}}
    found = ServiceModel({"shapes": {"Whole": whole, **PARTS}}, "made-up").shape_for("Whole")
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

    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
    @given(st.one_of(strategies))
    def one(drawn: tuple[StructureShape, NearMiss]) -> None:
        breaks_one_constraint(*drawn)

    one()


@pytest.mark.parametrize(
    ("name", "kind", "path", "rejected"),
    [
        ("Text", "required", "$.M", True),
        ("Text", "type", "$.M", True),
        ("Text", "unknown", "$.NotAMember", True),
        ("Text", "unknown", "$.m", True),
        ("Any", "type", "$.M", True),
        ("Any", "type", "$.M", False),
        ("Count", "type", "$.M", False),
        ("Count", "min", "$.M", True),
        ("Count", "max", "$.M", False),
        ("Share", "type", "$.M", False),
        ("Share", "min", "$.M", True),
        ("Share", "max", "$.M", False),
        ("Flag", "type", "$.M", True),
        ("Time", "type", "$.M", True),
        ("Bytes", "type", "$.M", True),
        ("Bytes", "min", "$.M", False),
        ("Bytes", "max", "$.M", False),
        ("Document", "type", "$.M", True),
        ("Name", "min", "$.M", True),
        ("Name", "max", "$.M", False),
        ("Name", "pattern", "$.M", False),
        ("Mode", "enum", "$.M", False),
        ("Tier", "enum", "$.M", False),
        ("List", "type", "$.M", True),
        ("List", "min", "$.M", True),
        ("List", "max", "$.M", False),
        ("List", "required", "$.M[0].Flag", True),
        ("Endless", "type", "$.M[0].Flag", True),
        ("Map", "min", "$.M", False),
        ("Map", "max", "$.M", False),
        ("Map", "pattern", "$.M['!'](key)", False),
        ("Map", "type", "$.M[1](key)", True),
        ("Dates", "type", "$.M['Import']", True),
        ("Choice", "union", "$.M", True),
        ("Choice", "pattern", "$.M.A", False),
        ("Only", "union", "$.M", True),
    ],
)
def test_every_constraint_is_broken_and_known_to_be_refused_or_sent(
    name: str, kind: str, path: str, *, rejected: bool
) -> None:
    shape = structure_with(name)
    reached: set[tuple[str, bool]] = set()

    @settings(max_examples=40)
    @given(near_misses(shape, kinds=[kind]))
    def broken(miss: NearMiss) -> None:
        breaks_one_constraint(shape, miss)
        assert miss.kind == kind
        reached.add((miss.path, miss.botocore_rejects))

    broken()
    assert (path, rejected) in reached


def test_a_bool_for_a_number_is_sent_only_where_one_is_in_range() -> None:
    @given(near_misses(structure_with("Several"), kinds=["type"]))
    def refused(miss: NearMiss) -> None:
        assert miss.botocore_rejects

    refused()


def test_a_value_for_a_header_that_is_no_json_is_of_the_wrong_type() -> None:
    @given(near_misses(structure_with("Text", jsonvalue=True, location="header"), kinds=["type"]))
    def no_json(miss: NearMiss) -> None:
        assert isinstance(miss.value["M"], bytes | set)

    no_json()


def test_an_idempotency_token_is_not_missed() -> None:
    with pytest.raises(ValueError, match=r"^shape Whole has nothing to break of kinds required$"):
        near_misses(structure_with("Text", idempotencyToken=True), kinds=["required"])


def test_a_pattern_that_matches_everything_cannot_be_missed() -> None:
    with pytest.raises(ValueError, match=r"^shape Whole has nothing to break of kinds pattern$"):
        near_misses(structure_with("Code"), kinds=["pattern"])


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


def test_an_enum_of_all_that_is_near_cannot_be_missed() -> None:
    with pytest.raises(ValueError, match=r"^shape Whole has nothing to break of kinds enum$"):
        near_misses(structure_with("Letter"), kinds=["enum"])


def test_a_member_that_the_model_has_is_never_unknown() -> None:
    @given(near_misses(structure_with("Names"), kinds=["unknown"]))
    def unknown(miss: NearMiss) -> None:
        assert miss.path in {"$.NotAMember", "$.m", "$.M.notAMember", "$.M.A"}

    unknown()


def test_a_model_that_contradicts_itself_has_no_near_misses() -> None:
    """And the error that says so is short, although the strategies behind it are not."""
    shape = structure_with("Contradiction")

    @settings(suppress_health_check=[HealthCheck.filter_too_much])
    @given(near_misses(shape))
    def none(miss: NearMiss) -> None:
        raise AssertionError(miss)

    with pytest.raises(Unsatisfiable):
        none()
    assert len(repr(near_misses(shape))) < 200


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

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.model import NoShapeFoundError, ServiceModel, Shape, StructureShape
from botocore.validate import ParamValidator
from botoproof.contract.adapters.models import read_model, read_operation
from botoproof.contract.validation import complaints
from botoproof.strategies import from_shape
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st

# Among them: recursion (dynamodb, lexv2-models, wafv2), documents and event streams (bedrock-runtime), streaming blobs
# and headers (s3), JSON headers (iot-data), patterns everywhere (iam, lambda), size (ec2).
SERVICES = (
    "bedrock-runtime",
    "dynamodb",
    "ec2",
    "iam",
    "importexport",
    "iot-data",
    "kinesis",
    "lambda",
    "lexv2-models",
    "s3",
    "sqs",
    "sts",
    "wafv2",
)
ONE = settings(max_examples=200, database=None, derandomize=True)


def shape(name: str, shapes: dict[str, Any]) -> Shape:
    return ServiceModel({"shapes": shapes}, "made-up").shape_for(name)


def scalar(traits: dict[str, Any]) -> Shape:
    return shape("S", {"S": traits})


def text(**reference: Any) -> Shape:
    """Return a string member with these traits at its reference."""
    whole = {"type": "structure", "members": {"M": {"shape": "Text", **reference}}}
    found = shape("Whole", {"Whole": whole, "Text": {"type": "string"}})
    assert isinstance(found, StructureShape)
    return found.members["M"]


def simplest(strategy: st.SearchStrategy[Any]) -> Any:
    return find(strategy, lambda _: True, settings=ONE)


def values_of(service: str, *, operations: int) -> st.SearchStrategy[tuple[Shape, Any]]:
    """Return a strategy for shapes of a service, each with a value: inputs and outputs of some operations."""
    model = read_model(service)
    names = sorted(model.operation_names)
    chosen = [model.operation_model(name) for name in names[:: max(1, len(names) // operations)]]
    shapes = [found for operation in chosen for found in (operation.input_shape, operation.output_shape) if found]
    strategies = [st.tuples(st.just(found), from_shape(found)) for found in shapes]
    return st.one_of(strategies)


@pytest.mark.parametrize("service", SERVICES)
def test_the_sdk_accepts_the_values_and_so_does_the_model(service: str) -> None:
    @settings(max_examples=35, suppress_health_check=[HealthCheck.too_slow])
    @given(values_of(service, operations=8))
    def accepted(drawn: tuple[Shape, Any]) -> None:
        of, value = drawn
        assert ParamValidator().validate(value, of).generate_report() == ""
        assert complaints(of, value) == ()

    accepted()


def test_building_a_strategy_reads_no_members_of_members() -> None:
    model = ServiceModel(
        {
            "shapes": {
                "Whole": {"type": "structure", "members": {"Part": {"shape": "Part"}}},
                "Part": {"type": "structure", "members": {"Absent": {"shape": "Absent"}}},
            }
        },
        "made-up",
    )

    strategy = from_shape(model.shape_for("Whole"))

    with pytest.raises(NoShapeFoundError, match="Absent"):
        simplest(strategy.filter(lambda value: "Part" in value))


def test_a_large_service_is_ready_at_once() -> None:
    model = read_model("ec2")
    inputs = [model.operation_model(name).input_shape for name in model.operation_names]

    strategies = [from_shape(found) for found in inputs if found is not None]

    assert len(strategies) > 600


def test_only_required_leaves_every_optional_member_out() -> None:
    update = read_operation("importexport", "UpdateJob").input_shape
    assert update is not None

    @given(from_shape(update, only_required=True))
    def bare(value: dict[str, Any]) -> None:
        assert list(value) == ["JobId", "Manifest", "JobType", "ValidateOnly"]

    bare()


def test_the_simplest_value_is_small_and_readable() -> None:
    update = read_operation("importexport", "UpdateJob").input_shape
    assert update is not None

    assert simplest(from_shape(update)) == {"JobId": "", "Manifest": "", "JobType": "Import", "ValidateOnly": False}


@pytest.mark.slow
def test_a_deep_value_shrinks_to_the_way_that_leads_there() -> None:
    put = read_operation("dynamodb", "PutItem").input_shape
    assert put is not None

    found = find(from_shape(put), lambda value: any("L" in item for item in value["Item"].values()), settings=ONE)

    assert found == {"TableName": "0", "Item": {"": {"L": []}}}


def test_an_optional_member_shrinks_to_itself_alone() -> None:
    receive = read_operation("sqs", "ReceiveMessage").input_shape
    assert receive is not None

    found = find(from_shape(receive), lambda value: value.get("VisibilityTimeout", 0) > 5, settings=ONE)

    assert found == {"QueueUrl": "", "VisibilityTimeout": 6}


@pytest.mark.parametrize(
    ("traits", "expected"),
    [
        ({"type": "string"}, ""),
        ({"type": "string", "min": 3}, "000"),
        ({"type": "string", "min": 600, "max": 600}, "0" * 600),
        ({"type": "string", "enum": ["b", "a"]}, "b"),
        ({"type": "string", "enum": ["", "ab"], "min": 1}, "ab"),
        ({"type": "string", "pattern": "[a-c]{2}-[0-9]+"}, "aa-0"),
        ({"type": "string", "pattern": "[a-c][0-9]*", "min": 5}, "a0000"),
        ({"type": "string", "pattern": "^(?=.{4,8}$)[a-c]+$"}, "aaaa"),
        ({"type": "string", "pattern": "x(?i)y", "min": 2}, "00"),
        ({"type": "string", "pattern": "[ -\\uFFFD]{2,}", "max": 4}, "00"),
        ({"type": "string", "pattern": "[ -\\u00e9\\u4e00-\\u9fff]{2,}[\\u4e00-\\u9fff]?"}, "00"),
        ({"type": "string", "pattern": "[a-c]{2}:.*[0-9]{3}", "max": 6}, "aa:000"),
        pytest.param({"type": "string", "pattern": "[a-z]{9}", "max": 3}, "a", marks=pytest.mark.slow),
        ({"type": "string", "pattern": "漢[a-z]+"}, "漢a"),
        ({"type": "string", "pattern": "\\uD83D"}, ""),  # half a character
        # Undecided when so long.
        pytest.param({"type": "string", "pattern": "[a-c](-?[a-c]+)*", "min": 30}, "a" * 30, marks=pytest.mark.slow),
        ({"type": "integer", "min": 3, "max": 9}, 3),
        ({"type": "long"}, 0),
        ({"type": "float", "min": 0.5}, 1.0),
        ({"type": "double"}, 0.0),
        ({"type": "boolean"}, False),
        ({"type": "blob", "min": 2}, b"\0\0"),
        ({"type": "blob", "min": 200}, b"\0" * 200),
        ({"type": "timestamp"}, datetime(2000, 1, 1, tzinfo=UTC)),
        ({"type": "structure", "document": True, "members": {}}, None),
    ],
)
def test_scalars_shrink_to_the_least_that_the_model_allows(traits: dict[str, Any], expected: Any) -> None:
    assert simplest(from_shape(scalar(traits))) == expected


def test_lists_and_maps_have_the_size_that_the_model_asks_for() -> None:
    shapes = {
        "Few": {"type": "list", "member": {"shape": "T"}, "min": 2, "max": 3},
        "Many": {"type": "list", "member": {"shape": "T"}, "min": 50},
        "Map": {"type": "map", "key": {"shape": "K"}, "value": {"shape": "T"}, "min": 1},
        "T": {"type": "string"},
        "K": {"type": "string", "enum": ["a", "b"]},
    }

    assert simplest(from_shape(shape("Few", shapes))) == ["", ""]
    assert simplest(from_shape(shape("Many", shapes))) == [""] * 50
    assert simplest(from_shape(shape("Map", shapes))) == {"a": ""}


def test_a_union_has_exactly_one_member_and_ends() -> None:
    members = {name: {"shape": name} for name in ("And", "Named", "Group", "Note", "Leaf")}
    tree = {
        "Tree": {"type": "structure", "union": True, "members": members},
        "And": {"type": "list", "member": {"shape": "Tree"}, "min": 2},
        "Named": {"type": "map", "key": {"shape": "Leaf"}, "value": {"shape": "Tree"}, "min": 1},
        "Group": {"type": "structure", "required": ["Tree"], "members": {"Tree": {"shape": "Tree"}}},
        "Note": {"type": "structure", "document": True, "members": {}},
        "Leaf": {"type": "string"},
    }

    @given(from_shape(shape("Tree", tree)))
    def one(value: dict[str, Any]) -> None:
        assert len(value) == 1

    one()
    assert simplest(from_shape(shape("Tree", tree), only_required=True)) == {"Leaf": ""}


@given(from_shape(text(location="header")))
def test_headers_are_visible_ascii(value: str) -> None:
    assert all("!" <= character <= "~" for character in value)


@given(from_shape(text(hostLabel=True)))
def test_a_host_label_is_one(value: str) -> None:
    assert 1 <= len(value) <= 63
    assert value.replace("-", "a").isalnum()


@given(from_shape(text(location="uri")))
def test_a_label_of_the_path_is_not_empty(value: str) -> None:
    assert value != ""


@given(from_shape(text(jsonvalue=True)))
def test_a_json_value_in_the_body_is_json_text(value: str) -> None:
    json.loads(value)


@given(from_shape(text(jsonvalue=True, location="header")))
def test_a_json_value_in_a_header_is_left_to_the_sdk_to_write(value: Any) -> None:
    json.dumps(value)


@given(from_shape(text(idempotencyToken=True)))
def test_an_idempotency_token_is_a_uuid(value: str) -> None:
    assert [len(part) for part in value.split("-")] == [8, 4, 4, 4, 12]


@given(from_shape(text(location="header", idempotencyToken=True)))
def test_a_token_in_a_header_is_a_uuid_too(value: str) -> None:
    assert len(value) == 36


def test_a_pattern_in_a_header_may_ask_for_spaces() -> None:
    model = ServiceModel(
        {
            "shapes": {
                "Whole": {"type": "structure", "members": {"M": {"shape": "Cookie", "location": "header"}}},
                "Cookie": {"type": "string", "pattern": r"[a-z]+;\sExpires=\d+"},
            }
        },
        "made-up",
    )

    assert simplest(from_shape(model.shape_for("Whole"), max_depth=1).filter(bool)) == {"M": "a; Expires=0"}


def test_what_is_no_shape_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match=r"^shape must be a botocore\.model\.Shape, got 'JobId'$"):
        from_shape("JobId")  # type: ignore[arg-type]


def test_a_negative_depth_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match=r"^max_depth must be at least 0, got -1$"):
        from_shape(scalar({"type": "string"}), max_depth=-1)


def test_limits_that_contradict_each_other_are_refused_at_once() -> None:
    with pytest.raises(ValueError, match=r"^text needs 0 <= min_size <= max_size, got min_size=3, max_size=2$"):
        from_shape(scalar({"type": "string", "min": 3, "max": 2}))


def test_a_type_that_botocore_does_not_have_is_refused_at_once() -> None:
    odd = Shape("Odd", {"type": "quaternion"})

    with pytest.raises(NotImplementedError, match=r"^no strategy for shape Odd of type 'quaternion'$"):
        from_shape(odd)


def test_a_structure_that_requires_itself_is_refused_when_drawn() -> None:
    endless = shape("Me", {"Me": {"type": "structure", "required": ["Me"], "members": {"Me": {"shape": "Me"}}}})

    with pytest.raises(ValueError, match=r"^shape Me allows no value: it requires itself\b"):
        simplest(from_shape(endless))


def test_a_union_without_members_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match=r"^shape Empty allows no value: it is a union without members$"):
        from_shape(shape("Empty", {"Empty": {"type": "structure", "union": True, "members": {}}}))

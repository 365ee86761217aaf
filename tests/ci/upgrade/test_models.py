from __future__ import annotations

import gzip
from collections.abc import Mapping
from pathlib import Path

import pytest
from botoproof.ci.upgrade.answer import Scope
from botoproof.ci.upgrade.models import look
from botoproof.ci.upgrade.rule import SYMMETRIC, Depth, Side
from botoproof.ci.upgrade.rules import RULES
from botoproof.ci.upgrade.sdk import Sdk
from botoproof.ci.upgrade.versions import find_sdk
from botoproof.ci.upgrade.wheels import same_content

from .planted import (
    METADATA,
    PAGINATORS,
    RULESET,
    SERVICE,
    WAITERS,
    Edit,
    Files,
    both,
    changed,
    files,
    looked,
    of_metadata,
    operation,
    put,
    shape,
    wheel,
)


def _second_service(content: Files) -> None:
    content["second/2020-01-01/service-2.json"] = content[SERVICE]


def _newer_version(content: Files) -> None:
    for path in (SERVICE, PAGINATORS, WAITERS, RULESET):
        content[path.replace("2020", "2021")] = content[path]


def _reordered(content: Files) -> None:
    place = content[SERVICE]["shapes"]["Place"]
    place["members"] = dict(reversed(place["members"].items()))


def _renamed(content: Files) -> None:
    shapes = content[SERVICE]["shapes"]
    shapes["Spot"] = shapes.pop("Place")
    shapes["PlantInput"]["members"]["Where"]["shape"] = "Spot"


def _needs_more(content: Files) -> None:
    content[METADATA] = content[METADATA].replace("3.9", "3.10")


def _member(name: str, key: str, value: object) -> Edit:
    return shape("PlantInput", "members", name, key, value=value)


# By the change that is made of the older release. Its mirror is seen when the releases are exchanged.
PLANTED: Mapping[str, tuple[Edit, str]] = {
    "service-added": (_second_service, ""),
    "api-version-changed": (_newer_version, ""),
    "service-id-changed": (of_metadata("serviceId", "Other"), "@serviceId"),
    "operation-added": (put(SERVICE, "operations", "Dig", value={"name": "Dig", "http": {}}), ""),
    "protocol-declared-changed": (of_metadata("protocol", "json"), "@protocol"),
    "protocol-settings-changed": (of_metadata("protocolSettings", {"h2": "required"}), "@protocolSettings"),
    "json-version-changed": (of_metadata("jsonVersion", "1.1"), "@jsonVersion"),
    "target-prefix-changed": (of_metadata("targetPrefix", "Other"), "@targetPrefix"),
    "signature-declared-changed": (of_metadata("signingName", "other"), "@signingName"),
    "endpoint-declared-changed": (of_metadata("endpointPrefix", "other"), "@endpointPrefix"),
    "query-compatible-changed": (of_metadata("awsQueryCompatible", {"a": "b"}), "@awsQueryCompatible"),
    "endpoint-ruleset-changed": (put(RULESET, "rules", value=[1]), ""),
    "endpoint-parameter-changed": (operation("staticContextParams", value={"A": {"value": 1}}), "@staticContextParams"),
    "endpoint-discovery-changed": (operation("endpointdiscovery", value={"required": True}), "@endpointdiscovery"),
    "paginator-added": (put(PAGINATORS, "pagination", "Water", value={"input_token": "M"}), "%Water"),
    "paginator-changed": (put(PAGINATORS, "pagination", "Plant", "result_key", value="Id"), "%Plant@result_key"),
    "waiter-added": (put(WAITERS, "waiters", "PlantGone", value={"delay": 1}), "%PlantGone"),
    "waiter-changed": (put(WAITERS, "waiters", "PlantGrown", "delay", value=9), "%PlantGrown@delay"),
    "deprecation-changed": (operation("deprecated", value=True), "@deprecated"),
    "sensitive-changed": (shape("Place", "sensitive", value=True), "$.Where"),
    "trait-changed": (operation("idempotent", value=True), "@idempotent"),
    "documentation-changed": (operation("documentation", value="Sows."), ""),
    "input-required-added": (
        both(shape("Place", "members", "Up", value={"shape": "Row"}), shape("Place", "required", value=["Up"])),
        "$.Where.Up",
    ),
    "input-became-required": (shape("PlantInput", "required", value=["Name", "Kind"]), "$.Kind"),
    "input-member-added": (shape("Place", "members", "Up", value={"shape": "Row"}), "$.Where.Up"),
    "input-type-changed": (_member("Depth", "shape", "Place"), "$.Depth"),
    "number-width-changed": (shape("Depth", "type", value="long"), "$.Depth"),
    "input-enum-value-added": (shape("Kind", "enum", value=["TREE", "BUSH", "VINE"]), "$.Kind"),
    "enum-dropped": (shape("Kind", "enum", value=None), "$.Kind"),
    "min-tightened": (shape("Seed", "min", value=3), "$.Seed"),
    "max-loosened": (shape("Depth", "max", value=10), "$.Depth"),
    "pattern-changed": (shape("Seed", "pattern", value="x"), "$.Seed"),
    "member-order-changed": (_reordered, "$.Where"),
    "shape-renamed": (_renamed, "$.Where"),
    "idempotency-token-added": (_member("Name", "idempotencyToken", True), "$.Name"),
    "union-changed": (shape("Place", "union", value=True), "$.Where"),
    "document-changed": (shape("Place", "document", value=True), "$.Where"),
    "output-member-added": (shape("Root", "members", "Tip", value={"shape": "Name"}), "$.Roots[].Tip"),
    "output-became-required": (shape("PlantOutput", "required", value=["Id", "Kind"]), "$.Kind"),
    "output-enum-value-added": (shape("Grown", "enum", value=["TREE", "BUSH", "VINE"]), "$.Kind"),
    "output-constraint-changed": (shape("Length", "min", value=0), "$.Roots[].Length@min"),
    "output-type-changed": (shape("PlantOutput", "members", "Roots", "shape", value="Name"), "$.Roots"),
    "streaming-changed": (shape("PlantOutput", "members", "Seed", "streaming", value=True), "$.Seed"),
    "event-stream-changed": (shape("Root", "eventstream", value=True), "$.Roots[]"),
    "json-value-changed": (_member("Name", "jsonvalue", True), "$.Name"),
    "http-binding-changed": (operation("http", "requestUri", value="/plants"), "@requestUri"),
    "response-code-changed": (operation("http", "responseCode", value=201), "@responseCode"),
    "member-location-changed": (_member("Name", "location", "querystring"), "$.Name"),
    "wire-name-changed": (_member("Name", "locationName", "name"), "$.Name"),
    "payload-changed": (shape("PlantInput", "payload", value="Seed"), "$"),
    "flattened-changed": (shape("Roots", "flattened", value=True), "$.Roots"),
    "xml-namespace-changed": (operation("input", "xmlNamespace", value={"uri": "urn:x"}), ""),
    "wire-order-changed": (shape("Place", "xmlOrder", value=["West", "East"]), "$.Where"),
    "timestamp-format-changed": (_member("Since", "timestampFormat", "iso8601"), "$.Since"),
    "host-prefix-changed": (operation("endpoint", value={"hostPrefix": "data-"}), "@endpoint"),
    "result-wrapper-changed": (operation("output", "resultWrapper", value="Result"), ""),
    "http-checksum-changed": (operation("httpChecksumRequired", value=True), "@httpChecksumRequired"),
    "request-compression-changed": (
        operation("requestcompression", value={"encodings": ["gzip"]}),
        "@requestcompression",
    ),
    "error-shape-added": (
        shape("Eaten", value={"type": "structure", "members": {}, "exception": True}),
        "!Eaten",
    ),
    "error-code-changed": (shape("Withered", "error", "code", value="Withered"), "!Withered"),
    "error-added": (operation("errors", value=[{"shape": "Withered"}, {"shape": "Root"}]), "!Root"),
    "error-http-status-changed": (shape("Withered", "error", "httpStatusCode", value=410), "!Withered"),
    "error-fault-changed": (shape("Withered", "error", "senderFault", value=False), "!Withered"),
    "error-retryable-changed": (shape("Withered", "retryable", value={"throttling": True}), "!Withered"),
    "dependency-changed": (_needs_more, "python"),
    "data-layout-changed": (put("planted/2020-01-01/examples-1.json", "a", value=1), "examples-1"),
    "partitions-changed": (put("endpoints.json", "partitions", value=[1]), "endpoints"),
    "retry-data-changed": (put("_retry.json", "definitions", value={"a": 1}), "_retry"),
    "default-data-changed": (put("sdk-default-configuration.json", "version", value=2), "sdk-default-configuration"),
}


@pytest.mark.parametrize(("rule", "change", "path"), [(rule, *row) for rule, row in PLANTED.items()], ids=PLANTED)
def test_a_planted_difference_is_seen_by_its_rule_alone_and_by_the_mirror_from_the_other_end(
    tmp_path: Path, rule: str, change: Edit, path: str
) -> None:
    forwards = looked(tmp_path, files(), changed(change))
    backwards = looked(tmp_path, changed(change), files())

    mirror = RULES[rule].mirror
    assert [(one.rule, one.path) for one in forwards.changes] == [(rule, path)]
    assert [one.rule for one in backwards.changes] == [rule if mirror == SYMMETRIC else mirror]
    assert [(one.new, one.old) for one in backwards.changes] == [(one.old, one.new) for one in forwards.changes]


def test_a_difference_is_planted_for_every_rule_that_models_decide() -> None:
    planted = {*PLANTED, *(RULES[rule].mirror for rule in PLANTED)} - {SYMMETRIC}

    assert planted == {rule.id for rule in RULES.values() if rule.decided[0] is Depth.MODELS}


def test_a_release_does_not_differ_from_itself(tmp_path: Path) -> None:
    seen = looked(tmp_path, files(), files())

    assert (seen.changes, seen.gaps, seen.looked) == ((), (), 1)


def test_packed_models_say_the_same_as_plain_ones_and_only_their_files_are_named_otherwise(tmp_path: Path) -> None:
    plain, packed = wheel(tmp_path, "1.0.0", files()), wheel(tmp_path, "2.0.0", files(), packed=True)

    seen = look(plain, packed, Scope(), lambda _: None)

    assert {one.rule for one in seen.changes} == {"data-layout-changed"}
    assert ("service-2.json", "service-2.json.gz") in {(one.old, one.new) for one in seen.changes}


def test_what_is_packed_at_another_hour_is_the_same(tmp_path: Path) -> None:
    old, new = gzip.compress(b"{}", mtime=1), gzip.compress(b"{}", mtime=2)

    assert old != new
    assert same_content(old, new, packed=True)
    assert not same_content(old, new, packed=False)
    assert not same_content(old, gzip.compress(b"[]", mtime=1), packed=True)


def test_a_change_of_a_shared_shape_is_told_for_every_operation_that_reaches_it(tmp_path: Path) -> None:
    seen = looked(tmp_path, files(), changed(shape("Bed", "members", "Row", value=None)))

    assert {(one.rule, one.subject, one.path) for one in seen.changes} == {
        ("input-member-removed", "planted.Plant", "$.Beds[].Row"),
        ("input-member-removed", "planted.Water", "$.Beds[].Row"),
    }
    assert {one.side for one in seen.changes} == {Side.INPUT}


def test_a_member_of_an_exception_is_told_with_its_name(tmp_path: Path) -> None:
    seen = looked(tmp_path, files(), changed(shape("Withered", "members", "Cause", value=None)))

    assert [(one.rule, one.operation, one.path) for one in seen.changes] == [
        ("output-member-removed", "", "!Withered.Cause")
    ]


def test_additions_of_the_sdk_are_laid_over_a_model(tmp_path: Path) -> None:
    added = {"version": 1.0, "merge": {"shapes": {"Kind": {"enum": ["VINE"]}}}}
    extras = put("planted/2020-01-01/service-2.sdk-extras.json", "merge", value=added["merge"])

    seen = looked(tmp_path, files(), changed(extras))

    assert {one.rule for one in seen.changes} == {
        "data-layout-changed",
        "input-enum-value-added",
        "input-enum-value-removed",
    }


def test_a_wire_name_that_is_the_members_own_is_no_change(tmp_path: Path) -> None:
    assert looked(tmp_path, files(), changed(_member("Name", "locationName", "Name"))).changes == ()


def test_the_least_length_of_nothing_is_no_tighter_than_none(tmp_path: Path) -> None:
    seen = looked(tmp_path, files(), changed(shape("Seed", "min", value=0)))

    assert [one.rule for one in seen.changes] == ["trait-changed"]


def test_a_lower_bound_of_a_number_that_had_none_is_tighter(tmp_path: Path) -> None:
    seen = looked(tmp_path, changed(shape("Depth", "min", value=None)), changed(shape("Depth", "min", value=0)))

    assert [one.rule for one in seen.changes] == ["min-tightened"]


def test_a_value_that_is_too_long_to_show_still_differs_from_one_with_the_same_beginning(tmp_path: Path) -> None:
    old, new = (changed(shape("Kind", "enum", value=["A" * 300, end])) for end in ("B", "C"))
    one = looked(tmp_path, files(), old).changes
    other = looked(tmp_path, files(), new).changes

    added = [next(change.new for change in seen if change.new) for seen in (one, other)]
    assert added[0] != added[1]
    assert max(map(len, added)) < 240


def test_a_service_that_is_not_looked_at_is_not_compared(tmp_path: Path) -> None:
    seen = looked(tmp_path, files(), changed(_second_service), Scope(("planted",)))

    assert (seen.looked, seen.changes) == (1, ())


def test_a_damaged_model_is_unknown_and_the_others_are_compared(tmp_path: Path) -> None:
    old, new = changed(_second_service), changed(both(_second_service, operation("deprecated", value=True)))
    new["second/2020-01-01/service-2.json"] = b"{not JSON"

    seen = looked(tmp_path, old, new)

    assert [(gap.service, gap.operation) for gap in seen.gaps] == [("second", "")]
    assert "service-2.json" in seen.gaps[0].reason
    assert [one.rule for one in seen.changes] == ["deprecation-changed"]
    assert not seen.failed


@pytest.mark.parametrize("content", [b"PK\x03\x04 and no more", b""])
def test_half_a_wheel_is_unknown_with_the_reason(tmp_path: Path, content: bytes) -> None:
    whole = wheel(tmp_path, "1.0.0", files())
    half = tmp_path / "half.whl"
    half.write_bytes(content)

    seen = look(whole, Sdk("half.whl", "2.0.0", half), Scope(), lambda _: None)

    assert seen.failed.startswith(f"{half} is no whole wheel: ")
    assert seen.changes == ()


def test_a_wheel_without_models_is_unknown_with_the_reason(tmp_path: Path) -> None:
    seen = looked(tmp_path, files(), {METADATA: "Name: botocore\n"})

    assert seen.failed == (
        f"{tmp_path / 'botocore-2.0.0-py3-none-any.whl'} holds no service models: "
        "botocore/data/SERVICE/DATE/service-2.json is expected"
    )


def test_the_installed_release_does_not_differ_from_itself() -> None:
    installed = find_sdk("installed")

    seen = look(installed, installed, Scope(("importexport", "sqs")), lambda _: None)

    assert (seen.looked, seen.changes, seen.gaps) == (2, (), ())

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from botoproof.contract.adapters.models import read_operations
from botoproof.contract.case import Call, Case
from botoproof.contract.codec.form import write_form
from botoproof.contract.codec.query_request import write_request
from botoproof.contract.codec.signature import EXAMPLE_KEY, sign_v4
from botoproof.contract.expectation import Expectation
from botoproof.contract.interaction import Request
from botoproof.contract.services.importexport import SPECIFICATION, World, default_world
from botoproof.contract.services.importexport.manifest import read_manifest
from botoproof.contract.services.importexport.manifests import base_fields, with_change, write_manifest
from botoproof.contract.services.importexport.world import Bucket, Era
from botoproof.strategies.importexport import malformed_manifests, manifests, near_miss_manifests
from botoproof.strategies.importexport.manifests import KINDS, wrong_edits
from hypothesis import find, given, settings
from hypothesis import strategies as st

OPERATIONS = {operation.name: operation for operation in read_operations("importexport")}
NOW = datetime(2026, 11, 24, tzinfo=UTC)
WORLDS = {
    "era B": default_world(),
    "era A": World(Era.A, default_world().access_keys, default_world().buckets, {}, frozenset({"1.0"})),
    "Europe only": World(Era.B, default_world().access_keys, {"theirs": Bucket("eu-west-1")}),
    "strict": World(Era.B, default_world().access_keys, default_world().buckets, strict_yaml=True),
}


def expectation(text: str, kind: str, world: World) -> Expectation:
    """What the oracle says of an update of a pending job to this manifest."""
    known = SPECIFICATION.with_resources(world, {"pending": "PND1A"}, NOW)
    parameters = {
        "JobId": "PND1A",
        "JobType": "Export" if kind == "export" else "Import",
        "Manifest": text,
        "ValidateOnly": True,
    }
    body = write_form(write_request(OPERATIONS["UpdateJob"], parameters))
    headers = (("Host", "h"), ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"))
    request = sign_v4(Request("POST", "http://h/", headers, body), EXAMPLE_KEY, SPECIFICATION.scope, NOW)
    return SPECIFICATION.expect(request, world=known, now=NOW, operations=OPERATIONS)[1]


@pytest.mark.parametrize("place", WORLDS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_manifest_for_a_kind_and_era_breaks_no_rule(kind: str, place: str) -> None:
    world = WORLDS[place]

    @settings(max_examples=60)
    @given(manifests(kind, world=world))
    def check(text: str) -> None:
        assert [broken.rule for broken in expectation(text, kind, world).violations if broken.certain] == []

    check()


@pytest.mark.parametrize("place", WORLDS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_wrong_option_breaks_a_rule_of_its_own(kind: str, place: str) -> None:
    world = WORLDS[place]

    harmless = [
        edit
        for edit in wrong_edits(kind, world)
        if not expectation(
            write_manifest(with_change(base_fields(world, kind), edit.path, edit.value)), kind, world
        ).violations
    ]

    assert harmless == []


@given(data=st.data(), kind=st.sampled_from(KINDS))
def test_a_near_miss_deserves_an_error(data: st.DataObject, kind: str) -> None:
    text = data.draw(near_miss_manifests(kind, world=default_world()))

    assert expectation(text, kind, default_world()).violations


@given(malformed_manifests(world=default_world()))
def test_what_is_malformed_is_not_well_formed_or_holds_nothing_known(text: str) -> None:
    expected = expectation(text, "import", default_world())

    assert not expected.must_succeed
    assert read_manifest(text).fields is None or expected.violations


def test_manifests_shrink_to_the_baseline() -> None:
    world = default_world()

    assert find(manifests("import", world=world), lambda _: True) == write_manifest(base_fields(world, "import"))


def test_a_near_miss_shrinks_to_one_difference_from_the_baseline() -> None:
    world = default_world()
    baseline = write_manifest(base_fields(world, "export")).splitlines()

    text = find(near_miss_manifests("export", world=world), lambda text: "XFS" in text)

    assert [line for line in text.splitlines() if line not in baseline] == ["fileSystem: XFS"]


def test_manifests_can_be_mapped_and_filtered() -> None:
    strategy = manifests("import", world=default_world()).filter(lambda text: "acl" in text).map(len)

    assert find(strategy, lambda size: size > 0) > 0


@pytest.mark.parametrize("strategy", [manifests, near_miss_manifests])
def test_an_unknown_kind_is_refused_at_once(strategy: object) -> None:
    assert callable(strategy)
    with pytest.raises(ValueError, match=r"^kind must be import, export, ebs or glacier, got 's3'$"):
        strategy("s3", world=default_world())


def test_a_case_can_carry_any_of_them() -> None:
    text = find(manifests("glacier", world=default_world()), lambda text: "archiveComment" in text)

    assert Case("UpdateJob", Call({"Manifest": text})).references() == frozenset()

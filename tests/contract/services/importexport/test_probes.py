"""The table of probes: complete, and right about what it says of itself, in rich worlds and in poor ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from botoproof.ci.campaign.budget import MAX_MADE
from botoproof.contract.case import Call
from botoproof.contract.codec.query_reading import read_reply
from botoproof.contract.services.importexport import SPECIFICATION, World
from botoproof.contract.services.importexport.states import STATES
from botoproof.contract.services.importexport.world import Era
from botoproof.contract.specification import Probe, Unreachable

from .bench import OPERATIONS, OWN, Bench, the_world
from .dossier import edited
from .probing import build, expectations, poorer, probes, table

RICH = the_world()
WORLDS = {
    "era of 2014": RICH,
    "era of 2010": replace(RICH, era=Era.A),
    "client versions unknown": replace(RICH, api_versions=None),
    "strict YAML": replace(RICH, strict_yaml=True),
    "in Europe": poorer(RICH, "ck-import-euw1", "ck-export-euw1"),
    "in Singapore": poorer(RICH, "ck-import-sgp"),
    "in Japan": poorer(RICH, "ck-import-jp", "ck-import-sgp"),
    "one bucket": poorer(RICH, "ck-import-usw2"),
    "only denied": poorer(RICH, "ck-not-mine"),
    "no bucket": poorer(RICH),
}
every_world = pytest.mark.parametrize("name", WORLDS)
every_operation = pytest.mark.parametrize("operation", SPECIFICATION.subjects)


@every_operation
@every_world
def test_the_names_of_probes_are_unique(name: str, operation: str) -> None:
    found = table(WORLDS[name], operation)
    names = [probe.name if isinstance(probe, Probe) else probe.what for probe in found]
    names = [name for name in names if name]

    assert sorted(names) == sorted(set(names))


@every_operation
@every_world
def test_a_probe_needs_only_known_states(name: str, operation: str) -> None:
    states = {state.name for state in STATES}

    for probe in probes(WORLDS[name], operation):
        assert probe.case.references() <= states
        assert probe.case.label == probe.name
        assert probe.case.operation == operation


@every_operation
@every_world
def test_a_probe_provokes_what_it_says(make_bench: Callable[[World], Bench], name: str, operation: str) -> None:
    """In a world without a usable bucket nothing can succeed, since every manifest names one."""
    world = WORLDS[name]
    usable = any(bucket.access == "write" for bucket in world.buckets.values())
    usable = usable or operation not in ("CreateJob", "UpdateJob")
    found = expectations(make_bench(world), operation)

    for probe in probes(world, operation):
        expectation = found[probe.name]
        if probe.provokes is not None:
            assert probe.provokes in expectation.codes, probe.name
            assert not expectation.may_succeed, probe.name
        elif usable:
            assert expectation.may_succeed, probe.name


@every_operation
@every_world
def test_the_endpoint_answers_every_probe_as_the_oracle_allows(
    make_bench: Callable[[World], Bench], name: str, operation: str
) -> None:
    world = WORLDS[name]
    for probe in probes(world, operation):
        bench = make_bench(world)
        request = build(probe.case, bench)
        expectation = bench.expect(request)
        before = dict(bench.endpoint.jobs)

        reading = read_reply(OPERATIONS[operation], bench.answer(request), namespaces=SPECIFICATION.namespaces)

        assert reading.departures == (), probe.name
        if reading.error is not None:
            assert expectation.undecided or reading.error.code in expectation.codes, probe.name
            assert bench.endpoint.jobs == before, probe.name
        else:
            assert expectation.may_succeed, probe.name
            assert reading.value is not None
            assert reading.value.get("Success", True) is True, probe.name


@every_operation
@pytest.mark.parametrize("era", Era)
def test_every_documented_exception_is_provoked_or_told_to_be_unreachable(era: Era, operation: str) -> None:
    found = table(replace(RICH, era=era), operation)
    provoked = {probe.provokes for probe in found if isinstance(probe, Probe)}
    unreachable = {probe.error for probe in found if isinstance(probe, Unreachable) and probe.error}

    assert {error.name for error in OPERATIONS[operation].errors} == {
        error for error in provoked | unreachable if error in {known.name for known in OPERATIONS[operation].errors}
    }
    assert not provoked & unreachable
    assert unreachable == UNREACHABLE_ERRORS[operation]


KEY = "InvalidAccessKeyIdException"
UNREACHABLE_ERRORS: dict[str, set[str]] = {
    "UpdateJob": set(),
    "CreateJob": {"InvalidJobIdException"},
    "GetStatus": {"CanceledJobIdException", "ExpiredJobIdException", KEY},
    "ListJobs": {KEY},
    "GetShippingLabel": {KEY},
    "CancelJob": {KEY},
}


def test_without_an_account_that_has_used_up_its_quota_the_error_is_unreachable() -> None:
    poor = replace(RICH, access_keys={OWN.access_key_id: RICH.access_keys[OWN.access_key_id]})

    told = [probe for probe in table(poor, "CreateJob") if isinstance(probe, Unreachable)]

    assert {probe.error for probe in told} == {"CreateJobQuotaExceededException", "InvalidJobIdException"}
    assert "[accounts.quota-exhausted]" in next(probe.why for probe in told if probe.what == "job.quota")


def test_few_probes_make_a_job_and_each_cancellation_has_one_of_its_own(bench: Bench) -> None:
    """A run at a URL makes ten at most: two states, and these."""
    asked = [probe for operation in SPECIFICATION.subjects for probe in probes(RICH, operation)]
    requests = [(probe, build(probe.case, bench)) for probe in asked]
    made = [
        probe
        for probe, request in requests
        if SPECIFICATION.may_make(request)
        and not SPECIFICATION.is_harmless(request)
        and bench.expect(request).may_succeed
        and not bench.expect(request).undecided
    ]
    spares = [probe for probe in asked if "spare" in probe.case.references()]

    assert len(made) + len(spares) <= MAX_MADE - 2
    assert {probe.case.operation for probe in spares} == {"CancelJob"}
    cancelling = [probe for probe, request in requests if probe.case.operation == "CancelJob"]
    assert not [probe for probe in cancelling if "pending" in probe.case.references()]


@pytest.mark.parametrize("era", Era)
def test_most_probes_break_one_rule_only(make_bench: Callable[[World], Bench], era: Era) -> None:
    """One change at a time: a refusal then says which rule the endpoint knows."""
    found = expectations(make_bench(replace(RICH, era=era)))
    several = {name for name, expectation in found.items() if len(expectation.violations) > 1}

    assert len(several) < len(found) / 20
    assert len(found) > 250


def test_boundaries_and_enum_values_are_probed() -> None:
    names = {probe.name for probe in probes(RICH)}

    assert {
        "manifest.logPrefix=1008",
        "manifest.logPrefix=1009",
        "manifest.archiveComment=997",
        "manifest.archiveComment=998",
        "manifest.acl=authenticated-read:import",
        "manifest.serviceLevel=expeditedShipping:glacier",
        "manifest.operations[].region=ap-southeast-1:ebs",
        "manifest.customs.typeOfExport=temporary",
        "manifest.customs.deviceType=sataDrive",
        "manifest.fileSystem=EXT4",
        "success.ebs.validate-only",
        "success.within-europe",
        "job.foreign",
    } <= names


UNREACHABLE = {
    "era of 2014": set[str](),
    "client versions unknown": {"parameter.APIVersion.invalid"},
    "in Europe": {
        "bucket.bucket.denied:import",
        "bucket.exportBucket.denied:export",
        "bucket.logBucket.denied:export",
        "bucket.logBucket.denied:import",
        "bucket.regions",
        "manifest.address.state-missing",
        "manifest.customs.InvalidCustomsException",
        "manifest.customs.MissingCustomsException",
    },
    "no bucket": {
        "bucket.bucket.denied:import",
        "bucket.exportBucket.denied:export",
        "bucket.logBucket.denied:export",
        "bucket.logBucket.denied:import",
        "bucket.regions",
        "every success",
        "manifest.customs.InvalidCustomsException",
        "manifest.customs.MissingCustomsException",
        "success.within-europe",
    },
}


@pytest.mark.parametrize("name", UNREACHABLE)
def test_what_a_world_does_not_offer_is_told(name: str) -> None:
    missing = [probe for probe in table(WORLDS[name]) if isinstance(probe, Unreachable)]

    assert {probe.what for probe in missing} == UNREACHABLE[name]
    assert all(probe.why for probe in missing)


def test_a_strict_world_is_sent_no_tolerant_manifests() -> None:
    tolerant = {"success.spaceless-colons", "success.semicolon"}

    assert tolerant <= {probe.name for probe in probes(RICH)}
    assert not tolerant & {probe.name for probe in probes(replace(RICH, strict_yaml=True))}


def test_without_credentials_the_own_key_is_not_named() -> None:
    names = {probe.name for probe in SPECIFICATION.probes("UpdateJob", RICH, ()) if isinstance(probe, Probe)}

    assert "manifest.accessKeyId.own" not in names
    assert "manifest.accessKeyId.other" in names


def test_a_probe_differs_from_its_baseline_in_one_option() -> None:
    by_name = {probe.name: probe.case.sent for probe in probes(RICH)}
    base, changed = by_name["success.import"], by_name["manifest.acl=public"]
    assert isinstance(base, Call)
    assert isinstance(changed, Call)

    text = base.parameters["Manifest"]

    assert changed.parameters["Manifest"] == f"{text}acl: public\n"
    assert edited(text, ("eraseDevice: yes", "eraseDevice: no")) in {
        sent.parameters["Manifest"] for sent in by_name.values() if isinstance(sent, Call)
    }
    assert OWN.secret_access_key not in repr(by_name)

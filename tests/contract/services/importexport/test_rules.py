"""The rules: each is founded, told apart, answered in the order of the dossier, and broken by something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from botoproof.contract.codec.form import read_form
from botoproof.contract.common_errors import AUTHENTICATION_ERRORS
from botoproof.contract.services.importexport import SPECIFICATION, World
from botoproof.contract.services.importexport.label_rules import is_post_box
from botoproof.contract.services.importexport.manifests import ADDRESS
from botoproof.contract.services.importexport.rules import RULES, rules_of
from botoproof.contract.services.importexport.world import Era, JobState

from .bench import COLLEAGUE, NOW, OPERATIONS, OWN, STRANGER, Bench
from .dossier import BASE_IMPORT, CUSTOMS, edited, without
from .probing import expectations


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_has_rules(operation: str) -> None:
    assert rules_of(operation) == tuple(rule for rule in RULES if operation in rule.operations)
    assert rules_of(operation)


def test_every_rule_is_a_sentence_with_a_source() -> None:
    for rule in RULES:
        assert rule.condition, rule.name
        assert not rule.condition.endswith("."), rule.name
        assert rule.source, rule.name
        assert rule.operations <= set(OPERATIONS), rule.name


def test_every_code_of_a_rule_is_documented_for_its_operations() -> None:
    """But for the errors of authentication, and the guide's other spelling of one."""
    elsewhere = {
        *AUTHENTICATION_ERRORS,
        "MissingAuthenticationTokenException",
        "SignatureDoesNotMatchException",
        "RequestTimeTooSkewed",
        *SPECIFICATION.other_codes(World(era=Era.A)),
    }
    for rule in RULES:
        assert rule.codes, rule.name
        for operation in rule.operations:
            assert set(rule.codes) <= OPERATIONS[operation].error_codes | elsewhere, (rule.name, operation)


def test_naming_is_never_better_founded_than_the_refusal_itself() -> None:
    for rule in RULES:
        assert (rule.naming or rule.evidence).rank >= rule.evidence.rank, rule.name


@pytest.mark.parametrize("operation", OPERATIONS)
def test_rules_of_one_name_have_different_conditions(operation: str) -> None:
    told = Counter((rule.name, rule.condition) for rule in rules_of(operation))

    assert [rule for rule, times in told.items() if times > 1] == []


def test_no_request_breaks_two_rules_of_one_name(make_bench: Callable[[World], Bench], world: World) -> None:
    for era in Era:
        for name, expectation in expectations(make_bench(replace(world, era=era))).items():
            rules = [violation.rule for violation in expectation.violations]

            assert len(rules) == len(set(rules)), name


# Rules of operations without a manifest, and a request by hand that breaks each.


@dataclass(frozen=True)
class Broken:
    """A request that breaks a rule."""

    rule: str
    operation: str
    parameters: dict[str, str] = field(default_factory=dict[str, str])


LABEL = {"jobIds.member.1": "53TX4", **ADDRESS}
BY_HAND = (
    Broken("parameter.MaxJobs.invalid", "ListJobs", {"MaxJobs": "1001"}),
    Broken("parameter.MaxJobs.invalid", "ListJobs", {"MaxJobs": "ten"}),
    Broken("parameter.Marker.invalid", "ListJobs", {"Marker": ""}),
    Broken("parameter.Marker.invalid", "ListJobs", {"Marker": "FRN11"}),
    Broken("job.finished", "CancelJob", {"JobId": "DNE11"}),
    Broken("job.in-progress", "CancelJob", {"JobId": "RUN11"}),
    Broken("job.id.case", "GetStatus", {"JobId": "53tx4"}),
    Broken("job.cancelled", "GetStatus", {"JobId": "CNC11"}),
    Broken("job.expired", "GetStatus", {"JobId": "EXP11"}),
    Broken("job.id.missing", "CancelJob"),
    Broken("label.job.none", "GetShippingLabel"),
    Broken("label.job.none", "GetShippingLabel", {"jobIds": "53TX4"}),
    Broken("label.job.unknown", "GetShippingLabel", {"jobIds.member.1": "FRN11"}),
    Broken("label.job.cancelled", "GetShippingLabel", {"jobIds.member.1": "CNC11"}),
    Broken("label.job.expired", "GetShippingLabel", {"jobIds.member.1": "EXP11"}),
    Broken("label.address.post-box", "GetShippingLabel", {**LABEL, "street1": "PO Box 1"}),
    Broken("label.address.empty", "GetShippingLabel", {**LABEL, "city": ""}),
    Broken("label.address.country", "GetShippingLabel", {**LABEL, "country": "Atlantis"}),
    Broken("label.address.country-unknown", "GetShippingLabel", {**LABEL, "country": "Freedonia"}),
    Broken("label.address.state-missing", "GetShippingLabel", {**LABEL, "stateOrProvince": " "}),
    Broken("label.address.incomplete", "GetShippingLabel", {"jobIds.member.1": "53TX4", "name": "Jane"}),
    Broken("label.job.case", "GetShippingLabel", {"jobIds.member.1": "53tx4"}),
    Broken("label.job.repeated", "GetShippingLabel", {"jobIds.member.1": "53TX4", "jobIds.member.2": "53TX4"}),
    Broken("label.job.started", "GetShippingLabel", {"jobIds.member.1": "RUN11"}),
)
OTHERWISE = {"job.another-key", "job.id.case", "label.job.case"}  # these need a world, not only a request
UNPROBED = {"CancelJob": {"job.in-progress"}}  # a success would cost the only job in that state


@pytest.mark.parametrize("broken", BY_HAND, ids=lambda broken: f"{broken.rule}-{broken.operation}")
def test_a_rule_for_another_operation_is_broken_by_hand(bench: Bench, broken: Broken) -> None:
    request = bench.ask(broken.operation, **broken.parameters)
    expectation = bench.expect(request)

    code = bench.code(request, broken.operation)

    assert [violation.rule for violation in expectation.violations] == [broken.rule]
    assert (code in expectation.codes) if code else expectation.may_succeed


def test_the_quota_is_a_rule_of_creation_alone(bench: Bench) -> None:
    job = bench.endpoint.jobs["53TX4"]
    bench.endpoint.jobs.update({f"{n}": replace(job, job_id=f"{n}", created=NOW) for n in range(50)})
    request = bench.ask("CreateJob", JobType="Import", Manifest=BASE_IMPORT, ValidateOnly="false")

    assert [(found.rule, found.reason) for found in bench.expect(request).violations] == [
        ("job.quota", "50 jobs were made today")
    ]
    bench.later(days=1)
    assert bench.expect(bench.ask("CreateJob", JobType="Import", Manifest=BASE_IMPORT, ValidateOnly="1")).may_succeed


def test_a_job_of_another_key_of_the_account_may_be_refused(bench: Bench) -> None:
    pairs = (("Action", "CancelJob"), ("Version", "2010-06-01"), ("JobId", "53TX4"))

    expectation = bench.expect(bench.post(pairs, credential=COLLEAGUE))

    assert [violation.rule for violation in expectation.violations] == ["job.another-key"]
    assert expectation.may_succeed


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_rule_of_an_operation_is_broken_by_a_probe_of_it(
    make_bench: Callable[[World], Bench], world: World, operation: str
) -> None:
    broken: set[str] = set()
    for era in Era:
        for versions in (frozenset({"1.0"}), None):
            bench = make_bench(replace(world, era=era, api_versions=versions))
            found = expectations(bench, operation).values()
            broken |= {violation.rule for expectation in found for violation in expectation.violations}

    missing = {rule.name for rule in rules_of(operation)} - broken
    assert missing <= {*OTHERWISE, *UNPROBED.get(operation, ())}


# The order in which the endpoint answers; the dossier calls it a design choice.

MANIFEST = f"{edited(BASE_IMPORT, ('country: USA', 'country: Canada'))}{CUSTOMS}acl: private\nlogBucket: ck-log-use1\n"
MENDED: tuple[tuple[str, dict[str, str | None], tuple[tuple[str, str], ...]], ...] = (
    ("InvalidClientTokenIdException", {}, ()),
    ("MissingParameterException", {"JobType": "Import"}, ()),
    ("InvalidParameterException", {"ValidateOnly": "false"}, ()),
    ("InvalidVersionException", {"APIVersion": "1.0"}, ()),
    ("InvalidJobIdException", {"JobId": "CNC11"}, ()),
    ("CanceledJobIdException", {"JobId": "EXP11"}, ()),
    ("ExpiredJobIdException", {"JobId": "RUN11"}, ()),
    ("UnableToUpdateJobIdException", {"JobId": "53TX4"}, ()),
    ("MissingManifestFieldException", {}, (("deviceId:", "deviceId: CK-0001"),)),
    ("InvalidManifestFieldException", {}, (("acl: public", "acl: private"),)),
    ("InvalidAccessKeyIdException", {}, ((f"accessKeyId: {STRANGER.access_key_id}\n", ""),)),
    ("InvalidAddressException", {}, (("PO Box 1", "1 Any Street"),)),
    ("MissingCustomsException", {}, (("dataDescription:", "dataDescription: tests"),)),
    ("InvalidCustomsException", {}, (("deviceType: toaster", "deviceType: sataDrive"),)),
    ("NoSuchBucketException", {}, (("bucket: none", "bucket: ck-not-mine"),)),
    ("BucketPermissionException", {}, (("ck-not-mine", "ck-import-euw1"),)),
    ("MultipleRegionsException", {}, (("ck-import-euw1", "ck-import-use1"),)),
)


def test_the_endpoint_answers_in_the_order_of_the_dossier(bench: Bench) -> None:
    """Everything is wrong at first; what is complained of is mended, until nothing is left."""
    parameters = {"JobType": None, "ValidateOnly": "maybe", "APIVersion": "bogus", "JobId": "ZZZZZ"}
    text = edited(
        f"{MANIFEST}accessKeyId: {STRANGER.access_key_id}\n",
        ("deviceId: CK-0001", "deviceId:"),
        ("acl: private", "acl: public"),
        ("123 Any Street", "PO Box 1"),
        ("dataDescription: Medical test results.", "dataDescription:"),
        ("externalStorageDevice", "toaster"),
        ("bucket: ck-import-use1", "bucket: none"),
    )
    answers: list[str | None] = []
    credential = STRANGER

    for _, parameter, changes in MENDED:
        request = bench.update(text, **parameters)
        answers.append(bench.code(bench.post(read_form(request.body).pairs, credential=credential)))
        credential = OWN
        parameters |= parameter
        text = edited(text, *changes)

    assert answers == [code for code, _, _ in MENDED]
    assert bench.code(bench.update(text, **parameters)) is None


# Conditions that deserve a closer look


@pytest.mark.parametrize(
    ("street", "is_box"),
    [
        ("PO Box 123", True),
        ("P.O. Box 123", True),
        ("p. o. box 123", True),
        ("POBox 9", True),
        ("Post Office Box 9", True),
        ("  PO BOX 9", True),
        ("123 Any Street", False),
        ("Po Boxwood Lane 3", False),
        ("Poboxer Street", False),
        ("Box 12", False),
        ("", False),
    ],
)
def test_a_post_office_box_is_told_from_a_street(street: str, *, is_box: bool) -> None:
    assert is_post_box(street) is is_box


def reasons(bench: Bench, manifest: str, **parameters: str | None) -> list[tuple[str, str]]:
    expectation = bench.expect(bench.update(manifest, **parameters))
    return [(violation.rule, violation.reason) for violation in expectation.violations]


@pytest.mark.parametrize(
    ("prefix", "length"), [("p" * 1009, 1025), ("é" * 505, 1026), ("'" + "p" * 1000 + " " * 9 + "'", 1025)]
)
def test_the_log_name_is_counted_in_bytes_and_with_its_spaces(bench: Bench, prefix: str, length: int) -> None:
    assert reasons(bench, f"{BASE_IMPORT}logPrefix: {prefix}\n") == [
        (
            "manifest.logPrefix.too-long-import",
            f"logPrefix, import-log- and the job id are {length} bytes, over 1024",
        )
    ]
    assert reasons(bench, f"{BASE_IMPORT}logPrefix: {'é' * 504}\n") == []


REASONS = {
    "deviceId: [a, b]": [("manifest.structure", "deviceId holds a list, not a text")],
    "generator: {a: b}": [("manifest.structure", "generator holds a map, not a text")],
    "ignore: ['(']": [("manifest.ignore.pattern", "ignore holds '(', which is no regular expression")],
    "ignore: ['[[a]']": [],
    "ignore: ['a++', '\\.ext$']": [],
    "ignore: [[a]]": [("manifest.collections.structure", "ignore holds more than texts")],
    "ignore: .*": [("manifest.collections.structure", "ignore is not a list")],
    "staticMetadata: [a]": [("manifest.collections.structure", "staticMetadata is not a map")],
    "customs: none": [("manifest.customs.invalid-at-home", "customs is not a map")],
    "manifestVersion: 9.9": [
        ("manifest.manifestVersion.invalid", "manifestVersion is '9.9', not 2.0 or 3.0 or 1.0 or 1.2 or 1.3")
    ],
}


@pytest.mark.parametrize("option", REASONS)
def test_the_reason_names_the_option_and_its_value(bench: Bench, option: str) -> None:
    name = option.partition(":")[0]
    text = without(BASE_IMPORT, name) if f"\n{name}:" in f"\n{BASE_IMPORT}" else BASE_IMPORT

    assert reasons(bench, f"{text}{option}\n") == REASONS[option]


def test_a_reason_is_short_however_long_the_value(bench: Bench) -> None:
    long = "x" * 100_000
    texts = (f"{BASE_IMPORT}acl: {long}\n", edited(BASE_IMPORT, ("ck-import-use1", long)), f"{BASE_IMPORT}{long}: b\n")
    parameters = ({"JobType": long}, {"JobId": long}, {"ValidateOnly": long}, {"APIVersion": long}, {"Version": long})

    told = [found.reason for text in texts for found in bench.expect(bench.update(text)).violations]
    told += [v.reason for change in parameters for v in bench.expect(bench.update(**change)).violations]
    told += [bench.expect(bench.update(**change)).undecided for change in parameters]

    assert max(map(len, told)) < 250


def test_an_expired_job_is_judged_by_the_time_of_the_request(bench: Bench) -> None:
    bench.now -= timedelta(days=3)

    assert bench.expect(bench.update(JobId="EXP11")).must_succeed
    assert bench.endpoint.jobs["EXP11"].state is JobState.PENDING

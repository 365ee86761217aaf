"""Section 6 of the dossier: where the sources contradict each other, a switch or an open answer shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from botoproof.contract.codec.form import write_form
from botoproof.contract.codec.signature import sign_v2, sign_v4
from botoproof.contract.finding import Evidence
from botoproof.contract.interaction import Request
from botoproof.contract.services.importexport import SPECIFICATION
from botoproof.contract.services.importexport.world import World

from .bench import COLLEAGUE, FORM_TYPE, OWN, SCOPE, STRANGER, URL, Bench
from .dossier import BASE_EXPORT, BASE_IMPORT, CANADIAN, CUSTOMS, WITH_CUSTOMS, edited, without

OLD_IMPORT = f"{without(BASE_IMPORT, 'notificationEmail')}accessKeyId: {OWN.access_key_id}\n"
OLD_EXPORT = (
    without(without(BASE_EXPORT, "notificationEmail"), "trueCryptPassword") + f"accessKeyId: {OWN.access_key_id}\n"
)
NOT_ERASED = ("eraseDevice: yes", "eraseDevice: no")


def test_the_manifests_access_key_is_required_in_the_old_era_only(bench: Bench, old_bench: Bench) -> None:
    request = old_bench.update(without(OLD_IMPORT, "accessKeyId"))

    assert old_bench.expect(request).codes == ("MissingManifestFieldException",)
    assert old_bench.code(request) == "MissingManifestFieldException"
    assert bench.expect(bench.update()).must_succeed


def test_an_address_for_notifications_is_required_in_the_new_era_only(bench: Bench, old_bench: Bench) -> None:
    request = bench.update(OLD_IMPORT)

    assert old_bench.expect(request).must_succeed
    assert old_bench.code(request) is None
    assert bench.code(request) == "MissingManifestFieldException"


def test_a_device_may_come_back_as_it_was_in_the_old_era_only(bench: Bench, old_bench: Bench) -> None:
    """The guide's tables and a live test say so; the newer templates say that the request fails."""
    old, new = bench.update(edited(OLD_IMPORT, NOT_ERASED)), bench.update(edited(BASE_IMPORT, NOT_ERASED))

    assert old_bench.expect(old).must_succeed
    assert old_bench.read(old).value == {"Success": True, "ArtifactList": []}
    assert bench.expect(new).codes == ("InvalidManifestFieldException",)
    assert bench.code(new) == "InvalidManifestFieldException"


def test_an_export_must_be_encrypted_in_the_new_era_only(bench: Bench, old_bench: Bench) -> None:
    old = bench.update(OLD_EXPORT, JobType="Export")
    new = bench.update(without(BASE_EXPORT, "trueCryptPassword"), JobType="Export")

    assert old_bench.expect(old).must_succeed
    assert old_bench.code(old) is None
    assert bench.code(new) == "MissingManifestFieldException"


def test_the_old_guide_spells_the_access_key_error_otherwise(bench: Bench, old_bench: Bench) -> None:
    foreign = edited(OLD_IMPORT, (OWN.access_key_id, STRANGER.access_key_id))
    spelled = ("InvalidAccessKeyIdException", "InvalidAccessIdException")

    assert old_bench.expect(old_bench.update(foreign)).codes == spelled
    assert old_bench.code(old_bench.update(foreign)) == spelled[0]
    assert SPECIFICATION.other_codes(old_bench.world)[spelled[1]] == 400
    assert spelled[1] not in SPECIFICATION.other_codes(bench.world)


def test_a_job_in_progress_may_be_cancelled_or_not(bench: Bench) -> None:
    request = bench.ask("CancelJob", JobId="RUN11")
    expectation = bench.expect(request)

    assert expectation.codes == ("UnableToCancelJobIdException",)
    assert expectation.may_succeed
    assert bench.code(request, "CancelJob") is None


@pytest.mark.parametrize(("job", "code"), [("CNC11", "CanceledJobIdException"), ("EXP11", "ExpiredJobIdException")])
def test_the_status_of_a_job_that_is_gone_may_be_refused_or_not(bench: Bench, job: str, code: str) -> None:
    request = bench.ask("GetStatus", JobId=job)
    expectation = bench.expect(request)

    assert expectation.codes == (code,)
    assert expectation.may_succeed
    assert bench.code(request, "GetStatus") is None


def test_both_versions_of_the_signature_are_taken(bench: Bench) -> None:
    pairs = (("Action", "GetStatus"), ("Version", "2010-06-01"), ("JobId", "53TX4"))
    signed = sign_v2(pairs, OWN, bench.now, method="POST", host="importexport.amazonaws.com")
    older = Request("POST", URL, (FORM_TYPE,), write_form(signed))

    for request in (older, bench.post(pairs)):
        assert bench.expect(request).must_succeed
        assert bench.code(request, "GetStatus") is None


@pytest.mark.parametrize("version", ["2010-06-01", "2010-06-03"])
def test_both_values_of_version_are_taken(bench: Bench, version: str) -> None:
    assert bench.expect(bench.update(Version=version)).must_succeed
    assert bench.code(bench.update(Version=version)) is None


def test_both_namespaces_count_as_right() -> None:
    short = "http://importexport.amazonaws.com/"

    assert SPECIFICATION.namespaces == {short, f"{short}doc/2010-06-01/"}


@pytest.mark.parametrize("name", ["EXT2", "EXT3", "FAT32", "ntfs"])
def test_a_disputed_file_system_may_be_refused_or_not(bench: Bench, name: str) -> None:
    request = bench.update(edited(BASE_EXPORT, ("NTFS", name)), JobType="Export")
    expectation = bench.expect(request)

    assert expectation.codes == ("InvalidFileSystemException",)
    assert expectation.may_succeed
    assert not expectation.must_succeed
    assert bench.code(request) is None


def test_manifests_are_yaml_or_what_the_templates_are(make_bench: Callable[[World], Bench], world: World) -> None:
    request = make_bench(world).update(BASE_IMPORT.replace(": ", ":"))
    tolerant, strict = make_bench(world), make_bench(replace(world, strict_yaml=True))

    assert tolerant.expect(request).must_succeed
    assert tolerant.expect(request).success is Evidence.INFERRED
    assert tolerant.code(request) is None
    assert strict.expect(request).codes == ("MalformedManifestException",)
    assert strict.code(request) == "MalformedManifestException"


def test_a_finished_job_is_complete_as_the_table_says(bench: Bench) -> None:
    """The prose calls it Success; nothing is promised of it."""
    request = bench.ask("GetStatus", JobId="DNE11")
    value = bench.read(request, "GetStatus").value

    assert value is not None
    assert value["ProgressCode"] == "Complete"
    assert bench.expect(request).promises == ()


def test_whether_an_end_marker_includes_what_it_begins_is_left_alone(bench: Bench) -> None:
    entry = "- exportBucket: ck-export-use1\n"
    marked = edited(BASE_EXPORT, (entry, f"{entry}    prefix: images\n    endMarker: images/z\n"))

    assert bench.expect(bench.update(marked, JobType="Export")).must_succeed


def test_another_user_of_the_account_may_be_refused_or_not(bench: Bench) -> None:
    """The old limits page knows no users beside the root; a later one has actions for them."""
    theirs = sign_v4(replace(bench.update(), headers=(FORM_TYPE,)), COLLEAGUE, SCOPE, bench.now)
    expectation = bench.expect(theirs)

    assert expectation.codes == ("InvalidAccessKeyIdException",)
    assert expectation.may_succeed
    assert bench.code(theirs) is None


def test_what_client_versions_are_taken_may_be_unknown(make_bench: Callable[[World], Bench], world: World) -> None:
    bench = make_bench(replace(world, api_versions=None))
    request = bench.update(APIVersion="0.0.1-bogus")
    expectation = bench.expect(request)

    assert expectation.codes == ("InvalidVersionException",)
    assert expectation.may_succeed
    assert not expectation.must_succeed
    assert bench.code(request) is None


@pytest.mark.parametrize("job_type", ["import", "IMPORT"])
def test_whether_the_case_of_the_job_type_matters_is_unknown(bench: Bench, job_type: str) -> None:
    expectation = bench.expect(bench.update(JobType=job_type))

    assert expectation.codes == ("InvalidParameterException",)
    assert expectation.may_succeed
    assert bench.code(bench.update(JobType=job_type)) is None


@pytest.mark.parametrize("spelling", ["True", "TRUE", "1", " true"])
def test_a_doubtful_rehearsal_changes_nothing_all_the_same(bench: Bench, spelling: str) -> None:
    before = dict(bench.endpoint.jobs)
    request = bench.update(f"{BASE_IMPORT}prefix: new/\n", ValidateOnly=spelling)

    assert bench.expect(request).codes == ("InvalidParameterException",)
    assert bench.expect(request).may_succeed
    assert bench.code(request) is None
    assert bench.endpoint.jobs == before


def test_whether_the_case_of_a_job_id_matters_is_unknown(bench: Bench) -> None:
    expectation = bench.expect(bench.update(JobId="53tx4"))

    assert expectation.codes == ("InvalidJobIdException",)
    assert expectation.may_succeed
    assert bench.code(bench.update(JobId="53tx4")) is None
    assert set(bench.endpoint.jobs) == set(bench.world.jobs)


def test_customs_that_are_wrong_but_not_needed_are_in_doubt(bench: Bench) -> None:
    request = bench.update(BASE_IMPORT + CUSTOMS.replace("externalStorageDevice", "toaster"))

    assert bench.expect(request).codes == ("InvalidCustomsException",)
    assert bench.expect(request).may_succeed
    assert bench.code(request) is None


@pytest.mark.parametrize(
    ("bucket", "country", "codes", "refused"),
    [
        ("ck-import-usw2", "United States", (), False),
        ("ck-import-sgp", "Singapore", (), False),
        ("ck-import-sgp", "Japan", ("MissingCustomsException", "MissingManifestFieldException"), True),
        ("ck-import-jp", "Japan", ("MissingCustomsException", "MissingManifestFieldException"), False),
        ("ck-import-euw1", "United Kingdom", ("MissingCustomsException", "MissingManifestFieldException"), False),
    ],
)
def test_customs_are_asked_for_when_it_is_known_that_a_border_is_crossed(
    bench: Bench, bucket: str, country: str, codes: tuple[str, ...], *, refused: bool
) -> None:
    text = edited(BASE_IMPORT, ("ck-import-use1", bucket), ("country: USA", f"country: {country}"))

    expectation = bench.expect(bench.update(text))

    assert expectation.codes == codes
    assert expectation.may_succeed is not refused
    assert (bench.code(bench.update(text)) is not None) is refused


@pytest.mark.parametrize(
    ("country", "customs", "codes"),
    [
        ("USA", "", ("MissingCustomsException", "MissingManifestFieldException")),  # home for one, abroad for the other
        ("USA", without(CUSTOMS, "dataDescription"), ("MissingCustomsException",)),
        ("USA", CUSTOMS, ()),
        ("Japan", "", ("MissingCustomsException", "MissingManifestFieldException")),  # abroad for both
    ],
)
def test_with_buckets_in_two_regions_customs_may_be_asked_for_from_either(
    bench: Bench, country: str, customs: str, codes: tuple[str, ...]
) -> None:
    """An endpoint that looks at customs before regions is right, whichever bucket it takes the facility to be at."""
    request = bench.update(
        edited(BASE_IMPORT, ("country: USA", f"country: {country}")) + f"logBucket: ck-export-euw1\n{customs}"
    )
    asked = [found for found in bench.expect(request).violations if found.rule.startswith("manifest.customs.")]

    assert tuple(dict.fromkeys(code for found in asked for code in found.codes)) == codes
    assert [found.certain for found in asked] == [country == "Japan"] * len(asked)


@pytest.mark.parametrize("log_bucket", ["ck-log-use1", "ck-export-euw1"])
def test_a_device_may_start_from_any_of_the_manifests_regions(bench: Bench, log_bucket: str) -> None:
    told = bench.expect(bench.update(f"{BASE_IMPORT}logBucket: {log_bucket}\n")).violations

    outside = [found for found in told if found.rule == "manifest.returnAddress.outside-europe"]
    assert [found.certain for found in outside] == ([False] if "euw1" in log_bucket else [])


SPELLINGS = ("Russia", "Pakistan", "Puerto Rico", "England", "Great Britain", "DE", "U.S.", "Deutschland", "deu")


@pytest.mark.parametrize("country", SPELLINGS)
def test_a_country_by_any_usual_name_is_one(bench: Bench, country: str) -> None:
    text = edited(WITH_CUSTOMS, ("country: Canada", f"country: {country}"))

    assert bench.expect(bench.update(text)).must_succeed
    assert bench.code(bench.update(text)) is None


@pytest.mark.parametrize("country", ["Sealand", "Sverge", "\u65e5\u672c"])
def test_what_only_we_do_not_know_for_a_country_may_be_one(bench: Bench, country: str) -> None:
    text = edited(WITH_CUSTOMS, ("country: Canada", f"country: {country}"))
    expectation = bench.expect(bench.update(text))

    assert expectation.codes == ("InvalidAddressException",)
    assert expectation.may_succeed
    assert bench.code(bench.update(text)) is None


@pytest.mark.parametrize("country", ["Atlantis", "12345", "???", "n/a"])
def test_what_no_reader_takes_for_a_country_is_refused(bench: Bench, country: str) -> None:
    text = edited(BASE_IMPORT, ("country: USA", f"country: {country}"))

    assert bench.expect(bench.update(text)).codes == ("InvalidAddressException",)
    assert not bench.expect(bench.update(text)).may_succeed
    assert bench.code(bench.update(text)) == "InvalidAddressException"


def test_a_device_for_the_eu_that_leaves_it_is_in_doubt(bench: Bench) -> None:
    request = bench.update(edited(WITH_CUSTOMS, ("ck-import-use1", "ck-import-euw1")))
    expectation = bench.expect(request)

    assert expectation.codes == ("InvalidAddressException", "InvalidManifestFieldException")
    assert expectation.may_succeed
    assert bench.code(request) is None


def test_expedited_shipping_abroad_is_in_doubt(bench: Bench) -> None:
    request = bench.update(f"{WITH_CUSTOMS}serviceLevel: expeditedShipping\n")

    assert bench.expect(request).codes == ("InvalidManifestFieldException", "InvalidAddressException")
    assert bench.expect(request).may_succeed
    assert bench.expect(bench.update(f"{CANADIAN}serviceLevel: standard\n")).codes[0] == "MissingCustomsException"

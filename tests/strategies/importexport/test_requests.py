from __future__ import annotations

import pytest
from botoproof.contract.adapters.models import read_operation
from botoproof.contract.case import Call, Case, Form, Raw
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.errors import NoSpecification, UnknownOperation
from botoproof.contract.services.importexport import SPECIFICATION, World, default_world
from botoproof.contract.services.importexport.manifests import base_import
from botoproof.contract.validation import sdk_rejects
from botoproof.strategies import cases
from botoproof.strategies.importexport import (
    STRATEGIES,
    job_requests,
    malformed_manifest_requests,
    manifest_calls,
    refused_manifest_calls,
)
from botoproof.strategies.operations import model_calls
from botoproof.strategies.service import find_strategies
from hypothesis import find, given, settings
from hypothesis.errors import NoSuchExample
from hypothesis.strategies import SearchStrategy

UPDATE = read_operation("importexport", "UpdateJob")
WORLD = default_world()
STATES = tuple(state.name for state in SPECIFICATION.states)
FEW = settings(max_examples=300)


def is_call(case: Case) -> bool:
    return isinstance(case.sent, Call)


@pytest.mark.parametrize("level", [Call, Form, Raw])
def test_requests_are_made_at_each_level(level: type) -> None:
    assert isinstance(find(cases("importexport.UpdateJob"), lambda case: isinstance(case.sent, level)).sent, level)


@given(manifest_calls("UpdateJob", world=WORLD))
def test_calls_that_break_no_rule_are_what_the_sdk_takes(case: Case) -> None:
    assert isinstance(case.sent, Call)
    assert UPDATE.input_shape is not None
    assert sdk_rejects(UPDATE.input_shape, case.sent.parameters) == ()
    assert case.references() == {"pending"}


def test_the_smallest_call_is_the_baseline() -> None:
    case = find(manifest_calls("UpdateJob", world=WORLD), is_call)

    assert isinstance(case.sent, Call)
    assert case.sent.parameters == {
        "JobId": "~pending~",
        "Manifest": base_import(WORLD),
        "JobType": "Import",
        "ValidateOnly": True,
    }


def test_only_states_that_are_there_are_referred_to() -> None:
    strategy = refused_manifest_calls("UpdateJob", world=WORLD, states=("pending", "expired"))

    assert find(strategy, lambda case: "expired" in case.references()).references() == {"expired"}
    with pytest.raises(NoSuchExample):
        find(strategy, lambda case: bool(case.references() - {"pending", "expired"}), settings=FEW)


def test_without_a_pending_job_calls_name_one_that_is_not_there() -> None:
    case = find(manifest_calls("UpdateJob", world=WORLD, states=()), is_call)

    assert isinstance(case.sent, Call)
    assert case.sent.parameters["JobId"] == "ZZZZZ"


@given(malformed_manifest_requests(UPDATE, world=WORLD))
def test_what_the_sdk_cannot_send_is_a_form_or_bytes_with_a_label(case: Case) -> None:
    assert isinstance(case.sent, (Form, Raw))
    assert case.label.startswith(("form: ", "bytes: "))


def test_signatures_of_both_versions_and_of_nobodys_key_are_made() -> None:
    strategy = malformed_manifest_requests(UPDATE, world=WORLD)

    assert find(strategy, lambda case: case.signing.version == "v2").signing.version == "v2"
    assert find(strategy, lambda case: case.signing.key == "unknown").signing.key == "unknown"


def test_from_the_model_come_values_that_the_sdk_takes_and_such_that_it_rejects() -> None:
    shape = UPDATE.input_shape
    assert shape is not None

    def rejected(case: Case) -> bool:
        return isinstance(case.sent, Call) and bool(sdk_rejects(shape, case.sent.parameters))

    assert rejected(find(model_calls(UPDATE), rejected))
    assert not rejected(find(model_calls(UPDATE), lambda case: not rejected(case)))


def cases_of(name: str, states: tuple[str, ...] = STATES, world: World = WORLD) -> SearchStrategy[Case]:
    operation = read_operation("importexport", name)
    return STRATEGIES.cases(operation, world=world, credential=EXAMPLE_KEY, states=states)


def rehearses(case: Case) -> bool:
    return isinstance(case.sent, Call) and case.sent.parameters.get("ValidateOnly") is not False


@pytest.mark.parametrize("name", SPECIFICATION.subjects)
@pytest.mark.parametrize("level", [Call, Form, Raw])
def test_every_operation_is_asked_at_each_level(name: str, level: type) -> None:
    case = find(cases_of(name), lambda case: isinstance(case.sent, level))

    assert case.operation == name
    assert case.label.startswith(("call: ", "form: ", "bytes: ", "model: "))


def test_create_job_is_rehearsed_where_jobs_are_scarce() -> None:
    calls = manifest_calls("CreateJob", world=WORLD)

    with pytest.raises(NoSuchExample):
        find(calls, lambda case: not rehearses(case), settings=FEW)
    free = manifest_calls("CreateJob", world=SPECIFICATION.without_quotas(WORLD))
    assert not rehearses(find(free, lambda case: not rehearses(case)))


def test_create_job_names_no_job() -> None:
    with pytest.raises(NoSuchExample):
        find(refused_manifest_calls("CreateJob", world=WORLD), lambda case: bool(case.references()), settings=FEW)


@pytest.mark.slow
def test_only_a_spare_job_is_cancelled_and_none_that_others_need() -> None:
    strategy = cases_of("CancelJob")

    assert find(strategy, lambda case: "spare" in case.references()).references() == {"spare"}
    with pytest.raises(NoSuchExample):
        find(strategy, lambda case: bool(case.references() & {"pending", "in-progress"}), settings=FEW)
    with pytest.raises(NoSuchExample):
        find(cases_of("CancelJob", ("pending", "cancelled")), lambda case: "spare" in case.references(), settings=FEW)


@pytest.mark.parametrize("name", [name for name in SPECIFICATION.subjects if name != "CancelJob"])
def test_no_other_operation_uses_a_job_up(name: str) -> None:
    with pytest.raises(NoSuchExample):
        find(cases_of(name), lambda case: "spare" in case.references(), settings=FEW)


@pytest.mark.parametrize("name", ["GetStatus", "ListJobs", "GetShippingLabel"])
@pytest.mark.parametrize("state", ["pending", "expired", "foreign"])
def test_jobs_in_every_state_are_asked_about(name: str, state: str) -> None:
    assert state in find(cases_of(name), lambda case: state in case.references()).references()


def test_an_operation_that_is_none_of_the_service_is_told() -> None:
    with pytest.raises(ValueError, match="operation must be CancelJob, GetStatus, ListJobs, GetShippingLabel, got"):
        job_requests(UPDATE, world=WORLD, states=())


def test_a_subject_that_is_not_there_is_told() -> None:
    with pytest.raises(UnknownOperation, match=r"did you mean UpdateJob"):
        cases("importexport.UpdateJobs")
    with pytest.raises(NoSpecification, match=r"^botoproof has no strategies for the service 's3'"):
        find_strategies("s3")

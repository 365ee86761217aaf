from __future__ import annotations

import pytest
from botoproof.contract.adapters.models import read_operation
from botoproof.contract.case import Call, Case, Form, Raw
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.errors import NoSpecification, UnknownOperation
from botoproof.contract.services.importexport import default_world
from botoproof.contract.services.importexport.manifests import base_import
from botoproof.contract.validation import sdk_rejects
from botoproof.strategies import cases
from botoproof.strategies.importexport import (
    STRATEGIES,
    malformed_update_jobs,
    model_update_jobs,
    refused_update_job_calls,
    update_job_calls,
)
from botoproof.strategies.service import find_strategies
from hypothesis import find, given
from hypothesis.errors import NoSuchExample

UPDATE = read_operation("importexport", "UpdateJob")
WORLD = default_world()


def is_call(case: Case) -> bool:
    return isinstance(case.sent, Call)


@pytest.mark.parametrize("level", [Call, Form, Raw])
def test_requests_are_made_at_each_level(level: type) -> None:
    assert isinstance(find(cases("importexport.UpdateJob"), lambda case: isinstance(case.sent, level)).sent, level)


@given(update_job_calls(world=WORLD))
def test_calls_that_break_no_rule_are_what_the_sdk_takes(case: Case) -> None:
    assert isinstance(case.sent, Call)
    assert UPDATE.input_shape is not None
    assert sdk_rejects(UPDATE.input_shape, case.sent.parameters) == ()
    assert case.references() == {"pending"}


def test_the_smallest_call_is_the_baseline() -> None:
    case = find(update_job_calls(world=WORLD), is_call)

    assert isinstance(case.sent, Call)
    assert case.sent.parameters == {
        "JobId": "~pending~",
        "Manifest": base_import(WORLD),
        "JobType": "Import",
        "ValidateOnly": True,
    }


def test_only_states_that_are_there_are_referred_to() -> None:
    strategy = refused_update_job_calls(world=WORLD, states=("pending", "expired"))

    assert find(strategy, lambda case: "expired" in case.references()).references() == {"expired"}
    with pytest.raises(NoSuchExample):
        find(strategy, lambda case: bool(case.references() - {"pending", "expired"}))


def test_without_a_pending_job_calls_name_one_that_is_not_there() -> None:
    case = find(update_job_calls(world=WORLD, states=()), is_call)

    assert isinstance(case.sent, Call)
    assert case.sent.parameters["JobId"] == "ZZZZZ"


@given(malformed_update_jobs(UPDATE, world=WORLD))
def test_what_the_sdk_cannot_send_is_a_form_or_bytes_with_a_label(case: Case) -> None:
    assert isinstance(case.sent, (Form, Raw))
    assert case.label.startswith(("form: ", "bytes: "))


def test_signatures_of_both_versions_and_of_nobodys_key_are_made() -> None:
    strategy = malformed_update_jobs(UPDATE, world=WORLD)

    assert find(strategy, lambda case: case.signing.version == "v2").signing.version == "v2"
    assert find(strategy, lambda case: case.signing.key == "unknown").signing.key == "unknown"


def test_from_the_model_come_values_that_the_sdk_takes_and_such_that_it_rejects() -> None:
    shape = UPDATE.input_shape
    assert shape is not None

    def rejected(case: Case) -> bool:
        return isinstance(case.sent, Call) and bool(sdk_rejects(shape, case.sent.parameters))

    assert rejected(find(model_update_jobs(UPDATE), rejected))
    assert not rejected(find(model_update_jobs(UPDATE), lambda case: not rejected(case)))


def test_other_operations_are_called_from_their_model_alone() -> None:
    operation = read_operation("importexport", "CancelJob")
    strategy = STRATEGIES.cases(operation, world=WORLD, credential=EXAMPLE_KEY, states=())

    assert find(strategy, is_call).operation == "CancelJob"


def test_a_subject_that_is_not_there_is_told() -> None:
    with pytest.raises(UnknownOperation, match=r"did you mean UpdateJob"):
        cases("importexport.UpdateJobs")
    with pytest.raises(NoSpecification, match=r"^botoproof has no strategies for the service 's3'"):
        find_strategies("s3")

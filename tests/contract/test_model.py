"""Operations as the installed service model describes them."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.model import ServiceModel
from botoproof.contract.adapters.models import read_model, read_operation, read_operations
from botoproof.contract.errors import UnknownOperation, UnknownService
from botoproof.contract.model import describe_operation, operation_names

UPDATE_JOB_ERRORS = [
    "BucketPermissionException",
    "CanceledJobIdException",
    "ExpiredJobIdException",
    "InvalidAccessKeyIdException",
    "InvalidAddressException",
    "InvalidCustomsException",
    "InvalidFileSystemException",
    "InvalidJobIdException",
    "InvalidManifestFieldException",
    "InvalidParameterException",
    "InvalidVersionException",
    "MalformedManifestException",
    "MissingCustomsException",
    "MissingManifestFieldException",
    "MissingParameterException",
    "MultipleRegionsException",
    "NoSuchBucketException",
    "UnableToUpdateJobIdException",
]


def test_update_job_has_eighteen_documented_errors() -> None:
    assert sorted(error.name for error in read_operation("importexport", "UpdateJob").errors) == UPDATE_JOB_ERRORS


def test_an_error_without_a_code_in_the_model_travels_under_its_name_and_binds_no_status() -> None:
    errors = read_operation("importexport", "UpdateJob").errors

    assert {(error.code == error.name, error.status, error.fault) for error in errors} == {(True, None, None)}


def test_the_documentation_of_an_error_is_plain_text() -> None:
    error = read_operation("importexport", "UpdateJob").error("InvalidJobIdException")

    assert error is not None
    assert error.documentation == "The JOBID was missing, not found, or not associated with the AWS account."


def test_the_errors_of_the_service_include_those_of_other_operations() -> None:
    operation = read_operation("importexport", "UpdateJob")

    others = {error.name for error in operation.service_errors} - {error.name for error in operation.errors}

    assert others == {"CreateJobQuotaExceededException", "UnableToCancelJobIdException"}


def test_a_code_and_a_status_in_the_model_win_over_the_name() -> None:
    errors = read_operation("iam", "CreateUser").errors

    assert sorted((error.name, error.code, error.status, error.fault) for error in errors) == [
        ("ConcurrentModificationException", "ConcurrentModification", 409, "Sender"),
        ("EntityAlreadyExistsException", "EntityAlreadyExists", 409, "Sender"),
        ("InvalidInputException", "InvalidInput", 400, "Sender"),
        ("LimitExceededException", "LimitExceeded", 409, "Sender"),
        ("NoSuchEntityException", "NoSuchEntity", 404, "Sender"),
        ("ServiceFailureException", "ServiceFailure", 500, "Receiver"),
    ]


def test_errors_are_looked_up_by_their_wire_code() -> None:
    operation = read_operation("iam", "CreateUser")

    assert operation.error("NoSuchEntity") in operation.errors
    assert operation.error("NoSuchEntityException") is None
    assert "NoSuchEntity" in operation.error_codes


def test_update_job_is_read_with_its_wire_facts() -> None:
    operation = read_operation("importexport", "UpdateJob")

    assert str(operation) == "importexport.UpdateJob"
    assert operation.protocol == "query"
    assert operation.api_version == "2010-06-01"
    assert operation.result_wrapper == "UpdateJobResult"
    assert operation.namespace == "http://importexport.amazonaws.com/doc/2010-06-01/"
    assert operation.input_shape is not None
    assert operation.input_shape.required_members == ["JobId", "Manifest", "JobType", "ValidateOnly"]


def test_an_operation_without_an_output_has_neither_shape_nor_wrapper() -> None:
    operation = read_operation("iam", "DeleteUser")

    assert (operation.output_shape, operation.result_wrapper) == (None, None)


def test_every_operation_of_a_service_is_read_sorted() -> None:
    assert [operation.name for operation in read_operations("importexport")] == [
        "CancelJob",
        "CreateJob",
        "GetShippingLabel",
        "GetStatus",
        "ListJobs",
        "UpdateJob",
    ]


def test_an_operation_is_read_once() -> None:
    assert read_operation("importexport", "UpdateJob") is read_operation("importexport", "UpdateJob")


def test_an_unknown_service_raises_with_the_close_names() -> None:
    message = r"^the installed botocore has no service 'importexpert'; did you mean importexport\?$"
    with pytest.raises(UnknownService, match=message):
        read_operation("importexpert", "UpdateJob")


def test_an_unknown_operation_raises_with_the_close_names() -> None:
    message = (
        r"^importexport has no operation 'UpdateJobs' in the installed botocore; "
        r"did you mean UpdateJob or CreateJob\?$"
    )
    with pytest.raises(UnknownOperation, match=message):
        read_operation("importexport", "UpdateJobs")


def test_an_operation_that_resembles_none_raises_with_all_names() -> None:
    message = (
        r"^importexport has no operation 'zzz' in the installed botocore; "
        r"known: CancelJob, CreateJob, GetShippingLabel, GetStatus, ListJobs, UpdateJob$"
    )
    with pytest.raises(UnknownOperation, match=message):
        read_operation("importexport", "zzz")


@pytest.mark.parametrize("service", ["../importexport", "importexport/2010-06-01", "", "ImportExport"])
def test_a_service_is_never_looked_up_by_a_path_or_a_misspelling(service: str) -> None:
    with pytest.raises(UnknownService):
        read_model(service)


def bare_model(**metadata: Any) -> ServiceModel:
    """A service with the single operation ``Do``, which takes and gives nothing."""
    description = {
        "metadata": {"protocol": "query", "apiVersion": "1", "serviceId": "Bare", **metadata},
        "operations": {"Do": {"name": "Do", "http": {"method": "POST", "requestUri": "/"}}},
        "shapes": {},
    }
    return ServiceModel(description, "bare")


def test_a_model_without_anything_but_an_operation_is_read() -> None:
    operation = describe_operation(bare_model(), "bare", "Do")

    assert (operation.input_shape, operation.output_shape, operation.errors, operation.service_errors) == (
        None,
        None,
        (),
        (),
    )
    assert operation.namespace is None
    assert operation_names(bare_model()) == ("Do",)


def test_a_namespace_may_be_written_as_a_structure() -> None:
    operation = describe_operation(bare_model(xmlNamespace={"uri": "urn:bare"}), "bare", "Do")

    assert operation.namespace == "urn:bare"


def test_the_protocol_is_the_one_that_the_sdk_resolves_to() -> None:
    model = bare_model(protocol="query", protocols=["json", "query"], jsonVersion="1.0")

    assert describe_operation(model, "bare", "Do").protocol == "json"

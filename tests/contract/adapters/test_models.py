"""Service models as the installed botocore ships them."""

from __future__ import annotations

import botocore.session
import pytest
from botoproof.contract.adapters.models import read_model, read_operation, read_operations
from botoproof.contract.errors import UnknownOperation, UnknownService


@pytest.mark.parametrize("service", ["importexport", "sqs", "dynamodb", "s3"])
def test_every_operation_of_the_installed_model_is_there_and_sorted(service: str) -> None:
    model = botocore.session.get_session().get_service_model(service)

    names = [operation.name for operation in read_operations(service)]

    assert names == sorted(model.operation_names)


def test_a_model_and_an_operation_are_read_once() -> None:
    assert read_model("importexport") is read_model("importexport")
    assert read_operation("importexport", "UpdateJob") is read_operation("importexport", "UpdateJob")
    assert read_operation("importexport", "UpdateJob") in read_operations("importexport")


def test_an_unknown_service_is_told_with_close_names() -> None:
    with pytest.raises(
        UnknownService, match=r"^the installed botocore has no service 'importexprt'; did you mean importexport\?$"
    ):
        read_model("importexprt")


@pytest.mark.parametrize("service", ["", "..", "../importexport", "importexport/2010-06-01"])
def test_what_is_no_name_of_a_service_is_no_service(service: str) -> None:
    with pytest.raises(UnknownService, match=rf"^the installed botocore has no service {service!r}; "):
        read_model(service)


def test_an_unknown_operation_is_told_with_close_names() -> None:
    with pytest.raises(
        UnknownOperation,
        match=(
            r"^importexport has no operation 'UpdateJobs' in the installed botocore; "
            r"did you mean UpdateJob( or \w+)*\?$"
        ),
    ):
        read_operation("importexport", "UpdateJobs")

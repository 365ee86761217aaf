"""Service models as the installed botocore ships them, read once per process."""

from __future__ import annotations

from functools import cache
from typing import cast

from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader
from botocore.model import ServiceModel

from ..errors import UnknownService, close_names
from ..model import Operation, describe_operation, operation_names


@cache
def read_model(service: str) -> ServiceModel:
    """Return the model of `service`.

    Raises:
        UnknownService: The installed botocore has none of that name; the text offers close names.
    """
    loader = _loader()
    try:
        description = cast("dict[str, object]", loader.load_service_model(service, "service-2"))
    except UnknownServiceError:
        known = loader.list_available_services("service-2")
        raise UnknownService(
            f"the installed botocore has no service {service!r}; {close_names(service, known)}"
        ) from None
    return ServiceModel(description, service)


@cache
def read_operation(service: str, operation: str) -> Operation:
    """Return one operation of the installed model.

    Raises:
        UnknownService: There is no such service.
        UnknownOperation: The service has no such operation.

    >>> read_operation("importexport", "UpdateJob").protocol
    'query'
    """
    return describe_operation(read_model(service), service, operation)


def read_operations(service: str) -> tuple[Operation, ...]:
    """Return every operation of `service`, sorted by name."""
    return tuple(read_operation(service, name) for name in operation_names(read_model(service)))


@cache
def _loader() -> Loader:
    return Loader()

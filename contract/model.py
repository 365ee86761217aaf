"""Operations as the service model describes them: read-only views of botocore's own data.

`metadata.protocol`, `requestUri` and `signatureVersion` are what a model *declares*; what goes out is
decided by the SDK. Only the resolved protocol is offered here, and no path.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

from botocore.model import ServiceModel, StructureShape

from .errors import UnknownOperation, close_names


@dataclass(frozen=True, slots=True)
class DocumentedError:
    """An error shape that the model lists.

    Attributes:
        name: The shape's name, e.g. ``InvalidJobIdException``; boto3's exception class has the same name.
        code: What stands in ``<Code>`` on the wire: ``error.code`` of the model, else the name.
        status: The HTTP status that the model binds to it, or None where the model says nothing.
        fault: ``Sender`` or ``Receiver`` where the model says which side is to blame, else None.
        documentation: The model's text, without mark-up.
    """

    name: str
    code: str
    status: int | None
    fault: str | None
    documentation: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One AWS API call, with all that its model promises.

    Attributes:
        service: botocore's name of the service, e.g. ``importexport``.
        name: botocore's spelling of the operation, e.g. ``UpdateJob``.
        api_version: The ``Version`` that goes out with query-protocol requests.
        protocol: The protocol that the installed SDK resolves to (`ServiceModel.resolved_protocol`).
        input_shape: What it takes, or None.
        output_shape: What it returns, or None.
        result_wrapper: The element around the members of a query-protocol reply, or None.
        namespace: The XML namespace that the model declares, or None.
        errors: The documented errors of this operation.
        service_errors: Every error shape of the service; a superset of `errors`.
        declared: The SDK's own view of this operation, for its parser and serialiser.
    """

    service: str
    name: str
    api_version: str
    protocol: str
    input_shape: StructureShape | None
    output_shape: StructureShape | None
    result_wrapper: str | None
    namespace: str | None
    errors: tuple[DocumentedError, ...]
    service_errors: tuple[DocumentedError, ...]
    declared: Any = field(repr=False, compare=False, hash=False)

    def __str__(self) -> str:
        return f"{self.service}.{self.name}"

    @property
    def error_codes(self) -> frozenset[str]:
        """The wire codes of the documented errors."""
        return frozenset(error.code for error in self.errors)

    def error(self, code: str) -> DocumentedError | None:
        """Return the documented error with that wire code, or None."""
        return next((error for error in self.errors if error.code == code), None)


def operation_names(model: ServiceModel) -> tuple[str, ...]:
    """Return the names of the operations in `model`, sorted."""
    return tuple(sorted(model.operation_names))


def describe_operation(model: ServiceModel, service: str, name: str) -> Operation:
    """Return operation `name` of a service model.

    Raises:
        UnknownOperation: The model has no such operation; the text offers close names.
    """
    known = operation_names(model)
    if name not in known:
        raise UnknownOperation(
            f"{service} has no operation {name!r} in the installed botocore; {close_names(name, known)}"
        )
    operation = model.operation_model(name)
    output_shape = operation.output_shape
    wrapper = output_shape.serialization.get("resultWrapper") if output_shape is not None else None
    namespace: Any = model.metadata.get("xmlNamespace")
    if isinstance(namespace, dict):  # some models write {"uri": ...}
        namespace = cast("dict[str, Any]", namespace).get("uri")
    return Operation(
        service=service,
        name=name,
        api_version=model.api_version,
        protocol=_resolved_protocol(model),
        input_shape=operation.input_shape,
        output_shape=output_shape,
        result_wrapper=cast("str | None", wrapper),
        namespace=cast("str | None", namespace),
        errors=tuple(_documented_error(shape) for shape in operation.error_shapes),
        service_errors=tuple(_documented_error(shape) for shape in model.error_shapes),
        declared=operation,
    )


def _resolved_protocol(model: ServiceModel) -> str:
    # Older releases of botocore knew one protocol per service and had no `resolved_protocol`.
    return str(getattr(model, "resolved_protocol", None) or model.metadata["protocol"])


def _documented_error(shape: Any) -> DocumentedError:
    trait: dict[str, Any] = shape.metadata.get("error", {})
    status = trait.get("httpStatusCode")
    fault = None
    if trait.get("senderFault"):
        fault = "Sender"
    elif status is not None and int(status) >= 500:
        # The model's own `fault` trait says the same, but botocore's shapes do not hand it on.
        fault = "Receiver"
    return DocumentedError(
        name=shape.name,
        code=str(shape.error_code),
        status=int(status) if status is not None else None,
        fault=fault,
        documentation=_plain(shape.documentation or ""),
    )


@lru_cache(maxsize=1024)  # the operations of a service document the same errors
def _plain(markup: str) -> str:
    """Return a model's HTML-ish documentation as one line of text."""
    out: list[str] = []
    inside = False
    for char in markup:
        if char == "<":
            inside = True
        elif char == ">" and inside:
            inside = False
            out.append(" ")
        elif not inside:
            out.append(char)
    return " ".join("".join(out).split())

"""Operations as the older release's model describes them, and the calls by which they are tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from botocore.model import ServiceModel

from ...contract.codec.query_reply import write_result
from ...contract.interaction import Reply
from ...contract.model import Operation, describe_operation
from .answer import Gap, Scope
from .pairs import Pair

REQUEST_ID = "2f6e3c1a-0000-4000-8000-000000000007"
_CBOR = (("smithy-protocol", "rpc-v2-cbor"), ("Content-Type", "application/cbor"))


@dataclass(frozen=True, slots=True)
class Subject:
    """An operation that both releases have, and a call of it that both send.

    Attributes:
        old: As the older release describes it, with the protocol that it speaks.
        new: As the newer one does.
        parameters: Of the smallest call, as `inside.values` writes them.
    """

    old: Operation
    new: Operation
    parameters: Any


def find_subjects(pair: Pair, service: str, scope: Scope) -> tuple[tuple[Subject, ...], tuple[Gap, ...]]:
    """Return the operations of a service that can be tried in both releases, and those that cannot.

    Args:
        pair: The two releases.
        service: botocore's name, which both have.
        scope: What matters.

    Raises:
        NoAnswer: One of the releases does not answer.
    """
    models = [_Model(service, asked.ask("model", service=service)) for asked in (pair.old, pair.new)]
    before = pair.old.ask("wire", service=service, operations=scope.names(service))
    smallest: dict[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {}
    for call, answer in zip(before["calls"], before["sent"], strict=True):
        smallest.setdefault(call["operation"], (call, answer))
    after = pair.new.ask("wire", service=service, calls=[call for call, _ in smallest.values()])
    subjects, gaps = list[Subject](), list[Gap]()
    for (name, (call, old)), new in zip(sorted(smallest.items()), after["sent"], strict=True):
        doubt = next((one for one in (old, new) if "request" not in one), None)
        if doubt is None:
            subjects.append(Subject(models[0].operation(name), models[1].operation(name), call["parameters"]))
        elif "gone" not in doubt:  # of that the models tell
            reason = doubt.get("rejected", doubt.get("unsent"))
            gaps.append(Gap(service, name, f"no call of it can be made from the model alone: {reason}"))
    return tuple(subjects), tuple(gaps)


class _Model:
    def __init__(self, service: str, answer: Mapping[str, Any]) -> None:
        description: Any = answer["model"]
        self._service = service
        self._model = ServiceModel(description, service)
        self._protocol = str(answer["protocol"])

    def operation(self, name: str) -> Operation:
        return replace(describe_operation(self._model, self._service, name), protocol=self._protocol)


def plain_success(operation: Operation) -> Reply:
    """Return the smallest reply by which an operation succeeds, in the protocol that its release speaks.

    Args:
        operation: With that protocol.
    """
    match operation.protocol:
        case "query":
            return write_result(operation, {}, request_id=REQUEST_ID)
        case "ec2":
            text = f"<{operation.name}Response><requestId>{REQUEST_ID}</requestId></{operation.name}Response>"
            return _reply(text.encode("utf-8"), (("Content-Type", "text/xml"),))
        case "rest-xml":
            return _reply(f"<{operation.name}Result/>".encode(), (("Content-Type", "application/xml"),))
        case "smithy-rpc-v2-cbor":
            return _reply(b"\xa0", _CBOR)  # a map of nothing
        case _:
            return _reply(b"{}", (("Content-Type", "application/json"),))


def _reply(body: bytes, headers: tuple[tuple[str, str], ...]) -> Reply:
    return Reply(200, (*headers, ("Content-Length", str(len(body))), ("x-amzn-RequestId", REQUEST_ID)), body)

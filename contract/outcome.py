"""What came of a case, as the caller of the SDK sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Returned:
    """The SDK returned a value.

    Attributes:
        value: The parsed members, without ``ResponseMetadata``.
        status: The HTTP status that the SDK reports.
        request_id: The request id that the SDK reports, or None.
    """

    value: Mapping[str, Any]
    status: int
    request_id: str | None


@dataclass(frozen=True, slots=True)
class Refused:
    """The SDK raised its error for a service's refusal.

    Attributes:
        code: ``Error.Code`` as parsed; None when the reply held none.
        message: ``Error.Message`` as parsed, or None.
        fault: ``Error.Type`` as parsed, or None.
        status: The HTTP status that the SDK reports.
        exception: The name of the class raised, e.g. ``InvalidJobIdException`` or ``ClientError``.
        request_id: The request id that the SDK reports, or None.
    """

    code: str | None
    message: str | None
    fault: str | None
    status: int
    exception: str
    request_id: str | None


@dataclass(frozen=True, slots=True)
class RejectedBySdk:
    """The SDK refused the parameters; nothing left the process.

    Attributes:
        reports: One line for each complaint, in the SDK's words.
    """

    reports: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Broken:
    """Neither a value nor a refusal: the transport failed, or the SDK could not read the reply.

    Attributes:
        exception: Qualified name of what was raised, e.g. ``builtins.KeyError``; a transport failure's kind otherwise;
            ``not-parsed`` for a reply that was kept from the SDK's parser.
        message: Its text.
        sdk_error: Whether the exception belongs to the SDK's own tree (``BotoCoreError``), so that a caller's
            ``except (ClientError, BotoCoreError)`` would have caught it.
    """

    exception: str
    message: str
    sdk_error: bool = field(default=False)


Outcome = Returned | Refused | RejectedBySdk | Broken


def outcome_kind(outcome: Outcome) -> str:
    """Return a short word that two like outcomes share: the code when refused, else the kind.

    >>> outcome_kind(Refused("InvalidJobIdException", "m", "Sender", 400, "InvalidJobIdException", None))
    'refused:InvalidJobIdException'
    """
    match outcome:
        case Returned():
            return "returned"
        case Refused(code=code):
            return f"refused:{code}"
        case RejectedBySdk():
            return "rejected by the SDK"
        case Broken(exception=exception):
            return f"broken:{exception}"

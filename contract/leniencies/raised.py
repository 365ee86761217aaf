"""What botocore raises for wrong replies, where it is not what a caller of AWS handles."""

from __future__ import annotations

from .example import document, refusal, result
from .leniency import Leniency, listed

RAISED: tuple[Leniency, ...] = (
    listed(
        "raised-parser-error",
        "body-empty truncated not-well-formed not-utf-8 entity-declaration body-too-large",
        document("Bad Gateway", status=502, content_type="text/plain"),
        "what is not XML raises ResponseParserError, which is not a BotoCoreError",
        "It is a plain Exception, tells no HTTP status, and is not tried again, not even with 5xx.",
        "Callers: `except (ClientError, BotoCoreError)` does not see it, and a passing 502 is final.",
    ),
    listed(
        "raised-key-error",
        "wrapper root status error-envelope",
        result(wrapper=""),
        "a missing result wrapper raises KeyError",
        "Likewise an HTML page or an ErrorResponse that comes with 2xx.",
        "Callers: a bare KeyError with the wrapper's name, which no handler for AWS errors sees.",
    ),
    listed(
        "raised-attribute-error",
        "member-repeated",
        result(beside="<ResponseMetadata><RequestId>r1</RequestId><RequestId>r2</RequestId></ResponseMetadata>"),
        "a request id that stands twice raises AttributeError",
        "Likewise anything else that stands twice in ResponseMetadata.",
        "Callers: a bare AttributeError for a call that succeeded.",
    ),
    listed(
        "raised-value-error",
        "member-type",
        result("<Name>n</Name><Count>many</Count>"),
        "a number or blob that cannot be read raises ValueError",
        "`ValueError` for numbers, `binascii.Error` for blobs.",
        "Callers: a bare ValueError for a call that succeeded.",
    ),
    listed(
        "raised-repeated-scalar",
        "member-repeated",
        result("<Name>n</Name><Count>1</Count><Count>1</Count>"),
        "a number, blob or timestamp that stands twice raises TypeError",
        "`TypeError`; `ValueError` for timestamps.",
        "Callers: a bare TypeError for a call that succeeded.",
    ),
    listed(
        "raised-union",
        "union",
        result("<Name>n</Name><Choice><Left>1</Left><Right>2</Right></Choice>"),
        "a union without exactly one member raises ResponseParserError",
        "It refuses the whole reply.",
        "Callers: `except (ClientError, BotoCoreError)` does not see it.",
    ),
    listed(
        "raised-map-tag",
        "member-unknown member-repeated list-member",
        result("<Name>n</Name><Labels><entry><Key>a</Key><value>v</value></entry></Labels>"),
        "an unknown element in an entry of a map raises ResponseParserError",
        "It refuses the whole reply, where it drops unknown members of structures; a map that stands twice likewise.",
        "Callers: a service that adds to its entries breaks them, and `except BotoCoreError` does not see it.",
    ),
    listed(
        "raised-map-part",
        "member-missing member-repeated",
        result("<Name>n</Name><Labels><entry><key>a</key></entry></Labels>"),
        "a first entry of a map without its value raises UnboundLocalError",
        "Likewise without its key, and for an empty map that stands twice; later entries take what the one before had.",
        "Callers: a bare UnboundLocalError for a call that succeeded.",
    ),
    listed(
        "raised-error-tree",
        "error-envelope member-repeated member-type error-code",
        refusal("<Error>gone</Error>"),
        "an error that is not the usual tree raises AttributeError, TypeError or ValueError",
        "Error, Errors or ResponseMetadata as text or empty; a Code that stands twice or has elements in it.",
        "Callers: a bare AttributeError from within botocore instead of a ClientError.",
    ),
    listed(
        "raised-result-as-error",
        "status root error-envelope",
        result(status=500),
        "a result with an error's status is a ClientError without `Error`",
        "The class is ClientError, and `error.response` has no key `Error`; likewise for an empty Error.",
        "Callers that write `error.response['Error']['Code']`: KeyError in the handling of an error.",
    ),
)

"""Error codes that any query-protocol service may answer with, though no operation lists them.

They are legitimate only where the request gives cause: an InternalFailure on a well-formed request is a finding, and so
is a ValidationError on a valid one. Source: the "Common Errors" page of AWS's query API references; for a service
whose own page was not reached this is inferred.
"""

from __future__ import annotations

# The request cannot be taken apart, or names no operation.
REQUEST_ERRORS = frozenset(
    {
        "InvalidAction",
        "InvalidParameterCombination",
        "InvalidParameterValue",
        "InvalidQueryParameter",
        "MalformedQueryString",
        "MissingAction",
        "MissingParameter",
        "NoSuchVersion",
        "SerializationException",
        "ValidationError",
    }
)

# Who asks is not known, or not allowed.
AUTHENTICATION_ERRORS = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "ExpiredToken",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "MissingAuthenticationToken",
        "NotAuthorized",
        "OptInRequired",
        "RequestExpired",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)

# Nothing can be concluded about the request: the service asks to come again.
THROTTLING_ERRORS = frozenset(
    {
        "RequestLimitExceeded",
        "RequestThrottled",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)

# The service is to blame.
SERVER_ERRORS = frozenset({"InternalError", "InternalFailure", "ServiceUnavailable"})

COMMON_ERRORS = REQUEST_ERRORS | AUTHENTICATION_ERRORS | THROTTLING_ERRORS | SERVER_ERRORS

"""Rules about the errors that an operation can be refused with."""

from __future__ import annotations

from ....contract.finding import Severity
from ..rule import SYMMETRIC, Depth, Rule, Who

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
CALLER, READER, EMULATOR = Who.CALLER, Who.READER, Who.EMULATOR
_MODELS = (Depth.MODELS,)
_BY_REPLIES = (Depth.MODELS, Depth.REPLAY)
_BY_FAULTS = (Depth.MODELS, Depth.FAULTS)

RULES = (
    Rule(
        "error-shape-removed",
        "an exception class is gone",
        ERROR,
        (READER,),
        "error-shape-added",
        _BY_REPLIES,
        before="client.exceptions had the class.",
        after="It has none of that name; the error, if it still comes, is a plain ClientError.",
        breaks="`except client.exceptions.Name`: AttributeError, at the moment when the exception is to be caught.",
        adapt="Catch ClientError and look at the code.",
        source="botocore.errorfactory",
    ),
    Rule(
        "error-shape-added",
        "there is one more exception class",
        NOTE,
        (READER,),
        "error-shape-removed",
        _BY_REPLIES,
        before="The error was a plain ClientError.",
        after="It has a class of its own, which is a ClientError too.",
        breaks="Nobody; what catches ClientError still does.",
        adapt="Nothing; the class can be caught by its name.",
        source="botocore.errorfactory",
    ),
    Rule(
        "error-code-changed",
        "an exception belongs to another code",
        ERROR,
        (
            READER,
            EMULATOR,
        ),
        SYMMETRIC,
        _BY_REPLIES,
        before="Replies with the one code became this class.",
        after="Replies with another do.",
        breaks="Emulators that say the old code: callers get a plain ClientError. Readers that compare codes.",
        adapt="Match errors by class; upgrade the emulator.",
        source="botocore.errorfactory; 11 codes of one service at 1.31.81",
    ),
    Rule(
        "query-compatible-changed",
        "codes of an older protocol are kept, or no longer are",
        ERROR,
        (
            READER,
            EMULATOR,
        ),
        SYMMETRIC,
        _BY_REPLIES,
        before="Error codes came from the body, or from x-amzn-query-error.",
        after="It is the other way round.",
        breaks='Readers of response["Error"]["Code"]; emulators without the header.',
        adapt="Match errors by class.",
        source="botocore.parsers",
    ),
    Rule(
        "error-added",
        "an operation documents one more error",
        NOTE,
        (EMULATOR,),
        "error-removed",
        _MODELS,
        before="The error was not in the list of the operation.",
        after="It is.",
        breaks="Nobody by the SDK, whose classes belong to the service; documentation and emulators.",
        adapt="Consider to handle it.",
        source="botocore.errorfactory makes classes for the whole service",
    ),
    Rule(
        "error-removed",
        "an operation no longer documents an error",
        NOTE,
        (EMULATOR,),
        "error-added",
        _MODELS,
        before="The error was in the list of the operation.",
        after="It is not.",
        breaks="Nobody by the SDK; documentation and emulators.",
        adapt="Keep the handler: the class is still there.",
    ),
    Rule(
        "error-http-status-changed",
        "an error has another status",
        WARNING,
        (
            READER,
            EMULATOR,
        ),
        SYMMETRIC,
        _MODELS,
        before="The model gave the one status.",
        after="It gives another, or none.",
        breaks="Readers that compare HTTPStatusCode; emulators that answer by the model.",
        adapt="Match errors by class.",
    ),
    Rule(
        "error-fault-changed",
        "another side is said to be at fault",
        WARNING,
        (READER,),
        SYMMETRIC,
        _MODELS,
        before="The model blamed the one side.",
        after="It blames the other, or nobody.",
        breaks="Readers that tell faults of senders from those of the service.",
        adapt="Decide by the class.",
    ),
    Rule(
        "error-retryable-changed",
        "an error can be retried, or no longer can",
        WARNING,
        (CALLER,),
        SYMMETRIC,
        _BY_FAULTS,
        before="The SDK retried the error, or did not.",
        after="It may be the other way round.",
        breaks="Callers: more or fewer attempts when the error comes.",
        adapt="Set retries in botocore.config.Config, and test with faults.",
        source="botocore.retries.standard.ModeledRetryableChecker",
    ),
)

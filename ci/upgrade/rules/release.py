"""Rules about a release as a whole: its files, and what it needs."""

from __future__ import annotations

from ....contract.finding import Severity
from ..rule import SYMMETRIC, Depth, Rule, Who

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
CALLER, READER, EMULATOR = Who.CALLER, Who.READER, Who.EMULATOR
_MODELS = (Depth.MODELS,)
_EFFECTIVE = (Depth.MODELS, Depth.EFFECTIVE)
_FAULTS = (Depth.MODELS, Depth.FAULTS)

RULES = (
    Rule(
        "dependency-changed",
        "the release needs something else to be installed",
        WARNING,
        (CALLER,),
        SYMMETRIC,
        _MODELS,
        before="It asked for the one range.",
        after="It asks for another.",
        breaks="Installations: resolvers that find no version, Pythons that are too old.",
        adapt="Raise the versions in the same step, and test the install.",
        source="the METADATA of its wheel",
    ),
    Rule(
        "data-layout-changed",
        "models lie in other files",
        NOTE,
        (EMULATOR,),
        SYMMETRIC,
        _MODELS,
        before="The file bore the one name.",
        after="It bears another, or is gone.",
        breaks="Tools that read the files instead of asking botocore: emulators, test suites.",
        adapt="Load models by botocore.loaders.Loader.",
        source="botocore.loaders; at 1.32.1 all models were packed",
    ),
    Rule(
        "partitions-changed",
        "regions and partitions are listed otherwise",
        NOTE,
        (CALLER,),
        SYMMETRIC,
        _EFFECTIVE,
        before="The list of regions was the one.",
        after="It is another; where requests go is endpoint-effective-changed.",
        breaks="Code that lists regions.",
        adapt="Nothing, while the effective endpoints are the same.",
        confirmed_by=("endpoint-effective-changed",),
        source="botocore.regions",
    ),
    Rule(
        "retry-data-changed",
        "the table of retries is another",
        WARNING,
        (CALLER,),
        SYMMETRIC,
        _FAULTS,
        before="Failures were retried by the one table, in the legacy mode.",
        after="They are by another.",
        breaks="Callers in the legacy mode: more or fewer attempts.",
        adapt="Test with faults.",
        source="botocore.retryhandler",
    ),
    Rule(
        "default-data-changed",
        "a mode of defaults has other values",
        WARNING,
        (CALLER,),
        SYMMETRIC,
        _EFFECTIVE,
        before="Clients with defaults_mode got the one set of values.",
        after="They get another.",
        breaks="Callers who chose a mode: time limits and retries differ.",
        adapt="Set the values yourself.",
        source="botocore.configprovider",
    ),
)

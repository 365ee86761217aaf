"""Rules about what holds when the SDK runs, whatever its models declare: each SDK was asked."""

from __future__ import annotations

from ....contract.finding import Severity
from ..rule import SYMMETRIC, Depth, Rule, Who

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
CALLER, READER, EMULATOR = Who.CALLER, Who.READER, Who.EMULATOR
_EFFECTIVE = (Depth.EFFECTIVE,)
_SEEN_ON_WIRE = (Depth.EFFECTIVE, Depth.WIRE)

RULES = (
    Rule(
        "protocol-effective-changed",
        "the SDK speaks another wire protocol",
        ERROR,
        (READER, EMULATOR),
        SYMMETRIC,
        _SEEN_ON_WIRE,
        before="Requests and replies were of the one protocol, e.g. a form and XML.",
        after="The SDK chooses another of those that the service declares, e.g. JSON.",
        breaks="Emulators, stubs and recordings of the old protocol: replies are not understood. Readers, where error "
        "codes are spelt otherwise in the new one.",
        adapt="Upgrade the emulator first; record anew; match errors by class, not by code.",
        source="botocore.model.ServiceModel.resolved_protocol",
    ),
    Rule(
        "signature-effective-changed",
        "requests are signed otherwise",
        ERROR,
        (CALLER, EMULATOR),
        SYMMETRIC,
        _SEEN_ON_WIRE,
        before="Requests bore the one algorithm, signing name and region.",
        after="At least one of them is another, or requests are no longer signed.",
        breaks="Policies and proxies that look at the scope, emulators that verify signatures, and callers whose "
        "configured signature is no longer regarded.",
        adapt="Allow the new scope where requests pass; set signature_version or the region where the old is needed.",
        source="botocore.args, botocore.signers",
    ),
    Rule(
        "endpoint-effective-changed",
        "requests go to another host",
        ERROR,
        (CALLER, EMULATOR),
        SYMMETRIC,
        _SEEN_ON_WIRE,
        before="With these settings, the SDK called the one host.",
        after="With the same settings it calls another, or none.",
        breaks="Firewalls, proxies, VPC endpoints and certificates that know only the old host.",
        adapt="Allow the new host, or give endpoint_url or the setting that brings the old one back.",
        source="the endpoint rulesets, as each SDK evaluates them",
    ),
    Rule(
        "default-config-changed",
        "a default of the client's configuration is another",
        ERROR,
        (CALLER, EMULATOR),
        SYMMETRIC,
        _SEEN_ON_WIRE,
        before="Who sets nothing got the one value.",
        after="Who sets nothing gets another.",
        breaks="Whoever relies on the old behaviour without having asked for it.",
        adapt="Set the value yourself, in botocore.config.Config or by its environment variable.",
        source="botocore.config, botocore.configprovider",
    ),
    Rule(
        "method-name-changed",
        "an operation is called by another method",
        ERROR,
        (CALLER,),
        SYMMETRIC,
        _EFFECTIVE,
        before="The client had a method of that name.",
        after="The operation is there, under another name in Python.",
        breaks="Callers: AttributeError.",
        adapt="Call the method by its new name; where both releases must do, look it up by the operation.",
        source="botocore.xform_name, and its table of exceptions",
    ),
    Rule(
        "call-rejected",
        "a call that was accepted is rejected before anything is sent",
        ERROR,
        (CALLER,),
        "call-accepted",
        _SEEN_ON_WIRE,
        before="The SDK took the parameters and sent a request.",
        after="It raises, e.g. ParamValidationError, and sends nothing.",
        breaks="Callers, as soon as they make the call.",
        adapt="Give what is asked for now; the text of the exception names it.",
        source="botocore.validate",
    ),
    Rule(
        "call-accepted",
        "a call that was rejected is sent now",
        NOTE,
        (EMULATOR,),
        "call-rejected",
        _SEEN_ON_WIRE,
        before="The SDK raised before anything was sent.",
        after="It sends a request, which the service may refuse.",
        breaks="Nobody, unless code counts on the exception as its check of values.",
        adapt="Check values yourself where the SDK did it for you.",
        source="botocore.validate",
    ),
)

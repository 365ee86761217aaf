"""The depth ``effective``: what each SDK does, whatever its models declare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .answer import Gap, Looked, Scope, Tell
from .change import Change
from .inside import GONE
from .pairs import Pair, Seen, look_at_services
from .rule import Depth, Side
from .sdk import Sdk

Context = Mapping[str, Any]
"""What a client is made with: ``name``, and arguments of `inside.clients.Sdk.client`."""

_FIPS: Mapping[str, Any] = {"use_fips_endpoint": True}
_DUALSTACK: Mapping[str, Any] = {"use_dualstack_endpoint": True}

FEW: tuple[Context, ...] = (
    {"name": "us-east-1", "region": "us-east-1"},
    {"name": "eu-west-1", "region": "eu-west-1"},
    {"name": "cn-north-1", "region": "cn-north-1"},
    {"name": "us-east-1 with FIPS", "region": "us-east-1", "settings": _FIPS},
    {"name": "us-east-1 with dualstack", "region": "us-east-1", "settings": _DUALSTACK},
    {"name": "us-east-1 with an account id", "region": "us-east-1", "account": True},
)
"""What is asked of each service of a whole fleet."""

MANY: tuple[Context, ...] = (
    *FEW,
    *({"name": region, "region": region} for region in ("us-west-2", "ap-southeast-2", "us-gov-west-1", "aws-global")),
    {"name": "eu-west-1 with FIPS", "region": "eu-west-1", "settings": _FIPS},
    {"name": "us-gov-west-1 with FIPS", "region": "us-gov-west-1", "settings": _FIPS},
    {"name": "eu-west-1 with dualstack", "region": "eu-west-1", "settings": _DUALSTACK},
    {"name": "us-east-1 with FIPS and dualstack", "region": "us-east-1", "settings": {**_FIPS, **_DUALSTACK}},
    {"name": "eu-west-1 with an account id", "region": "eu-west-1", "account": True},
    {"name": "a URL in eu-west-1", "region": "eu-west-1", "url": "http://127.0.0.1:4566"},
    *(
        {"name": f"signature_version {version}", "region": "us-east-1", "settings": {"signature_version": version}}
        for version in ("unsigned", "v4", "as declared")
    ),
)
"""What is asked of services that somebody named."""


def look(old: Sdk, new: Sdk, scope: Scope, tell: Tell) -> Looked:
    """Look at what holds for each service in both releases.

    Args:
        old: The older release.
        new: The newer one.
        scope: What matters.
        tell: Is told how far it is.
    """
    contexts = FEW if scope.services is None else MANY

    def explore(pair: Pair, service: str) -> Seen:
        before = pair.old.ask("effective", service=service, contexts=contexts)
        after = pair.new.ask("effective", service=service, contexts=contexts, probe=before["probe"])
        made = pair.old.ask("calls", service=service)
        calls = [call for call in made if "parameters" in call and scope.has(service, call["operation"])]
        verdicts = [one.ask("accepted", service=service, calls=calls) for one in (pair.old, pair.new)]
        changes = (*compare_facts(service, before, after), *compare_verdicts(service, calls, *verdicts))
        gaps: tuple[Gap, ...] = ()
        if before["probe"] is None:
            gaps = (Gap(service, "", "no operation could be sent by which to ask its endpoints and signatures"),)
        kept = tuple(change for change in changes if scope.has(service, change.operation))
        return Seen(len({call["operation"] for call in calls}), kept, gaps)

    return look_at_services(Depth.EFFECTIVE, old, new, scope, tell, explore)


def compare_facts(service: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """Yield what differs between what two SDKs do with a service.

    Args:
        service: botocore's name.
        before: The answer of the older one to ``effective``.
        after: The answer of the newer one.
    """

    def change(rule: str, path: str, values: Sequence[str], operation: str = "", evidence: str = "") -> Change:
        old, new = values
        return Change(rule, service, operation, path, Side.NONE, old, new, Depth.EFFECTIVE, evidence)

    if before["protocol"] != after["protocol"]:
        yield change("protocol-effective-changed", "", [before["protocol"], after["protocol"]])
    for operation, methods in before["methods"].items():
        now = after["methods"].get(operation)
        if now is not None and not set(methods) <= set(now):
            lost = sorted(set(methods) - set(now))
            yield change("method-name-changed", "", [", ".join(lost), ", ".join(now)], operation)
    defaults = [_flat(one["defaults"]) for one in (before, after)]
    for name in sorted(defaults[0].keys() | defaults[1].keys()):
        values = [one.get(name, "") for one in defaults]
        if values[0] != values[1]:
            yield change("default-config-changed", name, values)
    same_probe = before["probe"] == after["probe"]
    evidence = f"a call of {(before['probe'] or ['nothing'])[0]}"
    for name, resolved in before["resolved"].items():
        other = after["resolved"].get(name)
        # What the older release could not be told to do cannot have changed for anybody.
        if not same_probe or other is None or "no option" in resolved:
            continue
        hosts = [_host(one) for one in (resolved, other)]
        signatures = [_signature(one) for one in (resolved, other)]
        by_signature = name.startswith("signature_version")
        if hosts[0] != hosts[1] and not by_signature:
            yield change("endpoint-effective-changed", name, hosts, evidence=evidence)
        if signatures[0] != signatures[1] and (by_signature or all("signed" in one for one in (resolved, other))):
            yield change("signature-effective-changed", name, signatures, evidence=evidence)


def compare_verdicts(
    service: str,
    calls: Sequence[Mapping[str, Any]],
    before: Sequence[str | None],
    after: Sequence[str | None],
    *,
    depth: Depth = Depth.EFFECTIVE,
) -> Iterator[Change]:
    """Yield the calls that one SDK accepts and the other does not.

    Args:
        service: botocore's name.
        calls: The calls.
        before: What the older one said of each: None, or why not.
        after: What the newer one said.
        depth: The depth that asked.
    """
    for call, old, new in zip(calls, before, after, strict=True):
        if (old is None) == (new is None) or GONE in (old, new):
            continue  # that an operation is gone is told by the models
        rule = "call-rejected" if old is None else "call-accepted"
        reason = " ".join(str(old or new).split())
        evidence = f"{call['operation']}(**{call['parameters']}): {reason}"
        verdicts = ("accepted", "rejected") if old is None else ("rejected", "accepted")
        yield Change(rule, service, call["operation"], call["kind"], Side.INPUT, *verdicts, depth, evidence)


def _flat(values: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{prefix}{name}.")
        else:
            found[prefix + name] = str(value)
    return found


def _host(resolved: Mapping[str, Any]) -> str:
    if "no option" in resolved:
        return "no such option"
    return str(resolved["host"]) if "host" in resolved else f"raises {resolved['raised']}"


def _signature(resolved: Mapping[str, Any]) -> str:
    if "no option" in resolved:
        return "no such option"
    if "signed" not in resolved:
        return f"raises {resolved['raised']}"
    algorithm, *scope = resolved["signed"]
    return " ".join((str(algorithm), "/".join(map(str, reversed(scope))))).strip()

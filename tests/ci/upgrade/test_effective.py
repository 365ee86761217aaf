"""What two SDKs do with a service is compared fact by fact."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from botoproof.ci.upgrade.answer import Scope
from botoproof.ci.upgrade.effective import compare_facts, compare_verdicts, look
from botoproof.ci.upgrade.inside import GONE
from botoproof.ci.upgrade.rules import RULES
from botoproof.ci.upgrade.versions import INSTALLED, find_sdk

FACTS: dict[str, Any] = {
    "protocol": "query",
    "methods": {"UpdateJob": ["update_job"], "ListJobs": ["list_jobs"]},
    "defaults": {"retries": {"mode": "legacy"}, "read_timeout": 60},
    "probe": ["ListJobs", {}],
    "resolved": {
        "eu-west-1": {"host": "https://x.amazonaws.com", "signed": ["AWS4-HMAC-SHA256", "x", "us-east-1"]},
        "us-east-1 with FIPS": {"no option": "use_fips_endpoint"},
        "signature_version unsigned": {"host": "https://x.amazonaws.com", "signed": ["unsigned"]},
    },
}


def test_the_installed_sdk_differs_in_nothing_from_itself() -> None:
    sdk = find_sdk(INSTALLED)

    seen = look(sdk, sdk, Scope(("importexport",)), lambda _: None)

    assert (seen.changes, seen.gaps) == ((), ())
    assert seen.looked == 6


@pytest.mark.parametrize(
    ("place", "value", "rule", "path", "old", "new"),
    [
        (("protocol",), "json", "protocol-effective-changed", "", "query", "json"),
        (("methods", "UpdateJob"), ["change_job"], "method-name-changed", "", "update_job", "change_job"),
        (("defaults", "retries", "mode"), "standard", "default-config-changed", "retries.mode", "legacy", "standard"),
        (("defaults", "tcp_keepalive"), True, "default-config-changed", "tcp_keepalive", "", "True"),
        (
            ("resolved", "eu-west-1", "host"),
            "https://x.eu-west-1.amazonaws.com",
            "endpoint-effective-changed",
            "eu-west-1",
            "https://x.amazonaws.com",
            "https://x.eu-west-1.amazonaws.com",
        ),
        (
            ("resolved", "eu-west-1", "signed", 2),
            "eu-west-1",
            "signature-effective-changed",
            "eu-west-1",
            "AWS4-HMAC-SHA256 us-east-1/x",
            "AWS4-HMAC-SHA256 eu-west-1/x",
        ),
        (
            ("resolved", "eu-west-1"),
            {"raised": "EndpointProviderError"},
            "endpoint-effective-changed",
            "eu-west-1",
            "https://x.amazonaws.com",
            "raises EndpointProviderError",
        ),
        (
            ("resolved", "signature_version unsigned"),
            {"raised": "NoCredentialsError"},
            "signature-effective-changed",
            "signature_version unsigned",
            "unsigned",
            "raises NoCredentialsError",
        ),
    ],
)
def test_each_fact_that_differs_is_one_change_and_its_mirror(
    place: tuple[Any, ...], value: object, rule: str, path: str, old: str, new: str
) -> None:
    other = copy.deepcopy(FACTS)
    inner: Any = other
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value

    there, back = list(compare_facts("x", FACTS, other)), list(compare_facts("x", other, FACTS))

    assert [(change.rule, change.path, change.old, change.new) for change in there] == [(rule, path, old, new)]
    assert [(change.rule, change.path, change.old, change.new) for change in back] == [(rule, path, new, old)]
    assert rule in RULES


def test_an_added_name_and_a_new_option_change_nothing_for_anybody() -> None:
    other = copy.deepcopy(FACTS)
    other["methods"]["UpdateJob"].append("update_job_alias")
    other["methods"]["MakeJob"] = ["make_job"]
    other["resolved"]["us-east-1 with FIPS"] = {"host": "https://x-fips.amazonaws.com", "signed": ["unsigned"]}

    assert list(compare_facts("x", FACTS, other)) == []


def test_a_call_that_one_side_alone_accepts_is_a_change() -> None:
    calls: list[dict[str, Any]] = [
        {"operation": name, "kind": "minimal", "parameters": {}} for name in ("A", "B", "C", "D", "E")
    ]
    before = [None, None, "min is 3", "too short", None]
    after = [None, "Missing required\n  parameter", None, "too  short, really", GONE]

    changes = list(compare_verdicts("x", calls, before, after))

    assert [(change.rule, change.operation, change.old, change.new) for change in changes] == [
        ("call-rejected", "B", "accepted", "rejected"),
        ("call-accepted", "C", "rejected", "accepted"),
    ]
    assert changes[0].evidence == "B(**{}): Missing required parameter"

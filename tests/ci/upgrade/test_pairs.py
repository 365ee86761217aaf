"""Two SDKs are asked about service after service, and nothing that could not be looked at passes for equal."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botoproof.ci.upgrade.answer import Gap, Scope
from botoproof.ci.upgrade.change import Change
from botoproof.ci.upgrade.pairs import Pair, Seen, look_at_services
from botoproof.ci.upgrade.rule import Depth, Side
from botoproof.ci.upgrade.sdk import Sdk
from botoproof.ci.upgrade.versions import INSTALLED, find_sdk


def change(service: str) -> Change:
    return Change("header-added", service, "Op", "x", Side.INPUT, "", "y", Depth.WIRE)


def test_services_are_told_in_their_order_whoever_is_done_first() -> None:
    sdk, told = find_sdk(INSTALLED), list[str]()

    seen = look_at_services(
        Depth.WIRE,
        sdk,
        sdk,
        Scope(("sqs", "importexport", "sts")),
        told.append,
        lambda _, service: Seen(2, (change(service),), notes=("the same note",)),
    )

    assert [one.service for one in seen.changes] == ["importexport", "sqs", "sts"]
    assert (seen.looked, seen.gaps, seen.notes) == (6, (), ("the same note",))
    assert told[-1:] in ([], ["wire: 3 of 3 services"])


def test_a_crash_at_one_service_is_a_gap_and_the_others_are_looked_at() -> None:
    def explore(pair: Pair, service: str) -> Seen:
        if service == "sqs":
            pair.new.ask("nonsense")
        return Seen(1)

    sdk = find_sdk(INSTALLED)

    seen = look_at_services(Depth.WIRE, sdk, sdk, Scope(("importexport", "sqs")), lambda _: None, explore)

    assert seen.gaps == (Gap("sqs", "", f"{sdk}: ValueError: nothing is known about 'nonsense'"),)
    assert seen.looked == 1


def test_a_service_that_neither_release_has_is_a_gap() -> None:
    sdk = find_sdk(INSTALLED)

    seen = look_at_services(Depth.WIRE, sdk, sdk, Scope(("importexprot",)), lambda _: None, lambda *_: Seen(1))

    assert [(gap.service, gap.reason) for gap in seen.gaps] == [
        ("importexprot", "neither release has it; did you mean importexport?")
    ]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (
            "raise ImportError('cannot import name Mapping')",
            "ended with status 1: ImportError: cannot import name Mapping",
        ),
        ("BOTOCORE_ROOT = os.devnull", "has no service models"),
    ],
)
def test_a_release_that_does_not_run_makes_the_depth_unknown(
    source: str, reason: str, plant: Callable[[str], Sdk]
) -> None:
    seen = look_at_services(
        Depth.WIRE, find_sdk(INSTALLED), plant(source), Scope(("importexport",)), lambda _: None, lambda *_: Seen(1)
    )

    assert seen.looked == 0
    assert seen.failed.endswith(reason)

"""Which fault strikes which attempt, how often, and how late."""

from __future__ import annotations

import statistics

import pytest
from botoproof.contract.errors import BadPlan
from botoproof.contract.faults.fault import Fault, fault
from botoproof.contract.faults.kind import Value
from botoproof.contract.faults.plan import Plan, Step, always, on, once, times
from botoproof.contract.faults.plan_text import parse_plan


def struck(text: str, attempts: int = 4, call: int = 0, operation: str = "UpdateJob") -> list[str]:
    plan = parse_plan(text)
    return [str(plan.decide("importexport", operation, call, number) or "") for number in range(1, attempts + 1)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("UpdateJob=2*dns->ok", ["dns", "dns", "", ""]),
        ("UpdateJob=2*dns", ["dns", "dns", "", ""]),
        ("UpdateJob=once*ok->dns", ["", "dns", "dns", "dns"]),
        ("UpdateJob=1*dns->2*skew->1*redirect", ["dns", "skew", "skew", "redirect"]),
        ("importexport.*=always*dns", ["dns"] * 4),
        ("s3.*=dns", [""] * 4),
        ("GetStatus=dns; *=redirect", ["redirect"] * 4),
        ("UpdateJob#1=dns", [""] * 4),
        ("UpdateJob#0=ok; UpdateJob=dns", [""] * 4),
    ],
)
def test_the_first_rule_that_fits_decides_and_its_steps_go_by_attempts(text: str, expected: list[str]) -> None:
    assert struck(text) == expected


def test_a_plan_made_of_data_is_the_one_made_of_text() -> None:
    first = on("UpdateJob", once(fault("dns")), times(2, fault("skew")), call=0)
    plan = Plan((first, on("*", always(fault("redirect")))))

    assert plan == parse_plan("UpdateJob#0=1*dns->2*skew; *=redirect")


def test_a_percentage_holds_over_many_calls_and_is_the_same_each_time() -> None:
    plan = parse_plan("seed=3; *=25%dns")

    hits = [plan.decide("s", "O", call, 1) is not None for call in range(2000)]

    assert 0.2 < sum(hits) / len(hits) < 0.3
    assert hits == [plan.decide("s", "O", call, 1) is not None for call in range(2000)]
    assert hits != [parse_plan("seed=4; *=25%dns").decide("s", "O", call, 1) is not None for call in range(2000)]


def latencies(text: str) -> list[float]:
    plan = parse_plan(f"*={text}")
    return [strike.seconds for call in range(4000) if (strike := plan.decide("s", "O", call, 1))]


def test_a_lognormal_latency_has_its_median_and_99th_percentile() -> None:
    drawn = latencies("latency(lognormal, median=50ms, p99=2s)")

    assert statistics.median(drawn) == pytest.approx(0.05, rel=0.15)
    assert statistics.quantiles(drawn, n=100)[98] == pytest.approx(2, rel=0.4)


def test_a_uniform_latency_lies_between_its_bounds() -> None:
    drawn = latencies("latency(uniform, low=1s, high=3s)")

    assert 1 <= min(drawn) < 1.1
    assert 2.9 < max(drawn) <= 3
    assert statistics.mean(drawn) == pytest.approx(2, rel=0.05)


def test_latencies_add_up() -> None:
    assert set(latencies("latency(1s)+latency(500ms)")) == {1.5}


@pytest.mark.parametrize(
    ("faults", "message"),
    [
        (("dns", "reset.mid_body"), "dns and reset.mid_body cannot strike the same attempt"),
        (("dns", "redirect"), "dns leaves no answer of this attempt for redirect to strike"),
        (("redirect", "skew"), "redirect and skew cannot strike the same attempt"),
        (("close.mid_body", "length.short"), "close.mid_body and length.short cannot strike the same attempt"),
        (("stale", "xml.root"), "stale leaves no answer of this attempt for xml.root to strike"),
    ],
)
def test_faults_that_cannot_strike_together_are_refused(faults: tuple[str, ...], message: str) -> None:
    with pytest.raises(BadPlan) as caught:
        Step(tuple(map(Fault, faults)))

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("kind", "arguments", "message"),
    [
        ("stauts", {}, "unknown fault 'stauts'; did you mean status?"),
        ("status", {}, "status needs code"),
        (
            "status",
            {"code": 503, "bdy": "html"},
            "status has no argument 'bdy'; it takes code, body, retry_after, amz_retry_after; did you mean body?",
        ),
        ("dns", {"host": "x"}, "dns has no argument 'host'; it takes nothing"),
        ("status", {"code": 503, "body": "hmtl"}, "status: body has no choice 'hmtl'; did you mean html?"),
        (
            "latency",
            {"time": "50"},
            "latency: time must be a duration such as 50ms or 2s, at least 0s, or uniform or lognormal, got '50'",
        ),
        ("latency", {"time": "uniform", "low": "2s", "high": "1s"}, "latency: low must not be above high"),
        ("latency", {"time": "1s", "p99": "1s"}, "latency: p99 has no meaning for a fixed time"),
        ("duplicate", {"times": 1}, "duplicate: times must be a whole number, at least 2, at most 100, got 1"),
        ("duplicate", {"times": 2.5}, "duplicate: times must be a whole number, at least 2, at most 100, got 2.5"),
        ("duplicate", {"times": True}, "duplicate: times must be a whole number, at least 2, at most 100, got True"),
    ],
)
def test_a_fault_that_is_none_is_told_in_full(kind: str, arguments: dict[str, Value], message: str) -> None:
    with pytest.raises(BadPlan) as caught:
        fault(kind, **arguments)

    assert str(caught.value) == message


def test_what_holds_anyway_is_not_kept() -> None:
    assert fault("throttle", code="Throttling", status=400) == fault("throttle")
    assert str(fault("drip", size="8B", every=0.05)) == "drip"

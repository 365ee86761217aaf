"""Each verdict of the mark every_fault: code that gets it, and code that does not."""

from __future__ import annotations

import pytest

from .faulty import NEVER_AGAIN, Faulty

UPDATE = '"importexport.UpdateJob"'
BOTH = f"{UPDATE}, survives=[RerouteRefused, OutcomeUnknown]"
PLAIN = "assert {}(endpoint.client(), job) is True"
ONCE = f"assert {{}}(endpoint.client({NEVER_AGAIN}), job) is True"

BAD: tuple[tuple[str, str, str, str, str], ...] = (
    ("fault-escaped", BOTH, PLAIN.format("textbook"), "close.mid_body", "*ResponseParserError, botocore's but no*"),
    ("fault-escaped", BOTH, PLAIN.format("textbook"), "status(200,body=xml)", "*KeyError, a bare one out of botocore*"),
    ("fault-escaped", UPDATE, PLAIN.format("update"), "error(InvalidJobIdException)", "*a documented error, a*"),
    ("fault-escaped", UPDATE, PLAIN.format("update"), "throttle", "*ClientError, a plain ClientError*"),
    ("fault-escaped", UPDATE, PLAIN.format("update"), "dns", "*EndpointConnectionError, a BotoCoreError*"),
    ("fault-escaped", UPDATE, PLAIN.format("textbook"), "dns", "*RerouteRefused, the code's own (at shipping.py:*"),
    ("fault-escaped", UPDATE, PLAIN.format("update"), "xml.member_missing", "*KeyError, the code's own*shipping.py:*"),
    ("fault-swallowed", BOTH, PLAIN.format("swallowing"), "error(CanceledJobIdException)", "*refused: Canceled*"),
    ("fault-swallowed", BOTH, PLAIN.format("swallowing"), "connect.refused", "*ended in EndpointConnectionError*"),
    ("fault-unknown-as-success", BOTH, ONCE.format("swallowing"), "response_lost", "*ConnectionClosedError at ship*"),
    ("fault-unknown-as-failure", BOTH, ONCE.format("textbook"), "response_lost", "*did it, and the code raised R*"),
    ("fault-effect-duplicated", BOTH, PLAIN.format("mended"), "response_lost:once", "*did 2: 2 attempts in 1 call*"),
    ("fault-attempts", f"{BOTH}, attempts=2", PLAIN.format("mended"), "connect.refused", "*got: 3 attempts"),
    ("fault-attempts", BOTH, PLAIN.format("stubborn"), "connect.refused", "*attempts, where the run was stopped"),
    ("fault-deadline", f"{BOTH}, deadline=100", PLAIN.format("mended"), "connect.timeout", "*got: 180.* s"),
    ("fault-assertion", BOTH, PLAIN.format("mended"), "result.false", "*assert False is True*test_ship.py:*"),
)  # fmt: skip

GOOD: tuple[tuple[str, str, str], ...] = (
    (BOTH, PLAIN.format("mended"), "close.mid_body:always"),
    (BOTH, PLAIN.format("mended"), "status(200,body=xml)"),
    (UPDATE, "with pytest.raises(Exception) if faults.injected else __import__('contextlib').nullcontext():\n"
             "        update(endpoint.client(), job)", "error(InvalidJobIdException)"),
    (f"{UPDATE}, survives=['InvalidJobIdException']", PLAIN.format("update"), "error(InvalidJobIdException)"),
    (f"{UPDATE}, survives='ClientError'", PLAIN.format("update"), "throttle"),
    (BOTH, PLAIN.format("textbook"), "dns"),
    (BOTH, PLAIN.format("mended"), "xml.member_missing"),
    (BOTH, PLAIN.format("mended"), "error(CanceledJobIdException)"),
    (BOTH, PLAIN.format("asking"), "error(CanceledJobIdException)"),
    (BOTH, PLAIN.format("stubborn"), "connect.refused:once"),
    (BOTH, PLAIN.format("swallowing"), "connect.refused:once"),
    (BOTH, "assert str(faults.injected) and swallowing(endpoint.client(), job)", "error(CanceledJobIdException)"),
    (BOTH, ONCE.format("mended"), "response_lost"),
    (f"{BOTH}, unknown=[RerouteRefused]", ONCE.format("textbook"), "response_lost"),
    (f"{BOTH}, idempotent=['UpdateJob']", PLAIN.format("mended"), "response_lost:once"),
    (f"{BOTH}, attempts=3", PLAIN.format("mended"), "connect.refused"),
    (f"{BOTH}, deadline=200", PLAIN.format("mended"), "connect.timeout"),
    (BOTH, "assert mended(endpoint.client(), job) is (not faults.injected)", "result.false"),
)  # fmt: skip


@pytest.mark.parametrize(("code", "mark", "line", "fault", "told"), BAD)
def test_code_that_does_not_bear_a_fault_fails_with_the_reason(
    faulty: Faulty, code: str, mark: str, line: str, fault: str, told: str
) -> None:
    faulty.write(mark, line)

    result = faulty.run(f"--fault=UpdateJob:{fault}")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines([f"*[[]{code}]", told])
    result.stdout.fnmatch_lines(["*: 1 call, 1 fault: 0 survived, 1 NOT", "*at shipping.py:*", f"*NOT*[[]{code}]"])


@pytest.mark.parametrize(("mark", "line", "fault"), GOOD)
def test_code_that_bears_a_fault_passes(faulty: Faulty, mark: str, line: str, fault: str) -> None:
    faulty.write(mark, line)

    result = faulty.run(f"--fault=UpdateJob:{fault}")

    result.stdout.fnmatch_lines(["*: 1 call, 1 fault: 1 survived, 0 NOT"])
    result.assert_outcomes(passed=2)

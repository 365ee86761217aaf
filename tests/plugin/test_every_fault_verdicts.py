"""Each verdict of the mark every_fault: code that gets it, and code that does not."""

from __future__ import annotations

import json
from fnmatch import fnmatch
from pathlib import Path

import pytest

from .faulty import NEVER_AGAIN, Faulty

UPDATE = '"importexport.UpdateJob"'
BOTH = f"{UPDATE}, survives=[RerouteRefused, OutcomeUnknown]"
RELAXED = """with pytest.raises(Exception) if faults.injected else contextlib.nullcontext():
        update(endpoint.client(), job)"""


def plain(code: str) -> str:
    return f"assert {code}(endpoint.client(), job) is True"


def once(code: str) -> str:
    """Return the line for a client that does not try again itself."""
    return f"assert {code}(endpoint.client({NEVER_AGAIN}), job) is True"


# By fault: mark, line, the code of the finding or nothing, and what was observed.
CASES: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "close.mid_headers": (
        (BOTH, plain("textbook"), "fault-escaped", "ResponseParserError, botocore's but no BotoCore*shipping.py:*"),
        (BOTH, plain("mended"), "", ""),
    ),
    "status(200,body=xml)": (
        (BOTH, plain("textbook"), "fault-escaped", "KeyError, a bare one out of botocore: *shipping.py:*"),
        (BOTH, plain("mended"), "", ""),
    ),
    "error(InvalidJobIdException)": (
        (UPDATE, plain("update"), "fault-escaped", "InvalidJobIdException, a documented error, a ClientError*"),
        (UPDATE, RELAXED, "", ""),
        (f"{UPDATE}, survives=['InvalidJobIdException']", plain("update"), "", ""),
        (f"{UPDATE}, survives='ClientError'", plain("update"), "", ""),
        (BOTH, plain("swallowing"), "fault-swallowed", "the call ended in refused: InvalidJobId* at shipping.py:*"),
        (BOTH, plain("asking"), "", ""),
        (BOTH, "assert str(faults.injected) and swallowing(endpoint.client(), job)", "", ""),
    ),
    "throttle": ((UPDATE, plain("update"), "fault-escaped", "ClientError, a plain ClientError*"),),
    "dns": (
        (UPDATE, plain("update"), "fault-escaped", "EndpointConnectionError, a BotoCoreError*"),
        (UPDATE, plain("textbook"), "fault-escaped", "RerouteRefused, the code's own (at shipping.py:*"),
        (BOTH, plain("textbook"), "", ""),
        (BOTH, plain("swallowing"), "fault-swallowed", "the call ended in EndpointConnectionError at shipping.py:*"),
        (f"{BOTH}, attempts=2", plain("mended"), "fault-attempts", "* attempts"),
        (f"{BOTH}, attempts=9", plain("mended"), "", ""),
        (BOTH, plain("stubborn"), "fault-attempts", "* attempts, where the run was stopped"),
    ),
    "dns:once": ((BOTH, plain("stubborn"), "", ""), (BOTH, plain("swallowing"), "", "")),
    "xml.member_missing": (
        (UPDATE, plain("update"), "fault-escaped", "KeyError, the code's own (at shipping.py:*"),
        (BOTH, plain("mended"), "", ""),
    ),
    "response_lost": (
        (BOTH, once("swallowing"), "fault-unknown-as-success", "the call ended in ConnectionClosed* at shipping.py:*"),
        (BOTH, once("textbook"), "fault-unknown-as-failure", "the service did it, and the code raised RerouteRefused*"),
        (f"{BOTH}, unknown=[RerouteRefused]", once("textbook"), "", ""),
        (BOTH, once("mended"), "", ""),
    ),
    "response_lost:once": (
        (BOTH, plain("mended"), "fault-effect-duplicated", "it did 2: 2 attempts in 1 call; the last call * returned"),
        (f"{BOTH}, idempotent=['UpdateJob']", plain("mended"), "", ""),
        (BOTH, once("stubborn"), "fault-effect-duplicated", "it did 2: 2 attempts in 2 calls; *"),
    ),
    "connect.timeout": (
        (f"{BOTH}, deadline=100", plain("mended"), "fault-deadline", "* s"),
        (f"{BOTH}, deadline=400", plain("mended"), "", ""),
    ),
    "result.false": (
        (BOTH, plain("mended"), "fault-assertion", "AssertionError: assert False is True*(at test_ship.py:*"),
        (BOTH, "assert mended(endpoint.client(), job) is (not faults.injected)", "", ""),
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", CASES)
def test_code_that_does_not_bear_a_fault_fails_with_the_reason_and_code_that_does_passes(
    faulty: Faulty, fault: str
) -> None:
    cases = CASES[fault]
    faulty.write_several([(mark, line) for mark, line, _, _ in cases])

    result = faulty.run(f"--fault=UpdateJob:{fault}", "--faults-report=report.json")

    tests = json.loads(Path("report.json").read_text(encoding="utf-8"))["tests"]
    came = [[(one["code"], one["observed"]) for one in test["faults"][0]["findings"]] for test in tests]
    assert [[code for code, _ in found] for found in came] == [[code] if code else [] for _, _, code, _ in cases]
    for found, (_, _, _, told) in zip(came, cases, strict=True):
        assert all(fnmatch(observed, told) for _, observed in found)
    bad = sum(bool(code) for _, _, code, _ in cases)
    result.assert_outcomes(passed=2 * len(cases) - bad, failed=bad)


def test_the_terminal_tells_call_line_reason_and_the_command_that_shows_it_again(faulty: Faulty) -> None:
    faulty.write(BOTH, plain("textbook"))

    result = faulty.run("--fault=UpdateJob:close.mid_headers")

    again = (
        'again: pytest "test_ship.py::test_it[[]UpdateJob#0:close.mid_headers:always]" --fault "UpdateJob#0:close.*"'
    )
    result.stdout.fnmatch_lines(
        [
            "*= every fault (botoproof) =*",
            "test_ship.py::test_it: 1 call, 1 fault: 0 survived, 1 NOT",
            "  importexport.UpdateJob#0 at shipping.py:* in update",
            "    NOT  close.mid_headers:always: an exception that was not declared escaped [[]fault-escaped]",
            "         ResponseParserError, botocore's but no BotoCoreError: *(at shipping.py:*",
            f"         {again}",
            "    ok   0 of 1 other faults",
        ],
        consecutive=True,
    )

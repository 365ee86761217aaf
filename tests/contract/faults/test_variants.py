"""The faults that are tried one by one."""

from __future__ import annotations

from botoproof.contract.adapters.models import read_operation
from botoproof.contract.faults.kinds import KINDS
from botoproof.contract.faults.plan_text import parse_fault
from botoproof.contract.faults.variants import variants


def test_every_kind_and_every_documented_error_is_tried_once_at_least() -> None:
    operation = read_operation("importexport", "UpdateJob")

    tried = variants(operation)

    assert {one.kind for one in tried} == set(KINDS)
    assert {one.value("code") for one in tried if one.kind == "error"} >= operation.error_codes
    assert len(set(tried)) == len(tried)


def test_every_variant_prints_back() -> None:
    tried = variants(read_operation("importexport", "UpdateJob"))

    assert [parse_fault(str(one)) for one in tried] == list(tried)

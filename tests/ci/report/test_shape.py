"""Data held to our schemas: as strict as jsonschema, but for members that no schema describes."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from botoproof.ci.report.json_report import json_report
from botoproof.ci.report.payload import Redaction
from botoproof.ci.report.reading import CONFORMANCE, FAULTS, schema_of
from botoproof.ci.report.shape import departure
from jsonschema import Draft202012Validator

from .conftest import Ran


def parts_of(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every part, of lists only the first entry."""
    yield path
    if isinstance(data, dict):
        for name, one in data.items():
            yield from parts_of(one, (*path, name))
    elif isinstance(data, list) and data:
        yield from parts_of(data[0], (*path, 0))


def changed(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return data with the part at a path replaced, or taken out when the value is Ellipsis."""
    whole = copy.deepcopy(data)
    place = whole
    for step in path[:-1]:
        place = place[step]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return whole


@pytest.fixture(scope="module")
def report(flawed: Ran) -> Any:
    """A real report, with one of each thing."""
    data = json.loads(json.dumps(json_report(flawed.result, flawed.scene, Redaction(()))))
    operations = {
        name: {key: dict(list(one.items())[:1]) if isinstance(one, dict) else one for key, one in told.items()}
        for name, told in data["operations"].items()
    }
    return {**data, "findings": data["findings"][:1], "operations": operations}


@pytest.mark.parametrize("value", [..., None, -1, {}], ids=repr)
def test_whatever_part_of_a_report_is_changed_jsonschema_and_we_agree(report: Any, value: Any) -> None:
    validator = Draft202012Validator(schema_of(CONFORMANCE))
    refused = 0

    for path in parts_of(report):
        if not path:
            continue
        wrong = changed(report, path, value)
        ours = departure(wrong, schema_of(CONFORMANCE))

        assert (ours is None) == validator.is_valid(wrong), (path, ours)
        refused += ours is not None

    assert refused > 10


def test_a_report_as_it_is_has_no_departure(report: Any) -> None:
    assert departure(report, schema_of(CONFORMANCE)) is None


def test_a_member_that_a_later_version_may_add_is_let_through(report: Any) -> None:
    assert departure({**report, "added": {"later": 1}}, schema_of(CONFORMANCE)) is None


def test_a_departure_names_the_place_what_was_expected_and_what_came(report: Any) -> None:
    wrong = changed(report, ("findings", 0, "count"), 0)

    assert departure(wrong, schema_of(CONFORMANCE)) == "findings[0].count: must be at least 1, got 0"


def test_a_keyword_that_is_not_understood_is_refused_and_never_taken_for_kept() -> None:
    with pytest.raises(ValueError, match="no schema of ours may use 'maxLength'"):
        departure("text", {"maxLength": 1})


@pytest.mark.parametrize("name", [CONFORMANCE, FAULTS])
def test_our_schemas_are_schemas(name: str) -> None:
    Draft202012Validator.check_schema(schema_of(name))

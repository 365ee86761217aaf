from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from botoproof.ci.upgrade.accepting import Accepted
from botoproof.ci.upgrade.answer import Scope
from botoproof.ci.upgrade.data import answer_json, read_schema
from botoproof.ci.upgrade.depths import look_at
from botoproof.ci.upgrade.rule import Depth
from botoproof.ci.upgrade.sdk import Sdk
from botoproof.ci.upgrade.verdict import Answer, answer
from botoproof.ci.upgrade.walk import Walked, walk, way
from botoproof.ci.upgrade.walk_showing import walk_data, walk_lines
from botoproof.ci.upgrade.weighing import Policy
from botoproof.contract.errors import BadConfiguration, SdkUnavailable
from jsonschema import Draft202012Validator

from .planted import SERVICE, Files, both, changed, files, put, shape, wheel

_LESS = shape("PlantInput", "members", "Depth", value=None)
_MORE = put(SERVICE, "operations", "Prune", value={"name": "Prune", "http": {"method": "POST", "requestUri": "/"}})


def walked(folder: Path, contents: Mapping[str, Files], lost: Mapping[str, str] | None = None) -> tuple[Answer, Walked]:
    """Walk from the first to the last of planted releases; what is lost cannot be had."""
    sdks = {version: wheel(folder, version, content) for version, content in contents.items()}
    first, *_, last = contents
    quietly = lambda _: None  # noqa: E731 - shorter where it is used twice

    def find(version: str) -> Sdk:
        if lost and version in lost:
            raise SdkUnavailable(lost[version])
        return sdks[version]

    looks = look_at([Depth.MODELS], sdks[first], sdks[last], Scope(), quietly)
    answered = answer(sdks[first], sdks[last], looks, Scope(), Policy(), Accepted())
    return answered, walk(answered, way(sdks[first], sdks[last], contents), quietly, find=find)


def test_a_finding_is_told_with_the_release_that_brought_it(tmp_path: Path) -> None:
    answered, found = walked(
        tmp_path, {"1.0.0": files(), "1.0.1": files(), "1.0.2": changed(_LESS), "1.0.3": changed(_LESS)}
    )

    lines = list(walk_lines(found, answered))

    assert lines[0] == "on the way from 1.0.0 to 1.0.3, 3 releases (models of each)"
    assert lines[1].split("[")[0] == "  1.0.2     error: input-member-removed "
    assert len(lines) == 3


def test_what_came_and_went_is_told_though_both_ends_are_equal(tmp_path: Path) -> None:
    answered, found = walked(tmp_path, {"1.0.0": files(), "1.0.1": changed(_MORE), "1.0.2": files()})

    assert answered.findings == ()
    assert list(walk_lines(found, answered))[1:4] == [
        "  nothing came that stays",
        "came and went on the way:",
        "  operation-added planted.Prune: with 1.0.1 until 1.0.2",
    ]


def test_a_release_that_cannot_be_had_is_named_and_what_came_may_have_come_with_it(tmp_path: Path) -> None:
    contents = {"1.0.0": files(), "1.0.1": files(), "1.0.2": changed(_LESS)}

    answered, found = walked(tmp_path, contents, {"1.0.1": "there is no wheel of 1.0.1"})

    lines = list(walk_lines(found, answered))
    assert lines[1].endswith("(or with 1.0.1, of which nothing is known)")
    assert lines[2] == "unknown  1.0.1: there is no wheel of 1.0.1"
    assert walk_data(found)["unknown"] == [{"release": "1.0.1", "depth": None, "reason": "there is no wheel of 1.0.1"}]


def test_models_that_cannot_be_read_are_unknown_for_their_service(tmp_path: Path) -> None:
    broken = files()
    broken[SERVICE] = b"{"

    answered, found = walked(tmp_path, {"1.0.0": files(), "1.0.1": broken, "1.0.2": changed(_LESS)})

    lines = list(walk_lines(found, answered))
    assert lines[1].endswith("(or with 1.0.1, of which nothing is known)")
    assert lines[2].startswith("unknown  1.0.1, models: planted: ")


def test_the_way_stands_in_the_json_as_its_schema_says(tmp_path: Path) -> None:
    contents = {"1.0.0": files(), "1.0.1": changed(_MORE), "1.0.2": changed(_LESS), "1.0.3": changed(_LESS)}

    found = json.loads(answer_json(*walked(tmp_path, contents, {"1.0.2": "gone"})))

    Draft202012Validator(read_schema()).validate(found)
    assert [(one["rule"], one["stays"], one["spans"]) for one in found["walk"]["courses"]] == [
        ("operation-added", False, [{"first": "1.0.1", "after": "1.0.0", "gone": "1.0.3"}]),
        ("input-member-removed", True, [{"first": "1.0.3", "after": "1.0.1", "gone": None}]),
    ]


def test_of_many_findings_of_one_rule_some_are_told_and_the_others_counted(tmp_path: Path) -> None:
    names = [f"Part{number}" for number in range(10)]
    more = both(*(shape("PlantInput", "members", name, value={"shape": "Name"}) for name in names))

    answered, found = walked(tmp_path, {"1.0.0": changed(more), "1.0.1": files(), "1.0.2": files()})

    lines, whole = ["\n".join(walk_lines(found, answered, every=every)) for every in (False, True)]
    assert lines.count("error: input-member-removed") == 8
    assert "and 2 more of input-member-removed, which --all tells" in lines
    assert whole.count("error: input-member-removed") == 10


def test_the_way_goes_downwards_when_the_upgrade_does() -> None:
    known = ("1.10.0", "1.9.1", "1.9.0", "1.8.0", "2.0.0rc1")

    assert way(_sdk("1.10.0"), _sdk("1.8.0"), known) == ("1.10.0", "1.9.1", "1.9.0", "1.8.0")


def test_the_ends_belong_to_the_way_though_the_index_does_not_have_them() -> None:
    assert way(_sdk("1.9.5"), _sdk("1.99.0"), ("1.9.0", "1.10.0")) == ("1.9.5", "1.10.0", "1.99.0")


def test_a_number_that_is_none_of_a_release_has_no_way() -> None:
    with pytest.raises(BadConfiguration, match=r"^--walk goes by the numbers of releases, and ours is 1\.9\.5\.dev1$"):
        way(Sdk("ours", "1.9.5.dev1", Path()), _sdk("1.10.0"), ())


def _sdk(version: str) -> Sdk:
    return Sdk(version, version, Path())

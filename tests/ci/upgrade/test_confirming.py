"""Errors of models are tried in two releases that know a planted service; what is not felt is no error."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.model import ServiceModel
from botoproof.ci.upgrade.answer import Scope
from botoproof.ci.upgrade.change import Change
from botoproof.ci.upgrade.confirming import confirm
from botoproof.ci.upgrade.depths import look_at
from botoproof.ci.upgrade.rule import Depth
from botoproof.ci.upgrade.sdk import Sdk
from botoproof.ci.upgrade.witnesses import OF_CALLS, OF_ERRORS, OF_RESULTS, steps_of, try_of, value_at

from .planted import RULESET, SERVICE, Edit, Files, a_change, both, changed, looked, saw, shape

SCOPE = Scope(("planted",))
Knows = Callable[[Files], Sdk]


@pytest.fixture
def knows(plant: Callable[[str], Sdk], tmp_path: Path) -> Knows:
    """Return what makes a release, a process of which knows the planted service beside its own."""
    count = 0

    def release(content: Files) -> Sdk:
        nonlocal count
        count += 1
        for name in (name for name in content if name.startswith("planted/") and name != RULESET):
            path = tmp_path / f"data{count}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(content[name]), "utf-8")
        data = str(tmp_path / f"data{count}")
        return plant(f"import botocore.loaders\nbotocore.loaders.Loader.CUSTOMER_DATA_PATH = {data!r}")

    return release


OLDER = both(shape("Place", "members", "North", value={"shape": "Row"}))
NEWER = both(
    OLDER,
    shape("Place", "members", "North", value=None),
    shape("Place", "required", value=["East"]),
    shape("Bed", "members", "Up", value={"shape": "Row"}),
    shape("Bed", "required", value=["Up"]),
    shape("Bed", "members", "Row", value=None),
    shape("Kind", "type", value="boolean"),
    shape("Kind", "enum", value=None),
    shape("Seed", "min", value=3),
    shape("Depth", "min", value=4),
    shape("Root", "members", "Length", value=None),
    shape("Fruit", "type", value="string"),
    shape("Withered", "error", "code", value="Dry"),
)


def test_errors_of_models_have_a_witness_that_was_good_before_and_says_whether_they_are_felt(
    tmp_path: Path, knows: Knows
) -> None:
    old, new = knows(changed(OLDER)), knows(changed(NEWER))

    seen = confirm(looked(tmp_path, changed(OLDER), changed(NEWER)), old, new, SCOPE, lambda _: None)

    tried = {(one.rule, one.path): one.witness for one in seen.changes if one.rule in OF_CALLS | OF_RESULTS | OF_ERRORS}
    assert set(tried) == {
        ("input-member-removed", "$.Where.North"),
        ("input-required-added", "$.Beds[].Up"),
        ("input-member-removed", "$.Beds[].Row"),
        ("input-became-required", "$.Where.East"),
        ("input-type-changed", "$.Kind"),
        ("min-tightened", "$.Seed"),
        ("min-tightened", "$.Depth"),
        ("output-member-removed", "$.Roots[].Length"),
        ("output-type-changed", "$.Seed"),
        ("error-code-changed", "!Withered"),
    }
    felt = {place: None if one is None else one.confirms for place, one in tried.items()}
    # Of bytes botocore checks no bounds, whatever the model says. And what beds need now is not known to the older
    # release, so that no call shows the loss of their rows alone.
    exceptions = {("min-tightened", "$.Seed"): False, ("input-member-removed", "$.Beds[].Row"): None}
    assert felt == {**dict.fromkeys(tried, True), **exceptions}
    bounded = tried[("min-tightened", "$.Depth")]
    assert bounded is not None
    assert bounded.asked == 'Plant(**{"Depth": 3, "Name": "abc"})'
    assert (bounded.before, "min value: 4" in bounded.after) == ("accepted", True)


def test_an_sdk_that_does_not_run_leaves_what_the_models_tell_as_it_is(tmp_path: Path, plant: Any) -> None:
    seen = looked(tmp_path, changed(OLDER), changed(NEWER))

    confirmed = confirm(seen, plant("raise SystemExit(3)"), plant("pass"), SCOPE, lambda _: None)

    assert confirmed == seen


def test_models_alone_run_no_sdk(tmp_path: Path) -> None:
    nowhere = Sdk("1.0.0", "1.0.0", tmp_path / "none.whl", tmp_path / "no-python")

    [seen] = look_at([Depth.MODELS], nowhere, nowhere, SCOPE, lambda _: None)

    assert seen.failed.startswith("there is no wheel")


def _inputs(edit: Edit) -> Any:
    model = ServiceModel(changed(edit)[SERVICE], "planted")
    return model.operation_model("Plant").input_shape


@pytest.mark.parametrize(
    ("change", "control", "probe"),
    [
        (a_change("input-member-removed", path="$.Where.North"), {}, {"North": 1}),
        (a_change("input-became-required", path="$.Where.East"), {"East": 1}, {}),
    ],
)
def test_control_and_probe_differ_in_the_place_of_the_change_only(
    change: Change, control: dict[str, int], probe: dict[str, int]
) -> None:
    newer = both(OLDER, shape("Place", "members", "North", value=None), shape("Place", "required", value=["East"]))

    made = try_of(change, _inputs(OLDER), _inputs(newer), "planted")

    rest = {} if change.path.endswith("East") else {"East": 1}
    assert made is not None
    assert made.control == {"Name": "abc", "Where": {**rest, **control}}
    assert made.probe == {"Name": "abc", "Where": {**rest, **probe}}


@pytest.mark.parametrize("path", ["!Withered.Cause", "$", "$.Where{key}", "$.Nowhere.East", "$.Name.East", "@x"])
def test_nothing_is_tried_where_no_value_stands(path: str) -> None:
    assert try_of(a_change("input-member-removed", path=path), _inputs(OLDER), _inputs(NEWER), "planted") is None


def test_a_service_of_which_nothing_is_an_error_is_not_asked(tmp_path: Path) -> None:
    nowhere = Sdk("1.0.0", "1.0.0", tmp_path / "none.whl", tmp_path / "no-python")
    seen = saw(a_change("shape-renamed"), a_change("input-member-removed", "other.Plant"))

    assert confirm(seen, nowhere, nowhere, SCOPE, lambda _: None) is seen


def test_a_value_is_found_at_the_end_of_its_way() -> None:
    value = {"Tags": [{"Values": {"k": "v"}}]}

    assert value_at(value, steps_of("$.Tags[].Values{}") or ()) == "v"
    assert value_at(value, ("Tags", "[]", "Other")) is None
    assert value_at({"Tags": []}, ("Tags", "[]")) is None
    assert value_at({"Tags": 1}, ("Tags", "X")) is None

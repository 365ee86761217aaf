"""Manifests made from data: valid for every kind in every world, and one change away from that."""

from __future__ import annotations

from dataclasses import replace

import pytest
from botoproof.contract.codec.yaml_text import read_yaml
from botoproof.contract.services.importexport import World
from botoproof.contract.services.importexport.manifest import read_manifest
from botoproof.contract.services.importexport.manifests import (
    base_fields,
    base_import,
    home_address,
    places,
    with_change,
    write_manifest,
)
from botoproof.contract.services.importexport.world import Bucket, Era
from hypothesis import given
from hypothesis import strategies as st

from .bench import Bench
from .probing import poorer

KINDS = {"import": "Import", "export": "Export", "ebs": "Import", "glacier": "Import"}

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
names = st.text(st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=8)
values = st.recursive(
    texts,
    lambda inner: st.one_of(
        st.lists(st.one_of(texts, st.dictionaries(names, texts, min_size=1, max_size=3)), max_size=3),
        st.dictionaries(names, inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
)


@pytest.mark.parametrize("era", Era)
@pytest.mark.parametrize("kind", KINDS)
def test_the_baseline_of_a_kind_breaks_no_rule(bench: Bench, old_bench: Bench, kind: str, era: Era) -> None:
    chosen = bench if era is Era.B else old_bench
    text = write_manifest(base_fields(chosen.world, kind))

    assert chosen.expect(chosen.update(text, JobType=KINDS[kind])).must_succeed


@pytest.mark.parametrize(
    ("buckets", "country"),
    [
        (("ck-import-use1", "ck-import-euw1"), "USA"),
        (("ck-import-usw2",), "USA"),
        (("ck-import-euw1",), "France"),
        (("ck-import-sgp",), "Singapore"),
    ],
)
def test_the_baseline_suits_the_region_of_the_world(
    bench: Bench, world: World, buckets: tuple[str, ...], country: str
) -> None:
    smaller = poorer(world, *buckets)

    assert home_address(smaller)["country"] == country
    assert bench.expect(bench.update(base_import(smaller))).must_succeed


def test_the_parts_that_buckets_play(world: World) -> None:
    spots = places(world)

    assert (spots.home, spots.elsewhere) == ("ck-export-use1", "ck-import-usw2")
    assert (spots.in_europe, spots.denied, spots.missing) == ("ck-export-euw1", "ck-not-mine", "ck-no-such-bucket")


def test_a_world_without_buckets_has_no_parts_to_play(world: World) -> None:
    spots = places(replace(world, buckets={"ck-no-such-bucket": Bucket(access="denied")}))

    assert (spots.home, spots.elsewhere, spots.in_europe) == (None, None, None)
    assert (spots.denied, spots.missing) == ("ck-no-such-bucket", "ck-no-such-bucket-x")


def test_an_unknown_kind_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match=r"^kind must be import, export, ebs or glacier, got 'tape'$"):
        base_fields(world, "tape")


def test_a_change_sets_or_removes_one_option_and_leaves_the_rest() -> None:
    fields = {"a": "1", "b": {"c": "2"}, "d": [{"e": "3"}, {"f": "4"}]}

    assert with_change(fields, "a", "x") == {**fields, "a": "x"}
    assert with_change(fields, "a", None) == {"b": fields["b"], "d": fields["d"]}
    assert with_change(fields, "b.c", None) == {**fields, "b": {}}
    assert with_change(fields, "g.h", "x") == {**fields, "g": {"h": "x"}}
    assert with_change(fields, "d.1.f", "x") == {**fields, "d": [{"e": "3"}, {"f": "x"}]}
    assert with_change(fields, "absent", None) == fields
    assert fields == {"a": "1", "b": {"c": "2"}, "d": [{"e": "3"}, {"f": "4"}]}


@given(fields=st.dictionaries(names, values, max_size=4))
def test_what_is_written_reads_back_as_the_same(fields: dict[str, object]) -> None:
    written = write_manifest(fields)

    assert (read_yaml(written).value or {}) == fields
    assert read_manifest(written, strict_yaml=True).fields == (fields or None)

"""The manifest reader: the samples of AWS's guides, the strict switch, and whatever else a caller may send."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import yaml
from botoproof.contract.codec import yaml_text
from botoproof.contract.codec.yaml_text import DEPTH, NotYaml, TooDeep, read_yaml
from botoproof.contract.services.importexport.manifest import Kind, Manifest, manifest_kind, read_manifest
from botoproof.contract.services.importexport.world import Bucket, Era, World
from hypothesis import given
from hypothesis import strategies as st

from .bench import Bench
from .dossier import BASE_GLACIER, BASE_IMPORT, edited
from .samples import CLI_CREATE_JOB, CLI_GET_STATUS, IMPORT_TEMPLATE, SAMPLES, Sample

every_sample = pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: str(sample.name))


def job_type(kind: Kind) -> str:
    return "Export" if kind is Kind.S3_EXPORT else "Import"


@every_sample
def test_a_sample_is_read(sample: Sample) -> None:
    manifest = read_manifest(sample.text)

    assert manifest_kind(job_type(sample.kind), manifest) is sample.kind
    assert {name: manifest.text(name) for name in sample.says} == sample.says
    address = manifest.group("returnAddress")
    assert address is not None
    assert address["city"] in ("Anytown", "Seattle")


@every_sample
@pytest.mark.parametrize("era", Era)
def test_a_sample_is_accepted_in_its_era_and_only_there(
    make_bench: Callable[[World], Bench], world: World, sample: Sample, era: Era
) -> None:
    buckets = {name: Bucket() for name in ("myBucket", "lost", "threescompany")}
    bench = make_bench(replace(world, era=era, buckets=buckets))

    request = bench.update(sample.text, JobType=job_type(sample.kind))

    assert bench.expect(request).must_succeed is (era in sample.eras)
    assert (bench.code(request) is None) is (era in sample.eras)


@pytest.mark.parametrize("text", ["INVALID MANIFEST", "invalid-manifest"])
def test_a_text_without_names_is_not_well_formed(text: str) -> None:
    assert read_manifest(text) == Manifest(None, "it is a single text, not names and values")


@pytest.mark.parametrize("text", ["", " \n\t", "# bucket: later", "---", "--- \n...", "''"])
def test_a_text_without_anything_is_empty(text: str) -> None:
    manifest = read_manifest(text)

    assert (manifest.fields, manifest.empty, manifest.syntax) == (None, True, False)


def test_a_list_is_not_well_formed() -> None:
    assert read_manifest("- one\n- two\n").problem == "it is a list, not names and values"


def test_the_strict_switch_takes_the_guides_word_that_it_is_yaml() -> None:
    """The four blemishes of AWS's own samples, as PyYAML's own loader reads them."""
    template = read_manifest(IMPORT_TEMPLATE.partition("#")[0], strict_yaml=True)
    sample = read_manifest(CLI_CREATE_JOB, strict_yaml=True)

    assert template.problem == "it is a single text, not names and values"
    assert read_manifest(CLI_GET_STATUS, strict_yaml=True).syntax
    assert sample.text("manifestVersion") == "2.0;"
    assert sample.text("returnAddress") == ""
    assert sample.text("name") == "Joe Random"


def test_address_lines_without_indentation_are_moved_to_where_they_belong() -> None:
    manifest = read_manifest(CLI_CREATE_JOB)
    address = manifest.group("returnAddress")

    assert address is not None
    assert (address["name"], address["street2"], address["postalCode"]) == ("Joe Random", "", "07030")
    assert manifest.fields is not None
    assert not manifest.fields.keys() & address.keys()
    assert manifest.mended


def test_values_stay_the_texts_that_they_are() -> None:
    text = "eraseDevice: yes\npostalCode: 07030\ndeviceId: 532404500021\nnothing: null\nwhen: 2012-07-24\nblank:\n"

    assert read_manifest(text, strict_yaml=True).fields == {
        "eraseDevice": "yes",
        "postalCode": "07030",
        "deviceId": "532404500021",
        "nothing": "null",
        "when": "2012-07-24",
        "blank": "",
    }


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("a:b", "b"),
        ("a: b", "b"),
        ("a:b:c", "b:c"),
        ("a: b:c", "b:c"),
        ("a:b;", "b"),
        ("a: b; ", "b"),
        ("a: b;\r", "b"),
        ("a: b;c", "b;c"),
        ("a: ;", ""),
        ("a:/", "/"),
        ("a:/b/c", "/b/c"),
        ("a:", ""),
        ("a:'b;'", "b;"),
        ('a:"b: c"', "b: c"),
        ("a: Amazon.com ATTN:Joe Random", "Amazon.com ATTN:Joe Random"),
        ("a: http://example.com", "http://example.com"),
    ],
)
def test_only_the_first_colon_and_the_last_semicolon_of_a_line_are_mended(line: str, value: str) -> None:
    assert read_manifest(f"{line}\n").fields == {"a": value}


@pytest.mark.parametrize("text", ["http://example.com", "C:\\temp"])
def test_an_address_or_a_path_is_no_option(text: str) -> None:
    assert read_manifest(text).fields is None


def test_line_ends_of_windows_make_no_difference() -> None:
    for sample in SAMPLES:
        assert read_manifest(sample.text.replace("\n", "\r\n")).fields == read_manifest(sample.text).fields


def test_a_right_manifest_needs_no_mending() -> None:
    assert not read_manifest(BASE_IMPORT).mended
    assert read_manifest(BASE_IMPORT).doubt == ""


def test_the_last_of_two_values_counts_and_is_in_doubt() -> None:
    manifest = read_manifest("bucket: a\nbucket: b\n")

    assert manifest.fields == {"bucket": "b"}
    assert manifest.doubt == "the option 'bucket' stands twice"


def test_tabs_do_not_indent() -> None:
    manifest = read_manifest("returnAddress:\n\tname: Jane\n")

    assert manifest.syntax
    assert manifest.problem == "found character that cannot start any token (line 2)"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (BASE_GLACIER, Kind.GLACIER),
        (edited(BASE_GLACIER, ("glacier", "Glacier")), Kind.GLACIER),
        (edited(BASE_GLACIER, ("glacier", "EBS-Snapshot")), Kind.EBS),
        (edited(BASE_GLACIER, ("glacier", "tape")), None),
        (edited(BASE_GLACIER, ("destination: glacier", "destination: [glacier]")), None),
        (edited(BASE_GLACIER, ("3.0", "2.0")), Kind.GLACIER),
        (BASE_IMPORT, Kind.S3_IMPORT),
        (edited(BASE_IMPORT, ("2.0", "3.0")), None),
        ("INVALID MANIFEST", None),
    ],
)
def test_version_and_destination_tell_the_kind_of_an_import(text: str, kind: Kind | None) -> None:
    assert manifest_kind("Import", read_manifest(text)) is kind


@pytest.mark.parametrize("text", [BASE_GLACIER, BASE_IMPORT])
def test_an_export_is_an_export_whatever_its_manifest(text: str) -> None:
    assert manifest_kind("export", read_manifest(text)) is Kind.S3_EXPORT


def test_what_is_no_text_no_map_or_no_list_of_maps_is_told_apart() -> None:
    manifest = read_manifest("a: {b: c}\nd: [e]\noperations: [{f: g}, h]\n")

    assert (manifest.text("a"), manifest.text("d"), manifest.group("a")) == (None, None, {"b": "c"})
    assert (manifest.group("d"), manifest.group("absent"), manifest.text("absent")) == (None, None, None)
    assert manifest.operations == ({"f": "g"},)
    assert read_manifest("operations: all\n").operations == ()


HOSTILE = {
    "a billion laughs": "a0: &a0 ha\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 100)),
    "an ignore list of a billion": "a0: &a0 [ha]\n"
    + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    + "ignore: *a59\nmanifestVersion: *a59\noperations: [{destination: *a59}]\n",
    "a list that holds itself": "a: &a [*a]",
    "an unknown alias": "a: *b",
    "brackets": "[" * 100_000,
    "braces": "{a: " * 100_000,
    "dashes": "- " * 100_000,
    "questions": "? " * 100_000,
    "quotes": '"' * 100_001,
    "colons": "a:" * 100_000,
    "semicolons": "; " * 100_000,
    "tabs": "\t" * 100_000 + "a",
    "ampersands": "&a " * 50_000,
    "tags": "!!" * 50_000,
    "a lone surrogate": "a: \ud800",
    "an escaped surrogate": 'a: "\\ud800"',
    "a NUL": "a: \0",
    "a bell": "a: \a",
    "an object": "!!python/object/apply:os.system ['true']",
    "a merge": "<<: {a: b}\nc: d\n",
    "a list as a name": "? [a]\n: b\n",
    "a map as a name": "{a: b}: c\n",
    "two documents": "a: b\n---\nc: d\n",
    "a directive": "%YAML 1." + "9" * 5000 + "\n--- a",
    "an unfinished tag": "!<",
    "a byte order mark": "\ufeffa: b",
    "separators": "a: b\x85c: d\u2028e: f",
    "megabytes in one value": "a: " + "x" * 3_000_000,
    "megabytes of options": "".join(f"k{n}: v\n" for n in range(100_000)),
}


# With libyaml, where PyYAML has it, and without, where megabytes would take minutes.
LOADERS = [(name, "CBaseLoader") for name in HOSTILE if hasattr(yaml, "CBaseLoader")]
LOADERS += [(name, "BaseLoader") for name, text in HOSTILE.items() if len(text) <= 300_000]


@pytest.mark.parametrize(("name", "loader"), LOADERS)
def test_no_text_breaks_the_reader(name: str, loader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML's own loaders recurse, and with libyaml end the process on some of these."""
    text = HOSTILE[name]
    monkeypatch.setattr(yaml_text, "_Loader", getattr(yaml, loader))

    for strict in (True, False):
        manifest = read_manifest(f"{text}\n#{loader}", strict_yaml=strict)
        manifest_kind("Import", manifest)

        assert manifest.fields is not None or manifest.problem


@pytest.mark.parametrize("name", HOSTILE)
def test_no_manifest_breaks_the_endpoint(bench: Bench, name: str) -> None:
    request = bench.update("x" if "\ud800" in HOSTILE[name] else HOSTILE[name])
    expectation = bench.expect(request)

    code = bench.code(request)

    assert expectation.undecided or code in expectation.codes


@given(text=st.text(), strict=st.booleans())
def test_no_text_at_all_breaks_the_reader(text: str, *, strict: bool) -> None:
    manifest = read_manifest(text, strict_yaml=strict)

    assert isinstance(manifest.fields, dict) or manifest.problem


@given(text=st.text(st.sampled_from("ab:-? \n\t[]{},!|>'\"%#;@`0"), max_size=60))
def test_what_is_read_is_what_pyyaml_reads(text: str) -> None:
    """Anchors aside: PyYAML takes no anchor twice, and lists that hold themselves."""
    try:
        wanted = yaml.load(text, yaml_text._Loader)  # noqa: S506 - makes nothing but strings, lists and dicts
    except (yaml.YAMLError, RecursionError):
        wanted = NotYaml
    try:
        read = read_yaml(text)
    except NotYaml:
        assert wanted is NotYaml
    else:
        assert read.value == wanted


def test_nesting_is_bounded_exactly() -> None:
    assert read_yaml("[" * DEPTH + "]" * DEPTH).value is not None
    with pytest.raises(TooDeep, match=rf"^it nests deeper than {DEPTH} levels$"):
        read_yaml("[" * (DEPTH + 1))


def test_deep_nesting_is_refused_and_in_doubt(bench: Bench) -> None:
    request = bench.update("[" * 100 + "]" * 100)

    assert bench.code(request) == "MalformedManifestException"
    assert bench.expect(request).undecided == "it nests deeper than 32 levels"


def test_long_texts_are_not_kept() -> None:
    text = BASE_IMPORT + "# " + "x" * 30_000

    assert read_manifest(text) is not read_manifest(text)
    assert read_manifest(BASE_IMPORT) is read_manifest(BASE_IMPORT)

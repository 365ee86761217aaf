"""`--botoproof-sdk`: the calls of tests, made again under another release, which is planted: nothing is fetched."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from botoproof.ci.upgrade.versions import INSTALLED, find_sdk

TESTS = """
    import io

    import boto3
    from botocore.stub import Stubber

    KEYS = {"region_name": "us-east-1", "aws_access_key_id": "a", "aws_secret_access_key": "b"}

    def test_first(botoproof_endpoint):
        botoproof_endpoint.client().list_jobs()

    def test_second(botoproof_endpoint):
        botoproof_endpoint.client().list_jobs()
        body = io.BytesIO(b"abc")
        client = boto3.client("s3", **KEYS)
        with Stubber(client) as stubber:
            stubber.add_response("put_object", {})
            client.put_object(Bucket="bucket", Key="key", Body=body)
        assert body.read() == b"abc"
"""


def planted(folder: Path, source: str) -> str:
    """Return a python whose botocore is the installed one with `source` executed at the end of its `__init__.py`."""
    real = find_sdk(INSTALLED).place / "botocore"
    package = folder / "planted" / "botocore"
    package.mkdir(parents=True)
    init = real / "__init__.py"
    text = f"__path__[:] = [{str(real)!r}]\n__file__ = {str(init)!r}\nexec(open(__file__).read())\n"
    text += f"{source}\n__file__ = {str(package / '__init__.py')!r}\n"
    (package / "data").symlink_to(real / "data")
    (package / "__init__.py").write_text(text, "utf-8")
    python = folder / "planted" / "python"
    # -I takes no paths from the environment, and what the entrance is given comes first.
    script = (
        f"#!{sys.executable}\nimport os, sys\n"
        f"sys.path.insert(0, {str(package.parent)!r})\n"
        "given = sys.argv[1:]\n"
        "if '-c' in given:\n    exec(given[given.index('-c') + 1])\n"
        f"else:\n    os.execv({sys.executable!r}, [{sys.executable!r}, *given])\n"
    )
    python.write_text(script, "utf-8")
    python.chmod(0o755)
    return str(python)


ANOTHER_HEADER = """
import botocore.httpchecksum
import botocore.handlers
def _added(params, **kwargs):
    params["headers"]["x-planted"] = "yes"
botocore.handlers.BUILTIN_HANDLERS.append(("before-call", _added))
"""


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:randomly", *arguments)


def test_under_the_same_release_nothing_differs_and_every_call_was_made_again(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(TESTS)

    result = run(pytester, "--botoproof-sdk=installed")

    assert result.ret == 0
    result.stdout.fnmatch_lines([
        "2 calls of the tests, made again",
        "*2 operations in use",
        "*wire * 2 operations compared, nothing differs",
        "*replay * 1 operation compared, nothing differs",
        "safe, as far as models, wire and replay can tell",
    ])  # fmt: skip


@pytest.mark.parametrize("workers", ["0", pytest.param("2", marks=pytest.mark.slow)])
def test_what_another_release_sends_otherwise_fails_the_run_where_it_counts(
    pytester: pytest.Pytester, workers: str
) -> None:
    pytester.makepyfile(TESTS)
    python = planted(pytester.path, ANOTHER_HEADER)
    accept = pytester.makefile(".toml", accept='[severity]\nheader-added = "error"\n')

    result = run(
        pytester,
        "-n",
        workers,
        f"--botoproof-sdk={python}",
        f"--botoproof-sdk-accept={accept}",
        "--botoproof-sdk-report=r.json",
    )

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=2)
    (finding,) = json.loads((pytester.path / "r.json").read_text("utf-8"))["findings"]
    assert finding["rule"] == "header-added"
    assert {change["operation"] for change in finding["changes"]} == {"ListJobs", "PutObject"}


@pytest.mark.slow
def test_a_stream_that_can_be_read_once_is_unknown_and_left_to_the_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        TESTS.replace('io.BytesIO(b"abc")', "Once()").replace(
            "    KEYS = ",
            """
    class Once:
        def read(self, size=-1):
            return b"abc"

    KEYS = """,
        )
    )

    result = run(pytester, "--botoproof-sdk=installed")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines([
        "unknown  wire: s3.PutObject: a stream that can be read once only is not carried",
        "unknown (1 operation without evidence)",
    ])  # fmt: skip


def test_tests_without_calls_show_nothing(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(): pass")

    result = run(pytester, "--botoproof-sdk=installed")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["0 calls of the tests, made again", "unknown (nothing was looked at)"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--botoproof-sdk=lates",), "*--botoproof-sdk: 'lates' is no release of the SDK: *did you mean latest?"),
        (("--botoproof-sdk=none/x.whl",), "*--botoproof-sdk: there is no wheel none/x.whl"),
        (
            ("--botoproof-sdk=installed", "--botoproof-sdk-accept=none.toml"),
            "*--botoproof-sdk: there is no accept file 'none.toml'",
        ),
        (
            ("--botoproof-sdk-report=r.json",),
            "*--botoproof-sdk-report says something about --botoproof-sdk=VERSION, which is not given",
        ),
    ],
)
def test_a_mistake_is_told_in_one_line_before_a_test_runs(
    pytester: pytest.Pytester, arguments: tuple[str, ...], told: str
) -> None:
    pytester.makepyfile("def test_it(): raise AssertionError")

    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", *arguments)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([told])
    assert "Traceback" not in result.stderr.str()

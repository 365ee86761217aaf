from __future__ import annotations

import pytest

from .conftest import Run

MARKS = ("conforms",)


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("strict", [[], ["--strict-markers"]])
def test_a_mark_of_a_later_version_fails_its_test_instead_of_passing_it(
    pytester: pytest.Pytester, run: Run, mark: str, strict: list[str]
) -> None:
    pytester.makepyfile(f"import pytest\n\n@pytest.mark.{mark}\ndef test_it(): pass\n\ndef test_another(): pass")

    result = run(*strict)

    result.assert_outcomes(passed=1, errors=1)
    name = mark.partition("(")[0]
    result.stdout.fnmatch_lines([f"botoproof: the mark '{name}' is not honoured: *cannot do it yet*"])


@pytest.mark.parametrize("place", ["pytestmark = pytest.mark.conforms", "@pytest.mark.conforms\nclass TestIt:"])
def test_a_mark_on_a_class_or_a_module_counts(pytester: pytest.Pytester, run: Run, place: str) -> None:
    body = "    def test_it(self): pass" if "class" in place else "def test_it(): pass"
    pytester.makepyfile(f"import pytest\n{place}\n{body}")

    run().assert_outcomes(errors=1)


def test_a_skipped_test_stays_skipped(pytester: pytest.Pytester, run: Run) -> None:
    pytester.makepyfile("import pytest\n\n@pytest.mark.skip\n@pytest.mark.conforms\ndef test_it(): pass")

    run().assert_outcomes(skipped=1)


@pytest.mark.parametrize("line", ["conforms: to our own rules", "conforms(level): to our own rules", "conforms"])
def test_a_mark_that_the_project_registers_itself_is_left_alone(pytester: pytest.Pytester, run: Run, line: str) -> None:
    pytester.makeini(f"[pytest]\nmarkers =\n    {line}\n")
    pytester.makepyfile("import pytest\n\n@pytest.mark.conforms\ndef test_it(): pass")

    run("--strict-markers").assert_outcomes(passed=1)

"""The configuration: what it says is read, and what it should not say is told with its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botoproof.ci.configuration import Configuration, find_configuration, read_configuration, write_configuration
from botoproof.contract.codec.signature import EXAMPLE_KEY, Credential
from botoproof.contract.errors import BadConfiguration
from botoproof.contract.services import find_specification
from hypothesis import given
from hypothesis import strategies as st

DESIGNED = """
[target]
service = "importexport"
endpoint = "http://127.0.0.1:8000"
region = "us-east-1"

[credentials]                       # or the usual AWS chain when absent
access-key-id = "AKIAIOSFODNN7EXAMPLE"
secret-access-key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

[world]                             # what the endpoint holds
era = "2014-12-18"                  # or "2010-06-03"
api-versions = ["1.0"]

[world.buckets]
my-import = { region = "us-east-1", access = "write" }
my-export-eu = { region = "eu-west-1", access = "write" }

[world.jobs]
expired = ["EXP1A"]
in-progress = ["RUN1A"]
complete = ["DNE1A"]
foreign = ["FRN1A"]
"""


def read(folder: Path, text: str, name: str = "botoproof.toml") -> Configuration:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_configuration(path)


def complaint(folder: Path, text: str, name: str = "botoproof.toml") -> str:
    with pytest.raises(BadConfiguration) as caught:
        read(folder, text, name)
    return str(caught.value).replace(f"{folder}/", "")


def test_the_designed_file_is_read_whole(tmp_path: Path) -> None:
    found = read(tmp_path, DESIGNED)

    assert (found.service, found.endpoint, found.region) == ("importexport", "http://127.0.0.1:8000", "us-east-1")
    assert found.credential == EXAMPLE_KEY
    assert found.world["jobs"]["expired"] == ["EXP1A"]
    assert found.path == str(tmp_path / "botoproof.toml")


def test_its_world_is_the_specifications(tmp_path: Path) -> None:
    found = read(tmp_path, DESIGNED)

    world = found.world_of(find_specification("importexport"), EXAMPLE_KEY)

    assert world.buckets["my-export-eu"].region == "eu-west-1"
    assert set(world.jobs) == {"EXP1A", "RUN1A", "DNE1A", "FRN1A"}


def test_a_table_of_pyproject_says_the_same(tmp_path: Path) -> None:
    text = "[project]\nname = 'x'\n" + DESIGNED.replace("\n[", "\n[tool.botoproof.")

    found = read(tmp_path, text, "pyproject.toml")

    assert found.world == read(tmp_path, DESIGNED).world
    assert found.credential == EXAMPLE_KEY


def test_botoproof_toml_comes_before_pyproject(tmp_path: Path) -> None:
    tmp_path.joinpath("pyproject.toml").write_text("[tool.botoproof.target]\nregion = 'eu-west-1'\n")
    assert find_configuration(tmp_path).region == "eu-west-1"

    tmp_path.joinpath("botoproof.toml").write_text("[target]\nregion = 'us-west-2'\n")

    assert find_configuration(tmp_path).region == "us-west-2"


@pytest.mark.parametrize("text", [None, "[project]\nname = 'x'\n", "tool = 1\n", "[tool.ruff]\n"])
def test_without_a_table_of_ours_nothing_is_configured(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        tmp_path.joinpath("pyproject.toml").write_text(text)

    assert find_configuration(tmp_path) == Configuration()


def test_limits_may_be_whole_numbers(tmp_path: Path) -> None:
    found = read(tmp_path, "[target]\ntime-limit = 2\nrate = 0.5\n")

    assert (found.time_limit, found.rate) == (2.0, 0.5)


WRONG = (
    ("[target]\nservice = x\n", "botoproof.toml: not TOML: invalid value (at line 2, column 11)"),
    ("[target]\nservice = ", "botoproof.toml: not TOML: invalid value (at line 2, the end)"),
    ("[targt]\n", "botoproof.toml: there is no table 'targt'; did you mean target?"),
    ("run = 1\n", "botoproof.toml: there is no table 'run'; known: accounts, credentials, nightly, target, world"),
    ("[target]\nendpont = ''\n", "botoproof.toml: [target] has no key 'endpont'; did you mean endpoint?"),
    ("[target]\nservice = 3\n", "botoproof.toml: target.service must be a string that is not empty, got 3"),
    ("[target]\nendpoint = ''\n", "botoproof.toml: target.endpoint must be a string that is not empty, got ''"),
    ("target = 'x'\n", "botoproof.toml: target must be a table, got str"),
    ("[[world]]\n", "botoproof.toml: world must be a table, got list"),
    ("[target]\ntime-limit = 0\n", "botoproof.toml: target.time-limit must be a number above 0, got 0"),
    ("[target]\ntime-limit = nan\n", "botoproof.toml: target.time-limit must be a number above 0, got nan"),
    ("[target]\nrate = inf\n", "botoproof.toml: target.rate must be a number above 0, got inf"),
    ("[target]\nrate = true\n", "botoproof.toml: target.rate must be a number above 0, got True"),
    (
        "[credentials]\naccess-key-id = 'A'\n",
        "botoproof.toml: [credentials] needs access-key-id and secret-access-key; secret-access-key is missing",
    ),
    (
        "[credentials]\naccess-key-id = 'A'\nsecret-acess-key = 'B'\n",
        "botoproof.toml: [credentials] has no key 'secret-acess-key'; did you mean secret-access-key or access-key-id?",
    ),
)


@pytest.mark.parametrize(("text", "told"), WRONG, ids=range(len(WRONG)))
def test_what_is_not_understood_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    assert complaint(tmp_path, text) == told


def test_in_pyproject_the_place_is_the_whole_name(tmp_path: Path) -> None:
    text = "[tool.botoproof.target]\nregon = 'x'\n"

    told = complaint(tmp_path, text, "pyproject.toml")

    assert told == "pyproject.toml: [tool.botoproof.target] has no key 'regon'; did you mean region?"


def test_a_pyproject_that_was_named_must_have_our_table(tmp_path: Path) -> None:
    assert complaint(tmp_path, "", "pyproject.toml") == "pyproject.toml: there is no table [tool.botoproof]"


def test_no_message_shows_a_secret(tmp_path: Path) -> None:
    told = complaint(tmp_path, "[credentials]\naccess-key-id = 'A'\nsecret-access-key = ['hush']\n")

    assert told == "botoproof.toml: credentials.secret-access-key must be a string that is not empty, got list"


def test_a_missing_file_is_told_with_its_neighbours(tmp_path: Path) -> None:
    tmp_path.joinpath("botoproof.toml").touch()

    with pytest.raises(BadConfiguration, match=r"no configuration file .*; did you mean botoproof\.toml\?$"):
        read_configuration(tmp_path / "botoprof.toml")


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match=r"there is no folder .* either$"):
        read_configuration(tmp_path / "none" / "botoproof.toml")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="cannot be read: Is a directory"):
        read_configuration(tmp_path)


def test_a_file_that_is_not_utf_8_is_told(tmp_path: Path) -> None:
    tmp_path.joinpath("x.toml").write_bytes(b"a = '\xff'\n")

    with pytest.raises(BadConfiguration, match="not UTF-8 at byte 5"):
        read_configuration(tmp_path / "x.toml")


def test_a_name_that_no_file_can_have_is_told() -> None:
    with pytest.raises(BadConfiguration, match="cannot be read: embedded null byte"):
        read_configuration(Path("a\0b"))


def test_nesting_without_end_is_told(tmp_path: Path) -> None:
    assert "not TOML" in complaint(tmp_path, f"a = {'[' * 5000}\n")


def test_a_wrong_world_is_told_with_the_file(tmp_path: Path) -> None:
    found = read(tmp_path, "[world]\neraa = '2014-12-18'\n")

    with pytest.raises(BadConfiguration) as caught:
        found.world_of(find_specification("importexport"), EXAMPLE_KEY)

    assert str(caught.value) == f"{tmp_path}/botoproof.toml: [world] has no key 'eraa'; did you mean era?"


words = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8)
scalars = words | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
inner = st.dictionaries(words, scalars | st.lists(scalars, max_size=2) | st.dictionaries(words, scalars, max_size=2))
worlds = st.dictionaries(words, scalars | st.lists(words, max_size=2), max_size=3) | st.fixed_dictionaries(
    {"jobs": inner.filter(bool), "era": words}
)
positive = st.floats(min_value=1e-6, max_value=1e6)


@given(
    service=words,
    endpoint=st.none() | words,
    time_limit=st.none() | positive,
    key=st.none() | st.builds(Credential, words, words),
    world=worlds,
)
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory,
    service: str,
    endpoint: str | None,
    time_limit: float | None,
    key: Credential | None,
    world: dict[str, Any],
) -> None:
    path = tmp_path_factory.getbasetemp() / "written.toml"
    given_one = Configuration(str(path), service, endpoint, None, time_limit, None, key, world)

    path.write_text(write_configuration(given_one), encoding="utf-8", newline="")

    assert read_configuration(path) == given_one


ACCOUNT = """
[accounts.quota-exhausted]
access-key-id = "AKIAQUOTAUSEDEXAMPLE"
secret-access-key = "their secret"
"""


def test_the_key_of_another_account_is_read_and_written_back(tmp_path: Path) -> None:
    found = read(tmp_path, ACCOUNT)

    assert found.accounts == {"quota-exhausted": Credential("AKIAQUOTAUSEDEXAMPLE", "their secret")}
    assert found.credential is None
    again = read(tmp_path, write_configuration(found), "again.toml")
    assert again.accounts == found.accounts


def test_what_is_wrong_with_another_account_is_told_with_its_place(tmp_path: Path) -> None:
    assert complaint(tmp_path, '[accounts.quota-exhausted]\naccess-key-id = "A"\n') == (
        "botoproof.toml: [accounts.quota-exhausted] needs access-key-id and secret-access-key; "
        "secret-access-key is missing"
    )
    assert complaint(tmp_path, "[accounts]\nquota-exhausted = 1\n") == (
        "botoproof.toml: accounts.quota-exhausted must be a table, got int"
    )

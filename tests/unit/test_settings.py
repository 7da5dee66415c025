"""camp.toml: one file, every fault at once, no setting without words."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from puppetcamp.errors import SettingsError
from puppetcamp.settings import CampSettings, check_files, load, parse
from tests.requirements import need

ROOT = Path(__file__).parents[2]
LEAST = '[camp]\nname = "A camp"\n'


def fields() -> Iterator[tuple[str, str, Any]]:
    """Walk over every setting: table, key, pydantic's field."""
    for table, field in CampSettings.model_fields.items():
        model = field.annotation
        assert isinstance(model, type)
        assert issubclass(model, BaseModel)
        for key, inner in model.model_fields.items():
            yield table, key, inner


def faults(text: str) -> list[str]:
    """Return the faults of a camp.toml, one by one."""
    with pytest.raises(SettingsError) as caught:
        parse(text.encode())
    return str(caught.value).splitlines()


def test_least_is_enough() -> None:
    settings = parse(LEAST.encode())
    assert settings.camp.name == "A camp"
    assert settings.session.length == timedelta(hours=3)
    assert settings.seats.memory == 1024**3
    assert settings.staff_names == {"organizer", "instructor"}
    assert settings.rules().seats == 25
    assert not settings.server.https


def test_shipped_file_says_the_defaults() -> None:
    path = ROOT / "camp.toml"
    shipped = tomllib.loads(path.read_text())
    for table, key, field in fields():
        if key == "name":
            assert shipped[table][key]
        elif field.default is None:
            assert key not in shipped[table]
        else:
            assert shipped[table][key] == field.default, f"[{table}] {key}"
    assert load(path).session == parse(LEAST.encode()).session


def test_shipped_file_explains_every_key() -> None:
    text = (ROOT / "camp.toml").read_text()
    tables = re.split(r"(?m)^\[(\w+)\]\n", text)
    bodies = dict(zip(tables[1::2], tables[2::2], strict=True))
    assert set(bodies) == set(CampSettings.model_fields)
    for table, key, _ in fields():
        pattern = rf"(?m)^# [A-Z][^\n]+\n(?:# [^\n]+\n)*(?:# )?{key} = "
        assert re.search(pattern, bodies[table]), f"[{table}] {key} has no comment"


def test_examples_in_the_shipped_file_hold() -> None:
    text = (ROOT / "camp.toml").read_text()
    settings = parse(re.sub(r"(?m)^# (opens|closes)", r"\1", text).encode())
    assert settings.camp.opens
    assert settings.camp.closes


def test_documentation_has_a_row_for_every_setting() -> None:
    """Expect `| [table] | key | default | description |` in docs/organizer.md."""
    text = (ROOT / "docs" / "organizer.md").read_text()
    rows = {
        tuple(cell.strip().strip("`") for cell in line.strip("| \n").split("|"))
        for line in text.splitlines()
        if line.startswith("| `[")
    }
    assert rows == {
        (f"[{table}]", key, written(field), field.description)
        for table, key, field in fields()
    }


def written(field: Any) -> str:
    """Write a default as camp.toml would."""
    if field.is_required():
        return "required"
    match field.default:
        case None:
            return "none"
        case bool(switch):
            return str(switch).lower()
        case str(text):
            return f'"{text}"'
        case list(names):
            return "[" + ", ".join(f'"{name}"' for name in names) + "]"
        case other:
            return str(other)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", '[camp]: is missing; add [camp] with name = "…"'),
        ("[camp]", '[camp] name: is missing; add name = "…" below [camp]'),
        ("camp = 3", "[camp]: 3 is not a table; write a line [camp]"),
        ('[camp]\nname = "  "', "cannot be shown; write 1 to 60 printable"),
        (f'[camp]\nname = "{"x" * 61}"', "write 1 to 60 printable"),
        (LEAST + 'course = "a/b"', '[camp] course: "a/b" is not a course id'),
        (LEAST + 'timezone = "berlin"', 'write for example "Europe/Berlin"'),
        (LEAST + "opens = 2026-11-23", "has no time of day; write 2026-11-23T09:00:00"),
        (LEAST + "opens = 09:00:00", "09:00:00 is not a moment; write one like"),
        (LEAST + 'opens = "2026-11-23"', "is text; write a moment without quotes"),
        (
            LEAST + "opens = 2026-11-23T17:00:00\ncloses = 2026-11-23T09:00:00",
            "[camp] closes: the camp closes before it opens",
        ),
        (LEAST + "[session]\nlength = 180", "[session] length: 180 has no unit"),
        (LEAST + '[session]\nlength = "3 hours"', '"3 hours" is not a duration; write'),
        (LEAST + '[session]\nlength = "9s"', 'out of range; write "10s" to "24h"'),
        (LEAST + '[session]\nidle_timeout = "59s"', 'write "1m" to "24h"'),
        (LEAST + "[seats]\ncount = 0", "[seats] count: 0 is out of range"),
        (LEAST + "[seats]\ncount = true", "true is not a whole number"),
        (LEAST + '[seats]\nmemory = "1GB"', '"1GB" is not a size; write it like'),
        (LEAST + '[seats]\nmemory = "1M"', 'write "256M" to "256G"'),
        (LEAST + '[seats]\ncpus = "1"', '"1" is not a number'),
        (LEAST + "[seats]\ncpus = nan", "nan is out of range"),
        (LEAST + "[staff]\norganizers = []", "holds no name; write at least 1"),
        (LEAST + '[staff]\norganizers = ["Bo B"]', '"Bo B" cannot be a name'),
        (LEAST + '[staff]\norganizers = "bo"', "is not a list of names"),
        (LEAST + '[staff]\norganizers = ["a", "a"]', "a is listed twice"),
        (LEAST + '[staff]\norganizers = ["instructor"]', "is in organizers too"),
        (LEAST + '[server]\naddress = "camp"', "is not an IP address"),
        (LEAST + "[server]\nport = 18002", "18001 to 18003 are used inside"),
        (LEAST + '[server]\nkey = "k"', "key is set and certificate is not; set both"),
        (LEAST + '[server]\ncertificate = "c"', "certificate is set and key is not"),
        (LEAST + "[sesion]", "[sesion]: unknown table; did you mean [session]?"),
        (LEAST + "[zzz]", "known tables: camp, desk, doors, extensions, seats"),
        (LEAST + "[session]\nlenght = 1", "lenght: unknown key; did you mean length?"),
        (LEAST + 'length = "3h"', "[camp] length: unknown key here; it belongs below"),
        (LEAST + "[seats]\nprot = 1", "did you mean port below [server]?"),
        (
            LEAST + "[seats]\nzzz = 1",
            "keys: count, cpus, memory, processes, starts_at_once",
        ),
        (LEAST + "[session]\nper_attendee = 0", "write 1 to 100"),
        (LEAST + '[session]\ncooldown = "2d"', 'write "0s" to "24h"'),
        (LEAST + '[session]\ndaily_allowance = "0s"', 'write "10s" to "24h"'),
        (LEAST + "[extensions]\nown = -1", "write 0 to 100"),
        (
            LEAST + "[extensions]\ninstructors = 1",
            "1 is neither yes nor no; write true",
        ),
        (LEAST + '[take_home]\nkeep = "366d"', 'write "0s" to "365d"'),
        (LEAST + '[desk]\nprogress = "yes"', '"yes" is neither yes nor no'),
        (LEAST + "[seats]\nstarts_at_once = 65", "write 0 to 64"),
        (LEAST + "[doors]\nwarm = 26", "more than the 25 seats of [seats] count"),
        (LEAST + '[doors]\nroster = ["organizer"]', "organizer on the roster is staff"),
        (LEAST + '[doors]\nroster = ["Ann B"]', '"Ann B" cannot be a name'),
        ('name = "x"\n' + LEAST, "name above all tables: unknown key here; it belongs"),
        ("zzz = 1\n" + LEAST, "zzz above all tables: unknown key; known tables"),
    ],
)
def test_fault_names_the_place_and_the_remedy(text: str, fault: str) -> None:
    [found] = faults(text)
    assert found.startswith("camp.toml, ")
    assert fault in found


def test_all_faults_are_told_at_once() -> None:
    found = faults(
        '[camp]\ntimezone = "x"\nopens = 2026-11-23\n[session]\nlength = 1\n'
        '[seats]\ncount = 0\nzzz = 1\n[server]\nkey = "k"\n[sesion]\n'
    )
    places = [fault.split(":")[0].removeprefix("camp.toml, ") for fault in found]
    assert places == [
        "[camp] name",
        "[camp] timezone",
        "[camp] opens",
        "[session] length",
        "[seats] count",
        "[seats] zzz",
        "[server] key",
        "[sesion]",
    ]


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b"[camp]\nname = A camp\n", "camp.toml, line 2, column 8: not TOML"),
        (b"[camp\n", "camp.toml, line 1, column 6: not TOML"),
        (b'[camp]\nname = "\xfc"', "camp.toml, line 2, column 9: not UTF-8"),
    ],
)
def test_unreadable_text_names_line_and_column(raw: bytes, place: str) -> None:
    with pytest.raises(SettingsError) as caught:
        parse(raw)
    assert str(caught.value).startswith(place)


def test_byte_order_mark_of_windows_is_no_fault() -> None:
    assert parse(b"\xef\xbb\xbf" + LEAST.encode()).camp.name == "A camp"


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere.toml: cannot be read: No such"):
        load(tmp_path / "nowhere.toml")
    with pytest.raises(SettingsError, match="cannot be read: Is a directory"):
        load(tmp_path)


def test_local_times_are_read_in_the_camps_zone() -> None:
    settings = parse(
        (
            LEAST + 'timezone = "Europe/Berlin"\nopens = 2026-11-23T09:00:00\n'
            "closes = 2026-11-23T17:00:00-05:00\n"
        ).encode()
    )
    assert settings.camp.opens == datetime(2026, 11, 23, 8, tzinfo=UTC)
    assert settings.camp.closes == datetime(2026, 11, 23, 22, tzinfo=UTC)
    assert settings.rules().opens == settings.camp.opens


def test_time_that_does_not_exist_is_refused() -> None:
    text = LEAST + 'timezone = "Europe/Berlin"\nopens = 2026-03-29T02:30:00'
    [fault] = faults(text)
    assert "does not exist in Europe/Berlin" in fault
    assert "write 2026-03-29T03:30:00" in fault


def test_time_that_comes_twice_is_refused() -> None:
    text = LEAST + 'timezone = "Europe/Berlin"\nopens = 2026-10-25T02:30:00'
    [fault] = faults(text)
    assert "comes twice in Europe/Berlin" in fault
    assert "write 2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00" in fault


@given(
    st.dictionaries(
        st.sampled_from([*CampSettings.model_fields, "camps"]),
        st.dictionaries(
            st.sampled_from([key for _, key, _ in fields()]),
            st.none() | st.integers() | st.floats() | st.text() | st.lists(st.text()),
            max_size=4,
        )
        | st.integers(),
    )
)
def test_nonsense_is_refused_and_never_crashes(document: dict[str, Any]) -> None:
    lines = []
    for table, keys in document.items():
        if isinstance(keys, int):
            lines.insert(0, f"{table} = {keys}")
            continue
        lines.append(f"[{table}]")
        lines += [f"{key} = {_toml(value)}" for key, value in keys.items()]
    told = "camp.toml, as if it were right"
    try:
        parse("\n".join(lines).encode(errors="replace"))
    except SettingsError as error:
        told = str(error)
    assert all(line.startswith("camp.toml, ") for line in told.splitlines())


def _toml(value: Any) -> str:
    match value:
        case None:
            return "1979-05-27T07:32:00"
        case str():
            escaped = value.encode("unicode_escape").decode()
            return "'" + re.sub(r"['\\]", "", escaped) + "'"
        case list():
            return "[" + ", ".join(map(_toml, value)) + "]"
        case _:
            return str(value)


def test_settings_are_frozen() -> None:
    settings = parse(LEAST.encode())
    with pytest.raises(ValueError, match="frozen"):
        settings.seats.count = 3  # type: ignore[misc]


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make two certificates with their keys, and an encrypted key."""
    folder = tmp_path_factory.mktemp("pem")
    for name, options in (
        ("one", ["-newkey", "rsa:2048", "-nodes"]),
        ("two", ["-newkey", "rsa:2048", "-nodes"]),
        ("locked", ["-newkey", "rsa:2048", "-passout", "pass:x"]),
    ):
        files = ["-keyout", f"{name}.key", "-out", f"{name}.pem"]
        try:
            subprocess.run(
                ["openssl", "req", "-x509", "-subj", "/CN=camp", *files, *options],
                cwd=folder,
                check=True,
                capture_output=True,
            )
        except FileNotFoundError:
            need(False, "openssl is not on the path")
    return folder


def check(folder: Path, certificate: str, key: str) -> None:
    text = f'{LEAST}[server]\ncertificate = "{certificate}"\nkey = "{key}"\n'
    check_files(parse(text.encode()), folder)


def test_nothing_to_check_without_https(tmp_path: Path) -> None:
    check_files(parse(LEAST.encode()), tmp_path)


def test_pair_that_fits(pair: Path) -> None:
    check(pair, "one.pem", "one.key")
    check(Path("/nowhere"), str(pair / "one.pem"), str(pair / "one.key"))


def test_missing_files_are_named(pair: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        check(pair, "no.pem", "no.key")
    first, second = str(caught.value).splitlines()
    assert re.match(r"camp.toml, \[server\] certificate: .*no\.pem cannot", first)
    assert re.match(r"camp.toml, \[server\] key: .*no\.key cannot be read", second)


@pytest.mark.parametrize("key", ["two.key", "one.pem", "locked.key"])
def test_key_that_does_not_fit(pair: Path, key: str) -> None:
    certificate = "locked.pem" if key == "locked.key" else "one.pem"
    with pytest.raises(SettingsError, match="give an unencrypted PEM key"):
        check(pair, certificate, key)

"""The configuration: what is in force, from where, and what is said of a mistake."""

from pathlib import Path

import pytest

from shopwire.storage.configuration.load import (
    ConfigurationError,
    find_misspelled_variables,
    list_options,
    load_configuration,
)
from shopwire.storage.configuration.options import Configuration, Watch

FULL = """
[crawler]
contact = "https://desk.example/"
delay = 2

[serve]
hosts = ["news.example.com"]

[retention]
archive_days = 30
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "shopwire.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_the_defaults_are_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPWIRE_HOME", str(tmp_path))
    assert load_configuration() == Configuration()
    assert load_configuration().user_agent == "shopwire/0.1 (+https://github.com/shopwire/shopwire)"


def test_a_variable_is_over_the_file_and_the_file_over_the_default(tmp_path: Path) -> None:
    path = write(tmp_path, FULL)
    variables = {"SHOPWIRE_DELAY": "0.5", "SHOPWIRE_HOSTS": "a.example, B_b.example", "SHOPWIRE_CONTACT": ""}
    found = {one.field.name: (one.value, one.origin) for one in list_options(path, variables)}
    assert found["contact"] == ("https://desk.example/", f"{path}, line 3")
    assert found["delay"] == (0.5, "SHOPWIRE_DELAY")
    assert found["hosts"] == (("a.example", "B_b.example"), "SHOPWIRE_HOSTS")
    assert found["archive_days"] == (30, f"{path}, line 10")
    assert found["at_once"] == (4, "default")


MISTAKES = [
    ("[crawler]\ncontct = 'x'", "line 2: unknown key 'contct' in [crawler]; did you mean contact?"),
    ("[crawler]\n\n'log_days' = 3", "line 3: unknown key 'log_days' in [crawler]; did you mean log_days in"),
    ("crawler.Delay = 3", "line 1: unknown key 'Delay' in [crawler]; did you mean delay?"),
    (
        "crawler = {at-once = 3}",
        "line 1: unknown key 'at-once' in [crawler]; did you mean at_once in",
    ),
    ("# a\n[crawlers]\n", "line 2: unknown section or key 'crawlers'; did you mean [crawler]?"),
    ("\ndelay = 3", "line 2: unknown section or key 'delay'; did you mean delay in [crawler]?"),
    ("crawler = 3", "line 1: crawler must be a section: write [crawler]"),
    (
        "[crawler]\nxyzzy = 1",
        "line 2: unknown key 'xyzzy' in [crawler]; known are allow_loopback,",
    ),
    ("[crawler]\ndelay = 'fast'", "line 2: delay must be a number from 0 to 3600, not 'fast'"),
    ("[crawler]\ndelay = nan", "line 2: delay must be a number from 0 to 3600, not nan"),
    ("[crawler]\ndelay = true", "line 2: delay must be a number from 0 to 3600, not True"),
    ("[limits]\nat_once = 2.5", "line 2: at_once must be a whole number from 1 to 64, not 2.5"),
    ("[limits]\nat_once = 9999", "line 2: at_once must be a whole number from 1 to 64, not 9999"),
    ("[crawler]\ncontact = ['x']", "line 2: contact must be a text in one line"),
    ('[crawler]\ncontact = "a\\nb"', "line 2: contact must be a text in one line"),
    ("[serve]\nhosts = 'a'", "line 2: hosts must be a list of texts"),
    (
        "[serve]\nhosts = ['a.example', 'b.example:8443']",
        "line 2: hosts must be a list of host names without scheme and port, such as",
    ),
    ("[serve]\nhosts = ['https://a.example/']", "line 2: hosts must be a list of host names"),
    ("[crawler]\nproxy = 'http://user:s3cret@'", "line 2: proxy must be an http or https URL"),
    ("[crawler]\ndelay == 3", "is not valid TOML: "),
    (f"[crawler]\ndelay = {'9' * 5000}", "is not valid TOML: "),
    (f"[crawler]\ndelay = {'[' * 20_000}", "is not valid TOML: "),
    (f"[crawler]\ndelay = 0x{'f' * 5000}", "is not valid TOML: an integer has more than 64 bits"),
    (f"[limits]\nat_once = '{'9' * 5000}'", "line 2: at_once must be a whole number from 1 to 64, not '99"),
    ("[crawler]\nallow_loopback = 1", "line 2: allow_loopback must be true or false"),
]


@pytest.mark.fault("u50", "A mistake in shopwire.toml", "one line with file, line and what is right")
@pytest.mark.parametrize(("text", "message"), MISTAKES)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigurationError) as caught:
        list_options(path, {})
    assert message in str(caught.value)
    assert str(path) in str(caught.value)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SHOPWIRE_DELAY", "fast"),
        ("SHOPWIRE_AT_ONCE", "0"),
        ("SHOPWIRE_HOSTS", "a.example:80"),
        ("SHOPWIRE_PROXY", "proxy:80"),
    ],
)
def test_a_wrong_variable_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=f"^{name}: "):
        list_options(tmp_path / "none.toml", {name: value})


def test_each_watch_is_a_section_with_its_options(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        '[notifications]\napprise = ["ntfy://topic"]\n[watches.taobao]\nwords = "淘宝"\n'
        '[ watches . "双 11" ]\nleast_sources = 3\ndigest_at = "08:30"\nentities = ["双11"]\n',
    )
    found = load_configuration(path)
    assert found.watches == {
        "taobao": Watch(words="淘宝"),
        "双 11": Watch(entities=("双11",), least_sources=3, digest_at="08:30"),
    }
    assert found.notifications.apprise == ("ntfy://topic",)
    origins = {one.value: (one.origin, one.variable) for one in list_options(path, {})}
    assert origins["08:30"] == (f"{path}, line 7", "")


WATCH_MISTAKES = [
    ("watches = 4", "line 1: write a section [watches.NAME]"),
    ("[watches]\na = 3", "line 1: 'a' needs the name of a watch"),
    ("[watches.a]\nwords = 3", "line 2: words must be a text"),
    ("[watches.a]\nwords = 'x'\n[watches.'b c']\nlangage = 'zh'", "line 4: unknown key 'langage' in"),
    ("[watches.a]\ndigest_at = '24:00'", "line 2: digest_at must be a time of day such as 08:30"),
    ("\n[watches.a]\ndigest_at = '08:00'", "line 2: [watches.a] needs one of words, entities"),
    ("[watches.'a/b']\nwords = 'x'", "line 1: the name 'a/b' of a watch must be letters"),
    ("[notifications]\napprise = ['json://s3cret', 4]", "line 2: apprise must be a list"),
    ("[notifications]\ntime_zone = 'Mars'", "line 2: time_zone must be a time zone"),
]


@pytest.mark.parametrize(("text", "message"), WATCH_MISTAKES)
def test_a_mistake_in_a_watch_is_named_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_configuration(write(tmp_path, text))
    assert message in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_a_variable_of_almost_the_right_name_is_found() -> None:
    environment = {
        "SHOPWIRE_DELY": "2",
        "SHOPWIRE_DELAY": "3",
        "SHOPWIRE_HOME": "x",
        "SHOPWIRE_PORT": "1",
        "DELY": "",
    }
    assert find_misspelled_variables(environment) == {"SHOPWIRE_DELY": "SHOPWIRE_DELAY"}

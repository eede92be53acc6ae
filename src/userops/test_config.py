from __future__ import annotations

import stat

import pytest

from userops.config import FILE, SETTINGS, load
from userops.errors import ConfigError


def test_the_environment_wins_over_the_file_and_the_file_over_the_default(tmp_path):
    (tmp_path / FILE).write_text('port = 9000\nhost = "0.0.0.0"\n')
    config = load(tmp_path, {"USEROPS_PORT": "9001"})
    assert (config.port, config.host, config.language) == (9001, "0.0.0.0", "zh-hans")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("USEROPS_PORT", "99999"),
        ("USEROPS_THREADS", "many"),
        ("USEROPS_LANGUAGE", "fr"),
        ("USEROPS_PRODUCTION", "perhaps"),
        ("CLICKHOUSE_URL", "mysql://x"),
        ("DATABASE_URL", "mysql://x"),
    ],
)
def test_a_wrong_setting_says_what_was_expected(tmp_path, name, value):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {name: value})
    assert caught.value.code == "setting_invalid"
    assert name in caught.value.words.zh
    assert name in caught.value.words.en


def test_an_address_with_its_password_is_never_repeated(tmp_path):
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {"DATABASE_URL": "mysql://me:hunter2@host/db"})
    assert "hunter2" not in str(caught.value.body())


def test_an_unknown_setting_in_the_file_is_named(tmp_path):
    (tmp_path / FILE).write_text("prot = 1\n")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {})
    assert caught.value.code == "setting_unknown"
    assert "prot" in caught.value.words.en


def test_a_broken_file_is_named(tmp_path):
    (tmp_path / FILE).write_text("port = = 1")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {})
    assert caught.value.code == "setting_file_invalid"


def test_the_signing_key_is_kept_and_private(tmp_path):
    config = load(tmp_path, {})
    assert config.secret_key() == config.secret_key()
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_names_are_unique():
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)
    assert len({setting.env for setting in SETTINGS}) == len(SETTINGS)

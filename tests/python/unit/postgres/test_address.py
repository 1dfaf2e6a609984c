"""An address has no password, or comes from the environment; a server has to prove its name."""

from __future__ import annotations

import ssl

import pytest

from orchestration.postgres import Address


def test_a_password_on_the_command_line_is_refused_and_not_repeated():
    with pytest.raises(ValueError, match="PGPASSWORD") as refused:
        Address.read("postgres://anna:secret@db.example/shop", {})
    assert "secret" not in str(refused.value)


def test_the_environment_has_the_whole_address_or_the_password():
    environment = {"REGULARS_POSTGRES": "postgres://anna:se%2Fcret@db.example:6432/shop"}
    address = Address.read("postgres://", environment)
    assert (address.user, address.password, address.port) == ("anna", "se/cret", 6432)
    address = Address.read("postgres://anna@db.example/shop", {"PGPASSWORD": "other"})
    assert address.password == "other" and "other" not in str(address)


@pytest.mark.parametrize("told", ["postgres://", "mysql://db.example/shop", "db.example"])
def test_what_is_no_address_is_refused(told):
    with pytest.raises(ValueError, match="or in REGULARS_POSTGRES postgres://"):
        Address.read(told, {})


@pytest.mark.parametrize("secret", ["xyz/1", "xyz#1", "xyz?1", "98/1"])
def test_a_password_that_is_not_written_as_it_must_be_is_not_repeated(secret):
    environment = {"REGULARS_POSTGRES": f"postgres://anna:{secret}@db.example/shop"}
    with pytest.raises(ValueError, match="%2F, %23 and %3F") as refused:
        Address.read("postgres://", environment)
    assert secret[:2] not in str(refused.value)


def test_a_file_of_authority_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="no file /nowhere/ca.pem, which sslrootcert names"):
        Address.read("postgres://anna@db.example/shop?sslrootcert=/nowhere/ca.pem", {})


def test_an_address_names_a_database():
    with pytest.raises(ValueError, match="names no database"):
        Address.read("postgres://anna@db.example", {})


def test_another_machine_proves_its_name():
    context = Address.read("postgres://anna@db.example/shop", {}).options["ssl_context"]
    assert context.verify_mode == ssl.CERT_REQUIRED and context.check_hostname


@pytest.mark.parametrize(
    "told",
    [
        "postgres://anna@localhost/shop",
        "postgres://anna@/shop?host=/var/run/postgresql",
        "postgres://anna@db.example/shop?sslmode=disable",
    ],
)
def test_this_machine_and_a_trusted_network_need_no_proof(told):
    assert Address.read(told, {}).options["ssl_context"] is False

"""Whoever is named in the environment is told of a failure, and no secret is told to anybody."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from loopback import webhook

from orchestration import alerts
from orchestration.alerts import Alert, AlertFailed, body_of, refuse_refusal, tell, ways

ALERT = Alert("Regulars: refresh has failed", "Nothing was published; 店铺 files are held.")
SECRET = "very-secret-token"


@pytest.fixture(autouse=True)
def short_pause(monkeypatch):
    monkeypatch.setattr(alerts, "PAUSE_SECONDS", 0.0)


@contextmanager
def mail() -> Iterator[tuple[int, list[str]]]:
    """A mail server on this machine without encryption: its port, and the lines it was sent."""
    heard: list[str] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listening.accept()
        with connection, connection.makefile("rwb") as stream:

            def answer(text: str) -> None:
                stream.write(f"{text}\r\n".encode())
                stream.flush()

            answer("220 here")
            in_message = False
            for line in iter(stream.readline, b""):
                said = line.decode().rstrip("\r\n")
                heard.append(said)
                if in_message:
                    in_message = said != "."
                    if not in_message:
                        answer("250 taken")
                elif said.upper().startswith("EHLO"):
                    answer("250-here\r\n250-AUTH PLAIN\r\n250 8BITMIME")
                elif said.upper() == "DATA":
                    in_message = True
                    answer("354 go on")
                elif said.upper() == "QUIT":
                    answer("221 bye")
                    return
                else:
                    answer("250 fine")

    thread = Thread(target=serve)
    thread.start()
    try:
        yield listening.getsockname()[1], heard
    finally:
        thread.join(timeout=5)
        listening.close()


def test_nobody_is_told_where_nothing_is_set():
    assert ways({}) == tell(ALERT, {}) == []


def test_a_webhook_gets_the_sentence():
    with webhook(SECRET) as (url, heard):
        assert tell(ALERT, {"REGULARS_ALERT_WEBHOOK": url}) == ["REGULARS_ALERT_WEBHOOK"]
    assert heard == [{"text": f"{ALERT.subject}\n{ALERT.text}"}]


def test_what_a_service_drops_is_sent_once_more():
    """Dagster would not: of a failed run it tells once."""
    with webhook(SECRET, statuses=[503, 200]) as (url, heard):
        assert tell(ALERT, {"REGULARS_ALERT_WEBHOOK": url}) == ["REGULARS_ALERT_WEBHOOK"]
    assert len(heard) == 2
    with (
        webhook(SECRET, statuses=[503, 503, 200]) as (url, heard),
        pytest.raises(AlertFailed, match="answered 503"),
    ):
        tell(ALERT, {"REGULARS_ALERT_WEBHOOK": url})
    assert len(heard) == 2


def test_each_service_gets_the_body_that_it_reads():
    for host in ("qyapi.weixin.qq.com", "oapi.dingtalk.com"):
        assert body_of(host, "x") == {"msgtype": "text", "text": {"content": "x"}}
    assert body_of("open.feishu.cn", "x") == {"msg_type": "text", "content": {"text": "x"}}
    assert body_of("hooks.slack.com", "x") == {"text": "x"}


def test_a_long_failure_is_cut_to_what_a_service_takes():
    assert len(Alert("Regulars", "x" * 100_000).whole) == 2048
    assert len(Alert("Regulars", "店" * 1_000).whole.encode()) == 2046  # never in a letter


def test_a_service_that_says_no_with_a_yes_of_http_has_not_taken_it():
    full = b'{"errcode": 45009, "errmsg": "api freq out of limit"}'
    with pytest.raises(ValueError, match="errcode 45009"):
        refuse_refusal("qyapi.weixin.qq.com", full)
    with pytest.raises(ValueError, match="code 19024"):
        refuse_refusal("open.feishu.cn", b'{"code": 19024, "msg": "Key Words Not Found"}')
    refuse_refusal("oapi.dingtalk.com", b'{"errcode": 0, "errmsg": "ok"}')
    refuse_refusal("hooks.slack.com", b"ok")
    refuse_refusal("hooks.example.com", b'{"code": 200}')
    refuse_refusal("open.feishu.cn", b"<html>")


def test_mail_reaches_everybody_who_is_named():
    with mail() as (port, heard):
        told = tell(
            ALERT,
            {
                "REGULARS_ALERT_SMTP": f"smtp://127.0.0.1:{port}",
                "REGULARS_ALERT_FROM": "regulars@shop.example",
                "REGULARS_ALERT_TO": "a@shop.example, b@shop.example",
            },
        )
    assert told == ["REGULARS_ALERT_SMTP"]
    assert "rcpt TO:<a@shop.example>" in heard and "rcpt TO:<b@shop.example>" in heard
    assert f"Subject: {ALERT.subject}" in heard


def test_no_password_goes_over_a_line_that_is_not_encrypted():
    with mail() as (port, heard), pytest.raises(AlertFailed, match="no encryption") as failed:
        tell(
            ALERT,
            {
                "REGULARS_ALERT_SMTP": f"smtp://me:{SECRET}@127.0.0.1:{port}",
                "REGULARS_ALERT_TO": "a@shop.example",
            },
        )
    assert SECRET not in str(failed.value)
    assert not [line for line in heard if "AUTH" in line.upper()]


@pytest.mark.parametrize(
    "environment, told",
    [
        ({"REGULARS_ALERT_WEBHOOK": f"ftp://x/{SECRET}"}, "begins with https://"),
        ({"REGULARS_ALERT_WEBHOOK": f"http://127.0.0.1:9/{SECRET}"}, "URLError"),
        ({"REGULARS_ALERT_SMTP": f"smtp://me:{SECRET}@127.0.0.1:9"}, "REGULARS_ALERT_TO names"),
        ({"REGULARS_ALERT_SMTP": f"smtp://me:{SECRET}/1@127.0.0.1:9"}, "with %2F, %23 and %3F"),
        ({"REGULARS_ALERT_WEBHOOK": f"https://127.0.0.1:{SECRET}/x"}, "begins with https://"),
        ({"REGULARS_ALERT_WEBHOOK": f"http://127.0.0.1:9/{SECRET} x"}, "InvalidURL"),
        ({"REGULARS_ALERT_SMTP": f"{SECRET}"}, "no address such as smtp://"),
    ],
)
def test_what_fails_is_told_without_the_secret(environment, told):
    with pytest.raises(AlertFailed, match=told) as failed:
        tell(ALERT, environment)
    assert SECRET not in str(failed.value)


def test_one_way_that_fails_does_not_keep_the_other_from_telling():
    with (
        webhook(SECRET, 500) as (broken, _),
        mail() as (port, heard),
        pytest.raises(AlertFailed) as failed,
    ):
        tell(
            ALERT,
            {
                "REGULARS_ALERT_WEBHOOK": broken,
                "REGULARS_ALERT_SMTP": f"smtp://127.0.0.1:{port}",
                "REGULARS_ALERT_TO": "a@shop.example",
            },
        )
    assert "the server answered 500" in str(failed.value) and SECRET not in str(failed.value)
    assert "rcpt TO:<a@shop.example>" in heard

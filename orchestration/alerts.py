"""Tells whoever is named in the environment that a refresh has failed: by a webhook, by e-mail.

Addresses and passwords are in the environment alone: they are neither logged nor part of a message
of error. A message holds the sentences of the failure, which hold no value of a row.
"""

from __future__ import annotations

import json
import os
import smtplib
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from http.client import HTTPException
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

WEBHOOK, SMTP = "REGULARS_ALERT_WEBHOOK", "REGULARS_ALERT_SMTP"
SENDER, RECIPIENTS = "REGULARS_ALERT_FROM", "REGULARS_ALERT_TO"
TIMEOUT_SECONDS = 20
# Dagster tells of a failed run once and no more, so that what a service drops is tried again; but
# within the minute that it gives a sensor, which two ways that don't answer nearly take.
SOON_SECONDS = 10
PAUSE_SECONDS = 5.0
MOST_BYTES = 2048  # what the strictest of the services takes, WeCom
# Services that answer 200 whatever becomes of a message, and the field of the code that says it.
CODES = {
    "qyapi.weixin.qq.com": "errcode",
    "dingtalk.com": "errcode",
    "feishu.cn": "code",
    "larksuite.com": "code",
}


class AlertFailed(Exception):
    """Why an alert did not reach anybody: a sentence without addresses."""


@dataclass(frozen=True)
class Alert:
    """What is told: one line, and what there is to say, with where to look."""

    subject: str
    text: str

    @property
    def whole(self) -> str:
        """Both, cut to what every service takes."""
        told = f"{self.subject}\n{self.text}".encode()
        return told[:MOST_BYTES].decode(errors="ignore")


def ways(environment: Mapping[str, str] = os.environ) -> list[str]:
    """The variables by which somebody is told; none where nobody is to be."""
    return [name for name in (WEBHOOK, SMTP) if environment.get(name)]


def tell(alert: Alert, environment: Mapping[str, str] = os.environ) -> list[str]:
    """Sends an alert every way that is set, and says which; `AlertFailed` when one of them fails,
    after all have been tried, and once more what may pass."""
    began = time.monotonic()
    failed = _tried(alert, ways(environment), environment)
    passing = [name for name, error in failed.items() if not isinstance(error, ValueError)]
    if passing and time.monotonic() - began < SOON_SECONDS:
        time.sleep(PAUSE_SECONDS)
        lasting = {name: error for name, error in failed.items() if name not in passing}
        failed = lasting | _tried(alert, passing, environment)
    if failed:
        told = "; ".join(f"{name}: {_without_addresses(error)}" for name, error in failed.items())
        raise AlertFailed(f"An alert was not delivered, check {told}.")
    return ways(environment)


def _tried(
    alert: Alert, names: Iterable[str], environment: Mapping[str, str]
) -> dict[str, Exception]:
    """Sends an alert these ways, and says which of them have failed, and by what."""
    means: dict[str, Callable[[Alert, Mapping[str, str]], None]] = {WEBHOOK: _post, SMTP: _mail}
    failed = {}
    for name in names:
        try:
            means[name](alert, environment)
        except (OSError, HTTPException, smtplib.SMTPException, ValueError) as error:
            failed[name] = error
    return failed


def body_of(host: str, text: str) -> dict[str, Any]:
    """The message as the service of that host wants it; `text` alone for all that read Slack's."""
    if _code_of(host) == "errcode":
        return {"msgtype": "text", "text": {"content": text}}
    if _code_of(host) == "code":
        return {"msg_type": "text", "content": {"text": text}}
    return {"text": text}


def refuse_refusal(host: str, answer: bytes) -> None:
    """Raises `ValueError` where the service of that host says that it has not taken the message, as
    it does of a robot's keyword that is missing, or of too many messages."""
    field = _code_of(host)
    with suppress(json.JSONDecodeError, UnicodeDecodeError):
        told = json.loads(answer) if field else None
        code = told.get(field) if isinstance(told, dict) else None
        if isinstance(code, int) and code:
            raise ValueError(f"the service has not taken it ({field} {code})")


def _code_of(host: str) -> str | None:
    return next((field for service, field in CODES.items() if host.endswith(service)), None)


def _post(alert: Alert, environment: Mapping[str, str]) -> None:
    url = environment[WEBHOOK]
    parts = _parts(url, ("http", "https"), "no address that begins with https://")
    request = urllib.request.Request(
        url,
        data=json.dumps(body_of(parts.hostname, alert.whole), ensure_ascii=False).encode(),
        headers={"Content-Type": "application/json; charset=utf-8"},
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:
        refuse_refusal(parts.hostname, answer.read(MOST_BYTES))


def _mail(alert: Alert, environment: Mapping[str, str]) -> None:
    wanted = (
        "no address such as smtp://user:password@host:587, with %2F, %23 and %3F where the "
        "password has /, # and ?"
    )
    parts = _parts(environment[SMTP], ("smtp", "smtps"), wanted)
    recipients = [each.strip() for each in environment.get(RECIPIENTS, "").split(",") if each]
    if not recipients:
        raise ValueError(f"{RECIPIENTS} names nobody")
    message = EmailMessage()
    message["Subject"] = alert.subject
    message["From"] = environment.get(SENDER) or recipients[0]
    message["To"] = ", ".join(recipients)
    message.set_content(alert.text)
    with _connected(parts.scheme, parts.hostname, parts.port) as server:
        if parts.username:
            if not isinstance(server.sock, ssl.SSLSocket):
                raise ValueError("the server offers no encryption, so no password is sent to it")
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def _parts(address: str, schemes: Collection[str], wanted: str) -> SplitResult:
    """The parts of an address; `ValueError` says what is `wanted`, and not what Python says, which
    is a part of a password where that stands in the place of a port."""
    try:
        parts = urlsplit(address)
        if parts.scheme in schemes and parts.hostname and parts.port != 0:
            return parts
    except ValueError:
        pass
    raise ValueError(wanted)


def _connected(scheme: str, host: str, port: int | None) -> smtplib.SMTP:
    """Encrypted wherever the server can."""
    context = ssl.create_default_context()
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_SECONDS, context=context)
    server = smtplib.SMTP(host, port or 587, timeout=TIMEOUT_SECONDS)
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls(context=context)
        server.ehlo()
    return server


def _without_addresses(error: Exception) -> str:
    """What is safe to log of an error: an address may be a password, as those of webhooks are."""
    if isinstance(error, urllib.error.HTTPError):
        return f"the server answered {error.code}"
    if isinstance(error, ValueError) and type(error) is ValueError:
        return str(error)
    return f"{type(error).__name__}"

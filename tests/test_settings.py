"""What the settings make of the installation's public address."""

import json
import os
import subprocess
import sys

import pytest

ASK = (
    "import json; from zhangfa import settings as s; "
    "print(json.dumps([s.CSRF_TRUSTED_ORIGINS, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE]))"
)


@pytest.mark.parametrize(
    ("address", "made"),
    [
        ("https://zhangfa.example/county", [["https://zhangfa.example"], True, True]),
        ("http://localhost:8000", [[], False, False]),
    ],
)
def test_a_public_address_with_tls_lets_its_forms_in_and_keeps_cookies_to_it(address: str, made: list) -> None:
    asked = subprocess.run(
        [sys.executable, "-c", ASK], env=os.environ | {"PUBLIC_URL": address}, capture_output=True, check=True
    )
    assert json.loads(asked.stdout) == made

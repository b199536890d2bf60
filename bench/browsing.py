"""A browser reduced to what is measured: cookies, signing in, getting pages over one or many kept connections."""

from __future__ import annotations

import gzip
import http.client
import re
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; ``wire`` is the bytes of its body as they were sent."""

    status: int
    text: str
    wire: int
    address: str


@dataclass(slots=True)
class Browser:
    """One reader's cookies, used from any number of connections."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    packed: bool = False
    """Whether it takes compressed answers, as every real one does."""

    def connect(self) -> http.client.HTTPConnection:
        """Open a connection of its own."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def get(self, path: str, connection: http.client.HTTPConnection | None = None) -> Answer:
        """Get a page; over a new connection unless one is given."""
        return self._ask("GET", path, None, connection)

    def post(self, path: str, form: dict[str, str]) -> Answer:
        """Send a form with the token of the page it stands on."""
        page = self.get(path)
        found = TOKEN.search(page.text)
        assert found, f"{path} has no form ({page.status})"
        return self._ask("POST", path, urlencode({**form, "csrfmiddlewaretoken": found[1]}), None)

    def _ask(self, method: str, path: str, body: str | None, given: http.client.HTTPConnection | None) -> Answer:
        connection = given or self.connect()
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if self.packed:
            headers["Accept-Encoding"] = "gzip"
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Referer"] = f"http://127.0.0.1:{self.port}{path}"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        raw = answer.read()
        if given is None:
            connection.close()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        plain = gzip.decompress(raw) if answer.headers.get("Content-Encoding") == "gzip" else raw
        return Answer(answer.status, plain.decode("utf-8", "replace"), len(raw), answer.headers.get("Location", ""))

    def sign_in(self, username: str, password: str, code: str = "") -> None:
        """Sign in through the page, with a second factor where it is asked for."""
        answer = self.post("/login/", {"username": username, "password": password, "next": "/", "kept": ""})
        assert answer.status == 302, f"{username} could not sign in ({answer.status})"
        if answer.address.startswith("/two-factor/"):
            answer = self.post("/two-factor/", {"code": code, "next": "/"})
            assert answer.status == 302, f"the second factor of {username} was refused ({answer.status})"
        found = self.get("/")
        assert found.status == 200, f"{username} is not let in after signing in ({found.status} {found.address})"


@dataclass(frozen=True, slots=True)
class Taken:
    """How long each page took, in ms, and how many came in a second over all connections."""

    times: list[float]
    rate: float


def take_pages(browser: Browser, path: str, *, connections: int, count: int) -> Taken:
    """Get a page so often in all, over so many connections at once, each one after the other."""
    times: list[float] = []
    start = threading.Barrier(connections + 1)
    failed: list[str] = []

    def work() -> None:
        connection = browser.connect()
        connection.connect()
        start.wait()
        for _ in range(count // connections):
            began = time.perf_counter()
            answer = browser.get(path, connection)
            times.append(1000 * (time.perf_counter() - began))
            if answer.status != 200:
                failed.append(f"{path} answered {answer.status}")
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(connections)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    assert not failed, failed[0]
    return Taken(times, len(times) / (time.perf_counter() - began))

"""Gives each test a clinic of its own on a vsee-mock that runs for the whole session.

VSEE_MOCK is the path of vsee-mock. Without it, the mock is built from the clone that has this file.
"""

import json
import os
import pathlib
import subprocess
import urllib.error
import urllib.request

import pytest

CLONE = pathlib.Path(__file__).parent / "../../.."


@pytest.fixture(scope="session")
def mock(tmp_path_factory):
    """Starts the mock, and returns its address and the file with its log."""
    folder = tmp_path_factory.mktemp("mock")
    program = os.environ.get("VSEE_MOCK")
    if not program:
        assert (CLONE / "go.mod").exists(), "VSEE_MOCK must be the path of vsee-mock"
        program = folder / "vsee-mock"
        subprocess.run(["go", "build", "-C", CLONE, "-o", program, "./cmd/vsee-mock"], check=True)
    assert pathlib.Path(program).exists(), "VSEE_MOCK must be the path of vsee-mock: there is no such file"
    log = folder / "log"
    with log.open("w") as stderr:
        command = [program, "serve", "--listen", "127.0.0.1:0", "--log-format", "json"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True)
    try:
        first = process.stdout.readline()  # comes as soon as the mock listens, and is empty if it ends before
        assert first, f"the mock did not start: {log.read_text()}"
        yield json.loads(first)["base_url"].removesuffix("/api_v3"), log
    finally:
        process.terminate()
        process.communicate(timeout=20)


class Clinic:
    """A clinic whose clock stands still until advance moves it. Its settings are those of the control API."""

    def __init__(self, address, **settings):
        self.url = address + "/_mock/clinics"
        self.settings = self.control("POST", "", {"clock": {"freeze": True}, **settings})
        self.url += "/" + self.settings["account_code"]
        self.files = {}  # its scenarios

    def control(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url + path, data, method=method)) as reply:
                return json.loads(reply.read() or "null")
        except urllib.error.HTTPError as refused:
            raise AssertionError(f"{method} {path}: {refused.read().decode()}") from None

    def all(self, kind):
        """Returns the clinic's checks, claims, events, deliveries or faults, the newest first."""
        return self.control("GET", "/" + kind)["data"]

    def advance(self, by):
        """Moves the clock by a time such as "10s". Returns when all work due on the way is done, webhooks included."""
        return self.control("POST", "/clock", {"advance": by})

    def answer(self, subscriber_num, answer):
        """Answers the checks of a subscriber, in the words of a scenario."""
        text = f'title: Of this test\nwhen: {{subscriber_num: "{subscriber_num}"}}\nanswer: {answer}\n'
        self.files[f"{subscriber_num}.yaml"] = text
        self.control("PUT", "/scenarios", {"files": self.files})


@pytest.fixture
def new_clinic(mock):
    """Makes clinics of the test. Pytest shows the lines of the mock's log about them when the test fails."""
    address, log = mock
    clinics = []
    yield lambda **settings: clinics.append(Clinic(address, **settings)) or clinics[-1]
    for clinic in clinics:
        mark = f'"clinic":"{clinic.settings["account_code"]}"'
        print(*(line for line in log.read_text().splitlines() if mark in line), sep="\n")

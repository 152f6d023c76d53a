"""A complete receiver of VSee's eligibility events: one file, Python 3.9 and nothing else. Copy it. Run it, and test it
with vsee-mock:

    export WEBHOOK_SECRET=whsec_dnNlZS1tb2NrLWRlbW8tc2VjcmV0LTEyMw==
    LISTEN=127.0.0.1:9000 python3 docs/examples/python/receiver.py
    vsee-mock gauntlet --url http://127.0.0.1:9000/hook --state-url http://127.0.0.1:9000/state --secret $WEBHOOK_SECRET

WEBHOOK_SECRET_PREVIOUS is the secret before, for as long as secrets are rotated. GET /state shows the results.
"""

import base64
import hashlib
import hmac
import json
import os
import re
import signal
import socket
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOLERANCE = 300  # seconds that a signed time may be off, either way
BODY_LIMIT = 256 * 1024  # bytes; an event has less than one KiB
READ_ON = 16 * 1024 * 1024  # of a body over the limit, so that the answer arrives
REMEMBERED = 100_000  # ids of events; VSee's mock repeats an event for three days


class Results:
    """The newest result of each member. Yours are in a database: the event's id and the result in one transaction."""

    def __init__(self):
        self.lock = threading.Lock()
        self.seen = {}  # ids of events, the oldest first
        self.processed = 0  # events, each counted once
        self.newest = {}  # by member; by eligibility_id, if you check two cards of a member

    def take(self, event_id, created, data):
        with self.lock:
            if event_id in self.seen:
                return
            self.seen[event_id] = True
            self.processed += 1
            if len(self.seen) > REMEMBERED:
                del self.seen[next(iter(self.seen))]
            last = self.newest.get(data["member_id"])
            if last is None or created >= last["created"]:
                self.newest[data["member_id"]] = {
                    "eligibility_id": data.get("eligibility_id"),
                    "eligibility_response": data.get("eligibility_response"),
                    "created": created,
                }

    def state(self):
        with self.lock:
            return json.dumps({"events": self.processed, "results": self.newest})


def key_of(secret):
    """Returns the key of a secret such as whsec_dnNlZS1tb2NrLWRlbW8tc2VjcmV0LTEyMw==."""
    key = base64.b64decode(secret[len("whsec_"):] if secret.startswith("whsec_") else secret, validate=True)
    if not key:
        raise ValueError("the secret has no key")
    return key


def verify(keys, headers, body):
    """Compares the headers of Standard Webhooks 1.0.0 with the bytes as they came. Parse a body only after it."""
    event_id, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not event_id or not re.fullmatch("[0-9]{1,12}", stamp):
        return False
    if abs(time.time() - int(stamp)) > TOLERANCE:
        return False
    # There are two signatures while secrets are rotated, in any order.
    signatures = [text.encode() for text in headers.get("webhook-signature", "").split()]
    for key in keys:
        mac = hmac.new(key, f"{event_id}.{stamp}.".encode() + body, hashlib.sha256)
        want = b"v1," + base64.b64encode(mac.digest())
        if any(hmac.compare_digest(got, want) for got in signatures):
            return True
    return False


class Handler(BaseHTTPRequestHandler):
    """Answers one request on each connection."""

    timeout = 10  # seconds without a byte

    def do_POST(self):
        if self.path.partition("?")[0] != "/hook":
            return self.answer(404)
        try:
            length = int(self.headers.get("Content-Length", ""))
        except ValueError:
            return self.answer(411)
        try:
            if length > BODY_LIMIT:
                self.read_on(min(length, READ_ON))
                return self.answer(413)
            body = self.rfile.read(max(length, 0))
        except socket.timeout:
            return self.answer(408)
        if len(body) < length:
            return self.answer(400)  # the connection broke
        return self.answer(self.receive(body))

    def receive(self, body):
        """Takes the body of an event and returns the status to answer. It is no 5xx, which would make the sender
        repeat the event: none of these events deserves that."""
        if not verify(self.server.keys, self.headers, body):
            return 401
        try:
            event = json.loads(body)
        except (ValueError, RecursionError):
            return 400
        if not isinstance(event, dict) or event.get("type") != "eligibility.checked":
            return 204  # of another type: it is received, and of no interest
        # Every other field is ignored, external_member_id among them, which can be a string or a number.
        event_id, created, data = event.get("id"), event.get("created"), event.get("data")
        if not isinstance(event_id, str) or not isinstance(created, int) or not isinstance(data, dict):
            return 400
        if not isinstance(data.get("member_id"), str):
            return 400
        self.server.results.take(event_id, created, data)
        return 204

    def read_on(self, length):
        while length > 0:
            piece = self.rfile.read(min(length, 64 * 1024))
            if not piece:
                return
            length -= len(piece)

    def do_GET(self):
        if self.path.partition("?")[0] != "/state":
            return self.answer(404)
        # It is for trying the receiver: leave it out where patients' data are.
        return self.answer(200, self.server.results.state().encode())

    def answer(self, status, text=b""):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if status != 204:
            self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def handle(self):
        try:
            super().handle()
        except OSError:
            pass  # the connection broke

    def log_message(self, *args):
        pass


class Receiver(ThreadingHTTPServer):
    """Listens on an address from its creation on. The secrets are the one in force and, if any, the one before."""

    request_queue_size = 512  # connections that wait to be taken: a burst must find room
    daemon_threads = False  # what is under way is answered

    def __init__(self, address, secrets):
        self.keys, self.results = [key_of(secret) for secret in secrets], Results()
        super().__init__(address, Handler)


def main():
    secrets = [os.environ[name] for name in ("WEBHOOK_SECRET", "WEBHOOK_SECRET_PREVIOUS") if os.environ.get(name)]
    if not secrets:
        sys.exit("WEBHOOK_SECRET is not set")
    host, _, port = os.environ.get("LISTEN", "127.0.0.1:9000").rpartition(":")
    if not port.isdecimal():
        sys.exit("LISTEN must be host:port")
    try:
        server = Receiver((host, int(port)), secrets)
    except ValueError:  # binascii.Error is one
        sys.exit("a secret must be whsec_ and base64")
    except OSError as error:
        sys.exit(f"LISTEN: {error.strerror}")
    with server:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
        print(f"listening on http://{server.server_address[0]}:{server.server_address[1]}/hook", flush=True)
        server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    main()

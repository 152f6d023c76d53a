#!/usr/bin/env python3
"""Checks of the fake itself: python3 selftest.py. One play of calls is made against the honest fake and against each change."""
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, urlencode

import api
import changes
import fake
import texts

PREFIX = "/vc/dev/api_v3"
FORM = "application/x-www-form-urlencoded"
KEY = {"X-AccountCode": "vclinic", "X-ApiKey": "vclinic_api_key", "X-ApiSecret": "vclinic_api_secret"}
ADMIN = {"X-ApiToken": "vclinic_api_token"}
DELAY = 0.15


class Receiver:
    def __init__(self):
        events = self.events = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                events.append((self.command, self.headers["Content-Type"], body.decode()))
                self.send_response(204)
                self.end_headers()
            do_PUT = do_POST

            def log_message(self, *args):
                pass
        class Server(ThreadingHTTPServer):
            daemon_threads, request_queue_size = True, 64
        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d/hook?x=1" % self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()


def multipart(pairs):
    lines = []
    for name, value in pairs.items():
        if isinstance(value, bytes):
            lines.append(b'--BOUND\r\nContent-Disposition: form-data; name="%s"; filename="a.png"\r\n\r\n%s\r\n' % (name.encode(), value))
        else:
            lines.append(('--BOUND\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name, value)).encode())
    return b"".join(lines) + b"--BOUND--\r\n", "multipart/form-data; boundary=BOUND"


class Fake:
    """A running fake, and one kept-alive connection to it."""

    def __init__(self, change=None, **options):
        self.hook = Receiver()
        self.server = fake.make(delay=DELAY, webhook=self.hook.url, change=change, log=lambda text: None, **options)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        self.connection = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=20)
        self.seen = []

    def close(self):
        self.connection.close()
        for server in (self.server, self.hook.server):
            server.shutdown()
            server.server_close()

    def call(self, operation, method, path, headers, body=None, form="json"):
        headers = dict(headers)
        if form == "json" and body is not None:
            body, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        elif form == "form":
            body, headers["Content-Type"] = urlencode(body).encode(), FORM
        elif form == "multipart":
            body, headers["Content-Type"] = multipart(body)
        self.connection.request(method, PREFIX + path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode("utf-8")
        self.seen.append((operation, len(self.seen), method, path if "sso" in path else "", answer.status,
                          answer.getheader("Content-Type"), plain(text)))
        try:
            return answer.status, json.loads(text)
        except ValueError:
            return answer.status, text

    def sign_on(self, form="json", **fields):
        status, body = self.call("signOn", "POST", "/users/sso", KEY, fields, form)
        data = body.get("data", {}) if isinstance(body, dict) else {}
        return data.get("id"), {"X-ApiToken": data.get("token", {}).get("token", "").lower()}

    def wait(self, count):
        """Until there have been so many events, or time is over."""
        end = time.time() + 6 * DELAY
        while len(set(re.findall('eligibility_id":"([0-9]+)', repr(self.hook.events)))) < count and time.time() < end:
            time.sleep(0.01)


def plain(text):
    """Without what is another every time."""
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", "UUID", text)
    text = re.sub(r"\b[0-9a-f]{32}\b", "HEX", text)
    text = re.sub(r"\b1\d{9}\b", "TIME", text)
    text = re.sub(r"\b1\d{12}\b", "MILLIS", text)
    return re.sub(r"127\.0\.0\.1:\d+", "HOST", text)


PATIENT = {"first_name": "Ada", "last_name": "O'Test & Söhne", "code": "Self-1", "email": "Ada.Test@Example.com", "dob": "1980-02-03",
           "gender": 1, "street_addr": " 1 Test <Road> ", "city": "Testville", "state": "TS", "zip": "01234"}
OLD = {"insurance.primary_carrier_code": "car7556", "insurance.primary_subscriber_num": "234234", "insurance.respparty": "child",
       "insurance.primary_group_number": "test 3", "insurance.secondary_carrier_code": "car11406",
       "insurance.secondary_group_number": "asdasd", "insurance.secondary_subscriber_num": "11000075",
       "insurance.patient.guarantor_dob": "1950-06-07", "insurance.patient.guarantor_name": "Sam Q Sample"}


def play(f):
    """Every operation, and each case that a change is about."""
    one, token = f.sign_on(**PATIENT)
    two, other = f.sign_on("form", first_name="Bo", last_name="Test", code="self-2", type=200, email="bo@example.com")
    one, two = one or "560104", two or "560105"
    for fields in ({"code": "self-1"}, {"code": "x" * 128}, {"code": "n1", "email": "Ada.Test@Example.com"}, {"code": "n2", "type": 600},
                   {"code": "n3", "dob": "1990-02-30"}, {"code": "n4", "gender": 7}, {"code": "n5", "email": "nobody"},
                   {"code": "n6", "gender": "male"}, {"code": "n7", "phone": "1"}):
        f.sign_on(**dict({"first_name": "Cy", "last_name": "Test"}, **fields))
    f.sign_on(first_name="Cy", code="n8")
    for changed in ({"X-ApiKey": "VCLINIC_API_KEY"}, {"X-ApiSecret": "wrong"}, {"X-AccountCode": "VCLINIC"}):
        f.call("signOn", "POST", "/users/sso", dict(KEY, **changed), PATIENT)
    me, user, cards = "/users/-", "/users/" + one, "/users/%s/insurances" % one
    f.call("updateMe", "POST", "/me.json", token, OLD, "multipart")
    f.call("getMe", "GET", "/me", token)
    f.call("getUser", "GET", user, token)
    f.call("getUser", "GET", user + "/", ADMIN)
    f.call("listCards", "GET", cards, token)
    f.call("updateMe", "POST", "/me", token, {"last_name": "Näw ", "insurance": {"patient": {"respparty": "child"}}})
    f.call("getUser", "GET", user, token)
    f.call("getMe", "GET", "/me.json", token)
    f.call("updateMe", "POST", "/me", token, {"phone": "555-0111"}, "form")
    f.call("updateMe", "POST", "/me", {})
    f.call("updateMe", "POST", "/me", other, {"insurance.primary.carrier_code": "car7147"}, "form")
    f.call("updateMe", "POST", "/me", other, {"insurance__primary__carrier_code": "car7580"}, "multipart")
    f.call("updateMe", "POST", "/me", other, {"hipaarelationship": "01"}, "form")
    f.call("getUser", "GET", "/users/" + two, other)
    f.call("saveCard", "POST", cards + "/primary", token, {"insurer_code": "AETNA", "subscriber_number": "007", "consent": "true"}, "form")
    f.call("listCards", "GET", cards, token)
    f.call("importCards", "POST", cards + "/import", token, {"insurances": [{"card_type": "primary", "insurer_code": "(sandbox) HUMANA",
           "subscriber_num": "11000022", "guarantor_dob": "1950-06-07", "consent": True}]})
    f.call("listCards", "GET", cards, token)
    f.call("saveCard", "POST", "/users/%s/insurances/secondary" % two, other, {"insurer_code": "car7551"})
    f.call("deleteCard", "DELETE", "/users/%s/insurances/secondary" % two, other)
    f.call("saveCard", "POST", "/users/%s/insurances/secondary" % two, other, {"insurer_code": "car7551"})
    f.call("startEligibilityCheck", "POST", "%s/%s/eligibility" % (user, quote("(sandbox) HUMANA")), token)
    f.wait(1)
    result(f, user, token)
    if f.call("listCards", "GET", cards, ADMIN)[0] == 200:
        f.call("startEligibilityCheck", "POST", me + "/car11406/eligibility", token)
        f.wait(2)
        result(f, user, token)
        f.call("listCards", "GET", cards, token)
    f.call("startEligibilityCheck", "POST", user + "/eligibility", token)
    f.wait(3)
    f.seen.append(("eligibility.checked", len(f.seen), sorted(plain(repr(event)) for event in f.hook.events)))
    # who may, and what is not there
    for operation, method, path in (("getUser", "GET", user), ("listCards", "GET", cards), ("saveCard", "POST", cards + "/primary"),
                                    ("startEligibilityCheck", "POST", user + "/eligibility"), ("deleteCard", "DELETE", cards + "/primary")):
        for headers in ({}, {"X-ApiToken": "wrong"}, other, {"X-ApiToken": token["X-ApiToken"].upper()}):
            f.call(operation, method, path, headers)
    for operation, path in (("getUser", "/users/999"), ("listCards", "/users/999/insurances"), ("getAccount", "/accounts/nobody")):
        f.call(operation, "GET", path, ADMIN)
    for operation, path in (("listInsurers", "/insurances/"), ("listInsurerOptions", "/insurances/list/insurers.json"), ("searchUsers", "/users"),
                            ("getMe", "/me")):
        for headers in (token, {}, {"X-ApiToken": "wrong"}):
            f.call(operation, "GET", path, headers)
    for query in ("", "email=ada.test", "limit=2&start=2", "sort=full_name.desc&fields=id,full_name,type", "type[]=600", "q=xy", "limit=0"):
        f.call("searchUsers", "GET", "/users?" + query, ADMIN)
    f.call("getAccount", "GET", "/accounts/vclinic", {})
    f.call("getAccount", "GET", "/accounts/-", token)
    f.call("listAccounts", "GET", "/accounts", {})
    f.call("login", "POST", "/users/login.json", {"X-AccountCode": "vclinic"}, {"username": "Bo", "password": "none"})
    f.call("updateMe", "POST", "/me", token, {"city": "Elsewhere"}, "form")
    _, third = f.sign_on("form", first_name="Di", last_name="Test", code="self-3")
    f.call("updateMe", "POST", "/me", third, {"zip": "00501", "gender": 2, "email": "Di.Test@Example.com", "extra": {"one": "1"},
                                              "insurance": {"primary": {"carrier_code": "car7580"}}})
    f.call("updateMe", "POST", "/me", third, {"last_name": "Te\U00020bb7st", "street_addr": "1 A+B " + 100 * "x", "extra.two": "2"}, "form")
    third_cards = [{"card_type": "primary", "insurer_code": "car7551", "guarantor_dob": "1950-03-01", "group_number": "1"},
                   {"card_type": "secondary", "insurer_code": "car7147"}]
    f.call("importCards", "POST", "/users/-/insurances/import", third, {"insurances": third_cards})
    del third_cards[0]["group_number"]
    f.call("importCards", "POST", "/users/-/insurances/import", third, {"insurances": third_cards})
    f.call("listCards", "GET", "/users/-/insurances", third)
    f.call("deleteCard", "DELETE", "/users/-/insurances/primary", third)
    f.sign_on(**PATIENT)
    f.call("getMe", "GET", "/me", token)


def result(f, user, token):
    f.call("getUser", "GET", user, token)
    f.call("getMe", "GET", "/me", token)


class EveryOperation(unittest.TestCase):
    def test_happy_path(self):
        f = Fake(password="made up")
        try:
            status, body = f.call("signOn", "POST", "/users/sso?fields=vsee", KEY, PATIENT)
            token, cards = {"X-ApiToken": body["data"]["token"]["token"]}, "/users/-/insurances"
            calls = [
                ("updateMe", "POST", "/me", OLD, "multipart"), ("getMe", "GET", "/me", None, ""), ("getUser", "GET", "/users/-", None, ""),
                ("listInsurers", "GET", "/insurances", None, ""), ("listInsurerOptions", "GET", "/insurances/list/insurers", None, ""),
                ("importCards", "POST", cards + "/import", {"insurances": [{"card_type": "secondary", "insurer_code": "car7551"}]}, "json"),
                ("importCards", "POST", cards + "/import", {"insurances.0.card_type": "secondary", "insurances[0][insurer_code]": "AETNA"}, "form"),
                ("saveCard", "POST", cards + "/primary", {"card_front": b"\x89PNG\r\n\x1a\n\r\n--x"}, "multipart"),
                ("listCards", "GET", cards, None, ""), ("startEligibilityCheck", "POST", "/users/-/car7556/eligibility", None, ""),
                ("deleteCard", "DELETE", cards + "/secondary", None, ""), ("getAccount", "GET", "/accounts/-.json", None, ""),
                ("listAccounts", "GET", "/accounts", None, ""),
            ]
            done = {"signOn"} if status == 200 else set()
            for operation, method, path, fields, form in calls:
                self.assertEqual(200, f.call(operation, method, path, token, fields, form)[0], operation)
                done.add(operation)
            self.assertEqual(200, f.call("searchUsers", "GET", "/users?email=Ada.Test", ADMIN)[0])
            login = {"username": PATIENT["email"], "password": "made up"}
            self.assertEqual(200, f.call("login", "POST", "/users/login", {"X-AccountCode": "vclinic"}, login)[0])
            self.assertEqual({r[0] for r in api.ROUTES if r[0]}, done | {"searchUsers", "login"})
            f.connection.request("GET", "/_mock/readyz")
            answer = f.connection.getresponse()
            answer.read()
            self.assertEqual(404, answer.status)
        finally:
            f.close()

    def test_state_and_result(self):
        f = Fake()
        try:
            number, token = f.sign_on(**PATIENT)
            self.assertEqual(number, f.sign_on(first_name="Ada", last_name="Test", code="Self-1")[0])
            data = f.call("updateMe", "POST", "/me", token, OLD, "form")[1]["data"]
            self.assertEqual({"carrier_code": "car11406", "group_number": "asdasd", "subscriber_num": "11000075", "insurance_order": 2},
                             data["insurance"]["secondary"])
            self.assertEqual(PATIENT["street_addr"], data["street_addr"])
            cards = f.call("listCards", "GET", "/users/-/insurances", token)[1]["data"]
            self.assertEqual([("primary", "234234", "child", "Q"), ("secondary", "11000075", "child", "Q")],
                             [(c["card_type"], c["subscriber_number"], c["responsible_party"], c["guarantor_middle_name"]) for c in cards])
            f.call("startEligibilityCheck", "POST", "/users/-/car11406/eligibility", token)
            self.assertNotIn("user_data", f.call("getMe", "GET", "/me", token)[1]["data"])
            f.wait(1)
            data = f.call("getMe", "GET", "/me", token)[1]["data"]
            self.assertEqual({"secondary": {"eligibility_response": texts.CODES["75"]}}, data["user_data"])
            event = json.loads(f.hook.events[0][2])
            self.assertEqual(texts.CODES["75"], event["data"]["eligibility_response"])
            f.call("updateMe", "POST", "/me", token, {"dob": "1981/01/01"})
            data = f.call("getMe", "GET", "/me", token)[1]["data"]
            self.assertEqual((None, "1981-01-01"), (data.get("user_data"), data["dob"]))
        finally:
            f.close()

    def test_many_at_once(self):
        f = Fake()
        try:
            def work(number):
                for turn in range(10):
                    connection = http.client.HTTPConnection("127.0.0.1", f.server.server_port, timeout=20)
                    body = json.dumps({"first_name": "A", "last_name": "B", "code": "c%d" % turn})
                    connection.request("POST", "/api_v3/users/sso", body, dict(KEY, **{"Content-Type": "application/json"}))
                    found.append((turn, json.loads(connection.getresponse().read())["data"]["id"]))
                    connection.close()
            found = []
            threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
            [t.start() for t in threads]
            [t.join() for t in threads]
            self.assertEqual((80, 10), (len(found), len(set(found))))
        finally:
            f.close()

    def test_chunked_body_and_refusal_keep_the_connection(self):
        f = Fake()
        try:
            with socket.create_connection(("127.0.0.1", f.server.server_port)) as s:
                body = b'{"first_name":"A","last_name":"B","code":"c"}'
                head = "".join("%s: %s\r\n" % pair for pair in KEY.items())
                s.sendall(("POST /api_v3/users/sso HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n%s"
                           "Transfer-Encoding: chunked\r\n\r\n%x\r\n" % (head, len(body))).encode() + body + b"\r\n0\r\n\r\n"
                          b"POST /api_v3/me HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
                          b"GET /api_v3/accounts HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                raw = b""
                while piece := s.recv(65536):
                    raw += piece
            self.assertEqual([b"200", b"401", b"200"], re.findall(rb"HTTP/1\.1 (\d+)", raw))
        finally:
            f.close()

    def test_command(self):
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fake.py")
        process = subprocess.Popen([sys.executable, script, "--port", "0", "--until-stdin-closes"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE)
        self.assertRegex(process.stdout.readline().decode(), r"^listening on http://127\.0\.0\.1:\d+\n$")
        process.stdin.close()
        self.assertEqual(0, process.wait(5))
        process.stdout.close()


class EveryChange(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.honest = cls.observe(None)

    @staticmethod
    def observe(change):
        f = Fake(change)
        try:
            play(f)
            return f.seen
        finally:
            f.close()

    def test_honest_is_steady(self):
        self.assertEqual(self.honest, self.observe(None))

    def differing(self, change):
        """The operations whose replies differ, each with the first two replies that do."""
        found = {}
        for good, bad in zip(self.honest, self.observe(change)):
            if good != bad:
                found.setdefault(bad[0], (good, bad))
        return found

    def test_each(self):
        for name, row in changes.TABLE.items():
            if name in texts.REWORDED:
                continue  # see test_wordings
            with self.subTest(change=name):
                found = self.differing(name)
                self.assertTrue(found, "nothing differs")
                if row["case"] == "ok":
                    self.assertIn(row["operation"], found)
                if row["case"] == "ok" and row["kind"] != "status":
                    self.assertLessEqual(set(found), {row["operation"], row.get("cause")} | set(row.get("also", [])), found)

    def test_wordings(self):
        codes = {text: code for code, text in texts.CODES.items()}
        for name, wording in texts.REWORDED.items():
            for change in (None, name):
                with self.subTest(change=change, text=list(wording)[0]):
                    f = Fake(change)
                    try:
                        (text, new), = wording.items()
                        _, token = f.sign_on(insurance={"primary": {"carrier_code": "car7551", "subscriber_num": "1100-00" + codes.get(text, "22").lower()}},
                                             **PATIENT)
                        f.call("startEligibilityCheck", "POST", "/users/-/eligibility", token)
                        f.wait(1)
                        user = f.call("getUser", "GET", "/users/-", token)[1]["data"]
                        want = new if change else text
                        self.assertEqual(want, user["user_data"]["primary"]["eligibility_response"])
                        self.assertEqual(want, json.loads(f.hook.events[0][2])["data"]["eligibility_response"])
                    finally:
                        f.close()

    def test_table(self):
        kinds = "undeclared missing type null format enum status media-type header text value owner lost-write event-missing " \
                "event-extra event-request late"
        operations = {r[0] for r in api.ROUTES if r[0]} | {"eligibility.checked"}
        for row in changes.TABLE.values():
            self.assertIn(row["kind"], kinds.split())
            self.assertIn(row["case"], "ok no-token wrong-token other-user unknown-id bad-field limit".split())
            self.assertLessEqual({row["operation"]} | set(row.get("also", [])), operations)


if __name__ == "__main__":
    unittest.main()

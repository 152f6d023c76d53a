"""The webhook: one unsigned POST for each check that has ended, in a request of its own."""
import http.client
import json
import secrets
import time
import urllib.parse

import texts

PAUSES = (5, 30, 300)  # seconds before each further attempt


class Webhook:
    def __init__(self, url, account, change=None, log=lambda text: None, late=600):
        self.url, self.account, self.change, self.log, self.late = url, account, change, log, late

    def check_ended(self, check):
        if not self.url or self.change == "event-never":
            return
        if self.change == "event-late":
            time.sleep(self.late)
        event = self.event(check)
        self.deliver(event)
        if self.change == "event-twice":
            self.deliver(event)
        if self.change == "event-twice-new-id":
            self.deliver(self.event(check))

    def event(self, check):
        now = int(time.time())
        member = check["user"]["id"]
        data = {"eligibility_id": check["id"], "member_id": member, "eligibility_response": check["answer"],
                "external_member_id": str(3000000 + int(member))}
        identity = "%08x-%s-4%s-a%s-%s" % (now, secrets.token_hex(2), secrets.token_hex(2)[1:],
                                           secrets.token_hex(2)[1:], secrets.token_hex(6))
        event = {"id": identity, "type": "eligibility.checked", "created": now, "account_code": self.account, "data": data}
        if self.change == "event-no-external-member-id":
            del data["external_member_id"]
        if self.change == "event-no-account-code":
            del event["account_code"]
        if self.change == "event-member-id-number":
            data["member_id"] = int(member)
        if self.change == "event-id-digits":
            event["id"] = str(now)
        if self.change == "event-created-date":
            event["created"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))
        if self.change == "event-other-check-id":
            data["eligibility_id"] = str(int(check["id"]) - 1)
        if self.change == "event-other-member":
            data["member_id"] = "560101"
        if self.change == "event-type-renamed":
            event["type"] = "eligibility.completed"
        if self.change == "event-other-account":
            event["account_code"] = "another-clinic"
        if self.change == "event-reject-code" and check["answer"] == texts.CODES["75"]:
            data["eligibility_response"] = "75"
        return event

    def deliver(self, event):
        body = [event] if self.change == "event-in-a-list" else event
        kind = "text/plain" if self.change == "event-text-plain" else "application/json"
        method = "PUT" if self.change == "event-by-put" else "POST"
        raw = json.dumps(body, separators=(",", ":")).encode()
        for pause in PAUSES + (None,):
            if self.attempt(method, raw, kind) or pause is None:
                return
            time.sleep(pause)

    def attempt(self, method, raw, kind):
        url = urllib.parse.urlsplit(self.url)
        make = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
        connection = make(url.hostname, url.port, timeout=15)
        try:
            path = (url.path or "/") + ("?" + url.query if url.query else "")
            connection.request(method, path, raw, {"Content-Type": kind, "User-Agent": "clinic-events/2"})
            answer = connection.getresponse()
            answer.read()
            return 200 <= answer.status < 300
        except OSError as error:
            self.log("event not delivered: %s" % error)
            return False
        except http.client.HTTPException as error:
            self.log("event not delivered: %s" % error)
            return False
        finally:
            connection.close()

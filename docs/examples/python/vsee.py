"""A client of VSee's api_v3 along its insurance guide: one file, Python 3.11 and nothing else. Copy it."""

import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request

LONGEST_WAIT = 60  # seconds; a call does not wait for a Retry-After beyond it


class VSeeError(Exception):
    """A failed call. status is 0 when no answer came, or none in the API's format."""

    def __init__(self, status, message):
        super().__init__(f"VSee answered {status}: {message}" if status else f"no answer of VSee: {message}")
        self.status = status


class VSee:
    """The clinic's calls. A patient is an id and a token, as sign_on returns them.

    A call is tried up to `attempts` times. `sleep` waits between two tries: a test passes one that moves a clock.
    """

    def __init__(self, base_url, account_code, api_key, api_secret, api_token, sleep=time.sleep, attempts=4):
        self.base_url, self.api_token, self.sleep, self.attempts = base_url, api_token, sleep, attempts
        self.keys = {"X-AccountCode": account_code, "X-ApiKey": api_key, "X-ApiSecret": api_secret}

    def insurers(self):
        """The clinic's insurers. The id of one is the carrier_code of the other calls."""
        return self._call("GET", "/insurances/", {"X-ApiToken": self.api_token})["insurers"]

    def sign_on(self, code, **fields):
        """Creates the patient with your own id `code`, or fetches the one who has it."""
        user = self._call("POST", "/users/sso", self.keys, form={"type": 200, "code": code, **fields})
        return {"id": user["id"], "token": user["token"]["token"]}

    def store_insurance(self, patient, carrier_code, subscriber_num):
        fields = {
            "insurance.primary_carrier_code": carrier_code,
            "insurance.primary_subscriber_num": subscriber_num,
            "insurance.respparty": "self",
        }
        self._call("POST", "/me.json", token_header(patient), form=fields)

    def start_check(self, patient, carrier_code):
        """Returns the eligibility_id of the new check. A webhook has its result some seconds later."""
        path = f"/users/{patient['id']}/{urllib.parse.quote(carrier_code, safe='')}/eligibility"
        return self._call("POST", path, token_header(patient))["eligibility_id"]

    def result(self, patient, card="primary"):
        """The insurer's answer in the last check of a card, None before there is one."""
        user = self._call("GET", f"/users/{patient['id']}", token_header(patient))
        return user.get("user_data", {}).get(card, {}).get("eligibility_response")

    def submit_claim(self, patient, claim):
        """Returns the claim_id. VSee has not defined claims: this is the mock's way."""
        claim = {"member_id": patient["id"], **claim}
        return self._call("POST", "/insurance/claims", token_header(patient), claim=claim)["claim_id"]

    def claim(self, patient, claim_id):
        return self._call("GET", f"/insurance/claims/{claim_id}", token_header(patient))

    def _call(self, method, path, headers, form=None, claim=None):
        body = None
        if form is not None:
            body = urllib.parse.urlencode(form).encode()
        elif claim is not None:
            body, headers = json.dumps(claim).encode(), {**headers, "Content-Type": "application/json"}
        request = urllib.request.Request(self.base_url + path, body, headers, method=method)
        for tried in range(1, self.attempts + 1):
            wait = 2 ** (tried - 1)  # seconds
            try:
                with urllib.request.urlopen(request, timeout=20) as reply:
                    return json.load(reply)["data"]
            except urllib.error.HTTPError as refused:
                problem, again = VSeeError(refused.code, message_of(refused)), may_repeat(method, refused.code)
                wait = max(wait, seconds(refused.headers.get("Retry-After", "")))
            except (OSError, http.client.HTTPException, ValueError, KeyError, TypeError) as broken:
                problem, again = VSeeError(0, type(broken).__name__), method == "GET"
            if tried == self.attempts or not again or wait > LONGEST_WAIT:
                raise problem
            self.sleep(wait)


def may_repeat(method, status):
    """After 429 and 503 the call has done nothing. After another 5xx it may have: only a GET is repeated then."""
    return status in (429, 503) or (method == "GET" and status >= 500)


def token_header(patient):
    return {"X-ApiToken": patient["token"]}


def seconds(text):
    return int(text) if text.isdecimal() else 0


def message_of(refused):
    """The API's own message. It never has the values that were sent."""
    try:
        return json.load(refused)["message"]
    except (OSError, ValueError, KeyError, TypeError):
        return refused.reason

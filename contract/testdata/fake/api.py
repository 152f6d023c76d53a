"""The operations of the API: who may call them, what they do, and the changes of both."""
import copy
from urllib.parse import parse_qs, unquote

import bodies
import changes
import fields
import texts
from fields import Refusal
from search import Search, whole

ROUTES = [  # operation, method, path, caller; more special paths come first
    ("listInsurers", "GET", "insurances", "user"),
    ("listInsurerOptions", "GET", "insurances/list/insurers", "user"),
    ("signOn", "POST", "users/sso", "partner"),
    ("login", "POST", "users/login", "visitor"),
    (None, "", "users/refresh_token", ""),
    (None, "", "users/logout", ""),
    ("getMe", "GET", "me", "self"),
    ("updateMe", "POST", "me", "self"),
    ("searchUsers", "GET", "users", "admin"),
    ("getUser", "GET", "users/{id}", "owner"),
    ("listCards", "GET", "users/{id}/insurances", "owner"),
    ("importCards", "POST", "users/{id}/insurances/import", "owner"),
    ("saveCard", "POST", "users/{id}/insurances/{card}", "owner"),
    ("deleteCard", "DELETE", "users/{id}/insurances/{card}", "owner"),
    ("startEligibilityCheck", "POST", "users/{id}/eligibility", "owner"),
    ("startEligibilityCheck", "POST", "users/{id}/{carrier}/eligibility", "owner"),
    ("listAccounts", "GET", "accounts", "anybody"),
    ("getAccount", "GET", "accounts/{code}", "anybody"),
]


class Reply:
    def __init__(self, status, body):
        self.status, self.body, self.raw = status, body, None
        self.headers = {"Content-Type": "application/json; charset=utf-8"}


class Request:
    """One request as the operations see it. `path` is what follows the prefix and `api_v3`, in segments."""

    def __init__(self, method, path, query, headers, raw):
        self.method, self.path, self.headers, self.raw = method, path, headers, raw
        self.query = parse_qs(query, keep_blank_values=True)
        self.values, self.caller, self.case = {}, None, "ok"
        self.base = "http://" + headers.get("Host", "localhost")

    def single(self, name, default=None):
        return self.query.get(name, [default])[-1]

    def several(self, name):
        found = self.query.get(name, []) + self.query.get(name + "[]", [])
        return [v for text in found for v in text.split(",")]


class Api(Search):
    def __init__(self, clinic, keys, change=None):
        self.clinic, self.keys, self.change = clinic, keys, change
        self.row = changes.TABLE.get(change, {})
        self.reads, self.former = {}, {}

    def is_case(self, operation, case):
        """Whether the change is that this operation answers this case with another status."""
        return self.row.get("kind") == "status" and self.row["case"] == case and self.row["operation"] == operation

    def answer(self, request):
        operation = None
        try:
            operation, caller = self.route(request)
            self.authorize(request, operation, caller)
            if self.is_case(operation, "ok") and self.change in ("json-refused", "urlencoded-refused"):
                kind = "json" if self.change == "json-refused" else "urlencoded"
                if kind in request.headers.get("Content-Type", ""):
                    raise Refusal(self.row["got"], "This kind of body is no longer taken.")
            before = self.note_former(operation, request)
            reply = Reply(200, getattr(self, operation)(request))
            self.former.update(before)
        except bodies.BadBody as error:
            request.case, reply = "bad-field", Reply(400, {"code": 400, "message": str(error)})
        except Refusal as error:
            if request.case == "ok" and error.status == 400:
                request.case = "bad-field"
            reply = Reply(error.status, {"code": error.status, "message": error.message})
            if error.allow:
                reply.headers["Allow"] = error.allow
        reply.body = copy.deepcopy(reply.body)
        changes.alter(self.change, operation, request.case, reply)
        return reply

    # Paths and callers

    def route(self, request):
        path = list(request.path)
        if path and path[-1] == "":
            path.pop()
        if path and path[-1].endswith(".json"):
            if self.change == "dot-json-gone" and path == ["me.json"] and request.method == "GET":
                raise Refusal(404, "Page could not be found.")
            path[-1] = path[-1][:-5]
        methods = []
        for operation, method, pattern, caller in ROUTES:
            values = match(pattern.split("/"), path)
            if values is None:
                continue
            if operation is None:
                break
            if method == request.method:
                if self.change == "old-check-path-gone" and pattern == "users/{id}/eligibility":
                    break
                request.values = {name: unquote(value) for name, value in values.items()}
                return operation, caller
            methods.append(method)
        else:
            if methods:
                raise Refusal(405, "This method is not supported here.", ", ".join(sorted(set(methods))))
        raise Refusal(404, "Page could not be found.")

    def account_of(self, request):
        """The account that the header or the host names."""
        host = request.headers.get("Host", "")
        return request.headers.get("X-AccountCode") or (host[4:].split(".")[0] if host.startswith("api-") else None)

    def authorize(self, request, operation, caller):
        if caller == "anybody":
            return
        if caller in ("partner", "visitor"):
            account = self.account_of(request)
            same = account == self.clinic.account
            if self.change == "account-code-any-case" and operation == "signOn":
                same = (account or "").lower() == self.clinic.account.lower()
            if not same or (caller == "partner" and not self.key_is_right(request)):
                request.case = "wrong-token" if account and request.headers.get("X-ApiKey") else "no-token"
                raise Refusal(401, "These credentials do not open this clinic.")
            return
        token = request.headers.get("X-ApiToken", "")
        request.caller = self.clinic.owner(token)
        if self.change == "token-any-case" and operation == self.row["operation"]:
            request.caller = request.caller or self.clinic.owner(token.lower())
        if request.caller is None:
            case = "wrong-token" if token else "no-token"
            if self.is_case(operation, case) and self.row["got"] == 200 and self.change != "token-any-case":
                request.caller = self.clinic.users["560100"]
                return
            request.case = case
            status = self.row["got"] if self.is_case(operation, case) and self.row["got"] != 200 else 401
            raise Refusal(status, "Please sign on first." if case == "no-token" else "Your session has ended.")
        admin = request.caller["type"] == 100
        if self.change == "admin-refused" and operation == self.row["operation"] and admin and request.values["id"] != "-":
            raise Refusal(403, "Only the user may do this.")
        if caller == "admin" and not admin and not self.is_case(operation, "other-user"):
            request.case = "other-user"
            raise Refusal(403, "Only administrators may do this.")
        if caller == "owner":
            self.find_user(request, operation, admin)

    def key_is_right(self, request):
        key, secret = request.headers.get("X-ApiKey", ""), request.headers.get("X-ApiSecret")
        for right_key, right_secret in self.keys:
            if self.change == "api-key-any-case":
                key, right_key = key.lower(), right_key.lower()
            if key == right_key and (secret in (None, right_secret) or self.change == "wrong-secret-accepted"):
                return True
        return False

    def find_user(self, request, operation, admin):
        number = request.values["id"]
        request.user = request.caller if number == "-" else self.clinic.users.get(number)
        if request.user is None:
            request.case = "unknown-id"
            if not self.is_case(operation, "unknown-id"):
                raise Refusal(404, "No such user.")
        elif request.user is not request.caller and not admin and not self.is_case(operation, "other-user"):
            request.case = "other-user"
            raise Refusal(403, "This belongs to somebody else.")

    # Stale replies: what the user looked like before the last write, shown once

    def note_former(self, operation, request):
        stale = {"stale-user": ("getUser", ("updateMe",)), "stale-me": ("getMe", ("updateMe",)),
                 "stale-cards": ("listCards", ("saveCard", "importCards", "deleteCard"))}.get(self.change)
        if not stale or operation not in stale[1]:
            return {}
        user = getattr(request, "user", None) or request.caller
        view = {"data": self.clinic.cards_view(user, request.base), "version": "2.0"} if stale[0] == "listCards" \
            else {"data": self.clinic.user_view(user, request.base, signup=stale[0] == "getUser")}
        return {(stale[0], user["id"]): copy.deepcopy(view)}

    def stale(self, operation, user):
        return self.former.pop((operation, user["id"]), None)

    # Operations

    def listInsurers(self, request):
        return {"data": {"insurers": [{"id": code, "name": name} for code, name in texts.INSURERS]}}

    def listInsurerOptions(self, request):
        return {"data": [{"id": code, "text": name} for code, name in texts.INSURERS]}

    def body(self, request):
        return bodies.parse(request.headers.get("Content-Type"), request.raw, self.change)

    def signOn(self, request):
        wanted = request.single("fields")
        if wanted not in (None, "vsee"):
            raise Refusal(400, "Your request could not be processed: fields not acceptable.")
        body = self.body(request)
        clean = fields.profile(body, self.change)
        user, token, new = self.clinic.sign_on(clean, fields.insurance(body, self.change))
        out = self.clinic.user_view(user, request.base)
        out["token"] = token
        if wanted == "vsee":
            out["vsee"] = {"id": user["vseeid"], "token": user.setdefault("vsee_token", token["refresh_token"]["token"][::-1])}
        return {"data": out}

    def login(self, request):
        body = self.body(request)
        name, secret = ("username", "password") if body.get("username") or body.get("password") else ("email", "email_token")
        if not all(isinstance(body.get(n), str) and body[n] for n in (name, secret)):
            request.case = "bad-field"
            raise Refusal(400, "A user name and a password are needed, or an e-mail address and its token.")
        user = next((u for u in list(self.clinic.users.values()) if u.get(name) == body[name]), None)
        if user is None or not self.clinic.password or body[secret] != self.clinic.password:
            request.case = "wrong-token"
            raise Refusal(401, "Wrong user or password.")
        return {"data": dict(self.clinic.user_view(user, request.base), token=self.clinic.new_token(user))}

    def getMe(self, request):
        return self.stale("getMe", request.caller) or {"data": self.clinic.user_view(request.caller, request.base)}

    def updateMe(self, request):
        body = self.body(request)
        clean = fields.profile(body, self.change, request.caller)
        if self.change == "update-clears-address":
            clean = dict({"street_addr": "", "city": "", "state": "", "zip": ""}, **clean)
        if self.change == "extra-replaced" and "extra" in clean:
            request.caller["extra"] = {}
        if self.change == "email-overwrites-username" and "email" in clean:
            clean = dict({"username": clean["email"]}, **clean)
        self.clinic.update(request.caller, clean, fields.insurance(body, self.change))
        if self.change == "update-moves-creation":
            request.caller["created"] = 2_000_000_000
        if self.change == "update-clears-results":
            for card in request.caller["cards"].values():
                card.pop("result", None)
        return {"data": self.clinic.user_view(request.caller, request.base)}

    def getUser(self, request):
        user = request.user
        if user is None:
            return {"data": {}}
        former = self.stale("getUser", user)
        if former:
            return former
        if self.change == "another-patient-from-second-read":
            self.reads[user["id"]] = self.reads.get(user["id"], 0) + 1
            if self.reads[user["id"]] > 1:
                user = self.clinic.users["560101" if user["id"] != "560101" else "560102"]
        return {"data": self.clinic.user_view(user, request.base, signup=True)}

    def listCards(self, request):
        if request.user is None:
            return {"data": [], "version": "2.0"}
        user = request.user
        former = self.stale("listCards", user)
        if former:
            return former
        if self.change == "another-patients-cards":
            user = self.clinic.users["560101"]
        cards = self.clinic.cards_view(user, request.base)
        if self.change == "cards-secondary-first":
            cards.reverse()
        return {"data": cards, "version": "2.0"}

    def importCards(self, request):
        cards = self.body(request).get("insurances")
        if not isinstance(cards, list) or not 1 <= len(cards) <= 2:
            raise Refusal(400, "One or two cards are needed.")
        cards = [fields.card(card, self.change) for card in cards]
        if len({card["card_type"] for card in cards}) < len(cards):
            raise Refusal(400, "There can be one card of each type.")
        self.clinic.import_cards(request.user, cards)
        return {"data": self.clinic.cards_view(request.user, request.base), "version": "2.0"}

    def card_type(self, request):
        kind = request.values["card"]
        if kind not in ("primary", "secondary"):
            raise Refusal(400, "There is no such type of card.")
        return kind

    def saveCard(self, request):
        kind = self.card_type(request)
        self.clinic.save_card(request.user, kind, fields.card(self.body(request), self.change, kind))
        card = next(c for c in self.clinic.cards_view(request.user, request.base) if c["card_type"] == kind)
        return {"data": card, "version": "2.0"}

    def deleteCard(self, request):
        self.clinic.delete_card(request.user, self.card_type(request))
        return {"data": self.clinic.cards_view(request.user, request.base), "version": "2.0"}

    def startEligibilityCheck(self, request):
        check = self.clinic.start_check(request.user, request.values.get("carrier"))
        return {"data": {"eligibility_id": check["id"], "carrier_code": check["carrier"]}}

    def account_view(self):
        return {"code": self.clinic.account, "name": self.clinic.account, "description": "", "theme": {"name": "default"},
                "payment": {"enabled": False}, "eligibility": {"enabled": True}, "language": "en", "logo_url": None}

    def listAccounts(self, request):
        start, limit = whole(request, "start", 0, 0, 10 ** 9), whole(request, "limit", 20, 1, 100)
        return {"data": [self.account_view()][start:start + limit], "total_count": 1}

    def getAccount(self, request):
        code = request.values["code"]
        if code == "-":
            known = self.clinic.owner(request.headers.get("X-ApiToken", ""))
            code = self.clinic.account if known else self.account_of(request)
        if code != self.clinic.account:
            request.case = "unknown-id"
            if not self.is_case("getAccount", "unknown-id"):
                raise Refusal(404, "No such clinic.")
            return {"data": {}}
        return {"data": self.account_view()}


def match(pattern, path):
    if len(pattern) != len(path):
        return None
    values = {}
    for want, have in zip(pattern, path):
        if want.startswith("{"):
            values[want[1:-1]] = have
        elif want != unquote(have):
            return None
    return values

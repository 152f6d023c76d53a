"""The clinic's state: users, cards, tokens and checks. One lock guards all of it; callers of the public methods need none."""
import datetime
import re
import secrets
import threading
import time

import texts
from fields import PARTS, Refusal
from views import RESPONSIBLE, Views

DAY = 86400


class Clinic(Views):
    def __init__(self, account, admin_token, password=None, delay=10.0, change=None, send=None):
        self.account, self.password, self.delay, self.change, self.send = account, password, delay, change, send
        self.lock = threading.RLock()
        self.users, self.by_code, self.tokens, self.images = {}, {}, {}, {}
        self.next_user, self.next_check, self.next_image = 560100, 880001, 1
        admin = self.new_user({"code": "clinic-admin", "first_name": "Clinic", "last_name": "Admin", "type": 100})
        admin["vseeid"] = secrets.token_hex(16) + "@vsee.com"
        self.tokens[admin_token] = {"user_id": admin["id"], "expiry": None}
        for number, name in enumerate(("Sample", "Example", "Placeholder"), 1):  # patients that were there before
            user = self.new_user({"code": "made-up-%d" % number, "first_name": "Made-Up", "last_name": name, "type": 200,
                                  "dob": "1970-01-0%d" % number, "gender": 1, "email": "made-up-%d@example.com" % number,
                                  "street_addr": "%d Example Street" % number, "zip": "0000%d" % number})
            user["cards"]["primary"] = {"insurer_code": "car7551", "subscriber_number": "MADE-UP-%d" % number}

    # Users and tokens

    def new_user(self, fields):
        now = int(time.time())
        user = {"id": str(self.next_user), "type": fields.get("type", 200), "created": now, "cards": {}, "waiting": {},
                "rooms": [], "extra": {}, "timezone": "America/Los_Angeles", "last_login": None,
                "vseeid": "ccpreview+%08x%s" % (now, secrets.token_hex(12)),
                "code": fields.get("code") or secrets.token_hex(16)}
        self.next_user += 1
        user.update({name: value for name, value in fields.items() if name not in ("room_code", "code")})
        user["username"] = fields.get("username") or fields.get("email") or secrets.token_hex(16)
        self.users[user["id"]] = user
        self.by_code[self.code_key(user["code"])] = user["id"]
        return user

    def code_key(self, code):
        return code.lower() if self.change == "code-any-case" else code

    def sign_on(self, fields, insurance):
        with self.lock:
            user = self.users.get(self.by_code.get(self.code_key(fields.get("code") or "")))
            if self.change == "sign-on-always-new":
                user = None
            if user is None and self.change == "sign-on-by-email" and fields.get("email"):
                user = next((u for u in self.users.values() if u.get("email") == fields["email"]), None)
            new = user is None
            self.check_images(user, insurance)
            if new:
                user = self.new_user(fields)
                self.update(user, {"room_code": fields.get("room_code", "")}, insurance)
            else:
                if self.change == "sign-on-clears-insurance":
                    user["cards"].clear()
                if self.change == "sign-on-makes-new-vseeid":
                    user["vseeid"] = secrets.token_hex(16) + "@vsee.com"
                self.update(user, {k: v for k, v in fields.items() if k != "code"}, insurance)
            if self.change == "sign-on-ends-old-tokens":
                self.tokens = {t: owner for t, owner in self.tokens.items() if owner["user_id"] != user["id"]}
            return user, self.new_token(user), new

    def new_token(self, user):
        now = int(time.time())
        user["last_login"] = now
        token = secrets.token_hex(16)
        self.tokens[token] = {"user_id": user["id"], "expiry": now + DAY}
        return {"user_id": user["id"], "token": token, "expiry": now + DAY, "created": now,
                "user_type": str(user["type"]),
                "refresh_token": {"user_id": user["id"], "token": secrets.token_hex(16),
                                  "expiry": now + 30 * DAY, "created": now}}

    def owner(self, token):
        with self.lock:
            found = self.tokens.get(token)
            if found is None or (found["expiry"] and found["expiry"] <= time.time()):
                return None
            return self.users[found["user_id"]]

    def update(self, user, fields, insurance):
        """A partial update. An empty text empties a field; a result goes when somebody or something else is meant."""
        with self.lock:
            self.check_images(user, insurance)
            before = {kind: self.meant(user, kind) for kind in user["cards"]}
            room = fields.get("room_code")
            if room and user["type"] == 400 and room not in user["rooms"]:
                user["rooms"].append(room)
            for name, value in fields.items():
                if name == "extra":
                    merge(user["extra"], value)
                elif name != "room_code":
                    user[name] = value
            user["username"] = user["username"] or user.get("email") or secrets.token_hex(16)
            self.update_old_insurance(user, insurance)
            self.drop_results(user, before)

    def drop_results(self, user, before):
        for kind, card in user["cards"].items():
            if before.get(kind) != self.meant(user, kind):
                card.pop("result", None)

    def meant(self, user, kind):
        """Whom and what a result is about."""
        card = user["cards"].get(kind, {})
        names = ("insurer_code", "subscriber_number", "group_number", "responsible_party", "guarantor_name",
                 "guarantor_dob", "guarantor_gender") + PARTS
        return [user.get(n) or "" for n in ("first_name", "last_name", "dob", "gender")] + [card.get(n) or "" for n in names]

    # Cards, in both generations

    def insurer_id(self, text):
        return next((code for code, name in texts.INSURERS if text in (code, name)), text)

    def update_old_insurance(self, user, insurance):
        patient = insurance.get("patient", {})
        for kind in ("primary", "secondary"):
            if kind in insurance:
                card = user["cards"].get(kind)
                if card is None:
                    other = next(iter(user["cards"].values()), user["waiting"])
                    card = {n: other[n] for n in RESPONSIBLE + PARTS if n in other}
                self.fill(card, insurance[kind])
                self.put_card(user, kind, card)
        for card in list(user["cards"].values()) or [user["waiting"]]:
            self.fill(card, patient)
        if user["cards"]:
            user["waiting"] = {}
        if insurance.get("images") and "primary" in user["cards"]:
            self.fill(user["cards"]["primary"], {"images": insurance["images"]})

    def check_images(self, user, insurance):
        if insurance.get("images") and "primary" not in insurance and "primary" not in (user or {"cards": {}})["cards"]:
            raise Refusal(400, "An image needs a primary card.")

    def put_card(self, user, kind, card):
        if any(card.get(n) for n in ("insurer_code", "carrier_name_others", "subscriber_number", "group_number")):
            user["cards"][kind] = card
        else:
            user["cards"].pop(kind, None)

    def fill(self, card, fields):
        for name, value in fields.items():
            if name == "images":
                for side, data in value.items():
                    card.pop(side, None)
                    if data is not None:
                        card[side] = self.keep_image(data)
            elif name == "insurer_code":
                card[name] = self.insurer_id(value)
            elif name != "card_type":
                card[name] = value
        if any(n in fields for n in PARTS):
            card["guarantor_name"] = " ".join(card[n] for n in PARTS if card.get(n))
        elif "guarantor_name" in fields:
            words = fields["guarantor_name"].split()
            parts = (words[0], " ".join(words[1:-1]), words[-1] if len(words) > 1 else "") if words else ("", "", "")
            card.update(zip(PARTS, parts))

    def keep_image(self, data):
        number = str(self.next_image)
        self.next_image += 1
        self.images[number + "-" + secrets.token_hex(8)] = data
        return {"id": number, "path": next(reversed(self.images))}

    def save_card(self, user, kind, fields):
        with self.lock:
            self.check_insurer(fields)
            before = {k: self.meant(user, k) for k in user["cards"]}
            card = user["cards"].get(kind)
            if card is None:
                if not fields.get("insurer_code"):
                    raise Refusal(400, "A new card needs insurer_code.")
                card, user["waiting"] = dict(user["waiting"]), {}
            self.fill(card, fields)
            user["cards"][kind] = card
            if self.change == "save-primary-loses-secondary" and kind == "primary":
                user["cards"].pop("secondary", None)
            self.drop_results(user, before)

    def import_cards(self, user, cards):
        with self.lock:
            for fields in cards:
                self.check_insurer(fields)
            before = {k: self.meant(user, k) for k in user["cards"]}
            if self.change == "import-drops-other-card":
                user["cards"] = {k: c for k, c in user["cards"].items() if k in [f["card_type"] for f in cards]}
            if self.change == "import-one-insurer":
                cards = [dict(fields, insurer_code=cards[0]["insurer_code"]) for fields in cards]
            if self.change == "import-dob-day-early":
                cards = [dict(fields, guarantor_dob=day_before(fields["guarantor_dob"])) if fields.get("guarantor_dob") else fields
                         for fields in cards]
            for fields in cards:
                kind, card = fields["card_type"], {}
                if self.change == "import-keeps-unsent-fields":
                    card = {n: v for n, v in user["cards"].get(kind, {}).items() if n != "result"}
                result = user["cards"].get(kind, {}).get("result")
                if result:
                    card["result"] = result
                self.fill(card, fields)
                user["cards"][kind] = card
            self.drop_results(user, before)

    def check_insurer(self, fields):
        code = fields.get("insurer_code")
        if code and self.insurer_id(code) not in dict(texts.INSURERS):
            raise Refusal(400, "insurer_code is not one of this clinic's insurers.")

    def delete_card(self, user, kind):
        with self.lock:
            if kind not in user["cards"]:
                raise Refusal(404, "No such card.")
            if self.change != "delete-card-keeps-it":
                del user["cards"][kind]
            if self.change == "delete-promotes-secondary" and kind == "primary" and "secondary" in user["cards"]:
                user["cards"]["primary"] = user["cards"].pop("secondary")

    # Checks

    def start_check(self, user, carrier):
        with self.lock:
            if carrier is not None and carrier not in dict(texts.INSURERS):
                raise Refusal(400, "carrier_code is not one of this clinic's insurers.")
            kind = next((k for k in ("primary", "secondary") if user["cards"].get(k, {}).get("insurer_code")
                         and (user["cards"][k]["insurer_code"] == carrier or (carrier is None and k == "primary"))), None)
            if kind is None:
                raise Refusal(400, "The user has no card of this carrier.")
            check = {"id": str(self.next_check), "kind": kind, "carrier": user["cards"][kind]["insurer_code"],
                     "user": user, "meant": self.meant(user, kind), "answer": self.answer(user, user["cards"][kind])}
            self.next_check += 1
        late = 600 if self.change == "result-late" else 0
        timer = threading.Timer(self.delay + late, self.end_check, [check])
        timer.daemon = True
        timer.start()
        return check

    def answer(self, user, card):
        """What the insurer will say: by the number, by missing data, or Success."""
        number = re.sub(r"[\s\-\u2010-\u2015]", "", card.get("subscriber_number") or "").upper()
        magic = re.fullmatch(r"110000(..)", number)
        today = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=14)).date().isoformat()
        code = (magic[1] if magic and magic[1] in texts.CODES else
                "T4" if not card.get("insurer_code") else
                "72" if not number else
                "73" if not user.get("first_name") or (not user.get("last_name") and user["type"] == 200) else
                "58" if not user.get("dob") else
                "74" if not user.get("gender") else
                "60" if user["dob"] > today else None)
        text = texts.CODES[code] if code else texts.SUCCESS
        return texts.REWORDED.get(self.change, {}).get(text, text)

    def end_check(self, check):
        if self.change == "event-before-result" and self.send:
            self.send(check)
            time.sleep(2)
        with self.lock:
            user, kind = check["user"], check["kind"]
            if kind in user["cards"] and self.meant(user, kind) == check["meant"] and self.change != "result-not-saved":
                if self.change == "result-on-primary-card" and "primary" in user["cards"]:
                    kind = "primary"
                user["cards"][kind]["result"] = check["answer"]
        if self.change != "event-before-result" and self.send:
            self.send(check)


def day_before(date):
    return (datetime.date.fromisoformat(date) - datetime.timedelta(days=1)).isoformat()


def merge(target, extra):
    for name, value in extra.items():
        if isinstance(value, dict) and isinstance(target.get(name), dict):
            merge(target[name], value)
        else:
            target[name] = value

"""Which values of a request's fields are taken. Each function returns the clean values, or raises Refusal(400)."""
import datetime
import html
import os
import re
import zoneinfo

from bodies import Upload


class Refusal(Exception):
    def __init__(self, status, message, allow=None):
        super().__init__(message)
        self.status, self.message, self.allow = status, message, allow


TEXTS = ("username", "street_addr", "city", "state", "zip", "phone")
GENDERS = {"1": 1, "2": 2, "male": 1, "female": 2}
PARTIES = ("", "self", "child", "spouse", "other")
PARTS = ("guarantor_first_name", "guarantor_middle_name", "guarantor_last_name")
CARD_TEXTS = ("subscriber_number", "group_number", "guarantor_name", "guarantor_address", "guarantor_address_2",
              "guarantor_city", "guarantor_zip", "guarantor_state") + PARTS
IMAGES = ("card_front", "card_back")


class Check:
    """Reads fields of one request and remembers the faulty ones."""

    def __init__(self, body, change):
        self.body, self.change, self.bad, self.missing = body, change, [], []

    def has(self, name):
        return name in self.body

    def text(self, name):
        value = self.body[name]
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            value = "%d" % value if float(value).is_integer() else repr(value)
        if not isinstance(value, str):
            self.bad.append(name)
            return ""
        return self.altered(value)

    def altered(self, value):
        if self.change == "text-trimmed":
            return value.strip()
        if self.change == "text-html-escaped":
            return html.escape(value, quote=True)
        if self.change == "text-latin1-damaged":
            return value.encode("utf-8").decode("latin-1")
        if self.change == "four-byte-characters-lost":
            return "".join(c for c in value if ord(c) < 0x10000)
        return value

    def date(self, name):
        text = self.text(name).strip()
        found = re.fullmatch(r"(\d{4})([-/])(\d{2})\2(\d{2})", text, re.ASCII)
        if text and self.change == "bad-dob-accepted" and name == "dob":
            return text
        try:
            return datetime.date(int(found[1]), int(found[3]), int(found[4])).isoformat() if text else ""
        except (TypeError, ValueError):
            self.bad.append(name)
            return ""

    def gender(self, name):
        text = self.text(name)
        if self.change == "gender-word-refused" and text in ("male", "female"):
            self.bad.append(name)
        elif text and text not in GENDERS and self.change != "bad-gender-accepted":
            self.bad.append(name)
        return GENDERS.get(text)

    def choice(self, name, choices):
        text = self.text(name)
        if text not in choices:
            self.bad.append(name)
        return text

    def done(self):
        if self.missing or self.bad:
            told = ["%s missing" % name for name in self.missing] + ["%s not acceptable" % name for name in self.bad]
            raise Refusal(400, "Your request could not be processed: " + ", ".join(told) + ".")


def profile(body, change, known=None):
    """The user's own fields. `known` is the user that an update is about, None at sign-on."""
    check = Check(body, change)
    out = {}
    if known is None:
        kind = check.text("type") if check.has("type") else ""
        if kind not in ("", "200", "400", "600") or (kind == "600" and change == "guest-refused"):
            check.bad.append("type")
        kind = kind or "200"
        if check.has("type") and body["type"] != "":
            out["type"] = int(kind) if kind.isdigit() else 200
        needed = ["first_name", "last_name"] + (["code"] if kind != "600" else [])
        if change == "no-last-name-accepted":
            needed.remove("last_name")
        check.missing += [name for name in needed if not check.has(name)]
        if check.has("code"):
            out["code"] = check.text("code")
            if len(out["code"]) > (127 if change == "code-128-refused" else 128):
                check.bad.append("code")
            if not out["code"] and kind != "600":
                check.missing.append("code")
    else:
        kind = str(known["type"])
    if check.has("first_name"):
        out["first_name"] = check.text("first_name")
        if not out["first_name"]:
            check.bad.append("first_name")
    if check.has("last_name"):
        out["last_name"] = check.text("last_name")
        if not out["last_name"] and kind == "200":
            check.bad.append("last_name")
    for name in TEXTS:
        if check.has(name):
            out[name] = check.text(name)
    if check.has("email") and body["email"] != "":
        out["email"] = check.text("email")
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", out["email"].strip()) and change != "bad-email-accepted":
            check.bad.append("email")
    if check.has("dob") and body["dob"] != "":
        out["dob"] = check.date("dob")
    if check.has("gender") and body["gender"] != "":
        out["gender"] = check.gender("gender")
    if check.has("timezone"):
        out["timezone"] = check.text("timezone") or "America/Los_Angeles"
        if not is_zone(out["timezone"]):
            check.bad.append("timezone")
    if check.has("disable_emails") and body["disable_emails"] != "":
        check.choice("disable_emails", ("0", "1"))
    if check.has("room_code"):
        out["room_code"] = check.text("room_code")
    if check.has("extra"):
        out["extra"] = body["extra"]
        if not isinstance(body["extra"], dict):
            check.bad.append("extra")
    if change == "phone-refused" and check.has("phone"):
        check.bad.append("phone")
    check.done()
    if change == "street-cut-at-100" and "street_addr" in out:
        out["street_addr"] = out["street_addr"][:100]
    if change == "gender-ignored-on-update" and known is not None:
        out.pop("gender", None)
    if (change == "email-lower-case" or change == "email-lower-on-update" and known is not None) and "email" in out:
        out["email"] = out["email"].lower()
    if change == "phone-lost":
        out.pop("phone", None)
    return out


def is_zone(name):
    """Whether this is a time zone; every name is where the system has no such data."""
    try:
        return bool(zoneinfo.ZoneInfo(name))
    except (ValueError, OSError):  # no relative path, or a folder of zones
        return False
    except zoneinfo.ZoneInfoNotFoundError:
        return not any(os.path.isdir(folder) for folder in zoneinfo.TZPATH)


def insurance(body, change):
    """The older `insurance` of a user: {"primary": {...}, "secondary": {...}, "patient": {...}} in the fields of cards."""
    source = body.get("insurance")
    if source is None or source == "":
        return {}
    if not isinstance(source, dict):
        raise Refusal(400, "Your request could not be processed: insurance not acceptable.")
    out = {}
    for kind in ("primary", "secondary", "patient"):
        part = source.get(kind, {})
        if not isinstance(part, dict):
            raise Refusal(400, "Your request could not be processed: insurance.%s not acceptable." % kind)
        check = Check(part, change)
        clean = {}
        if kind != "patient":
            for name, place in (("carrier_code", "insurer_code"), ("subscriber_num", "subscriber_number"),
                                ("group_number", "group_number"), ("carrier_name_others", "carrier_name_others")):
                if check.has(name) and (kind == "primary" or name != "carrier_name_others"):
                    clean[place] = check.text(name)
            if change == "secondary-group-lost" and kind == "secondary":
                clean.pop("group_number", None)
            if change == "secondary-group-on-primary" and kind == "secondary" and "group_number" in clean:
                out.setdefault("primary", {})["group_number"] = clean.pop("group_number")
        else:
            if check.has("respparty"):
                clean["responsible_party"] = check.choice("respparty", PARTIES)
            for name in ("name", "address", "city", "state", "zip"):
                if check.has("guarantor_" + name):
                    clean["guarantor_" + name] = check.text("guarantor_" + name)
            if check.has("guarantor_dob"):
                clean["guarantor_dob"] = check.date("guarantor_dob")
        check.done()
        if clean:
            out[kind] = clean
    images = images_of(source)
    if images:
        out["images"] = images
    return out


def card(body, change, kind=None):
    """One card of the newer generation. `kind` is the type that the path names; without it the body has to."""
    if not isinstance(body, dict):
        raise Refusal(400, "Your request could not be processed: insurances not acceptable.")
    check = Check(body, change)
    out = {}
    if kind is None and not check.has("card_type"):
        check.missing.append("card_type")
    if check.has("card_type"):
        out["card_type"] = check.choice("card_type", ("primary", "secondary") if kind is None else (kind,))
    if kind is None and not check.has("insurer_code"):
        check.missing.append("insurer_code")
    if check.has("insurer_code"):
        out["insurer_code"] = check.text("insurer_code")
        if not out["insurer_code"]:
            check.bad.append("insurer_code")
    for name in CARD_TEXTS:
        if check.has(name):
            out[name] = check.text(name)
    if change == "leading-zeros-lost" and out.get("subscriber_number", "").isdigit():
        out["subscriber_number"] = out["subscriber_number"].lstrip("0") or "0"
    if check.has("responsible_party"):
        out["responsible_party"] = check.choice("responsible_party", PARTIES)
    if check.has("guarantor_dob"):
        out["guarantor_dob"] = check.date("guarantor_dob")
    if check.has("guarantor_gender"):
        out["guarantor_gender"] = check.gender("guarantor_gender") or ""
    if check.has("consent"):
        value = body["consent"]
        told = value if isinstance(value, bool) else {"1": True, "true": True, "0": False, "false": False, "": False}.get(str(value))
        out["consent"] = told
        if told is None:
            check.bad.append("consent")
    if change == "consent-lost" and kind is not None:
        out.pop("consent", None)
    check.done()
    images = images_of(body)
    if images:
        out["images"] = images
    return out


def images_of(body):
    """Images that came as files, and images taken away by an empty text. A card's image as it was read is ignored."""
    out = {}
    for side in IMAGES:
        value = body.get(side)
        if isinstance(value, Upload):
            if not image_type(value.data):
                raise Refusal(400, "Your request could not be processed: %s is no image." % side)
            out[side] = value.data
        elif value == "":
            out[side] = None
    return out


def image_type(data):
    for start, kind in ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif")):
        if data.startswith(start):
            return kind
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None

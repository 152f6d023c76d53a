"""The changes: the table in changes.json, and those changes that only alter a finished reply.

The others are where the behaviour is: look for their names in bodies.py, fields.py, clinic.py, events.py and api.py.
"""
import json
import os

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "changes.json"), encoding="utf-8") as _file:
    TABLE = {row["name"]: row for row in json.load(_file)}


def drop(place, key):
    place.pop(key, None)


def rename(new):
    def action(place, key):
        if key in place:
            place[new] = place.pop(key)
    return action


def turn(function):
    def action(place, key):
        if key in place and place[key] is not None:
            place[key] = function(place[key])
    return action


def put(value):
    def action(place, key):
        place[key] = value
    return action


def american(date):
    return "%s/%s/%s" % (date[5:7], date[8:], date[:4])


# Each of these is done to what the row's pointer names, in replies 200 of the row's operation and of those in `also`.
IN_SUCCESSES = {
    "user-status-new-member": turn(lambda v: 30),
    "card-status-new-member": turn(lambda v: "ineligible" if v == "inactive" else v),
    "respparty-new-member": turn(lambda v: "dependent" if v == "child" else v),
    "insurance-order-from-zero": turn(lambda v: v - 1),
    "gender-text": turn(str),
    "user-created-text": turn(str),
    "total-count-text": turn(str),
    "user-id-number": turn(int),
    "zip-number": turn(int),
    "active-number": turn(int),
    "clinics-text": turn(lambda v: ",".join(v)),
    "full-name-renamed": rename("fullName"),
    "full-name-last-first": turn(lambda v: ", ".join(reversed(v.split(" ", 1)))),
    "vseeid-null": put(None),
    "username-missing": drop,
    "insurance-missing": drop,
    "user-data-missing": drop,
    "option-without-text": drop,
    "card-consent-missing": drop,
    "card-order-renamed": rename("type"),
    "cards-version-missing": drop,
    "cards-version-3": turn(lambda v: "3.0"),
    "search-row-without-id": drop,
    "refresh-token-missing": drop,
    "token-upper-case": turn(str.upper),
    "token-expiry-milliseconds": turn(lambda v: v * 1000),
    "dob-american": turn(american),
    "guarantor-dob-american": turn(american),
    "check-id-number": turn(int),
    "check-carrier-upper-case": turn(str.upper),
    "account-name-missing": drop,
    "insurers-renamed": rename("carriers"),
    "check-reply-has-status": put("pending"),
    "disable-emails-shown": put("0"),
}
# In replies that are no success, of the row's operation and case.
IN_REFUSALS = {
    "refusal-without-message": ("no-token", drop),
    "refusal-code-text": ("wrong-token", turn(str)),
    "refusal-code-zero": ("bad-field", turn(lambda v: 0)),
    "refusal-with-data": ("other-user", put({"id": "560101", "first_name": "Made-Up"})),
}


def at(body, pointer, action):
    """Does the action at each place that the JSON pointer names; `*` is every item of an array."""
    *way, last = pointer.split("/")[1:]
    places = [body]
    for part in way:
        if part == "*":
            places = [item for place in places if isinstance(place, list) for item in place]
        else:
            places = [place[part] for place in places if isinstance(place, dict) and place.get(part) is not None]
    for place in places:
        if isinstance(place, dict):
            action(place, last)


def alter(change, operation, case, reply):
    """The reply as the change makes it. `case` is "ok" or which refusal it is."""
    row = TABLE.get(change)
    if row is None or operation not in [row["operation"]] + row.get("also", []):
        return
    ok = reply.status == 200
    if ok and change in IN_SUCCESSES:
        at(reply.body, row["pointer"], IN_SUCCESSES[change])
    elif not ok and change in IN_REFUSALS and IN_REFUSALS[change][0] == case:
        at(reply.body, row["pointer"], IN_REFUSALS[change][1])
    elif ok and change == "insurer-20-without-id":
        reply.body["data"]["insurers"][19].pop("id")
    elif ok and change == "options-without-last":
        reply.body["data"].pop()
    elif ok and change == "insurer-names-lower-case":
        for item in reply.body["data"]["insurers"]:
            item["name"] = item["name"].lower()
    elif ok and row["kind"] == "status" and row["case"] == "ok" and 200 < row["got"] < 300:
        reply.status = row["got"]
    elif row["kind"] == "media-type" and case == row["case"]:
        reply.headers["Content-Type"] = row["got"]
        if ok is False:
            reply.raw = b"<html><body><h1>Not found</h1></body></html>"
    elif ok and row["kind"] == "header":
        reply.headers.pop(row["pointer"], None)

"""How a user and a card look in replies."""
import copy

import texts

RESPONSIBLE = ("responsible_party", "guarantor_name", "guarantor_dob", "guarantor_address", "guarantor_city",
               "guarantor_state", "guarantor_zip")
OLD_CARD = (("carrier_code", "insurer_code"), ("carrier_name_others", "carrier_name_others"),
            ("group_number", "group_number"), ("subscriber_num", "subscriber_number"))
NEW_CARD = ("insurer_code", "subscriber_number", "group_number", "responsible_party", "guarantor_first_name",
            "guarantor_middle_name", "guarantor_last_name", "guarantor_name", "guarantor_dob", "guarantor_gender",
            "guarantor_address", "guarantor_address_2", "guarantor_city", "guarantor_zip", "guarantor_state")


class Views:
    """The part of a clinic that shows its state."""

    def user_view(self, user, base, signup=False):
        with self.lock:
            out = {n: user.get(n, "") for n in ("id", "code", "first_name", "last_name")}
            out["full_name"] = full_name(user)
            out.update(username=user["username"], vseeid=user["vseeid"])
            out.update({n: user[n] for n in ("dob", "email", "gender") if user.get(n)})
            out.update(active=True, tos=False, status=20, subtype="")
            out.update({n: user[n] for n in ("street_addr", "state", "city", "zip") if user.get(n)})
            out.update(phone=user.get("phone") or None, timezone=user["timezone"], email_verified=True)
            if signup:
                out["signup_step"] = 99
            if user["extra"]:
                out["extra"] = copy.deepcopy(user["extra"])
            insurance = self.old_insurance_view(user)
            if insurance:
                out["insurance"] = insurance
            out.update(account_code=self.account, clinics=[self.account])
            if user["type"] == 400:
                out["rooms"] = [dict.fromkeys(("domain", "id", "logo_url"), "") |
                                {"code": r, "slug": r, "name": r, "account_code": self.account} for r in user["rooms"]]
            out.update(preference=None, created=user["created"])
            results = {k: {"eligibility_response": c["result"]} for k, c in sorted(user["cards"].items()) if c.get("result")}
            if results:
                out["user_data"] = results
            out.update(language="en", avatar_url="", is_test_user=False)  # the document has none of these three
            return out

    def old_insurance_view(self, user):
        out = {}
        for order, kind in ((1, "primary"), (2, "secondary")):
            if kind in user["cards"]:
                card = user["cards"][kind]
                out[kind] = {old: card[new] for old, new in OLD_CARD if card.get(new)} | {"insurance_order": order}
        source = user["cards"].get("primary") or user["cards"].get("secondary") or user["waiting"]
        patient = {n.replace("responsible_party", "respparty"): source[n] for n in RESPONSIBLE if source.get(n)}
        if patient:
            out["patient"] = patient
        return out

    def card_view(self, user, kind, base):
        card = user["cards"][kind]
        out = {"card_type": kind}
        out.update({n: card[n] for n in NEW_CARD if card.get(n)})
        out.update(guarantor_middle_name=card.get("guarantor_middle_name") or None,
                   guarantor_address_2=card.get("guarantor_address_2") or None, consent=card.get("consent", False))
        for side in ("card_front", "card_back"):
            if side in card:
                out[side] = {"id": card[side]["id"], "fullpath": base + "/storage/" + card[side]["path"], "is_deletable": True}
        if card.get("result"):
            out["eligibility"] = {"status": "active" if card["result"] == texts.SUCCESS else "inactive"}
        return out

    def cards_view(self, user, base):
        with self.lock:
            return [self.card_view(user, kind, base) for kind in ("primary", "secondary") if kind in user["cards"]]


def full_name(user):
    return user["first_name"] + " " + user["last_name"] if user.get("last_name") else user["first_name"]

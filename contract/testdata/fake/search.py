"""The search for users."""
import re

from fields import Refusal
from views import full_name

SORTS = ("id", "full_name", "first_name", "last_name", "email", "username")
ROW = ("email", "id", "full_name", "username", "first_name", "last_name", "last_login", "type", "subtype")
TYPES = ("100", "110", "140", "150", "160", "200", "300", "400", "500", "600", "700")
SUBTYPES = ("460", "470", "480", "482", "484", "486")


class Search:
    """The part of the API that finds users."""

    def searchUsers(self, request):
        with self.clinic.lock:
            users = [u for u in self.clinic.users.values() if self.found(request, u)]
        order = request.single("sort") or next(("%s.%s" % (n, request.single("sort[%s]" % n)) for n in SORTS
                                                if "sort[%s]" % n in request.query), "id.asc")
        name, _, direction = order.partition(".")
        if name not in SORTS or direction not in ("asc", "desc"):
            raise Refusal(400, "Your request could not be processed: sort not acceptable.")
        users.sort(key=lambda u: int(u["id"]) if name == "id" else row_of(u)[name].lower(),
                   reverse=(direction == "desc") != (self.change == "search-sorts-backwards"))
        wanted = request.several("fields") or ["email", "id", "full_name"]
        if not set(wanted) <= set(ROW):
            raise Refusal(400, "Your request could not be processed: fields not acceptable.")
        start, limit = whole(request, "start", 0, 0, 10 ** 9), whole(request, "limit", 20, 1, 100)
        page = users[start:start + limit]
        if self.change == "search-start-ignored":
            page = users[:limit]
        if self.change == "search-limit-one-more":
            page = users[start:start + limit + 1]
        if self.change == "search-strange-second-page" and start > 0 and page:
            page[-1] = {"id": "990001", "first_name": "Another", "last_name": "Clinic", "username": "another-clinic", "last_login": None,
                        "email": "another-clinic@example.com", "type": 200}
        rows = [{n: v for n, v in row_of(u).items() if n in wanted and (v or n == "subtype")} for u in page]
        total = len(page) if self.change == "total-count-of-page" else len(users)
        if self.change == "total-count-of-rest":
            total -= min(start, total)
        return {"data": rows, "total_count": total}

    def found(self, request, user):
        def each(name, allowed, test):
            wanted = request.several(name)
            if any(allowed and v not in allowed for v in wanted):
                raise Refusal(400, "Your request could not be processed: %s not acceptable." % name)
            return not wanted or any(test(v) for v in wanted)

        def part(name, text):
            wanted = request.query.get(name, [])
            if any(not 3 <= len(v) <= 200 for v in wanted):
                raise Refusal(400, "Your request could not be processed: %s not acceptable." % name)
            if self.change == "search-ignores-email" and name == "email":
                return True
            return not wanted or any(v.lower() in text.lower() for v in wanted)
        admin = user["type"] == 100
        name, email = full_name(user), user.get("email") or ""
        rooms = request.caller["rooms"]
        checks = [
            each("id", (), lambda v: v == user["id"]), part("full_name", name), part("email", email),
            part("q", name + "\n" + email), each("type", TYPES, lambda v: v == str(user["type"])),
            each("status", ("10", "20"), lambda v: v == "20"), each("subtype", SUBTYPES, lambda v: False),
            each("is_admin", ("0", "1", "false", "true"), lambda v: (v in ("1", "true")) == admin),
            each("is_hidden", ("0", "1", "false", "true"), lambda v: v in ("0", "false")),
            each("account_code", (), lambda v: v == self.clinic.account),
            each("role", (), lambda v: admin and v == "clinic_admin"), each("room_code", (), lambda v: v in user["rooms"]),
            each("group", (), lambda v: False),
            each("ex_filter", ("all", "my-patient"), lambda v: v == "all" and (not rooms or set(rooms) & set(user["rooms"]))),
        ]
        return all(checks)


def whole(request, name, default, least, most):
    text = request.single(name, str(default))
    if not re.fullmatch(r"\d{1,10}", text, re.ASCII) or not least <= int(text) <= most:
        raise Refusal(400, "Your request could not be processed: %s not acceptable." % name)
    return int(text)


def row_of(user):
    return {"email": user.get("email") or "", "id": user["id"], "full_name": full_name(user), "username": user["username"],
            "first_name": user["first_name"], "last_name": user.get("last_name", ""), "last_login": user["last_login"],
            "type": user["type"], "subtype": ""}

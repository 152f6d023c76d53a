"""Request bodies: multipart, urlencoded and JSON, each with every documented spelling of a field, become one nested dict."""
import json
import re
from urllib.parse import parse_qsl


class BadBody(Exception):
    pass


class Upload:
    """A file of a multipart body."""

    def __init__(self, name, data):
        self.name, self.data = name, data


ALIASES = {
    "insurance.primary_carrier_code": "insurance.primary.carrier_code",
    "insurance.carrier": "insurance.primary.carrier_code",
    "insurance.carrier_code": "insurance.primary.carrier_code",
    "insurance.insurer_id": "insurance.primary.carrier_code",
    "insurance.primary_carrier_name_others": "insurance.primary.carrier_name_others",
    "insurance.primary_subscriber_num": "insurance.primary.subscriber_num",
    "insurance.subscriber_num": "insurance.primary.subscriber_num",
    "insurance.primary_group_number": "insurance.primary.group_number",
    "insurance.group_number": "insurance.primary.group_number",
    "insurance.patient.group_number": "insurance.primary.group_number",
    "insurance.secondary_carrier_code": "insurance.secondary.carrier_code",
    "insurance.secondary_carrier": "insurance.secondary.carrier_code",
    "insurance.secondary_insurer_id": "insurance.secondary.carrier_code",
    "insurance.secondary_subscriber_num": "insurance.secondary.subscriber_num",
    "insurance.secondary_group_number": "insurance.secondary.group_number",
    "insurance.respparty": "insurance.patient.respparty",
    "standardrelationship": "insurance.patient.respparty",
    "hipaarelationship": "insurance.patient.respparty",
    "subscriber_num": "subscriber_number",
}
for _part in ("name", "dob", "address", "city", "state", "zip"):
    ALIASES["insurance.guarantor_" + _part] = "insurance.patient.guarantor_" + _part

WORDS = {
    "standardrelationship": {"1": "self", "2": "spouse", "3": "child", "4": "other"},
    "hipaarelationship": {"18": "self", "01": "spouse", "19": "child", "G8": "other"},
}


def parse(content_type, raw, change=None):
    """The body as nested dicts; a list of cards (`insurances`) is a list. Raises BadBody."""
    if not raw:
        return {}
    kind = (content_type or "").split(";")[0].strip().lower()
    try:
        if kind == "application/json":
            body = json.loads(raw.decode("utf-8"))
            if not isinstance(body, dict):
                raise BadBody("The body has to be a JSON object.")
            if change == "json-insurance-object-ignored" and isinstance(body.get("insurance"), dict):
                del body["insurance"]
            if change == "json-zip-zeros-lost" and isinstance(body.get("zip"), str):
                body["zip"] = body["zip"].lstrip("0")
            pairs = list(flatten(body))
        elif kind == "application/x-www-form-urlencoded":
            pairs = [(n, unfold(n, v)) for n, v in parse_qsl(raw.decode("utf-8"), keep_blank_values=True)]
            if change == "plus-decoded-twice":
                pairs = [(n, v.replace("+", " ") if isinstance(v, str) else v) for n, v in pairs]
        elif kind == "multipart/form-data":
            pairs = [(n, unfold(n, v)) for n, v in multipart(content_type, raw)]
        else:
            raise BadBody("This kind of body cannot be read.")
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise BadBody("The body is malformed.")
    flat = []
    for name, value in pairs:
        if isinstance(value, (dict, list)) and ("." not in name):
            flat += flatten({name: value})
        else:
            flat.append((name, value))
    return nest(flat, change)


def unfold(name, value):
    """In a form, `insurance`, `insurances` and `extra` may be JSON."""
    if name in ("insurance", "insurances", "extra") and isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        return json.loads(value)
    return value


def flatten(value, name=""):
    """The leaves of a JSON object, each with its dotted name."""
    for key, inner in value.items():
        path = key if not name else name + "." + key
        if isinstance(inner, dict):
            yield from flatten(inner, path)
        elif isinstance(inner, list) and path == "insurances":
            for number, item in enumerate(inner):
                if isinstance(item, dict):
                    yield from flatten(item, "insurances.%d" % number)
                else:
                    yield "insurances.%d.card_type" % number, item
        else:
            yield path, inner


def nest(pairs, change):
    result = {}
    for name, value in pairs:
        if value is None:
            continue
        if change == "double-underscore-ignored" and "__" in name:
            continue
        if change == "dotted-card-ignored" and name.startswith(("insurance.primary.", "insurance.secondary.")):
            continue
        if change == "hipaarelationship-ignored" and name == "hipaarelationship":
            continue
        name = re.sub(r"\[([^\]]*)\]", r".\1", name.replace("__", "."))
        if name in WORDS and isinstance(value, (str, int)):
            value = WORDS[name].get(str(value), "unknown")
        path = ALIASES.get(name, name).split(".")
        if path[0] == "insurances" and path[-1] == "subscriber_num":
            path[-1] = "subscriber_number"
        place = result
        for part in path[:-1]:
            place = place.setdefault(part, {})
            if not isinstance(place, dict):
                raise BadBody("The field %s is sent both as a text and as an object." % path[0])
        if isinstance(place.get(path[-1]), dict):
            raise BadBody("The field %s is sent both as a text and as an object." % path[0])
        place[path[-1]] = value
    cards = result.get("insurances")
    if isinstance(cards, dict):
        if not all(key.isdigit() for key in cards):
            raise BadBody("The field insurances has to be a list.")
        result["insurances"] = [cards[key] for key in sorted(cards, key=int)]
    return result


BOUNDARY = re.compile(r';\s*boundary=(?:"([^"]+)"|([^;\s]+))', re.IGNORECASE)
PARAMETER = re.compile(r';\s*(name|filename)=(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))', re.IGNORECASE)


def multipart(content_type, raw):
    found = BOUNDARY.search(content_type)
    if not found:
        raise BadBody("The multipart body has no boundary.")
    pieces = (b"\r\n" + raw).split(b"\r\n--" + (found[1] or found[2]).encode("latin-1"))
    if len(pieces) < 3 or not pieces[-1].startswith(b"--"):
        raise BadBody("The multipart body is malformed.")
    for piece in pieces[1:-1]:
        head, _, data = piece.lstrip(b" \t")[2:].partition(b"\r\n\r\n")
        lines = [line for line in head.decode("utf-8").split("\r\n") if line.lower().startswith("content-disposition:")]
        values = {name.lower(): re.sub(r"\\(.)", r"\1", quoted) or bare
                  for line in lines for name, quoted, bare in PARAMETER.findall(line)}
        if "name" not in values:
            raise BadBody("A part of the multipart body has no name.")
        file = values.get("filename")
        if file is None:
            yield values["name"], data.decode("utf-8")
        elif file or data:
            yield values["name"], Upload(file, data)

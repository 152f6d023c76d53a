"""Tests of the integration: the client and the receiver of this folder against a mock."""

import threading

import pytest

import receiver
import vsee

SECRET = "whsec_dnNlZS1tb2NrLWRlbW8tc2VjcmV0LTEyMw=="
INSURER = "car7556"


@pytest.fixture
def hook():
    """The receiver under test, listening."""
    with receiver.Receiver(("127.0.0.1", 0), [SECRET]) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def clinic(new_clinic, hook):
    return new_clinic(webhook={"url": f"http://127.0.0.1:{hook.server_port}/hook", "secret": SECRET})


@pytest.fixture
def client(clinic):
    """The client under test. It waits by the clinic's clock."""
    names = ("base_url", "account_code", "api_key", "api_secret")
    keys = {name: clinic.settings[name] for name in names}
    return vsee.VSee(**keys, api_token=clinic.settings["admin_token"], sleep=lambda s: clinic.advance(f"{s}s"))


def patient_with(client, subscriber_num):
    """Signs a patient on with the number on their card."""
    patient = client.sign_on("mine-1", first_name="Edward", last_name="VSee", dob="1986-01-01", gender=1)
    client.store_insurance(patient, INSURER, subscriber_num)
    return patient


def deliveries(clinic):
    """The status of each attempt to deliver an event, the first one first."""
    return [attempt["status"] for attempt in reversed(clinic.all("deliveries"))]


def test_the_clinic_lists_its_insurers(client):
    assert {"id": INSURER, "name": "HEALTH CHOICE ARIZONA"} in client.insurers()


def test_an_eligible_patient_has_the_result_by_webhook_and_by_get(clinic, client, hook):
    patient = patient_with(client, "234234")
    check = client.start_check(patient, INSURER)
    assert client.result(patient) is None
    clinic.advance("10s")
    assert client.result(patient) == "Success"
    taken = hook.results.newest[patient["id"]]
    assert (taken["eligibility_id"], taken["eligibility_response"]) == (check, "Success")


def test_an_ineligible_patient_has_the_insurers_reason(clinic, client, hook):
    patient = patient_with(client, "11000075")
    client.start_check(patient, INSURER)
    clinic.advance("10s")
    assert client.result(patient) == "Subscriber/Insured not found"
    assert hook.results.newest[patient["id"]]["eligibility_response"] == "Subscriber/Insured not found"


def test_an_insurer_that_never_answers_leaves_no_result(clinic, client, hook):
    clinic.answer("9001", "silent")
    patient = patient_with(client, "9001")
    client.start_check(patient, INSURER)
    clinic.advance("24h")
    assert clinic.all("checks")[0]["status"] == "pending"
    assert hook.results.newest == {}


def test_a_late_answer_arrives_after_its_time(clinic, client, hook):
    clinic.answer("9002", "{text: Success, after: 10m}")
    patient = patient_with(client, "9002")
    client.start_check(patient, INSURER)
    clinic.advance("9m59s")
    assert client.result(patient) is None
    clinic.advance("1s")
    assert client.result(patient) == "Success"
    assert hook.results.newest[patient["id"]]["eligibility_response"] == "Success"


def test_a_duplicate_event_counts_once(clinic, client, hook):
    clinic.answer("9003", "{text: Success, webhook: {duplicate: 2}}")
    client.start_check(patient_with(client, "9003"), INSURER)
    clinic.advance("10s")
    assert deliveries(clinic) == [204, 204]
    assert hook.results.processed == 1


def test_an_event_with_a_forged_signature_is_refused(clinic, client, hook):
    clinic.answer("9004", "{text: Success, webhook: {signature: bad, attempts: 1}}")
    client.start_check(patient_with(client, "9004"), INSURER)
    clinic.advance("10s")
    assert hook.results.newest == {}
    clinic.advance("5s")  # the mock tries again, this time with the right signature
    assert deliveries(clinic) == [401, 204]
    assert hook.results.processed == 1


def test_a_call_that_finds_the_server_busy_is_repeated(clinic, client):
    patient = patient_with(client, "234234")
    fault = {"operation": "startEligibilityCheck", "status": 503, "retry_after": "30s", "until_retry_after": True}
    clinic.control("PUT", "/faults", [fault])
    client.start_check(patient, INSURER)
    assert clinic.all("faults")[0]["befallen"] == 1
    assert len(clinic.all("checks")) == 1


@pytest.mark.parametrize("broken", ["reset", "truncated", "malformed", "html"])
def test_a_broken_reply_is_read_again(clinic, client, broken):
    patient = patient_with(client, "234234")
    clinic.control("PUT", "/faults", [{"operation": "getUser", "times": 2, broken: True}])
    assert client.result(patient) is None
    assert clinic.all("faults")[0]["befallen"] == 2


def test_a_call_that_fails_in_the_server_is_not_sent_twice(clinic, client):
    patient = patient_with(client, "234234")
    clinic.control("PUT", "/faults", [{"operation": "startEligibilityCheck", "status": 500}])
    with pytest.raises(vsee.VSeeError) as failure:
        client.start_check(patient, INSURER)
    assert failure.value.status == 500
    assert clinic.all("faults")[0]["befallen"] == 1


def test_a_claim_for_an_eligible_patient_is_paid(clinic, client):
    patient = patient_with(client, "234234")
    client.start_check(patient, INSURER)
    clinic.advance("10s")
    line = {"procedure_code": "99211", "diagnosis_pointers": [1]}
    visit = {"encounter_date": "2026-01-31", "facility_code": "AWC", "diagnoses": ["R05.9"], "lines": [line]}
    claim_id = client.submit_claim(patient, {"carrier_code": INSURER, **visit})
    assert client.claim(patient, claim_id)["status"] == "submitted"
    clinic.advance("15m")
    assert client.claim(patient, claim_id)["status"] == "paid"

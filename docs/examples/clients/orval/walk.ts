// Takes the integration guide's seven steps with a client that orval generates. Its base URL is the document's first
// server: the mock that has served it.
import { getUser, listInsurers, signOn, startEligibilityCheck, submitClaim, updateMe } from "./vsee.js";

const insurer = "car7556";

// success returns the reply of a call with status 200, and throws the failure of the API otherwise.
async function success<R extends { status: unknown }>(call: Promise<R>): Promise<Extract<R, { status: 200 }>> {
  const reply = await call;
  if (reply.status !== 200) throw new Error(JSON.stringify(reply));
  return reply as Extract<R, { status: 200 }>;
}

const admin = { headers: { "X-ApiToken": "vclinic_api_token" } };
const insurers = await success(listInsurers(admin));
console.log("1 insurers:", insurers.data.data.insurers.length);

const clinic = { "X-AccountCode": "vclinic", "X-ApiKey": "vclinic_api_key", "X-ApiSecret": "vclinic_api_secret" };
const signedOn = await success(signOn({
  first_name: "Edward", last_name: "VSee", code: "orval", dob: "1986-01-01", gender: 1,
  street_addr: "2868 Tully Street", city: "Detroit", state: "MI", zip: "48226",
}, {}, { headers: clinic }));
const id = signedOn.data.data.id;
const patient = { headers: { "X-ApiToken": signedOn.data.data.token.token } };
console.log("2 patient:", id);

const stored = await success(updateMe({
  insurance: { primary: { carrier_code: insurer, subscriber_num: "234234" }, patient: { respparty: "self" } },
}, patient));
console.log("3 insurance:", stored.data.data.insurance?.primary?.carrier_code);

const started = await success(startEligibilityCheck(id, insurer, patient));
console.log("4 check:", started.data.data.eligibility_id);

let result: string | undefined;
for (let tries = 0; result === undefined && tries < 100; tries++) {
  await new Promise((wake) => setTimeout(wake, 200));
  const user = await success(getUser(id, patient));
  result = user.data.data.user_data?.primary?.eligibility_response;
}
if (result === undefined) throw new Error("the check has not ended in 20 seconds");
console.log("5 waited, 6 result:", result);

const claim = await success(submitClaim({
  member_id: id, carrier_code: insurer, encounter_date: new Date().toISOString().slice(0, 10), facility_code: "AWC",
  diagnoses: ["R05.9"], lines: [{ procedure_code: "99211", diagnosis_pointers: [1] }],
}, patient));
console.log("7 claim:", claim.data.data.claim_id, claim.data.data.status);

// Takes the integration guide's seven steps with types of openapi-typescript, and openapi-fetch.
import createClient from "openapi-fetch";
import type { paths } from "./vsee.js";

const insurer = "car7556";
const client = createClient<paths>({ baseUrl: process.argv[2] ?? "http://127.0.0.1:8080/api_v3" });

// data returns the data of a success, and throws the failure of the API otherwise.
async function data<T>(call: Promise<{ data?: T; error?: unknown }>): Promise<T> {
  const { data, error } = await call;
  if (data === undefined) throw new Error(JSON.stringify(error));
  return data;
}

const admin = { "X-ApiToken": "vclinic_api_token" };
const insurers = await data(client.GET("/insurances/", { headers: admin }));
console.log("1 insurers:", insurers.data.insurers.length);

const clinic = { "X-AccountCode": "vclinic", "X-ApiKey": "vclinic_api_key", "X-ApiSecret": "vclinic_api_secret" };
const signedOn = await data(client.POST("/users/sso", {
  headers: clinic,
  body: {
    first_name: "Edward", last_name: "VSee", code: "openapi-typescript", dob: "1986-01-01", gender: 1,
    street_addr: "2868 Tully Street", city: "Detroit", state: "MI", zip: "48226",
  },
}));
const id = signedOn.data.id;
const headers = { "X-ApiToken": signedOn.data.token.token };
console.log("2 patient:", id);

const stored = await data(client.POST("/me.json", {
  headers,
  body: { insurance: { primary: { carrier_code: insurer, subscriber_num: "234234" }, patient: { respparty: "self" } } },
}));
console.log("3 insurance:", stored.data.insurance?.primary?.carrier_code);

const started = await data(client.POST("/users/{id}/{carrier_code}/eligibility", {
  headers, params: { path: { id, carrier_code: insurer } },
}));
console.log("4 check:", started.data.eligibility_id);

let result: string | undefined;
for (let tries = 0; result === undefined && tries < 100; tries++) {
  await new Promise((wake) => setTimeout(wake, 200));
  const user = await data(client.GET("/users/{id}", { headers, params: { path: { id } } }));
  result = user.data.user_data?.primary?.eligibility_response;
}
if (result === undefined) throw new Error("the check has not ended in 20 seconds");
console.log("5 waited, 6 result:", result);

const claim = await data(client.POST("/insurance/claims", {
  headers,
  body: {
    member_id: id, carrier_code: insurer, encounter_date: new Date().toISOString().slice(0, 10), facility_code: "AWC",
    diagnoses: ["R05.9"], lines: [{ procedure_code: "99211", diagnosis_pointers: [1] }],
  },
}));
console.log("7 claim:", claim.data.claim_id, claim.data.status);

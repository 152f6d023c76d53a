// Command oapi-codegen takes the integration guide's seven steps with a client that oapi-codegen generates.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	"github.com/oapi-codegen/runtime/types"

	"example.com/oapi-codegen/vsee"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: oapi-codegen BASE_URL, such as http://127.0.0.1:8080/api_v3")
	}
	if err := walk(context.Background(), os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

const insurer = "car7556"

func with(headers map[string]string) vsee.RequestEditorFn {
	return func(_ context.Context, r *http.Request) error {
		for name, value := range headers {
			r.Header.Set(name, value)
		}
		return nil
	}
}

func walk(ctx context.Context, url string) error {
	client, err := vsee.NewClientWithResponses(url)
	if err != nil {
		return err
	}
	admin := with(map[string]string{"X-ApiToken": "vclinic_api_token"})
	insurers, err := client.ListInsurersWithResponse(ctx, admin)
	if err != nil || insurers.JSON200 == nil {
		return fmt.Errorf("listing insurers: %v, %s", err, insurers.Body)
	}
	fmt.Println("1 insurers:", len(insurers.JSON200.Data.Insurers))

	code, dob, gender := "oapi-codegen", "1986-01-01", vsee.UserGender(1)
	street, city, state, zip := "2868 Tully Street", "Detroit", "MI", "48226"
	signedOn, err := client.SignOnWithResponse(ctx, nil, vsee.SignOnRequest{FirstName: "Edward", LastName: "VSee",
		Code: &code, Dob: &dob, Gender: &gender, StreetAddr: &street, City: &city, State: &state, Zip: &zip},
		with(map[string]string{"X-AccountCode": "vclinic", "X-ApiKey": "vclinic_api_key",
			"X-ApiSecret": "vclinic_api_secret"}))
	if err != nil || signedOn.JSON200 == nil {
		return fmt.Errorf("signing on: %v, %s", err, signedOn.Body)
	}
	id := signedOn.JSON200.Data.Id
	patient := with(map[string]string{"X-ApiToken": signedOn.JSON200.Data.Token.Token})
	fmt.Println("2 patient:", id)

	carrier, number, self := insurer, "234234", vsee.SignOnFormInsuranceRespparty("self")
	stored, err := client.UpdateMeWithFormdataBodyWithResponse(ctx, vsee.UpdateMeForm{
		InsurancePrimaryCarrierCode: &carrier, InsurancePrimarySubscriberNum: &number,
		InsuranceRespparty: (*vsee.UpdateMeFormInsuranceRespparty)(&self)}, patient)
	if err != nil || stored.JSON200 == nil {
		return fmt.Errorf("storing the insurance: %v, %s", err, stored.Body)
	}
	fmt.Println("3 insurance:", *stored.JSON200.Data.Insurance.Primary.CarrierCode)

	started, err := client.StartEligibilityCheckWithResponse(ctx, id, insurer, patient)
	if err != nil || started.JSON200 == nil {
		return fmt.Errorf("starting the check: %v, %s", err, started.Body)
	}
	fmt.Println("4 check:", started.JSON200.Data.EligibilityId)

	result, err := wait(ctx, client, id, patient)
	if err != nil {
		return err
	}
	fmt.Println("5 waited, 6 result:", result)

	claim, err := client.SubmitClaimWithResponse(ctx, vsee.SubmitClaimRequest{MemberId: id, CarrierCode: insurer,
		EncounterDate: types.Date{Time: time.Now().UTC()}, FacilityCode: "AWC", Diagnoses: []string{"R05.9"},
		Lines: []vsee.ClaimLineInput{{ProcedureCode: "99211", DiagnosisPointers: []int{1}}}}, patient)
	if err != nil || claim.JSON200 == nil {
		return fmt.Errorf("submitting the claim: %v, %s", err, claim.Body)
	}
	fmt.Println("7 claim:", claim.JSON200.Data.ClaimId, claim.JSON200.Data.Status)
	return nil
}

// wait reads the patient until the check has ended.
func wait(
	ctx context.Context, client *vsee.ClientWithResponses, id string, patient vsee.RequestEditorFn,
) (string, error) {
	for range 100 {
		user, err := client.GetUserWithResponse(ctx, id, patient)
		if err != nil || user.JSON200 == nil {
			return "", fmt.Errorf("reading the patient: %v, %s", err, user.Body)
		}
		if data := user.JSON200.Data.UserData; data != nil && data.Primary != nil && data.Primary.EligibilityResponse != nil {
			return string(*data.Primary.EligibilityResponse), nil
		}
		time.Sleep(200 * time.Millisecond)
	}
	return "", errors.New("the check has not ended in 20 seconds")
}

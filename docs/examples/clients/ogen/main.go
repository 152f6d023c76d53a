// Command ogen takes the integration guide's seven steps with a client that ogen generates.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/ogen-go/ogen/ogenerrors"

	"example.com/ogen/vsee"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: ogen BASE_URL, such as http://127.0.0.1:8080/api_v3")
	}
	if err := walk(context.Background(), os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

const insurer = "car7556"

// credentials are those of the clinic, and the token of the present caller.
type credentials struct{ token string }

func (c *credentials) ApiToken(context.Context, vsee.OperationName) (vsee.ApiToken, error) {
	return vsee.ApiToken{APIKey: c.token}, nil
}

func (*credentials) AccountCode(context.Context, vsee.OperationName) (vsee.AccountCode, error) {
	return vsee.AccountCode{APIKey: "vclinic"}, nil
}

func (*credentials) ApiKey(context.Context, vsee.OperationName) (vsee.ApiKey, error) {
	return vsee.ApiKey{APIKey: "vclinic_api_key"}, nil
}

func (*credentials) ApiSecret(context.Context, vsee.OperationName) (vsee.ApiSecret, error) {
	return vsee.ApiSecret{APIKey: "vclinic_api_secret"}, nil
}

func (*credentials) AuthCode(context.Context, vsee.OperationName) (vsee.AuthCode, error) {
	return vsee.AuthCode{}, ogenerrors.ErrSkipClientSecurity
}

// as returns a reply of the wanted type; any other is a failure, which the API explains.
func as[T any](step string, reply any, err error) (T, error) {
	wanted, ok := reply.(T)
	if err == nil && !ok {
		err = fmt.Errorf("%#v", reply)
	}
	if err != nil {
		return wanted, fmt.Errorf("%s: %w", step, err)
	}
	return wanted, nil
}

func walk(ctx context.Context, url string) error {
	caller := &credentials{token: "vclinic_api_token"}
	client, err := vsee.NewClient(url, caller)
	if err != nil {
		return err
	}
	listed, err := client.ListInsurers(ctx)
	insurers, err := as[*vsee.InsurersReply]("listing insurers", listed, err)
	if err != nil {
		return err
	}
	fmt.Println("1 insurers:", len(insurers.Data.Insurers))

	entered, err := client.SignOn(ctx, &vsee.SignOnRequest{FirstName: "Edward", LastName: "VSee",
		Code: vsee.NewOptUserCode("ogen"), Dob: vsee.NewOptBirthDate("1986-01-01"), Gender: vsee.NewOptUserGender(1),
		StreetAddr: vsee.NewOptString("2868 Tully Street"), City: vsee.NewOptString("Detroit"),
		State: vsee.NewOptString("MI"), Zip: vsee.NewOptString("48226")}, vsee.SignOnParams{})
	signedOn, err := as[*vsee.SignOnReply]("signing on", entered, err)
	if err != nil {
		return err
	}
	id := string(signedOn.Data.ID)
	caller.token = string(signedOn.Data.Token.Token)
	fmt.Println("2 patient:", id)

	updated, err := client.UpdateMe(ctx, &vsee.UpdateMeForm{
		InsuranceDotPrimaryCarrierCode:   vsee.NewOptString(insurer),
		InsuranceDotPrimarySubscriberNum: vsee.NewOptString("234234")})
	stored, err := as[*vsee.UserReply]("storing the insurance", updated, err)
	if err != nil {
		return err
	}
	fmt.Println("3 insurance:", stored.Data.Insurance.Value.Primary.Value.CarrierCode.Value)

	begun, err := client.StartEligibilityCheck(ctx, vsee.StartEligibilityCheckParams{ID: id, CarrierCode: insurer})
	started, err := as[*vsee.EligibilityReply]("starting the check", begun, err)
	if err != nil {
		return err
	}
	fmt.Println("4 check:", started.Data.EligibilityID)

	result, err := wait(ctx, client, id)
	if err != nil {
		return err
	}
	fmt.Println("5 waited, 6 result:", result)

	submitted, err := client.SubmitClaim(ctx, &vsee.SubmitClaimRequest{MemberID: id, CarrierCode: insurer,
		EncounterDate: time.Now().UTC(), FacilityCode: "AWC", Diagnoses: []string{"R05.9"},
		Lines: []vsee.ClaimLineInput{{ProcedureCode: "99211", DiagnosisPointers: []int{1}}}})
	claim, err := as[*vsee.SubmittedClaimReply]("submitting the claim", submitted, err)
	if err != nil {
		return err
	}
	fmt.Println("7 claim:", claim.Data.ClaimID, claim.Data.Status)
	return nil
}

// wait reads the patient until the check has ended.
func wait(ctx context.Context, client *vsee.Client, id string) (vsee.EligibilityResponse, error) {
	for range 100 {
		read, err := client.GetUser(ctx, vsee.GetUserParams{ID: id})
		user, err := as[*vsee.UserReply]("reading the patient", read, err)
		if err != nil {
			return "", err
		}
		if result := user.Data.UserData.Value.Primary.Value.EligibilityResponse; result.Set {
			return result.Value, nil
		}
		time.Sleep(200 * time.Millisecond)
	}
	return "", errors.New("the check has not ended in 20 seconds")
}

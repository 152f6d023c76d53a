package inside

import (
	"context"

	"github.com/vsee-mock/vsee-mock/cmd/vsee-bench/internal/child"
	"github.com/vsee-mock/vsee-mock/mockserver/clinic"
)

// ClinicsOf says how many clinics there are.
type ClinicsOf struct {
	Clinics int `json:"clinics"`
}

// Clinics is the memory of a mock with clinics, in bytes: that of its process, and that of each clinic.
type Clinics struct {
	RSS  int64   `json:"rss"`
	Each float64 `json:"each"`
}

// MeasureClinics makes clinics with the default settings, one user in each.
func MeasureClinics(ctx context.Context, p ClinicsOf) (any, error) {
	mock, err := newMock()
	if err != nil {
		return nil, err
	}
	defer running(ctx, mock)()
	before := heap()
	all, err := addClinics(ctx, mock, p.Clinics, clinic.Settings{})
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if _, _, err := signOn(ctx, c, "pat"); err != nil {
			return nil, err
		}
	}
	usage, err := child.OwnUsage()
	return Clinics{usage.RSS, float64(heap()-before) / float64(p.Clinics)}, err
}

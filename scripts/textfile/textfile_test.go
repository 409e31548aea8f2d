package textfile_test

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"github.com/empowersuite/backend-installer/installer/notify"
	"github.com/empowersuite/backend-installer/installer/notify/notifytest"
)

// What we write is what Prometheus' own library reads, and nothing in it is of a
// form that it would only tolerate.
func TestPrometheusReadsTheTextfile(t *testing.T) {
	message := notifytest.Message()
	message.Gauges = []notify.Gauge{
		{Name: "empower_client_secret_days_left", Help: "Days that are left: 0 on the last day.", Value: 35},
		{Name: "empower_client_secret_end_timestamp_seconds", Help: `A \ and a
line.`, Value: 1798761600},
		{Name: "empower_small", Help: "Small.", Value: -2.5},
	}
	folder := t.TempDir()
	if err := (notify.Textfile{Folder: folder}).Send(t.Context(), message); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "empower_backend_PROD.prom"))
	if err != nil {
		t.Fatal(err)
	}
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if len(families) != len(message.Gauges) {
		t.Errorf("got %d families, want %d", len(families), len(message.Gauges))
	}
	for _, want := range message.Gauges {
		family := families[want.Name]
		if family.GetType() != dto.MetricType_GAUGE || family.GetHelp() != want.Help || len(family.GetMetric()) != 1 {
			t.Errorf("%s: got %v", want.Name, family)
			continue
		}
		metric := family.GetMetric()[0]
		if got := metric.GetGauge().GetValue(); math.Abs(got-want.Value) > 0 {
			t.Errorf("%s: got %v, want %v", want.Name, got, want.Value)
		}
		if label := metric.GetLabel()[0]; label.GetName() != "environment" || label.GetValue() != "PROD" {
			t.Errorf("%s: got the label %v", want.Name, label)
		}
	}
}

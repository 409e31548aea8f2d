package atomicfile_test

import (
	"testing"

	"github.com/empowersuite/backend-installer/installer/atomicfile/atomicfiletest"
)

func TestContractOnTheTemporaryFolder(t *testing.T) {
	folder := t.TempDir()
	can := atomicfiletest.Probe(t, folder)
	t.Logf("the file system can %+v", can)
	atomicfiletest.Run(t, folder, can)
}

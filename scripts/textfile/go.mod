// Prometheus' own parser on our metrics, so that it is no dependency of the program.
module github.com/empowersuite/backend-installer/scripts/textfile

go 1.26.0

require (
	github.com/empowersuite/backend-installer v0.0.0
	github.com/prometheus/client_model v0.6.3
	github.com/prometheus/common v0.73.1
)

require (
	github.com/munnerz/goautoneg v0.0.0-20191010083416-a7dc8b61c822 // indirect
	github.com/pandatix/go-abnf v0.5.3 // indirect
	golang.org/x/sys v0.49.0 // indirect
	google.golang.org/protobuf v1.36.12 // indirect
)

replace github.com/empowersuite/backend-installer => ../..

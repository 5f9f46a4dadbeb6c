//go:build engine

// Package engine names what scripts/engine.mjs builds, so that go.mod and go.sum are complete for it.
package engine

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"

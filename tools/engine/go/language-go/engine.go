//go:build engine

// Package engine names what tools/engine builds, so that go.mod and go.sum are complete for it.
package engine

import _ "github.com/pulumi/pulumi/sdk/v3/go/pulumi-language-go"

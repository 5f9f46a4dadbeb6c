//go:build engine

// Package engine names what tools/engine builds, so that go.mod and go.sum are complete for it.
package engine

import _ "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"

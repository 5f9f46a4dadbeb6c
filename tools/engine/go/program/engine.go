//go:build engine

// Package program names what Go programs of tests import, so that go.mod and go.sum are complete for them.
package program

import (
	_ "github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	_ "github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

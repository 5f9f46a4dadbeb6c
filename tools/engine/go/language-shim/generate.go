package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/pulumi/pulumi/pkg/v3/codegen/hcl2/syntax"
	"github.com/pulumi/pulumi/pkg/v3/codegen/pcl"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	"github.com/pulumi/pulumi/pkg/v3/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// withLoader gives schemas of packages, which the engine has.
func withLoader[Answer any](target string, work func(schema.ReferenceLoader) (Answer, error)) (Answer, error) {
	loader, err := schema.NewLoaderClient(target)
	if err != nil {
		var none Answer
		return none, err
	}
	defer loader.Close()
	return work(schema.NewCachedLoader(loader))
}

func bindOptions(isStrict bool) []pcl.BindOption {
	options := []pcl.BindOption{pcl.PreferOutputVersionedInvokes}
	if !isStrict {
		options = append(options, pcl.NonStrictBindOptions()...)
	}
	return options
}

// GeneratePackage writes the SDK of a package: `pulumi package gen-sdk` and `pulumi package add`.
func (shim *shim) GeneratePackage(
	_ context.Context, request *pulumirpc.GeneratePackageRequest,
) (*pulumirpc.GeneratePackageResponse, error) {
	return withLoader(request.LoaderTarget, func(loader schema.ReferenceLoader) (*pulumirpc.GeneratePackageResponse, error) {
		var spec schema.PackageSpec
		if err := json.Unmarshal([]byte(request.Schema), &spec); err != nil {
			return nil, err
		}
		bound, findings, err := schema.BindSpec(spec, loader, schema.ValidationOptions{AllowDanglingReferences: true})
		if err != nil {
			return nil, err
		}
		answer := &pulumirpc.GeneratePackageResponse{Diagnostics: plugin.HclDiagnosticsToRPCDiagnostics(findings)}
		if findings.HasErrors() {
			return answer, nil
		}
		made, err := shim.language.sdk(bound, request, loader)
		if err != nil {
			return nil, err
		}
		for name, content := range made {
			file := filepath.Join(request.Directory, name)
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				return nil, err
			}
			if err := os.WriteFile(file, content, 0o644); err != nil {
				return nil, err
			}
		}
		return answer, nil
	})
}

// GenerateProgram makes the code that `pulumi import` prints.
func (shim *shim) GenerateProgram(
	_ context.Context, request *pulumirpc.GenerateProgramRequest,
) (*pulumirpc.GenerateProgramResponse, error) {
	parser := syntax.NewParser()
	for name, source := range request.Source {
		if err := parser.ParseFile(strings.NewReader(source), name); err != nil {
			return nil, err
		}
	}
	if parser.Diagnostics.HasErrors() {
		return nil, parser.Diagnostics
	}
	return withLoader(request.LoaderTarget, func(loader schema.ReferenceLoader) (*pulumirpc.GenerateProgramResponse, error) {
		program, findings, err := pcl.BindProgram(parser.Files, loader, bindOptions(request.Strict)...)
		if err != nil {
			return nil, err
		}
		var made files
		if !findings.HasErrors() {
			var more hcl.Diagnostics
			if made, more, err = shim.language.program(program); err != nil {
				return nil, err
			}
			findings = append(findings, more...)
		}
		return &pulumirpc.GenerateProgramResponse{
			Source: made, Diagnostics: plugin.HclDiagnosticsToRPCDiagnostics(findings),
		}, nil
	})
}

// GenerateProject writes a whole project: `pulumi convert`.
func (shim *shim) GenerateProject(
	_ context.Context, request *pulumirpc.GenerateProjectRequest,
) (*pulumirpc.GenerateProjectResponse, error) {
	var project workspace.Project
	if err := json.Unmarshal([]byte(request.Project), &project); err != nil {
		return nil, err
	}
	return withLoader(request.LoaderTarget, func(loader schema.ReferenceLoader) (*pulumirpc.GenerateProjectResponse, error) {
		program, findings, err := pcl.BindDirectory(request.SourceDirectory, loader, bindOptions(request.Strict)...)
		if err == nil && !findings.HasErrors() {
			err = shim.language.project(request.TargetDirectory, project, program, request.LocalDependencies)
		}
		if err != nil {
			return nil, err
		}
		return &pulumirpc.GenerateProjectResponse{Diagnostics: plugin.HclDiagnosticsToRPCDiagnostics(findings)}, nil
	})
}

package main

import (
	"github.com/hashicorp/hcl/v2"
	golang "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/pcl"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

const rootFlag = "root"

type files = map[string][]byte

// language is what differs between languages.
type language struct {
	// flags names what the real host takes as flags: options of the runtime, and the folder of the project.
	flags   []string
	program func(*pcl.Program) (files, hcl.Diagnostics, error)
	project func(folder string, project workspace.Project, program *pcl.Program, dependencies map[string]string) error
	sdk     func(*schema.Package, *pulumirpc.GeneratePackageRequest, schema.ReferenceLoader) (files, error)
	linker  linker
}

var languages = map[string]language{
	"nodejs": {
		flags:   []string{"nodeargs", "tsconfig", "typescript"},
		program: nodejs.GenerateProgram,
		project: func(folder string, project workspace.Project, program *pcl.Program, dependencies map[string]string) error {
			return nodejs.GenerateProject(folder, project, program, dependencies, false, "nodejs")
		},
		sdk: func(
			bound *schema.Package, request *pulumirpc.GeneratePackageRequest, loader schema.ReferenceLoader,
		) (files, error) {
			return nodejs.GeneratePackage(
				"pulumi-language-nodejs", bound, request.ExtraFiles, request.LocalDependencies, request.Local, loader,
			)
		},
		linker: nodeLinker,
	},
	"python": {
		flags:   []string{rootFlag, "virtualenv"},
		program: python.GenerateProgram,
		project: func(folder string, project workspace.Project, program *pcl.Program, dependencies map[string]string) error {
			return python.GenerateProject(folder, project, program, dependencies, "", "")
		},
		sdk: func(
			bound *schema.Package, request *pulumirpc.GeneratePackageRequest, loader schema.ReferenceLoader,
		) (files, error) {
			return python.GeneratePackage("pulumi-language-python", bound, request.ExtraFiles, loader)
		},
		linker: pythonLinker,
	},
	"go": {
		flags:   []string{rootFlag, "binary", "buildTarget"},
		program: golang.GenerateProgram,
		project: golang.GenerateProject,
		sdk: func(bound *schema.Package, request *pulumirpc.GeneratePackageRequest, _ schema.ReferenceLoader) (files, error) {
			return golang.GeneratePackage("pulumi-language-go", bound, request.LocalDependencies)
		},
		linker: goLinker,
	},
}

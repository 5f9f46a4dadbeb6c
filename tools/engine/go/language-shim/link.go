package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/blang/semver"
	"github.com/pulumi/pulumi/pkg/v3/codegen/cgstrings"
	golang "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	"github.com/pulumi/pulumi/sdk/v3/nodejs/npm"
	"github.com/pulumi/pulumi/sdk/v3/python/toolchain"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"golang.org/x/mod/modfile"
)

// linker makes local SDKs dependencies of a program.
type linker struct {
	importer schema.Language
	key      string
	// name is that of the package in the language; imports is how a program then writes it.
	name    func(*schema.Package) string
	imports func(bound *schema.Package, name string) string
	link    func(ctx context.Context, program *pulumirpc.ProgramInfo, paths map[string]string) error
}

// Link is what `pulumi package add` does after it has made the SDK.
func (shim *shim) Link(ctx context.Context, request *pulumirpc.LinkRequest) (*pulumirpc.LinkResponse, error) {
	return withLoader(request.LoaderTarget, func(loader schema.ReferenceLoader) (*pulumirpc.LinkResponse, error) {
		linker := shim.language.linker
		paths := map[string]string{}
		imports := []string{"Import it with:", ""}
		for _, dependency := range request.Packages {
			bound, err := load(ctx, loader, dependency.Package)
			if err != nil {
				return nil, err
			}
			if err := bound.ImportLanguages(map[string]schema.Language{linker.key: linker.importer}); err != nil {
				return nil, err
			}
			name := linker.name(bound)
			paths[name] = dependency.Path
			imports = append(imports, "  "+linker.imports(bound, name))
		}
		if err := linker.link(ctx, request.Info, paths); err != nil {
			return nil, err
		}
		return &pulumirpc.LinkResponse{ImportInstructions: strings.Join(imports, "\n") + "\n"}, nil
	})
}

func load(
	ctx context.Context, loader schema.ReferenceLoader, wanted *pulumirpc.PackageDependency,
) (*schema.Package, error) {
	descriptor := &schema.PackageDescriptor{Name: wanted.Name, DownloadURL: wanted.Server}
	// Without a version, any will do.
	if version, err := semver.ParseTolerant(wanted.Version); err == nil {
		descriptor.Version = &version
	}
	if given := wanted.Parameterization; given != nil {
		version, err := semver.ParseTolerant(given.Version)
		if err != nil {
			return nil, err
		}
		descriptor.Parameterization = &schema.ParameterizationDescriptor{
			Name: given.Name, Version: version, Value: given.Value,
		}
	}
	reference, err := schema.LoadPackageReferenceV2(ctx, loader, descriptor)
	if err != nil {
		return nil, err
	}
	return reference.Definition()
}

func option(program *pulumirpc.ProgramInfo, name string) string {
	return program.GetOptions().GetFields()[name].GetStringValue()
}

var nodeLinker = linker{
	importer: nodejs.Importer,
	key:      "nodejs",
	name: func(bound *schema.Package) string {
		if info, known := bound.Language["nodejs"].(nodejs.NodePackageInfo); known && info.PackageName != "" {
			return info.PackageName
		}
		if bound.Namespace != "" {
			return "@" + bound.Namespace + "/" + bound.Name
		}
		return "@pulumi/" + bound.Name
	},
	imports: func(bound *schema.Package, name string) string {
		return fmt.Sprintf("import * as %s from %q;", cgstrings.Camel(bound.Name), name)
	},
	link: func(ctx context.Context, program *pulumirpc.ProgramInfo, paths map[string]string) error {
		manager, err := npm.ResolvePackageManager(
			npm.PackageManagerType(option(program, "packagemanager")), program.ProgramDirectory,
		)
		if err != nil {
			return err
		}
		for name, path := range paths {
			if err := manager.Link(ctx, program.ProgramDirectory, name, path); err != nil {
				return err
			}
		}
		return nil
	},
}

var pythonLinker = linker{
	importer: python.Importer,
	key:      "python",
	name: func(bound *schema.Package) string {
		if info, known := bound.Language["python"].(python.PackageInfo); known && info.PackageName != "" {
			return info.PackageName
		}
		return python.PyPack(bound.Namespace, bound.Name)
	},
	imports: func(bound *schema.Package, name string) string {
		return fmt.Sprintf("import %s as %s", name, strings.ReplaceAll(bound.Name, "-", "_"))
	},
	link: func(ctx context.Context, program *pulumirpc.ProgramInfo, paths map[string]string) error {
		options := toolchain.PythonOptions{
			Root:       program.RootDirectory,
			ProgramDir: program.ProgramDirectory,
			Virtualenv: option(program, "virtualenv"),
		}
		switch option(program, "toolchain") {
		case "poetry":
			options.Toolchain = toolchain.Poetry
		case "uv":
			options.Toolchain = toolchain.Uv
		default:
			options.Toolchain = toolchain.Pip
		}
		chain, err := toolchain.ResolveToolchain(options)
		if err != nil {
			return err
		}
		return chain.LinkPackages(ctx, paths)
	},
}

var goLinker = linker{
	importer: golang.Importer,
	key:      "go",
	name: func(bound *schema.Package) string {
		if info, known := bound.Language["go"].(golang.GoPackageInfo); known {
			if info.ModulePath != "" {
				return info.ModulePath
			}
			if info.ImportBasePath != "" {
				return filepath.ToSlash(filepath.Dir(info.ImportBasePath))
			}
		}
		return golang.ExtractModulePath(bound.Reference())
	},
	imports: func(bound *schema.Package, _ string) string {
		return fmt.Sprintf("import %q", golang.ExtractImportBasePath(bound.Reference()))
	},
	link: func(_ context.Context, program *pulumirpc.ProgramInfo, paths map[string]string) error {
		file := filepath.Join(program.ProgramDirectory, "go.mod")
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		module, err := modfile.Parse(file, content, nil)
		if err != nil {
			return err
		}
		for name, path := range paths {
			// Without the dot, Go takes it for the name of a module.
			if !filepath.IsAbs(path) && !strings.HasPrefix(path, ".") {
				path = "./" + path
			}
			if err := module.AddReplace(name, "", path, ""); err != nil {
				return err
			}
		}
		if content, err = module.Format(); err != nil {
			return err
		}
		return os.WriteFile(file, content, 0o644)
	},
}

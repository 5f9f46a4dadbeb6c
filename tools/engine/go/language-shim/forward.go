package main

import (
	"context"
	"errors"
	"io"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
)

// shim serves a language. What is neither forwarded nor answered here is Unimplemented, for which every engine has an
// answer of its own: it asks for the required plugins, for example, where there are no required packages.
type shim struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	language language
	hosts    *hosts
}

type aboutProgram interface {
	GetInfo() *pulumirpc.ProgramInfo
}

func forward[Request aboutProgram, Answer any](
	ctx context.Context,
	shim *shim,
	request Request,
	method func(pulumirpc.LanguageRuntimeClient, context.Context, Request, ...grpc.CallOption) (Answer, error),
) (Answer, error) {
	host, err := shim.hosts.of(request.GetInfo())
	if err != nil {
		var none Answer
		return none, err
	}
	// The engine must have what a program printed before it hears that the program has ended.
	defer host.output.flush()
	return method(host.client, ctx, request)
}

func forwardStream[Request aboutProgram, Answer any](
	shim *shim,
	request Request,
	server grpc.ServerStreamingServer[Answer],
	method func(
		pulumirpc.LanguageRuntimeClient, context.Context, Request, ...grpc.CallOption,
	) (grpc.ServerStreamingClient[Answer], error),
) error {
	answers, err := forward(server.Context(), shim, request, method)
	if err != nil {
		return err
	}
	for {
		answer, err := answers.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := server.Send(answer); err != nil {
			return err
		}
	}
}

func (shim *shim) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version.Version}, nil
}

func (shim *shim) GetRequiredPlugins(
	ctx context.Context, request *pulumirpc.GetRequiredPluginsRequest,
) (*pulumirpc.GetRequiredPluginsResponse, error) {
	return forward(ctx, shim, request, pulumirpc.LanguageRuntimeClient.GetRequiredPlugins)
}

func (shim *shim) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	return forward(ctx, shim, request, pulumirpc.LanguageRuntimeClient.Run)
}

func (shim *shim) About(ctx context.Context, request *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	return forward(ctx, shim, request, pulumirpc.LanguageRuntimeClient.About)
}

// Engines have stopped to fill what the host reads here.
func (shim *shim) GetProgramDependencies(
	ctx context.Context, request *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	request.Pwd, request.Program = request.GetInfo().GetProgramDirectory(), request.GetInfo().GetProgramDirectory()
	return forward(ctx, shim, request, pulumirpc.LanguageRuntimeClient.GetProgramDependencies)
}

func (shim *shim) InstallDependencies(
	request *pulumirpc.InstallDependenciesRequest,
	server grpc.ServerStreamingServer[pulumirpc.InstallDependenciesResponse],
) error {
	return forwardStream(shim, request, server, pulumirpc.LanguageRuntimeClient.InstallDependencies)
}

func (shim *shim) RunPlugin(
	request *pulumirpc.RunPluginRequest, server grpc.ServerStreamingServer[pulumirpc.RunPluginResponse],
) error {
	request.Program = request.GetInfo().GetProgramDirectory()
	return forwardStream(shim, request, server, pulumirpc.LanguageRuntimeClient.RunPlugin)
}

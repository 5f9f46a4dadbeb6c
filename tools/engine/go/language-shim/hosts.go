package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// hosts starts the real language host. It takes as flags what newer engines say in each request, the options of the
// runtime in Pulumi.yaml, so there is one process for each set of them: as a rule, one.
type hosts struct {
	executable string
	engine     string
	// flags names the options that the host takes.
	flags []string

	mutex   sync.Mutex
	running map[string]*host
}

type host struct {
	process *os.Process
	client  pulumirpc.LanguageRuntimeClient
	output  *output
}

// of is the host for a program: started if it does not run yet.
func (hosts *hosts) of(program *pulumirpc.ProgramInfo) (*host, error) {
	hosts.mutex.Lock()
	defer hosts.mutex.Unlock()
	args := hosts.args(program)
	key := strings.Join(args, "\x00")
	if host, runs := hosts.running[key]; runs {
		return host, nil
	}
	started, err := startHost(hosts.executable, append(args, hosts.engine))
	if err != nil {
		return nil, fmt.Errorf("%s cannot be started: %w", hosts.executable, err)
	}
	if hosts.running == nil {
		hosts.running = map[string]*host{}
	}
	hosts.running[key] = started
	return started, nil
}

func (hosts *hosts) args(program *pulumirpc.ProgramInfo) []string {
	var args []string
	options := program.GetOptions().AsMap()
	if root := program.GetRootDirectory(); root != "" && slices.Contains(hosts.flags, rootFlag) {
		options[rootFlag] = root
	}
	for _, name := range hosts.flags {
		if value, given := options[name]; given {
			args = append(args, fmt.Sprintf("-%s=%v", name, value))
		}
	}
	return args
}

func (hosts *hosts) end() {
	hosts.mutex.Lock()
	defer hosts.mutex.Unlock()
	for _, host := range hosts.running {
		_ = host.process.Kill()
	}
}

// startHost waits for the first line of the host, which is its port. What follows is the output of programs.
func startHost(executable string, args []string) (*host, error) {
	reader, writer, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer writer.Close()
	command := exec.Command(executable, args...)
	command.Stdout, command.Stderr = writer, os.Stderr
	if err := command.Start(); err != nil {
		return nil, err
	}
	go func() { _ = command.Wait() }()
	// Whatever comes with the port already is kept.
	buffered := bufio.NewReader(reader)
	port, err := buffered.ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("it said no port: %w", err)
	}
	connection, err := grpc.NewClient(
		"127.0.0.1:"+strings.TrimSpace(port),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		rpcutil.GrpcChannelOptions(),
	)
	if err != nil {
		return nil, err
	}
	early, _ := buffered.Peek(buffered.Buffered())
	return &host{
		process: command.Process,
		client:  pulumirpc.NewLanguageRuntimeClient(connection),
		output:  relayOutput(reader, early),
	}, nil
}

// Command language-shim is the language host that the engine starts, in front of the one that can be built from Go
// modules: it passes calls on to that one, and answers those that came later than it, which all write code.
//
// Its name says the language: pulumi-language-python starts pulumi-language-python-host, which is beside it. The
// argument is the address of the engine, as for every language host.
package main

import (
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

const (
	namePrefix        = "pulumi-language-"
	parentCheckPeriod = 500 * time.Millisecond
)

func main() {
	if err := run(os.Args); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string) error {
	name := filepath.Base(args[0])
	language, known := languages[strings.TrimPrefix(name, namePrefix)]
	if !known {
		return fmt.Errorf("%s is no language that this serves", name)
	}
	if len(args) < 2 {
		return fmt.Errorf("usage: %s <address of the engine>", name)
	}
	executable, err := os.Executable()
	if err != nil {
		return err
	}
	hosts := &hosts{
		executable: filepath.Join(filepath.Dir(executable), name+"-host"),
		engine:     args[len(args)-1],
		flags:      language.flags,
	}
	go endWithEngine(hosts)
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, &shim{language: language, hosts: hosts})
			return nil
		},
	})
	if err != nil {
		return err
	}
	fmt.Println(handle.Port)
	return <-handle.Done
}

// endWithEngine ends the hosts and this process when somebody asks, or when the engine is gone: it may have been killed.
func endWithEngine(hosts *hosts) {
	parent := os.Getppid()
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	for os.Getppid() == parent {
		select {
		case <-asked:
			parent = -1
		case <-time.After(parentCheckPeriod):
		}
	}
	hosts.end()
	os.Exit(1)
}

// Package child runs parts of the bench in processes of their own, each on a core of its own where the system allows
// it. Parent and child exchange JSON values over the child's standard input and output.
package child

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"
)

// Argument is the first argument of a child; the second is its role.
const Argument = "child"

// Process is a running child.
type Process struct {
	role  string
	cmd   *exec.Cmd
	input io.WriteCloser
	to    *json.Encoder
	from  *json.Decoder
}

// Start runs the program as a child in a role, on one core; a core below 0 is any. The child ends with ctx, with Stop
// and with its parent.
func Start(ctx context.Context, program, role string, core int) (*Process, error) {
	cmd := exec.CommandContext(ctx, program, Argument, role) //nolint:gosec // the program is this one
	input, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := StartOn(cmd, core); err != nil {
		return nil, fmt.Errorf("starting the process for %s: %w", role, err)
	}
	return &Process{role: role, cmd: cmd, input: input, to: json.NewEncoder(input), from: json.NewDecoder(output)}, nil
}

// Call sends a request and reads the reply.
func (p *Process) Call(request, reply any) error {
	if err := p.to.Encode(request); err != nil {
		return fmt.Errorf("the process for %s has ended: %w", p.role, err)
	}
	var message struct {
		Error string          `json:"error"`
		Reply json.RawMessage `json:"reply"`
	}
	if err := p.from.Decode(&message); err != nil {
		return fmt.Errorf("the process for %s has ended: %w", p.role, err)
	}
	if message.Error != "" {
		return fmt.Errorf("%s: %s", p.role, message.Error)
	}
	return json.Unmarshal(message.Reply, reply)
}

// Stop ends the child, waits for it, and returns the CPU time it has used.
func (p *Process) Stop() time.Duration {
	_ = p.input.Close()
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	return CPU(p.cmd)
}

// CPU returns the CPU time of a command that has ended.
func CPU(cmd *exec.Cmd) time.Duration {
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
}

// Answer is the child's side: it answers each request with handle's reply, until the parent closes the input.
func Answer[Request any](in io.Reader, out io.Writer, handle func(Request) (any, error)) error {
	from, to := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var request Request
		if err := from.Decode(&request); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		reply, err := handle(request)
		message := map[string]any{"reply": reply}
		if err != nil {
			message = map[string]any{"error": err.Error()}
		}
		if err := to.Encode(message); err != nil {
			return err
		}
	}
}

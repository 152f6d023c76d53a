package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/vsee-mock/vsee-mock/internal/suggest"
)

// unknownVariables returns a warning for each variable of the environment with a name like one of ours but no meaning
// here. It is a warning and no error, and there is none for the variables that Kubernetes sets by itself for a service
// named vsee-mock, such as VSEE_MOCK_PORT=tcp://10.0.0.1:8080.
func unknownVariables(environ []string, model *kong.Application) []string {
	const prefix = "VSEE_MOCK_"
	known := variables(model.Node)
	var warnings []string
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		ofKubernetes := strings.HasPrefix(name, prefix+"SERVICE_") || strings.HasPrefix(name, prefix+"PORT_") ||
			name == prefix+"PORT" && strings.Contains(value, "://")
		if !strings.HasPrefix(name, prefix) || slices.Contains(known, name) || ofKubernetes {
			continue
		}
		warning := fmt.Sprintf("the environment variable %s is no flag of vsee-mock and is ignored", name)
		flag := otherNames[strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(name, prefix), "_", "-"))]
		near := prefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
		if !slices.Contains(known, near) {
			near = suggest.Name(name, known)
		}
		if near != "" {
			warning = fmt.Sprintf("the environment variable %s is unknown; did you mean %s?", name, near)
		}
		warnings = append(warnings, warning)
	}
	return warnings
}

// variables returns the environment variables of all flags, sorted.
func variables(node *kong.Node) []string {
	var names []string
	for _, flag := range node.Flags {
		names = append(names, flag.Envs...)
	}
	for _, child := range node.Children {
		names = append(names, variables(child)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

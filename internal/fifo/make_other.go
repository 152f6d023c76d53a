//go:build !unix

package fifo

import "errors"

// Make returns errors.ErrUnsupported: the system has no named pipes.
func Make(string) error { return errors.ErrUnsupported }

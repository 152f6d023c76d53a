package bounded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// ReadStream reads any path until it ends, a pipe or a device too; so a shell's <(…) can be given in place of a file.
// It waits for a pipe without a writer. The error wraps ErrTooLarge for more bytes than limit, and the error of ctx
// when ctx ends first.
func ReadStream(ctx context.Context, name string, limit int64) ([]byte, error) {
	file, err := open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	data, err := readStream(ctx, file, limit)
	return data, withName(name, err)
}

func readStream(ctx context.Context, file *os.File, limit int64) ([]byte, error) {
	about, err := file.Stat()
	switch {
	case err != nil:
		return nil, err
	case about.IsDir():
		return nil, notRegular(about.Mode())
	case about.Mode().IsRegular():
		return readRegular(file, limit)
	}
	stop := context.AfterFunc(ctx, func() { _ = file.SetReadDeadline(time.Unix(1, 0)) }) // this ends the wait
	defer stop()
	if about.Mode()&fs.ModeNamedPipe != 0 {
		err = awaitWriter(file)
	}
	var data []byte
	if err == nil {
		data, err = ReadAll(file, limit)
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil, fmt.Errorf("it did not come to its end: %w", context.Cause(ctx))
	}
	return data, err
}

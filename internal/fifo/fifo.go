// Package fifo makes named pipes for tests, on systems that have them.
package fifo

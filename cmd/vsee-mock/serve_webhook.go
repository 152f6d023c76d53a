package main

// deliveryFlags are the flags of serve that say how events are sent.
type deliveryFlags struct {
	WebhookTimestamp string `enum:"real,clinic" default:"real" placeholder:"TIME" help:"Signed as of: real or clinic time (real)."`
}

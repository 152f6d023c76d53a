package mutant

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/vsee-mock/vsee-mock/contract/engine"
	"github.com/vsee-mock/vsee-mock/internal/apispec/embedded"
	"github.com/vsee-mock/vsee-mock/internal/bounded"
	"github.com/vsee-mock/vsee-mock/mockserver/controlapi"
)

// call is a request in transit: from a client to the API, or from the API to a webhook.
type call struct {
	operation    string // or the type of the event
	method, root string // scheme and host of the destination
	host         string // of the header, because the mock makes URLs with it
	path, query  string // the path is still escaped
	header       http.Header
	body         []byte
	secrets      []string // of the webhook
}

// reply is the reply to a call. With an error, the rest is what came before it.
type reply struct {
	status int
	header http.Header
	body   []byte
	err    error
}

func (r reply) ok() bool { return r.err == nil && r.status == http.StatusOK }

// lie answers a call. ask forwards a call to its destination; a lie may forward none, or many.
type lie func(m *memory, c call, ask func(call) reply) reply

// with returns the call with a header; without it when the value is empty.
func (c call) with(name, value string) call {
	c.header = c.header.Clone()
	c.header.Del(name)
	if value != "" {
		c.header.Set(name, value)
	}
	return c
}

// get returns a GET call by the same caller.
func (c call) get(path string) call {
	prefix, _, _ := strings.Cut(c.path, "/api_v3")
	c.method, c.path, c.query, c.body = http.MethodGet, prefix+"/api_v3"+path, "", nil
	return c.with("Content-Type", "")
}

// segments are the segments of the path below the API's prefix.
func (c call) segments() []string {
	_, path, _ := strings.Cut(c.path, "/api_v3")
	return strings.Split(strings.TrimPrefix(strings.TrimSuffix(strings.TrimSuffix(path, "/"), ".json"), "/"), "/")
}

// proxy stands between a client and a mock, and between the mock and the webhooks.
type proxy struct {
	Mutant
	target string // of the mock, without a path
	client *http.Client
	traffic
	memory

	mu    sync.Mutex
	hooks []hook
}

// hook is a clinic's webhook as the client knows it.
type hook struct {
	url     string
	secrets []string
}

const hookPath = "/_mutant/hooks/"

// maxMessage is the limit for a body in bytes.
const maxMessage = 64 << 20

// ServeHTTP implements http.Handler.
func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := bounded.ReadAll(r.Body, maxMessage)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	c := call{
		method: r.Method, root: p.target, host: r.Host, path: r.URL.EscapedPath(), query: r.URL.RawQuery,
		header: r.Header, body: body,
	}
	said := p.answer(r.Context(), c, "http://"+r.Host)
	if said.err != nil && said.status == 0 {
		breakOff(w)
		return
	}
	maps.Copy(w.Header(), said.header)
	for _, name := range []string{"Content-Length", "Transfer-Encoding", "Connection"} {
		w.Header().Del(name)
	}
	w.WriteHeader(said.status)
	_, _ = w.Write(said.body) // a client that has gone does not need it
	if said.err != nil {
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// breakOff resets the connection: clients send a request again after a server has closed one without a reply.
func breakOff(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := connection.(interface{ SetLinger(seconds int) error }); ok {
		_ = tcp.SetLinger(0)
	}
	_ = connection.Close()
}

func (p *proxy) answer(ctx context.Context, c call, own string) reply {
	ask := func(c call) reply { return p.send(ctx, c) }
	_, path, isAPI := strings.Cut(c.path, "/api_v3")
	if number, isHook := strings.CutPrefix(c.path, hookPath); isHook {
		n, _ := strconv.Atoi(number)
		h := p.hook(n)
		to, err := url.Parse(h.url)
		if err != nil {
			return reply{err: err}
		}
		c.host = to.Host
		c.root, c.path, c.query, c.secrets = to.Scheme+"://"+to.Host, to.EscapedPath(), to.RawQuery, h.secrets
		c.operation = textAt(c.body, "type")
		return p.lied(p.event, c, ask)
	}
	if !isAPI {
		return p.control(c, own, ask)
	}
	found, _ := embedded.Spec().Find(c.method, path)
	if c.operation = found.ID; c.operation == "" {
		c.operation = also(c.method, path)
	}
	return p.lied(p.reply, c.with("Accept-Encoding", ""), ask) // lies edit plain text
}

// lied answers a call through a lie, and notes the traffic.
func (p *proxy) lied(tell lie, c call, send func(call) reply) reply {
	ask := func(c call) reply {
		r := send(c)
		if slices.Contains([]string{"signOn", "login", "refreshToken"}, c.operation) {
			token := textAt(r.body, "data", "token", "token")
			p.learn(engine.TokenHeader, token)
			p.swapText("owner of "+token, textAt(r.body, "data", "id"))
			p.swapText("clinic of "+token, c.header.Get(engine.AccountHeader))
		}
		return r
	}
	if tell == nil || !p.wide && !slices.Contains(append(p.Same, p.Operation), c.operation) {
		r := ask(c)
		p.saw(c, r, false)
		return r
	}
	times, same, first := 0, true, reply{}
	said := tell(&p.memory, c, func(asked call) reply {
		r := ask(asked)
		if times++; times == 1 {
			same, first = asked.equals(c), r
		}
		return r
	})
	p.saw(c, first, !same || times != 1 && c.secrets != nil || !said.equals(first))
	return said
}

func (c call) equals(o call) bool {
	return c.method == o.method && c.path == o.path && c.query == o.query && bytes.Equal(c.body, o.body) &&
		maps.EqualFunc(c.header, o.header, slices.Equal)
}

func (r reply) equals(o reply) bool {
	return r.status == o.status && bytes.Equal(r.body, o.body) && maps.EqualFunc(r.header, o.header, slices.Equal)
}

func (p *proxy) hook(n int) hook {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n >= len(p.hooks) {
		return hook{}
	}
	return p.hooks[n]
}

// addHook returns the path for the events of a webhook.
func (p *proxy) addHook(address string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hooks = append(p.hooks, hook{url: address})
	return hookPath + strconv.Itoa(len(p.hooks)-1)
}

// control forwards a call to the control API, with a URL of the proxy in place of the webhook's. It puts the webhook's
// back into the reply.
func (p *proxy) control(c call, own string, ask func(call) reply) reply {
	var set struct {
		Webhook struct{ URL string }
	}
	decode(c.body, &set)
	if set.Webhook.URL == "" {
		return ask(c)
	}
	path := p.addHook(set.Webhook.URL)
	c.body = edited(c.body, []string{"webhook", "url"}, func(in map[string]any, name string) { in[name] = own + path })
	r := ask(c)
	var made controlapi.Clinic
	if json.Unmarshal(r.body, &made) == nil {
		p.made(path, made)
	}
	r.body = bytes.ReplaceAll(r.body, []byte(own+path), []byte(set.Webhook.URL))
	return r
}

// send sends a call to its destination.
func (p *proxy) send(ctx context.Context, c call) reply {
	address := c.root + c.path
	if c.query != "" {
		address += "?" + c.query
	}
	out, err := http.NewRequestWithContext(ctx, c.method, address, bytes.NewReader(c.body))
	if err != nil {
		return reply{err: fmt.Errorf("making a request: %w", err)}
	}
	out.Header, out.Host = c.header.Clone(), c.host
	for _, name := range []string{"Connection", "Content-Length"} {
		out.Header.Del(name)
	}
	in, err := p.client.Transport.RoundTrip(out)
	if err != nil {
		return reply{err: fmt.Errorf("sending a request: %w", err)}
	}
	defer in.Body.Close()
	body, err := bounded.ReadAll(in.Body, maxMessage)
	return reply{in.StatusCode, in.Header, slices.Clip(body), err}
}

// traffic notes which requirement has met which traffic. Each piece is a word: the operation, the operation and the
// status, the operation and a field of the request or a pointer of the reply, or the type of an event.
type traffic struct {
	noting  sync.Mutex
	all     bool                       // whether it is noted; else only whether the lie has changed anything
	by      map[string]map[string]bool // traffic by the ids of requirements
	account map[string]string          // the requirement by the account code of its clinic
	last    string                     // the requirement with the last request
	Changed bool                       // whether the lie has changed anything
}

var asking = regexp.MustCompile(` req/(\S+)`)

func (t *traffic) saw(c call, r reply, changed bool) {
	t.noting.Lock()
	defer t.noting.Unlock()
	t.Changed = t.Changed || changed
	id := t.account[cmp.Or(textAt(c.body, "account_code"), textAt(c.body, "clinic_code"))]
	if who := asking.FindStringSubmatch(c.header.Get("User-Agent")); who != nil {
		id, t.last = who[1], who[1]
		t.account[c.header.Get("X-AccountCode")] = id
	} else if id == "" {
		id = t.last
	}
	if t.by[id] == nil {
		t.by[id] = map[string]bool{}
	}
	if !t.all {
		return
	}
	for _, word := range words(c, r) {
		t.by[id][word] = true
	}
}

// words returns the traffic of a call and its reply.
func words(c call, r reply) []string {
	of := func(format string, args ...any) string { return c.operation + " " + fmt.Sprintf(format, args...) }
	all := []string{c.operation, of("%d", r.status)}
	if c.secrets != nil || !r.ok() {
		return all
	}
	media, _ := c.encoding()
	all = append(all, of("%s", media))
	for _, name := range c.fields() {
		all = append(all, of("%s", name))
		if whole, _, inside := strings.Cut(name, "."); inside {
			all = append(all, of("%s", whole))
		}
	}
	for _, spelled := range spellings {
		if c.isSpelled(spelled) {
			all = append(all, of("spelling %s", spelled))
		}
	}
	query, _ := url.ParseQuery(c.query)
	for name := range query {
		name, _, _ = strings.Cut(name, "[")
		all = append(all, of("?%s", name))
	}
	var value any
	if decode(r.body, &value) {
		for _, pointer := range pointers(value, "") {
			all = append(all, of("%s", pointer))
		}
	}
	return all
}

// pointers returns the JSON pointers of all values in a value.
func pointers(value any, at string) []string {
	all := []string{at}
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			all = append(all, pointers(item, at+"/*")...)
		}
	case map[string]any:
		for name, member := range value {
			all = append(all, pointers(member, at+"/"+name)...)
		}
	}
	return all
}

// made learns the credentials of a clinic with its events at a path.
func (p *proxy) made(path string, c controlapi.Clinic) {
	p.learn(engine.AccountHeader, c.AccountCode)
	p.learn(engine.KeyHeader, c.APIKey)
	p.learn(engine.SecretHeader, c.APISecret)
	p.learn(engine.TokenHeader, c.AdminToken)
	p.swapText("clinic of "+c.AdminToken, c.AccountCode)
	n, _ := strconv.Atoi(strings.TrimPrefix(path, hookPath))
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hooks[n].secrets = []string{c.Webhook.Secret, c.Webhook.PreviousSecret}
}

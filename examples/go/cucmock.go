// Package cucmock starts a cuc-mock server for a test.
//
// The binary is cuc-mock on the PATH, or the file that the environment variable CUC_MOCK names.
package cucmock

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// Mock is a running server. It stops at the end of its test, even if the test process is killed.
type Mock struct {
	URL      string // such as http://127.0.0.1:40123
	HTTPSURL string // such as https://127.0.0.1:40123
	t        testing.TB
}

// Start starts a server on a free port, with these options of the command line.
func Start(t testing.TB, options ...string) *Mock {
	t.Helper()
	binary := os.Getenv("CUC_MOCK")
	if binary == "" {
		binary = "cuc-mock"
	}
	fixed := []string{"--listen", "127.0.0.1:0", "--exit-on-stdin-close", "--log", "pretty"}
	server := exec.Command(binary, append(fixed, options...)...)
	log := &serverLog{}
	server.Stderr = log
	stdin, err := server.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatalf("cuc-mock did not start: %v: install it, or set CUC_MOCK to its path", err)
	}
	// listening on http://127.0.0.1:40123 https://127.0.0.1:40123 as …
	line, _ := bufio.NewReader(stdout).ReadString('\n')
	if !strings.HasPrefix(line, "listening on ") {
		stdin.Close()
		t.Fatalf("cuc-mock did not start: %v\n%s", server.Wait(), log)
	}
	t.Cleanup(func() {
		stdin.Close()
		server.Wait()
		if t.Failed() {
			t.Logf("the log of cuc-mock:\n%s", log)
		}
	})
	words := strings.Fields(line)
	return &Mock{URL: words[2], HTTPSURL: words[3], t: t}
}

// CA returns the PEM of the CA that an HTTPS client must trust.
func (m *Mock) CA() []byte {
	m.t.Helper()
	return m.Control("GET", "/ca.pem", "")
}

// Client returns a client that trusts the CA of the server.
func (m *Mock) Client() *http.Client {
	m.t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(m.CA())
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
}

// Reset restores the initial state, empties the journal and ends all faults.
func (m *Mock) Reset() {
	m.t.Helper()
	m.Control("POST", "/reset", "")
}

// Fault adds a fault, such as {"preset": "busy", "times": 2}.
func (m *Mock) Fault(fault string) {
	m.t.Helper()
	m.Control("POST", "/faults", fault)
}

// Verify fails the test unless the expected requests arrived.
func (m *Mock) Verify(expected string) {
	m.t.Helper()
	m.Control("POST", "/requests/verify", expected)
}

// Request is a request in the journal with its response. GET /__mock/requests has more fields.
type Request struct {
	Method string
	Path   string
	Body   string
	Answer struct{ Status int }
	Reason struct{ Message, Field, Value, Expected, Evidence string }
}

// Requests returns the requests in the journal.
func (m *Mock) Requests() []Request {
	m.t.Helper()
	var list struct{ Requests []Request }
	if err := json.Unmarshal(m.Control("GET", "/requests", ""), &list); err != nil {
		m.t.Fatal(err)
	}
	return list.Requests
}

// Control sends a control request. An error fails the test with the server's explanation.
func (m *Mock) Control(method, path, body string) []byte {
	m.t.Helper()
	request, err := http.NewRequest(method, m.URL+"/__mock"+path, strings.NewReader(body))
	if err != nil {
		m.t.Fatal(err)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		m.t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		m.t.Fatal(err)
	}
	if response.StatusCode >= 400 {
		failure := struct{ Error string }{string(content)}
		_ = json.Unmarshal(content, &failure)
		m.t.Fatal(failure.Error)
	}
	return content
}

// serverLog keeps the standard error of the server.
type serverLog struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (l *serverLog) Write(bytes []byte) (int, error) {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.Write(bytes)
}

func (l *serverLog) String() string {
	l.mutex.Lock()
	defer l.mutex.Unlock()
	return l.text.String()
}

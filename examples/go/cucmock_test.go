package cucmock_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"example.com/provisioning/cucmock"
)

// failingTest keeps the message of a failure, and does not fail the test that it wraps.
type failingTest struct {
	testing.TB
	message string
}

func (f *failingTest) Fatal(values ...any) {
	f.message = fmt.Sprint(values...)
	runtime.Goexit()
}

func (f *failingTest) Fatalf(format string, values ...any) { f.Fatal(fmt.Sprintf(format, values...)) }

// failure returns the message with which this test fails.
func failure(t *testing.T, test func(testing.TB)) string {
	failing := &failingTest{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		test(failing)
	}()
	<-done
	return failing.message
}

const report = `expected POST /vmrest/externalservices answered with 201 exactly once
found 0 among 1 request
the closest are
  #1 POST /vmrest/externalservices, answered with 400
    rejected: Invalid parameter. Parameter = [ServerType], Value = [9]: expected 1, 4 or 5 (documented: guide, Adding Unified Messaging Service)
    status: found 400, expected 201`

func TestFailedVerificationContainsTheReport(t *testing.T) {
	t.Parallel()
	message := failure(t, func(failing testing.TB) {
		mock := cucmock.Start(failing)
		_ = addService(mock.Client(), mock.HTTPSURL, "Mail", 9)
		mock.Verify(`{"requests": {"method": "POST", "path": "externalservices", "status": 201}, "exactly": 1}`)
	})
	if message != report {
		t.Fatalf("found %q, expected %q", message, report)
	}
}

func TestErrorOfAFailedStartIsShown(t *testing.T) {
	t.Parallel()
	message := failure(t, func(failing testing.TB) { cucmock.Start(failing, "--cuc-version", "9") })
	if !strings.HasPrefix(message, "cuc-mock did not start: exit status 2\n") || !strings.Contains(message, "--cuc-version") {
		t.Fatalf("found %q", message)
	}
}

func TestResetRestoresTheInitialState(t *testing.T) {
	t.Parallel()
	mock := cucmock.Start(t)
	for run := 0; run < 2; run++ {
		if err := addService(mock.Client(), mock.HTTPSURL, "Mail", 1); err != nil {
			t.Fatal(err)
		}
		mock.Reset()
	}
	if requests := mock.Requests(); len(requests) != 0 {
		t.Fatalf("found %+v, expected an empty journal", requests)
	}
}

// TestServersStopWhenTheTestProcessIsKilled runs itself in a child process that starts two servers, and kills it.
func TestServersStopWhenTheTestProcessIsKilled(t *testing.T) {
	if os.Getenv("CHILD_OF_TEST") != "" {
		fmt.Println(cucmock.Start(t).URL, cucmock.Start(t).URL)
		select {}
	}
	t.Parallel()
	child := exec.Command(os.Args[0], "-test.run", "^"+t.Name()+"$")
	child.Env = append(os.Environ(), "CHILD_OF_TEST=1")
	child.Stderr = os.Stderr
	stdout, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line, _ := bufio.NewReader(stdout).ReadString('\n')
	urls := strings.Fields(line)
	if len(urls) != 2 {
		t.Fatalf("found %q, expected two addresses", line)
	}
	var connections []net.Conn
	for _, url := range urls {
		connection, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		connections = append(connections, connection)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	child.Wait()
	for _, connection := range connections {
		connection.SetDeadline(time.Now().Add(10 * time.Second))
		if _, err := io.ReadAll(connection); os.IsTimeout(err) {
			t.Fatalf("the server at %v still runs", connection.RemoteAddr())
		}
		if _, err := net.Dial("tcp", connection.RemoteAddr().String()); err == nil {
			t.Fatalf("the server at %v still accepts connections", connection.RemoteAddr())
		}
	}
}

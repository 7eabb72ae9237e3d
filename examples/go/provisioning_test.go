package cucmock_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"example.com/provisioning/cucmock"
)

// addService is the code under test: it adds a service, and repeats the request while the server is busy.
func addService(client *http.Client, url, name string, serverType int) error {
	xml := fmt.Sprintf(`<ExternalService>
		<DisplayName>%s</DisplayName>
		<ServerType>%d</ServerType>
		<Server>10.76.175.167</Server>
		<ServiceAlias>admin</ServiceAlias>
		<ServicePassword>ecsbulab</ServicePassword>
		<TransferExtensionDialString>111111</TransferExtensionDialString>
	</ExternalService>`, name, serverType)
	for {
		request, err := http.NewRequest("POST", url+"/vmrest/externalservices", strings.NewReader(xml))
		if err != nil {
			return err
		}
		request.SetBasicAuth("admin", "secret")
		request.Header.Set("Content-Type", "application/xml")
		response, err := client.Do(request)
		if err != nil {
			return err
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil {
			return err
		}
		switch response.StatusCode {
		case http.StatusCreated:
			return nil
		case http.StatusServiceUnavailable:
			continue
		default:
			return fmt.Errorf("status %d: %s", response.StatusCode, body)
		}
	}
}

func TestServiceIsAddedOverHTTPAndHTTPS(t *testing.T) {
	t.Parallel()
	mock := cucmock.Start(t)
	if err := addService(http.DefaultClient, mock.URL, "Mail", 1); err != nil {
		t.Fatal(err)
	}
	if err := addService(mock.Client(), mock.HTTPSURL, "Meetings", 1); err != nil {
		t.Fatal(err)
	}
	if err := addService(http.DefaultClient, mock.HTTPSURL, "Calendar", 1); err == nil {
		t.Fatal("expected an error from a client that does not trust the CA")
	}
	mock.Verify(`{"requests": {"method": "POST", "path": "externalservices", "status": 201}, "exactly": 2}`)
}

func TestWrongPasswordIsRejected(t *testing.T) {
	t.Parallel()
	mock := cucmock.Start(t, "--user", "admin:other")
	err := addService(mock.Client(), mock.HTTPSURL, "Mail", 1)
	if err == nil || !strings.HasPrefix(err.Error(), "status 401: ") {
		t.Fatalf("expected the status 401, found %v", err)
	}
}

func TestRejectedFieldIsReported(t *testing.T) {
	t.Parallel()
	mock := cucmock.Start(t)
	err := addService(mock.Client(), mock.HTTPSURL, "Mail", 9)
	if err == nil || !strings.Contains(err.Error(), "Parameter = [ServerType], Value = [9]") {
		t.Fatalf("expected an error that names the field, found %v", err)
	}
	reason := mock.Requests()[0].Reason
	if reason.Field != "ServerType" || reason.Expected != "1, 4 or 5" {
		t.Fatalf("expected the rule of ServerType, found %+v", reason)
	}
}

func TestRequestIsRepeatedWhileTheServerIsBusy(t *testing.T) {
	t.Parallel()
	mock := cucmock.Start(t)
	mock.Fault(`{"preset": "busy", "requests": {"method": "POST"}, "times": 2}`)
	if err := addService(mock.Client(), mock.HTTPSURL, "Mail", 1); err != nil {
		t.Fatal(err)
	}
	mock.Verify(`{"requests": {"method": "POST", "fields": {"DisplayName": "Mail"}}, "exactly": 3}`)
}

func TestParallelServersAreIndependent(t *testing.T) {
	for number := 0; number < 4; number++ {
		t.Run(fmt.Sprint("server ", number), func(t *testing.T) {
			t.Parallel()
			mock := cucmock.Start(t)
			// The server would reject a name that exists.
			if err := addService(mock.Client(), mock.HTTPSURL, "Mail", 1); err != nil {
				t.Fatal(err)
			}
			mock.Verify(`{"requests": {"method": "POST"}, "exactly": 1}`)
		})
	}
}

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpClient;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServicesTest {
    private CucMock mock;
    private HttpClient client;
    private Services services;

    @BeforeEach
    void start() throws Exception {
        mock = new CucMock();
        client = HttpClient.newBuilder().sslContext(mock.sslContext()).build();
        services = new Services(client, mock.httpsUrl());
    }

    @AfterEach
    void stop() throws IOException {
        mock.close();
    }

    @Test
    void aServiceIsAddedOverHttpAndHttps() throws Exception {
        services.add("Mail", 1);
        new Services(HttpClient.newHttpClient(), mock.url()).add("Meetings", 1);
        Services untrusting = new Services(HttpClient.newHttpClient(), mock.httpsUrl());
        assertThrows(SSLHandshakeException.class, () -> untrusting.add("Calendar", 1));
        mock.verify("""
                {"requests": {"method": "POST", "path": "externalservices", "status": 201}, "exactly": 2}""");
    }

    @Test
    void aWrongPasswordIsRejected() throws Exception {
        try (CucMock strict = new CucMock("--user", "admin:other")) {
            Services refused = new Services(HttpClient.newHttpClient(), strict.url());
            IOException error = assertThrows(IOException.class, () -> refused.add("Mail", 1));
            assertTrue(error.getMessage().startsWith("status 401: "), error.getMessage());
        }
    }

    @Test
    void aRejectedFieldIsReported() {
        IOException error = assertThrows(IOException.class, () -> services.add("Mail", 9));
        assertTrue(error.getMessage().contains("Parameter = [ServerType], Value = [9]"), error.getMessage());
        assertTrue(mock.requests().contains("\"expected\":\"1, 4 or 5\""), mock.requests());
    }

    @Test
    void aRequestIsRepeatedWhileTheServerIsBusy() throws Exception {
        mock.fault("""
                {"preset": "busy", "requests": {"method": "POST"}, "times": 2}""");
        services.add("Mail", 1);
        mock.verify("""
                {"requests": {"method": "POST", "fields": {"DisplayName": "Mail"}}, "exactly": 3}""");
    }
}

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Tests of the class CucMock. */
class CucMockTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @Test
    void aFailedVerificationContainsTheReport() throws Exception {
        try (CucMock mock = new CucMock()) {
            assertThrows(IOException.class, () -> new Services(CLIENT, mock.url()).add("Mail", 9));
            AssertionError error = assertThrows(AssertionError.class, () -> mock.verify("""
                    {"requests": {"method": "POST", "path": "externalservices", "status": 201}, "exactly": 1}"""));
            assertEquals("""
                    expected POST /vmrest/externalservices answered with 201 exactly once
                    found 0 among 1 request
                    the closest are
                      #1 POST /vmrest/externalservices, answered with 400
                        rejected: Invalid parameter. Parameter = [ServerType], Value = [9]: expected 1, 4 or 5 (documented: guide, Adding Unified Messaging Service)
                        status: found 400, expected 201""", error.getMessage());
        }
    }

    @Test
    void theErrorOfAFailedStartIsShown() {
        IOException error = assertThrows(IOException.class, () -> new CucMock("--cuc-version", "9"));
        assertTrue(error.getMessage().startsWith("cuc-mock did not start: "), error.getMessage());
        assertTrue(error.getMessage().contains("--cuc-version"), error.getMessage());
    }

    @Test
    void theExplanationOfAnInvalidFaultIsShown() throws IOException {
        try (CucMock mock = new CucMock()) {
            AssertionError error = assertThrows(AssertionError.class, () -> mock.fault("{\"preset\": \"b\\\\\\\"\\u0007y\"}"));
            assertTrue(error.getMessage().startsWith("preset is \"b\\\\\\\"\\u{7}y\", expected one of busy, "), error.getMessage());
        }
    }

    @Test
    void resetRestoresTheInitialState() throws Exception {
        CucMock mock = new CucMock();
        try (mock) {
            new Services(CLIENT, mock.url()).add("Mail", 1);
            mock.reset();
            assertEquals("{\"requests\":[],\"last\":0,\"dropped\":0}", mock.requests());
            new Services(CLIENT, mock.url()).add("Mail", 1);
        }
        assertTrue(mock.log().contains(" 201 "), mock.log());
    }

    @Test
    void parallelServersAreIndependent() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        Callable<Void> test = () -> {
            try (CucMock mock = new CucMock()) {
                // The server would reject a name that exists.
                new Services(CLIENT, mock.url()).add("Mail", 1);
                mock.verify("{\"requests\": {\"method\": \"POST\"}, \"exactly\": 1}");
            }
            return null;
        };
        for (Future<Void> result : threads.invokeAll(List.of(test, test, test, test))) {
            result.get();
        }
        threads.shutdown();
    }

    /** Starts two servers, prints their addresses, and waits to be killed. */
    public static void main(String[] arguments) throws Exception {
        System.out.println(new CucMock().url() + " " + new CucMock().url());
        Thread.currentThread().join();
    }

    @Test
    void theServersStopWhenTheTestProcessIsKilled() throws Exception {
        String java = System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
        Process parent = new ProcessBuilder(
                        java, "-cp", System.getProperty("java.class.path"), CucMockTest.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String[] urls = new BufferedReader(new InputStreamReader(parent.getInputStream())).readLine().split(" ");
        URI first = URI.create(urls[0]);
        URI second = URI.create(urls[1]);
        try (Socket one = new Socket(first.getHost(), first.getPort());
                Socket two = new Socket(second.getHost(), second.getPort())) {
            parent.destroyForcibly().waitFor();
            for (Socket connection : List.of(one, two)) {
                assertStopped(connection);
            }
        }
    }

    /** Waits until the server closes its connection, and expects that it accepts no other. */
    private static void assertStopped(Socket connection) throws IOException {
        connection.setSoTimeout(10_000);
        try {
            assertEquals(-1, connection.getInputStream().read());
        } catch (SocketException reset) {
            // The server had not accepted the connection yet.
        }
        assertThrows(ConnectException.class,
                () -> new Socket(connection.getInetAddress(), connection.getPort()).close());
    }
}

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A running cuc-mock server. It stops when it is closed, even if the test process is killed.
 *
 * <p>The binary is cuc-mock on the PATH, or the file that the environment variable CUC_MOCK names.
 */
public final class CucMock implements AutoCloseable {
    private static final Pattern ERROR = Pattern.compile("\"error\":\"((?:[^\"\\\\]|\\\\.)*+)\"");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u(\\p{XDigit}{4})|(.))");

    private final Process server;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final Thread logReader = new Thread(this::readLog);
    private final String url;
    private final String httpsUrl;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .build();

    /** Starts a server on a free port, with these options of the command line. */
    public CucMock(String... options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(System.getenv().getOrDefault("CUC_MOCK", "cuc-mock"));
        command.addAll(List.of("--listen", "127.0.0.1:0", "--exit-on-stdin-close", "--log", "pretty"));
        command.addAll(List.of(options));
        // The standard input of the server is a pipe, which closes when this process ends.
        try {
            server = new ProcessBuilder(command).start();
        } catch (IOException error) {
            throw new IOException(error.getMessage() + ": install cuc-mock, or set CUC_MOCK to its path", error);
        }
        logReader.setDaemon(true);
        logReader.start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
        // listening on http://127.0.0.1:40123 https://127.0.0.1:40123 as …
        String line = output.readLine();
        if (line == null || !line.startsWith("listening on ")) {
            close();
            throw new IOException("cuc-mock did not start: " + log());
        }
        url = line.split(" ")[2];
        httpsUrl = line.split(" ")[3];
    }

    /** The HTTP address, such as http://127.0.0.1:40123. */
    public String url() {
        return url;
    }

    /** The HTTPS address, such as https://127.0.0.1:40123. */
    public String httpsUrl() {
        return httpsUrl;
    }

    /** The PEM of the CA that an HTTPS client must trust. */
    public String ca() {
        return control("GET", "/ca.pem", "");
    }

    /** A context for HTTPS clients that trusts the CA of the server. */
    public SSLContext sslContext() throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("cuc-mock", CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(ca().getBytes(StandardCharsets.UTF_8))));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    /** Restores the initial state, empties the journal and ends all faults. */
    public void reset() {
        control("POST", "/reset", "");
    }

    /** Adds a fault, such as {"preset": "busy", "times": 2}. */
    public void fault(String fault) {
        control("POST", "/faults", fault);
    }

    /** Fails with the report of the server unless the expected requests arrived. */
    public void verify(String expected) {
        control("POST", "/requests/verify", expected);
    }

    /** The requests in the journal, with their responses and the reasons for rejections, in JSON. */
    public String requests() {
        return control("GET", "/requests", "");
    }

    /** The log of the server: a line for each request. */
    public String log() {
        return log.toString(StandardCharsets.UTF_8);
    }

    /** Sends a control request. An error is an AssertionError with the server's explanation. */
    public String control(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/__mock" + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response;
        try {
            response = client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException error) {
            throw new AssertionError(method + " " + path + ": " + error, error);
        }
        if (response.statusCode() >= 400) {
            throw new AssertionError(explanation(response.body()));
        }
        return response.body();
    }

    @Override
    public void close() throws IOException {
        server.getOutputStream().close();
        try {
            if (!server.waitFor(10, TimeUnit.SECONDS)) {
                server.destroyForcibly();
            }
            logReader.join();
        } catch (InterruptedException interrupted) {
            server.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void readLog() {
        try {
            server.getErrorStream().transferTo(log);
        } catch (IOException closed) {
            // The server was killed.
        }
    }

    /** The text of {"error": …}. The JDK has no JSON reader. */
    private static String explanation(String json) {
        Matcher error = ERROR.matcher(json);
        return error.find() ? ESCAPE.matcher(error.group(1)).replaceAll(CucMock::unescaped) : json;
    }

    private static String unescaped(MatchResult escape) {
        String text = escape.group(2);
        if (text == null) {
            text = String.valueOf((char) Integer.parseInt(escape.group(1), 16));
        } else if ("bfnrt".contains(text)) {
            text = String.valueOf("\b\f\n\r\t".charAt("bfnrt".indexOf(text)));
        }
        return Matcher.quoteReplacement(text);
    }
}

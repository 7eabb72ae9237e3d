import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Base64;

/** The code under test: it adds services, and repeats a request while the server is busy. */
final class Services {
    private static final String CREDENTIALS = Base64.getEncoder().encodeToString("admin:secret".getBytes());

    private final HttpClient client;
    private final URI services;

    Services(HttpClient client, String url) {
        this.client = client;
        this.services = URI.create(url + "/vmrest/externalservices");
    }

    void add(String name, int serverType) throws IOException, InterruptedException {
        String xml = "<ExternalService>"
                + "<DisplayName>" + name + "</DisplayName>"
                + "<ServerType>" + serverType + "</ServerType>"
                + "<Server>10.76.175.167</Server>"
                + "<ServiceAlias>admin</ServiceAlias>"
                + "<ServicePassword>ecsbulab</ServicePassword>"
                + "<TransferExtensionDialString>111111</TransferExtensionDialString>"
                + "</ExternalService>";
        HttpRequest request = HttpRequest.newBuilder(services)
                .header("Authorization", "Basic " + CREDENTIALS)
                .header("Content-Type", "application/xml")
                .POST(HttpRequest.BodyPublishers.ofString(xml))
                .build();
        HttpResponse<String> response;
        do {
            response = client.send(request, HttpResponse.BodyHandlers.ofString());
        } while (response.statusCode() == 503);
        if (response.statusCode() != 201) {
            throw new IOException("status " + response.statusCode() + ": " + response.body());
        }
    }
}

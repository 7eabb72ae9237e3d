import java.net.http.HttpClient;

/** Uses the class CucMock without a test framework. */
final class Walk {
    public static void main(String[] arguments) throws Exception {
        try (CucMock mock = new CucMock("--seed", "1")) {
            HttpClient client = HttpClient.newBuilder().sslContext(mock.sslContext()).build();
            mock.fault("{\"preset\": \"busy\", \"times\": 2}");
            new Services(client, mock.httpsUrl()).add("Mail", 1);
            mock.verify("{\"requests\": {\"method\": \"POST\", \"status\": 201}, \"exactly\": 1}");
            System.out.println("The service was added at " + mock.httpsUrl());
        }
    }
}

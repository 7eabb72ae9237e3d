using System;
using System.Net;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Tasks;

/// <summary>The code under test: it adds services, and repeats a request while the server is busy.</summary>
public sealed class Services
{
    private readonly HttpClient client;
    private readonly string url;

    public Services(HttpClient client, string url)
    {
        this.client = client;
        this.url = url + "/vmrest/externalservices";
    }

    public async Task Add(string name, int serverType)
    {
        var xml = "<ExternalService>"
            + $"<DisplayName>{name}</DisplayName>"
            + $"<ServerType>{serverType}</ServerType>"
            + "<Server>10.76.175.167</Server>"
            + "<ServiceAlias>admin</ServiceAlias>"
            + "<ServicePassword>ecsbulab</ServicePassword>"
            + "<TransferExtensionDialString>111111</TransferExtensionDialString>"
            + "</ExternalService>";
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes("admin:secret"));
        while (true)
        {
            using (var request = new HttpRequestMessage(HttpMethod.Post, url))
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials);
                request.Content = new StringContent(xml, Encoding.UTF8, "application/xml");
                using (var response = await client.SendAsync(request))
                {
                    if (response.StatusCode == HttpStatusCode.Created) return;
                    if (response.StatusCode == HttpStatusCode.ServiceUnavailable) continue;
                    var body = await response.Content.ReadAsStringAsync();
                    throw new HttpRequestException($"status {(int)response.StatusCode}: {body}");
                }
            }
        }
    }
}

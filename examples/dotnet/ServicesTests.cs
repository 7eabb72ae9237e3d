using System;
using System.Net.Http;
using System.Threading.Tasks;
using Xunit;

// xUnit creates an object of the class for each test, and disposes of it afterwards.
public sealed class ServicesTests : IDisposable
{
    private readonly CucMock mock = new CucMock();
    private readonly Services services;

    public ServicesTests()
    {
        services = new Services(mock.CreateClient(), mock.HttpsUrl);
    }

    public void Dispose()
    {
        mock.Dispose();
    }

    [Fact]
    public async Task AServiceIsAddedOverHttpAndHttps()
    {
        await services.Add("Mail", 1);
        await new Services(new HttpClient(), mock.Url).Add("Meetings", 1);
        var untrusting = new Services(new HttpClient(), mock.HttpsUrl);
        await Assert.ThrowsAsync<HttpRequestException>(() => untrusting.Add("Calendar", 1));
        mock.Verify(@"{""requests"": {""method"": ""POST"", ""path"": ""externalservices"", ""status"": 201}, ""exactly"": 2}");
    }

    [Fact]
    public async Task AWrongPasswordIsRejected()
    {
        using (var strict = new CucMock("--user admin:other"))
        {
            var refused = new Services(new HttpClient(), strict.Url);
            var error = await Assert.ThrowsAsync<HttpRequestException>(() => refused.Add("Mail", 1));
            Assert.StartsWith("status 401: ", error.Message);
        }
    }

    [Fact]
    public async Task ARejectedFieldIsReported()
    {
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => services.Add("Mail", 9));
        Assert.Contains("Parameter = [ServerType], Value = [9]", error.Message);
        Assert.Contains(@"""expected"":""1, 4 or 5""", mock.Requests);
    }

    [Fact]
    public async Task ARequestIsRepeatedWhileTheServerIsBusy()
    {
        mock.Fault(@"{""preset"": ""busy"", ""requests"": {""method"": ""POST""}, ""times"": 2}");
        await services.Add("Mail", 1);
        mock.Verify(@"{""requests"": {""method"": ""POST"", ""fields"": {""DisplayName"": ""Mail""}}, ""exactly"": 3}");
    }
}

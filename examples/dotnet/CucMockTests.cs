using System;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;
using Xunit;

// Tests of the class CucMock.
public sealed class CucMockTests
{
    [Fact]
    public async Task AFailedVerificationContainsTheReport()
    {
        using (var mock = new CucMock())
        {
            var services = new Services(new HttpClient(), mock.Url);
            await Assert.ThrowsAsync<HttpRequestException>(() => services.Add("Mail", 9));
            var error = Assert.Throws<InvalidOperationException>(() => mock.Verify(
                @"{""requests"": {""method"": ""POST"", ""path"": ""externalservices"", ""status"": 201}, ""exactly"": 1}"));
            Assert.Equal(@"expected POST /vmrest/externalservices answered with 201 exactly once
found 0 among 1 request
the closest are
  #1 POST /vmrest/externalservices, answered with 400
    rejected: Invalid parameter. Parameter = [ServerType], Value = [9]: expected 1, 4 or 5 (documented: guide, Adding Unified Messaging Service)
    status: found 400, expected 201", error.Message);
        }
    }

    [Fact]
    public void TheErrorOfAFailedStartIsShown()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new CucMock("--cuc-version 9"));
        Assert.StartsWith("cuc-mock did not start: ", error.Message);
        Assert.Contains("--cuc-version", error.Message);
    }

    [Fact]
    public async Task AClientTrustsOnlyTheCaOfItsServer()
    {
        using (var mock = new CucMock())
        using (var other = new CucMock())
        {
            await new Services(mock.CreateClient(), mock.HttpsUrl).Add("Mail", 1);
            var services = new Services(mock.CreateClient(), other.HttpsUrl);
            await Assert.ThrowsAsync<HttpRequestException>(() => services.Add("Mail", 1));
        }
    }

    [Fact]
    public async Task ResetRestoresTheInitialState()
    {
        using (var mock = new CucMock())
        {
            var services = new Services(new HttpClient(), mock.Url);
            await services.Add("Mail", 1);
            mock.Reset();
            Assert.Equal(@"{""requests"":[],""last"":0,""dropped"":0}", mock.Requests);
            await services.Add("Mail", 1);
        }
    }

    [Fact]
    public Task ParallelServersAreIndependent()
    {
        return Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Run(async () =>
        {
            using (var mock = new CucMock())
            {
                // The server would reject a name that exists.
                await new Services(new HttpClient(), mock.Url).Add("Mail", 1);
                mock.Verify(@"{""requests"": {""method"": ""POST""}, ""exactly"": 1}");
            }
        })));
    }
}

#pragma warning disable SYSLIB0057 // .NET 9 has another constructor of certificates.
using System;
using System.ComponentModel;
using System.Diagnostics;
using System.Linq;
using System.Net.Http;
using System.Net.Security;
using System.Runtime.Serialization.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Xml;
using System.Xml.Linq;

/// <summary>
/// A running cuc-mock server. It stops when it is disposed of, even if the test process is killed.
/// The binary is cuc-mock on the PATH, or the file that the environment variable CUC_MOCK names.
/// </summary>
public sealed class CucMock : IDisposable
{
    private readonly Process server;
    private readonly StringBuilder log = new StringBuilder();
    private readonly HttpClient control = new HttpClient(new HttpClientHandler { UseProxy = false });
    private readonly Lazy<X509Certificate2> authority;

    /// <summary>Starts a server on a free port, with these options, such as "--user admin:secret --seed 1".</summary>
    public CucMock(string options = "")
    {
        var binary = Environment.GetEnvironmentVariable("CUC_MOCK") ?? "cuc-mock";
        // The standard input of the server is a pipe, which closes when this process ends.
        var start = new ProcessStartInfo
        {
            FileName = binary,
            Arguments = "--listen 127.0.0.1:0 --exit-on-stdin-close --log pretty " + options,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            server = Process.Start(start);
        }
        catch (Win32Exception error)
        {
            var message = "cannot run " + binary + ": install cuc-mock, or set CUC_MOCK to its path";
            throw new InvalidOperationException(message, error);
        }
        server.ErrorDataReceived += (sender, line) => { lock (log) log.AppendLine(line.Data); };
        server.BeginErrorReadLine();
        // listening on http://127.0.0.1:40123 https://127.0.0.1:40123 as …
        var output = server.StandardOutput.ReadLine();
        if (output == null || !output.StartsWith("listening on "))
        {
            server.WaitForExit();
            throw new InvalidOperationException("cuc-mock did not start: " + Log);
        }
        Url = output.Split(' ')[2];
        HttpsUrl = output.Split(' ')[3];
        authority = new Lazy<X509Certificate2>(() => new X509Certificate2(Encoding.ASCII.GetBytes(Ca)));
    }

    /// <summary>The HTTP address, such as http://127.0.0.1:40123.</summary>
    public string Url { get; private set; }

    /// <summary>The HTTPS address, such as https://127.0.0.1:40123.</summary>
    public string HttpsUrl { get; private set; }

    /// <summary>The PEM of the CA that an HTTPS client must trust.</summary>
    public string Ca { get { return Control("GET", "/ca.pem"); } }

    /// <summary>The requests in the journal, with their responses and the reasons for rejections, in JSON.</summary>
    public string Requests { get { return Control("GET", "/requests"); } }

    /// <summary>The log of the server: a line for each request.</summary>
    public string Log { get { lock (log) return log.ToString(); } }

    /// <summary>Returns a client that trusts the CA of the server.</summary>
    public HttpClient CreateClient()
    {
        return new HttpClient(new HttpClientHandler
        {
            UseProxy = false,
            ServerCertificateCustomValidationCallback = Trusts,
        });
    }

    /// <summary>Accepts a certificate for the right name that the CA of the server has issued.</summary>
    public bool Trusts(HttpRequestMessage request, X509Certificate2 certificate, X509Chain chain, SslPolicyErrors errors)
    {
        using (var issuers = new X509Chain())
        {
            issuers.ChainPolicy.ExtraStore.Add(authority.Value);
            issuers.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            issuers.ChainPolicy.VerificationFlags = X509VerificationFlags.AllowUnknownCertificateAuthority;
            return (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) == SslPolicyErrors.None
                && issuers.Build(certificate)
                && issuers.ChainElements.Cast<X509ChainElement>().Last().Certificate.Equals(authority.Value);
        }
    }

    /// <summary>Restores the initial state, empties the journal and ends all faults.</summary>
    public void Reset()
    {
        Control("POST", "/reset");
    }

    /// <summary>Adds a fault, such as {"preset": "busy", "times": 2}.</summary>
    public void Fault(string fault)
    {
        Control("POST", "/faults", fault);
    }

    /// <summary>Fails with the report of the server unless the expected requests arrived.</summary>
    public void Verify(string expected)
    {
        Control("POST", "/requests/verify", expected);
    }

    /// <summary>Sends a control request. An error is an exception with the server's explanation.</summary>
    public string Control(string method, string path, string body = "")
    {
        var request = new HttpRequestMessage(new HttpMethod(method), Url + "/__mock" + path);
        if (body != "") request.Content = new StringContent(body);
        using (var response = control.SendAsync(request).GetAwaiter().GetResult())
        {
            var content = response.Content.ReadAsStringAsync().GetAwaiter().GetResult();
            if (response.IsSuccessStatusCode) return content;
            throw new InvalidOperationException(Explanation(content));
        }
    }

    public void Dispose()
    {
        control.Dispose();
        server.StandardInput.Close();
        if (!server.WaitForExit(10000)) server.Kill();
        server.Dispose();
    }

    // Reads the text of {"error": …}.
    private static string Explanation(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        using (var reader = JsonReaderWriterFactory.CreateJsonReader(bytes, XmlDictionaryReaderQuotas.Max))
        {
            return XElement.Load(reader).Element("error").Value;
        }
    }
}

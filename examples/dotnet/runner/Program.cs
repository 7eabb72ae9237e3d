using System;
using System.Diagnostics;
using System.IO;
using System.Net.Sockets;
using System.Reflection;
using System.Threading;
using Xunit;

public static class Program
{
    public static int Main(string[] arguments)
    {
        return arguments.Length == 0 ? Runner.Run() : StartServers();
    }

    // Starts two servers, prints their addresses, and waits to be killed.
    private static int StartServers()
    {
        Console.WriteLine(new CucMock().Url + " " + new CucMock().Url);
        Thread.Sleep(Timeout.Infinite);
        return 1;
    }
}

public sealed class KilledProcessTests
{
    [Fact]
    public void TheServersStopWhenTheTestProcessIsKilled()
    {
        using (var parent = Process.Start(new ProcessStartInfo
        {
            FileName = Process.GetCurrentProcess().MainModule.FileName,
            Arguments = $"\"{Assembly.GetExecutingAssembly().Location}\" servers",
            UseShellExecute = false,
            RedirectStandardOutput = true,
        }))
        {
            var urls = parent.StandardOutput.ReadLine().Split(' ');
            var first = new Uri(urls[0]);
            var second = new Uri(urls[1]);
            using (var one = new TcpClient(first.Host, first.Port))
            using (var two = new TcpClient(second.Host, second.Port))
            {
                parent.Kill();
                parent.WaitForExit();
                AssertStopped(first, one);
                AssertStopped(second, two);
            }
        }
    }

    // Waits until the server closes its connection, and expects that it accepts no other.
    private static void AssertStopped(Uri url, TcpClient connection)
    {
        connection.ReceiveTimeout = 10000;
        try
        {
            Assert.Equal(0, connection.GetStream().Read(new byte[1], 0, 1));
        }
        catch (IOException error) when ((error.InnerException as SocketException)?.SocketErrorCode == SocketError.ConnectionReset)
        {
            // The server had not accepted the connection yet.
        }
        Assert.Throws<SocketException>(() => new TcpClient(url.Host, url.Port));
    }
}

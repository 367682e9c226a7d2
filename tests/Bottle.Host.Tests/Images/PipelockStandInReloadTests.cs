using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using NUnit.Framework;
using NUnit.Framework.Constraints;

namespace Bottle.Host.Tests.Images;

/// <summary>Reloads as facts/pipelock.md 8 measured them: Bottle's live changes rest on each of these.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Stop disposes them, after every test.")]
public sealed class PipelockStandInReloadTests
{
    private const string Loopback = """["127.0.0.1/32", "::1/128"]""";

    private readonly TestAuthority authority = new("pipelock");
    private readonly TestAuthority upstreamAuthority = new("upstream");
    private TlsUpstream upstream = null!;
    private StandInProcess standIn = null!;

    [SetUp]
    public async Task Start()
    {
        upstream = new TlsUpstream(upstreamAuthority.Issue("localhost"));
        standIn = new StandInProcess(authority, upstreamAuthority.Certificate.ExportCertificatePem());
        await standIn.StartAsync(standIn.Config("[localhost, other.invalid]", "[]", Loopback));
    }

    [TearDown]
    public async Task Stop()
    {
        await standIn.DisposeAsync();
        await upstream.DisposeAsync();
    }

    [OneTimeTearDown]
    public void Forget()
    {
        authority.Dispose();
        upstreamAuthority.Dispose();
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_changed_file_is_in_force_and_its_hash_is_logged(bool renamed)
    {
        Assert.That(await ConnectStatusAsync("127.0.0.1"), Is.EqualTo(403));
        var text = Write(standIn.Config("[localhost, 127.0.0.1]", "[]", Loopback), renamed);
        Assert.That(() => standIn.Log, Says("\"event\":\"config_reload\"", "\"status\":\"success\"", $"\"config_hash\":\"{Hash(text)}\""));
        Assert.That(await ConnectStatusAsync("127.0.0.1"), Is.EqualTo(200));
        Assert.That(await ConnectStatusAsync("other.invalid"), Is.EqualTo(403), "what went is refused");
    }

    [Test]
    public void SIGHUP_reads_the_file_again()
    {
        // The file of the start, after the two seconds in which the same one is not worth a line: only the signal can be the reason.
        var text = File.ReadAllText(standIn.ConfigFile);
        Assert.That(() => Signalled().Log, Says($"\"config_hash\":\"{Hash(text)}\""));
    }

    [Test]
    public async Task A_file_that_does_not_parse_leaves_the_old_one_in_force()
    {
        Write("version: 1\nmode: [", renamed: true);
        Assert.That(() => standIn.Log, Says("pipelock: config reload failed: "));
        Assert.That(await ConnectStatusAsync("localhost"), Is.EqualTo(200));
    }

    [TestCase("[localhost]", "[localhost]", Loopback, "tls_interception.passthrough_domains")]
    [TestCase("[localhost, other.invalid]", "[]", """["127.0.0.1/32", "::1/128", "10.0.0.0/8"]""", "ssrf.ip_allowlist")]
    public async Task Strict_mode_refuses_what_weakens_it(string hosts, string passthrough, string addresses, string field)
    {
        Write(standIn.Config(hosts, passthrough, addresses), renamed: true);
        Assert.That(() => standIn.Log, Says("\"event\":\"error\"", "rejected: security downgrade from strict mode"));
        Assert.That(() => standIn.Log, Says($"WARNING: config reload: {field} - "));
        Assert.That(standIn.Log, Has.None.Contains("config_reload"));
        Assert.That(await InspectedAsync(), "localhost is still intercepted");
    }

    [Test]
    public async Task What_narrows_is_accepted_and_an_open_tunnel_keeps_what_it_had()
    {
        using var open = await TunnelAsync("localhost");
        var text = Write(standIn.Config("[other.invalid]", "[]", """["127.0.0.1/32", "::1/128"]"""), renamed: true);
        Assert.That(() => standIn.Log, Says($"\"config_hash\":\"{Hash(text)}\""));
        Assert.That(await ConnectStatusAsync("localhost"), Is.EqualTo(403), "a new tunnel");
        Assert.That(await AskAsync(open, "localhost"), Does.StartWith("HTTP/1.1 200"), "the one that was open");
    }

    [Test]
    public void Another_file_in_the_folder_is_nobodys_business()
    {
        standIn.Write("pipelock-r2.yaml", "not even YAML: [");
        var text = Write(standIn.Config("[localhost]", "[]", Loopback), renamed: false);
        Assert.That(() => standIn.Log, Says($"\"config_hash\":\"{Hash(text)}\""));
        Assert.That(standIn.Log, Has.None.Contains("reload failed"));
    }

    private static DelayedConstraint Says(params string[] parts) =>
        new(new PredicateConstraint<IEnumerable<string>>(log => log!.Any(line => parts.All(part => line.Contains(part, StringComparison.Ordinal)))), 20_000, 50);

    private string Write(string text, bool renamed)
    {
        if (renamed)
            File.Move(standIn.Write(".pipelock.yaml.tmp", text), standIn.ConfigFile, overwrite: true);
        else
            standIn.Write("pipelock.yaml", text);
        return text;
    }

    private StandInProcess Signalled()
    {
        standIn.HangUp();
        return standIn;
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private async Task<int> ConnectStatusAsync(string host)
    {
        using var client = new TcpClient();
        return await ConnectAsync(client, host);
    }

    private async Task<int> ConnectAsync(TcpClient client, string host)
    {
        await client.ConnectAsync(IPAddress.Loopback, standIn.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"CONNECT {host}:{upstream.Port} HTTP/1.1\r\nHost: {host}:{upstream.Port}\r\n\r\n"));
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one) > 0)
            head.Append((char)one[0]);
        return int.Parse(head.ToString().Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<SslStream> TunnelAsync(string host)
    {
        var client = new TcpClient();
        Assert.That(await ConnectAsync(client, host), Is.EqualTo(200));
        var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate!.Issuer.Contains("pipelock", StringComparison.Ordinal));
        await tls.AuthenticateAsClientAsync(host);
        return tls;
    }

    private async Task<bool> InspectedAsync()
    {
        await using var tunnel = await TunnelAsync("localhost");
        return (await AskAsync(tunnel, "localhost")).StartsWith("HTTP/1.1 200", StringComparison.Ordinal);
    }

    private async Task<string> AskAsync(SslStream tunnel, string host)
    {
        await tunnel.WriteAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {host}:{upstream.Port}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(tunnel, Encoding.Latin1, leaveOpen: true);
        return await reader.ReadToEndAsync();
    }
}

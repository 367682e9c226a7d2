using System.Net;
using System.Net.Sockets;
using Bottle.Host.Processes;
using NUnit.Framework;

namespace Bottle.Host.Tests.Images;

/// <summary>The stand-in as a process on loopback, started with a file such as Bottle renders.</summary>
internal sealed class StandInProcess : IAsyncDisposable
{
    private static readonly CommandRunner Runner = new();

    private readonly TemporaryFolder folder = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Dictionary<string, string?> environment;
    private Task running = Task.CompletedTask;

    public StandInProcess(TestAuthority authority, string upstreamRoots)
    {
        using (var probe = new TcpListener(IPAddress.Loopback, 0))
        {
            probe.Start();
            Port = ((IPEndPoint)probe.LocalEndpoint).Port;
        }
        environment = new() { ["SSL_CERT_FILE"] = Write("roots.pem", upstreamRoots), ["SSL_CERT_DIR"] = "/nonexistent" };
        Write("ca.pem", authority.Certificate.ExportCertificatePem());
        File.SetUnixFileMode(Write("ca-key.pem", authority.Sec1), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public int Port { get; }

    /// <summary>What it logged.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Log { get; } = new();

    public string ConfigFile => Path.Combine(folder.Path, "pipelock.yaml");

    public string Write(string name, string text)
    {
        var file = Path.Combine(folder.Path, name);
        File.WriteAllText(file, text);
        return file;
    }

    /// <summary>The file of facts/pipelock.md, its hosts and addresses replaced.</summary>
    public string Config(string allowlist, string passthrough, string addresses) => $"""
        version: 1
        mode: strict
        enforce: true
        explain_blocks: true
        api_allowlist: {allowlist}
        fetch_proxy:
          listen: 127.0.0.1:{Port}
          timeout_seconds: 300
          max_response_mb: 64
          monitoring:
            max_url_length: 16384
            entropy_threshold: 8.0
            subdomain_entropy_threshold: 8.0
            max_requests_per_minute: 1000000
        metrics_listen: 127.0.0.1:9091
        forward_proxy:
          enabled: true
          max_tunnel_seconds: 86400
          idle_timeout_seconds: 86400
          sni_verification: false
        tls_interception:
          enabled: true
          ca_cert: ca.pem
          ca_key: ca-key.pem
          cert_ttl: 24h
          max_response_bytes: 33554432
          passthrough_domains: {passthrough}
        request_body_scanning:
          enabled: true
          action: block
          max_body_bytes: 10485760
          scan_headers: true
          header_mode: all
          ignore_headers: [Authorization, Connection, Host, Content-Length, Content-Type, Accept, Accept-Encoding, User-Agent]
        dlp:
          scan_env: false
        seed_phrase_detection:
          enabled: false
        response_scanning:
          enabled: true
          include_defaults: false
          action: warn
          sse_streaming:
            enabled: true
            action: warn
            max_event_bytes: 1048576
        media_policy:
          enabled: false
        sentry:
          enabled: false
        logging:
          format: json
          output: stdout
        ssrf:
          ip_allowlist: {addresses}

        """;

    public Task<CommandResult> RunAsync(params string[] arguments) => Runner.RunAsync(Command(arguments));

    public async Task StartAsync(string config)
    {
        Write("pipelock.yaml", config);
        running = Runner.RunAsync(Command("run", "--config", ConfigFile) with { OnLine = (line, _) => Log.Enqueue(line) }, stop.Token);
        for (var i = 0; i < 100; i++)
        {
            if (Log.Any(line => line.Contains("\"event\":\"startup\"", StringComparison.Ordinal)))
                return;
            if (running.IsCompleted)
                break;
            await Task.Delay(50);
        }
        throw new InvalidOperationException($"the stand-in did not start: {string.Join('\n', Log)}");
    }

    /// <summary>Sends SIGHUP to the process that was started, which is found by its file.</summary>
    public void HangUp()
    {
        var processes = Directory.EnumerateDirectories("/proc").Where(folder => Path.GetFileName(folder).All(char.IsAsciiDigit) && IsOurs(folder)).ToList();
        Assert.That(processes, Is.Not.Empty);
        foreach (var process in processes)
            Assert.That(Runner.RunAsync(new Command("kill", ["-HUP", Path.GetFileName(process)])).GetAwaiter().GetResult().ExitCode, Is.Zero);
    }

    private bool IsOurs(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Split('\0') is [_, var program, .., var file, ""] && program.EndsWith("pipelock.dll", StringComparison.Ordinal) && file == ConfigFile;
        }
        catch (IOException)
        {
            return false; // it has ended
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
        folder.Dispose();
    }

    private Command Command(params string[] arguments)
    {
        // Beside this test's own output: artifacts/bin/<project>/<configuration>.
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        var program = Path.Combine(own.Parent!.Parent!.FullName, "Bottle.PipelockStandIn", own.Name, "pipelock.dll");
        return new Command("dotnet", [program, .. arguments]) { Environment = environment };
    }
}

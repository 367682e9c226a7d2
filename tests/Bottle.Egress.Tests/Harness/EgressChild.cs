using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;

namespace Bottle.Egress.Tests.Harness;

/// <summary>The real executable as a process of its own: the one that was built beside the tests, or the published one that BOTTLE_EGRESS_BINARY names.</summary>
internal sealed class EgressChild : IAsyncDisposable
{
    private readonly Process _process;
    private readonly EgressHarness _harness;
    private readonly StringBuilder _errors = new();

    private EgressChild(EgressHarness harness, Process process) => (_harness, _process) = (harness, process);

    public IPEndPoint Endpoint { get; private set; } = new(IPAddress.Loopback, 0);

    public string Errors
    {
        get
        {
            lock (_errors)
            {
                return _errors.ToString();
            }
        }
    }

    public bool HasExited => _process.HasExited;

    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Its request log, in a folder of its own: what it counts is not the harness's.</summary>
    public static string LogOf(EgressHarness harness) => Path.Combine(harness.PathOf("child"), "requests.jsonl");

    /// <summary>Starts on the files and neighbours of a harness.</summary>
    public static async Task<EgressChild> StartAsync(EgressHarness harness)
    {
        Directory.CreateDirectory(harness.PathOf("child"));
        var child = new EgressChild(harness, Process.Start(CreateStart(harness, []))!);
        child._process.ErrorDataReceived += (_, line) =>
        {
            lock (child._errors)
            {
                child._errors.AppendLine(line.Data);
            }
        };
        child._process.BeginErrorReadLine();
        child._process.OutputDataReceived += (_, _) => { };
        child._process.BeginOutputReadLine();
        const string start = "egress listens on ";
        for (var i = 0; i < 500 && !child.Errors.Contains(start, StringComparison.Ordinal); i++)
        {
            await Task.Delay(20);
        }
        child.Endpoint = IPEndPoint.Parse(child.Errors.Split(start)[1].Split(',')[0]);
        return child;
    }

    /// <summary>Runs the executable with arguments until it ends.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(EgressHarness harness, params string[] arguments)
    {
        using var process = Process.Start(CreateStart(harness, arguments))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>One GET in a tunnel of its own.</summary>
    public async Task<RawResponse> AskAsync(string host, string path = "/")
    {
        await using var client = await RawClient.OpenAsync(Endpoint);
        await client.StartTlsAsync(host + ":443", _harness.AgentTrust);
        return await client.AskAsync($"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n");
    }

    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", ["-s", name, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
    }

    private static ProcessStartInfo CreateStart(EgressHarness harness, string[] arguments)
    {
        var settings = harness.Settings;
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("BOTTLE_EGRESS_BINARY") ?? Path.Combine(AppContext.BaseDirectory, "egress"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["EGRESS_LISTEN"] = "127.0.0.1:0",
            ["EGRESS_CONTROL_SOCKET"] = harness.PathOf("child.sock"),
            ["EGRESS_ROUTES"] = settings.Routes,
            ["EGRESS_TOKENS"] = settings.Tokens,
            ["EGRESS_CA"] = settings.Ca,
            ["EGRESS_CA_KEY"] = settings.CaKey,
            ["EGRESS_UPSTREAM_PROXY"] = $"http://127.0.0.1:{harness.Proxy.Port}",
            ["EGRESS_UPSTREAM_CA"] = settings.UpstreamCa,
            ["EGRESS_UPSTREAM_ROOTS"] = settings.UpstreamRoots,
            ["EGRESS_LOG"] = LogOf(harness),
            ["DOTNET_EnableDiagnostics"] = "0",
            // As in its image.
            ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1",
            // Tests may run under a runtime that is not in the usual place.
            ["DOTNET_ROOT"] = Path.GetFullPath("../../..", Path.GetDirectoryName(typeof(object).Assembly.Location)!),
        })
        {
            start.Environment[name] = value;
        }
        return start;
    }
}

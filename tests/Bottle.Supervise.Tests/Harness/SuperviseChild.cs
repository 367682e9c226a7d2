using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Bottle.Supervise.Tests.Harness;

/// <summary>The real executable as a process of its own: the one that was built beside the tests, or the published one that BOTTLE_SUPERVISE_BINARY names.</summary>
internal sealed class SuperviseChild : IAsyncDisposable
{
    private const string Start = "supervise of demo-00000 listens on ";

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private SuperviseChild(Process process) => _process = process;

    public Uri Address { get; private set; } = new("http://127.0.0.1");

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

    public static async Task<SuperviseChild> StartAsync(string queue)
    {
        var child = new SuperviseChild(Process.Start(CreateStart(queue, "0"))!);
        child._process.ErrorDataReceived += (_, line) =>
        {
            lock (child._errors)
            {
                child._errors.AppendLine(line.Data);
            }
        };
        child._process.BeginErrorReadLine();
        await Eventually.HoldsAsync(() => child.Errors.Contains(", ", StringComparison.Ordinal), () => child.Errors);
        child.Address = new Uri($"http://{child.Errors.Split(Start)[1].Split(',')[0]}/mcp");
        return child;
    }

    /// <summary>Runs the executable with arguments until it ends.</summary>
    public static async Task<(int Code, string Errors)> RunAsync(string queue, string port, params string[] arguments)
    {
        using var process = Process.Start(CreateStart(queue, port, arguments))!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, errors);
    }

    public async Task<int> SignalAsync(string name)
    {
        using (var kill = Process.Start("kill", ["-s", name, _process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
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

    private static ProcessStartInfo CreateStart(string queue, string port, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("BOTTLE_SUPERVISE_BINARY") ?? Path.Combine(AppContext.BaseDirectory, "supervise"), arguments) { RedirectStandardError = true };
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["SUPERVISE_ADDRESS"] = "127.0.0.1",
            ["SUPERVISE_PORT"] = port,
            ["SUPERVISE_QUEUE_DIR"] = queue,
            ["SUPERVISE_BOTTLE_SLUG"] = "demo-00000",
            ["SUPERVISE_EGRESS"] = "http://127.0.0.1:1",
            ["DOTNET_EnableDiagnostics"] = "0",
            // Tests may run under a runtime that is not in the usual place.
            ["DOTNET_ROOT"] = Path.GetFullPath("../../..", Path.GetDirectoryName(typeof(object).Assembly.Location)!),
        })
        {
            start.Environment[name] = value;
        }
        return start;
    }
}

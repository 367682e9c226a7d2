using System.Runtime.InteropServices;
using Bottle.Contracts.Git;
using Bottle.GitGate;
using Bottle.GitGate.Repositories;
using Bottle.GitGate.Serving;
using Bottle.GitGate.Upstream;

try
{
    var file = GateFileFormat.Read(File.ReadAllText(GatePaths.Configuration));
    var state = GateStart.Prepare(file, SshProxy.Parse(Environment.GetEnvironmentVariable("GIT_GATE_UPSTREAM_PROXY")));
    using var stop = new CancellationTokenSource();
    using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => { context.Cancel = true; stop.Cancel(); });
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => { context.Cancel = true; stop.Cancel(); });
    // The first read opens the ssh connections, so that the agent's first command finds them open; its failure is said to whoever asks.
    foreach (var served in state.Repositories)
    {
        _ = served.Freshness.RefreshAsync();
    }
    await Task.WhenAll(new ControlServer(state).RunAsync(stop.Token), new GitServer(state).RunAsync(stop.Token));
    GateLog.Write("stopped");
    return 0;
}
catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"git-gate: {e.Message}");
    return 78;
}

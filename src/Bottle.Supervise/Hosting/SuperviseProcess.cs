using System.Runtime.InteropServices;

namespace Bottle.Supervise.Hosting;

/// <summary>The process around the server: signals and exit code.</summary>
internal static class SuperviseProcess
{
    /// <summary>Serves until SIGTERM or SIGINT. 0 after a normal end, 1 when it could not start.</summary>
    public static async Task<int> RunAsync(SuperviseSettings settings)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminate = OnSignal(PosixSignal.SIGTERM, stop);
        using var interrupt = OnSignal(PosixSignal.SIGINT, stop);
        try
        {
            var server = await SuperviseServer.StartAsync(settings, TimeProvider.System, Console.Error).ConfigureAwait(false);
            await using var ownership = server.ConfigureAwait(false);
            await Console.Error.WriteLineAsync($"supervise{(settings.Identity is { } identity ? $" of {identity}" : "")} listens on {server.Endpoint}, {server.Queue.Count} open proposals").ConfigureAwait(false);
            await stop.Task.ConfigureAwait(false);
            return 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync("supervise cannot start: " + e.Message).ConfigureAwait(false);
            return 1;
        }
    }

    private static PosixSignalRegistration OnSignal(PosixSignal signal, TaskCompletionSource stop) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        stop.TrySetResult();
    });
}

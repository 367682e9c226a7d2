using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Bottle.Egress.Hosting;

/// <summary>The process around the server: signals and exit code.</summary>
internal static class EgressProcess
{
    /// <summary>Serves until SIGTERM or SIGINT; SIGHUP reloads. 0 after a normal end, 1 when it could not start.</summary>
    public static async Task<int> RunAsync(EgressSettings settings)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminate = OnSignal(PosixSignal.SIGTERM, stop.SetResult);
        using var interrupt = OnSignal(PosixSignal.SIGINT, () => stop.TrySetResult());
        try
        {
            var server = await EgressServer.StartAsync(settings, Console.OpenStandardOutput(), RealTime.Clock).ConfigureAwait(false);
            await using var ownership = server.ConfigureAwait(false);
            using var reload = OnSignal(PosixSignal.SIGHUP, () => Reload(server));
            Console.Error.WriteLine($"egress listens on {server.Endpoint}, generation {server.Policy.Current.File.Generation}");
            await stop.Task.ConfigureAwait(false);
            return 0;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or CryptographicException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine("egress cannot start: " + e.Message);
            return 1;
        }
    }

    private static void Reload(EgressServer server) => Console.Error.WriteLine(server.Policy.Reload() is { } problem
        ? $"reload refused, generation {server.Policy.Current.File.Generation} stays in force: {problem}"
        : $"generation {server.Policy.Current.File.Generation} is in force");

    private static PosixSignalRegistration OnSignal(PosixSignal signal, Action action) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        action();
    });
}

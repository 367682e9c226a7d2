using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Bottle.Egress.Introspection;

/// <summary>
/// <c>egress introspect await GENERATION SECONDS</c>: prints what <c>healthz</c> says as soon as that table is in force, or a reload has been refused since this began. Whoever is to reload starts it before, because starting a program
/// in a container takes longer than the reload itself.
/// </summary>
internal sealed class ReloadWait
{
    private const string Health = "/healthz";
    private const int LongestSeconds = 600;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly int _generation;
    private readonly TimeSpan _patience;

    private ReloadWait(int generation, TimeSpan patience) => (_generation, _patience) = (generation, patience);

    /// <summary>Reads the two numbers; false when they are none.</summary>
    public static bool TryRead(string generation, string seconds, out ReloadWait wait)
    {
        var isNumber = int.TryParse(generation, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted);
        var isTime = int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var patience) && patience is > 0 and <= LongestSeconds;
        wait = new ReloadWait(wanted, TimeSpan.FromSeconds(patience));
        return isNumber && isTime;
    }

    /// <summary>Exit code 0 when the table is in force, 3 when a reload was refused, 1 when egress does not answer or neither happens in time.</summary>
    public int Run(string socketPath)
    {
        var clock = Stopwatch.StartNew();
        (string? Refused, bool IsKnown) before = default;
        while (clock.Elapsed < _patience)
        {
            if (!ControlClient.Ask(socketPath, Health, out var answer) || Read(answer) is not var (generation, refused))
            {
                Console.Error.WriteLine(answer);
                return 1;
            }
            before = before.IsKnown ? before : (refused, true);
            if (generation == _generation || refused != before.Refused)
            {
                Console.Out.WriteLine(answer);
                return generation == _generation ? 0 : 3;
            }
            Thread.Sleep(Pause);
        }
        Console.Error.WriteLine($"generation {_generation} did not come in time");
        return 1;
    }

    /// <summary>The generation in force, and when the last reload was refused; null when the text is no such answer.</summary>
    private static (int Generation, string? Refused)? Read(string answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            var root = document.RootElement;
            var error = root.GetProperty("reload_error");
            return (root.GetProperty("generation").GetInt32(), error.ValueKind == JsonValueKind.Object ? error.GetProperty("time").GetString() : null);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}

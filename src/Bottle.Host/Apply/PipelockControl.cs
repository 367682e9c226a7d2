using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bottle.Core.Diagnostics;
using Bottle.Core.Diagnostics.Catalogue;
using Bottle.Core.Planning;
using Bottle.Host.Docker;

namespace Bottle.Host.Apply;

/// <summary>Makes a running pipelock take its file, and hears from its log that it has (facts/pipelock.md 8): it logs the SHA-256 of every file that it took.</summary>
internal sealed class PipelockControl(DockerEngine engine, BottlePlan plan, ApplyLimits limits)
{
    private const string Service = "pipelock";

    /// <summary>The time of the newest line of its log, by the engine's clock; null when it has none. Taken before the file is written.</summary>
    public async Task<string?> MarkAsync(CancellationToken cancellationToken) =>
        (await engine.LogLinesAsync(Container, since: null, tail: 1, cancellationToken).ConfigureAwait(false)) is [.., var last] ? TimeOf(last) : null;

    /// <summary>Lets it read its file, and waits until its log says that it took these bytes.</summary>
    /// <exception cref="BottleException">BTL7205: it refused them, or did not say so in time.</exception>
    public async Task ReloadAsync(string text, string? mark, CancellationToken cancellationToken)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        var clock = Stopwatch.StartNew();
        var signalled = TimeSpan.Zero;
        var runs = await engine.SignalAsync(Container, "HUP", cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var lines = await engine.LogLinesAsync(Container, mark, tail: null, cancellationToken).ConfigureAwait(false);
            var said = lines.Where(line => mark is null || string.CompareOrdinal(TimeOf(line), mark) > 0).ToList();
            // The last one counts: it is what is in force.
            if (said.Select(HashOf).LastOrDefault(taken => taken is not null) == hash)
                return;
            if (said.FirstOrDefault(IsRefusal) is { } refusal)
                throw new BottleException(ApplyErrors.SidecarRefused(Service, Message(refusal)));
            if (clock.Elapsed > limits.Confirm)
                throw new BottleException(ApplyErrors.SidecarRefused(Service, runs ? "its log did not say in time that it took the file" : "it does not run, or is not healthy"));
            // It passes over a file that it took less than two seconds ago, and one that has just started read it without a word. Only a healthy one: a process that is just starting does not catch the signal yet, and would end.
            if (clock.Elapsed - signalled > limits.Again)
            {
                signalled = clock.Elapsed;
                runs = await engine.IsHealthyAsync(Container, cancellationToken).ConfigureAwait(false) && await engine.SignalAsync(Container, "HUP", cancellationToken).ConfigureAwait(false);
            }
            await Task.Delay(limits.Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    private string Container => plan.Names.Container(plan.Pipelock!.Service);

    private static string TimeOf(string line) => line.IndexOf(' ', StringComparison.Ordinal) is >= 0 and var end ? line[..end] : line;

    // Lines about requests quote what an agent sent: only a line of its own, or the error of an error event, is pipelock's word.
    private static bool IsRefusal(string line) =>
        Message(line).StartsWith("pipelock: config reload failed", StringComparison.Ordinal)
        || (line.Contains("security downgrade", StringComparison.Ordinal) && Member(line, "error", "error")?.Contains("security downgrade", StringComparison.Ordinal) == true);

    private static string? HashOf(string line) =>
        line.Contains("config_reload", StringComparison.Ordinal) && Member(line, "config_reload", "status") == "success" ? Member(line, "config_reload", "config_hash") : null;

    private static string Message(string line) => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..];

    /// <summary>A text of a JSON line about an event; null of every other line.</summary>
    private static string? Member(string line, string @event, string wanted)
    {
        try
        {
            using var document = JsonDocument.Parse(line.AsMemory(line.IndexOf('{', StringComparison.Ordinal) is >= 0 and var at ? at : 0));
            return document.RootElement.Text("event") == @event ? document.RootElement.Text(wanted) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

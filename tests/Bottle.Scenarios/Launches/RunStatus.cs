using System.Text.Json;

namespace Bottle.Scenarios.Launches;

/// <summary>What <c>bottle status</c> says of a run.</summary>
internal sealed record RunStatus(string State, IReadOnlyDictionary<string, string> Stages, string Text)
{
    /// <summary>Asks, from the terminal that the variables say.</summary>
    internal static async Task<RunStatus> AskAsync(BottleHomeFolder home, string identity, IReadOnlyDictionary<string, string>? environment = null)
    {
        var (code, output, error) = await Tool.RunAsync(home, ["status", identity, "--format=json"], environment);
        Assert.That(code, Is.Zero, error);
        using var said = JsonDocument.Parse(output);
        Assert.That(said.RootElement.TryGetProperty("problem", out _), Is.False, output);
        return new RunStatus(said.RootElement.GetProperty("state").GetString()!,
            said.RootElement.GetProperty("stages").EnumerateArray().ToDictionary(stage => stage.GetProperty("name").GetString()!, stage => stage.GetProperty("status").GetString()!), output);
    }

    /// <summary>The stages that are in one of these states.</summary>
    internal IEnumerable<string> Named(params string[] states) => Stages.Where(stage => states.Contains(stage.Value)).Select(stage => stage.Key);
}

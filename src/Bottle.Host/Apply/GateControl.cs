using System.Diagnostics;
using System.Text.Json;
using Bottle.Core.Planning;
using Bottle.Host.Docker;

namespace Bottle.Host.Apply;

/// <summary>Asks the git-gate whether it is just reading an upstream or pushing to one: its ssh goes through pipelock, too. An open connection that nobody uses is no transfer; the gate opens another one when it is gone.</summary>
internal sealed class GateControl(DockerEngine engine, BottlePlan plan, ApplyLimits limits)
{
    /// <summary>Waits until there is a moment without a transfer; false when there is none, or no answer, to the end of the patience.</summary>
    public async Task<bool> DrainAsync(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var result = await engine.AskAsync(plan.Names.Container("git-gate"), ["git-gate", "introspect"], cancellationToken).ConfigureAwait(false);
            if (result.Succeeded && IsIdle(result.Output))
                return true;
            if (clock.Elapsed > limits.Drain)
                return false;
            await Task.Delay(limits.Again / 4, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool IsIdle(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var repositories = document.RootElement.Member("repositories").Items().ToList();
            return repositories.Count > 0 && repositories.TrueForAll(repository => repository.Member("busy").ValueKind == JsonValueKind.False);
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

using Bottle.Host.Docker;
using Bottle.Host.State;

namespace Bottle.Build.Launching;

/// <summary>The containers of a run as stage records name them.</summary>
internal static class RunContainers
{
    private const string Prefix = "container ";

    /// <summary>What a record calls the container of a service.</summary>
    internal static string Key(string service) => Prefix + service;

    /// <summary>The first recorded container that does not run any more, in words; null when all do.</summary>
    internal static string? Missing(StageRecord record, IReadOnlyList<ContainerInfo> now) =>
        (record.Outputs ?? new Dictionary<string, string>()).Where(output => output.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(output => now.FirstOrDefault(container => container.Id == output.Value) switch
            {
                null => $"{output.Key} is gone",
                { State: "running" } => null,
                var other => $"{output.Key} is {other.State}",
            })
            .OfType<string>().FirstOrDefault();
}

using Bottle.Host.Docker;
using Bottle.Host.State;

namespace Bottle.Build.Launching;

/// <summary>The containers of a run as stage records name them.</summary>
internal static class RunContainers
{
    private const string Prefix = "container ";

    /// <summary>What a record calls the container of a service.</summary>
    internal static string Key(string service) => Prefix + service;

    /// <summary>The first container of the plan's services that does not run, or is not the one that was recorded, in words; null when all are as they were. A service that came with an approval has no record.</summary>
    internal static string? Missing(StageRecord record, IEnumerable<string> services, IReadOnlyList<ContainerInfo> now) =>
        services.Select(service => now.FirstOrDefault(container => container.Service == service) switch
            {
                null => $"{Key(service)} is gone",
                { State: not "running" } other => $"{Key(service)} is {other.State}",
                var running => record.Outputs?.GetValueOrDefault(Key(service)) is { } id && id != running.Id ? $"{Key(service)} was made anew" : null,
            })
            .OfType<string>().FirstOrDefault();
}

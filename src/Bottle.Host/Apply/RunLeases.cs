using System.Globalization;
using System.Text.Json;
using Bottle.Contracts.Routes;
using Bottle.Core.Planning;
using Bottle.Host.Docker;
using Bottle.Host.Supervision;

namespace Bottle.Host.Apply;

/// <summary>How the leases of a running bottle stand, as its egress says.</summary>
public static class RunLeases
{
    /// <summary>What is left of the leases for a number of requests, by their ids; empty when there is none of that kind or egress does not answer.</summary>
    public static async Task<IReadOnlyDictionary<string, int>> UsesLeftAsync(DockerEngine engine, BottlePlan plan, CancellationToken cancellationToken)
    {
        if (!(plan.Egress?.Routes.Any(route => route.Lease?.Uses is not null) ?? false))
            return new Dictionary<string, int>();
        var leases = await AskAsync(engine, plan, cancellationToken).ConfigureAwait(false) ?? [];
        return leases.Where(lease => lease.UsesLeft is not null).DistinctBy(lease => lease.Id).ToDictionary(lease => lease.Id, lease => lease.UsesLeft!.Value, StringComparer.Ordinal);
    }

    /// <summary>A lease for people, with what is left of it: "lease for 3 requests (1 left)". <paramref name="usesLeft"/> is null where nobody knows.</summary>
    public static string Text(RouteLease lease, DateTimeOffset now, int? usesLeft)
    {
        var uses = lease.Uses is { } most ? string.Create(CultureInfo.InvariantCulture, $"for {most} request{(most == 1 ? "" : "s")}{(usesLeft is { } left ? $" ({left} left)" : "")}") : null;
        var until = lease.Until is { } end ? string.Create(CultureInfo.InvariantCulture, $"until {end.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} ({(end > now ? $"{RoughTime.Text(end - now)} left" : "ended")})") : null;
        return $"lease {string.Join(", ", new[] { uses, until }.OfType<string>())}";
    }

    /// <summary>All leases of the table in force; null when egress does not answer.</summary>
    internal static async Task<IReadOnlyList<LeaseStanding>?> AskAsync(DockerEngine engine, BottlePlan plan, CancellationToken cancellationToken)
    {
        var result = await engine.AskAsync(plan.Names.Container("egress"), ["/egress", "introspect", "allowlist"], cancellationToken).ConfigureAwait(false);
        return result.Succeeded ? Read(result.Output) : null;
    }

    /// <summary>The leases in egress' answer (SPEC F10); null when it is none.</summary>
    internal static IReadOnlyList<LeaseStanding>? Read(string answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            return [.. document.RootElement.Member("routes").Items().Select(route => Read(route.Member("lease"))).OfType<LeaseStanding>()];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static LeaseStanding? Read(JsonElement lease) => lease.Text("id") is not { } id ? null
        : new LeaseStanding(id, lease.Text("state") is "ended" or "used up", lease.Member("uses_left") is { ValueKind: JsonValueKind.Number } left && left.TryGetInt32(out var number) ? number : null);
}

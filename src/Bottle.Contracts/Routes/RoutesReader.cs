using System.Globalization;
using YamlDotNet.Core;

namespace Bottle.Contracts.Routes;

/// <summary>
/// Reads routes.yaml by YAML events: no reflection, no aliases, anchors or tags, one document, bounded size and depth, unknown and duplicate keys refused. All problems are
/// reported at once; a table comes out only when there is none.
/// </summary>
public static class RoutesReader
{
    /// <summary>The largest accepted file, in characters.</summary>
    public const int MaxLength = 1024 * 1024;

    /// <summary>The largest number of routes.</summary>
    public const int MaxRoutes = 2000;

    // A label of DNS, because it is one.
    private const int MaxPipelock = 63;

    private static readonly string[] Keys = ["version", "generation", "pipelock", "budget", "routes"];

    /// <summary>Reads the whole file.</summary>
    public static RoutesReadResult Read(string text)
    {
        var problems = new List<RoutesProblem>();
        if (text.Length > MaxLength)
        {
            return new RoutesReadResult(null, [new RoutesProblem(1, 1, $"the file is larger than {MaxLength / 1024} KiB")]);
        }
        RoutesFile? file = null;
        try
        {
            var root = new YamlTree(problems).Read(text);
            if (root is not null)
            {
                file = ReadFile(new YamlMapReader(root, Keys, problems));
            }
        }
        catch (YamlException e)
        {
            problems.Add(new RoutesProblem((int)e.Start.Line, (int)e.Start.Column, "not YAML: " + e.Message));
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            // YamlDotNet's scanner loses its footing on some broken texts (found by the fuzz test): ScanPlainScalar throws InvalidOperationException.
            problems.Add(new RoutesProblem(1, 1, "not YAML: the reader cannot make sense of it"));
        }
        return new RoutesReadResult(problems.Count == 0 ? file : null, problems);
    }

    private static RoutesFile ReadFile(YamlMapReader map)
    {
        if (map.Integer("version", required: true) is { } version && version != RoutesFile.CurrentVersion)
        {
            map.Report("version", $"version {version.ToString(CultureInfo.InvariantCulture)} is not known; this egress reads version {RoutesFile.CurrentVersion}");
        }
        var generation = map.Integer("generation", required: true) ?? 0;
        if (generation < 0)
        {
            map.Report("generation", "the generation is negative");
        }
        var pipelock = map.Label("pipelock", MaxPipelock);
        var budget = map.Node("budget") is { } node ? BudgetReader.Read(node, map.Problems) : null;
        var items = map.List("routes", required: true) ?? [];
        if (items.Count > MaxRoutes)
        {
            map.Report("routes", $"more than {MaxRoutes} routes");
            return new RoutesFile { Generation = generation };
        }
        var routes = items.Select(item => RouteReader.Read(item, map.Problems)).OfType<Route>().ToArray();
        CheckLeases(map, routes);
        return new RoutesFile { Generation = generation, Pipelock = pipelock, Budget = budget, Routes = routes };
    }

    /// <summary>Several routes may share a lease, and then its uses; but its terms are one.</summary>
    private static void CheckLeases(YamlMapReader map, Route[] routes)
    {
        foreach (var lease in routes.Select(r => r.Lease).OfType<RouteLease>().GroupBy(l => l.Id, StringComparer.Ordinal).Where(l => l.Distinct().Count() > 1))
        {
            map.Report("routes", $"the lease '{lease.Key}' is there with different terms");
        }
    }
}

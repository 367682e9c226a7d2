using System.Globalization;

namespace Bottle.Contracts.Routes;

/// <summary>Reads <c>budget</c> of routes.yaml.</summary>
internal static class BudgetReader
{
    private static readonly string[] Keys = ["minutes", "requests", "bytes", "tokens"];

    /// <summary>The budget; the caller drops the table when there are problems.</summary>
    public static Budget Read(YamlNode node, List<RoutesProblem> problems)
    {
        var map = new YamlMapReader(node, Keys, problems);
        if (node.Entries is { Count: 0 })
        {
            problems.Add(new RoutesProblem(node.Line, node.Column, "'budget' is empty and limits nothing; leave it out"));
        }
        return new Budget
        {
            Minutes = (int?)Limit(map, "minutes", Budget.MostMinutes),
            Requests = Limit(map, "requests", Budget.Most),
            Bytes = Limit(map, "bytes", Budget.Most),
            Tokens = Limit(map, "tokens", Budget.Most),
        };
    }

    private static long? Limit(YamlMapReader map, string key, long most)
    {
        var limit = map.Long(key);
        if (limit < 1 || limit > most)
        {
            map.Report(key, $"'{key}' is a number from 1 to {most.ToString(CultureInfo.InvariantCulture)}");
            return null;
        }
        return limit;
    }
}

using System.Globalization;
using Bottle.Contracts.Routes;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Manifests.Reading;

/// <summary>Reads <c>budget</c> (SPEC N10).</summary>
internal static class BudgetReader
{
    private static readonly string[] Keys = ["minutes", "requests", "bytes", "tokens"];

    public static BudgetManifest? Read(ManifestSource source, MapReader bottle)
    {
        if (bottle.Node("budget") is not { } node || MapReader.Open(source, node, "'budget'", Keys) is not { } map)
            return null;
        var limits = new Budget
        {
            Minutes = (int?)Number(source, map, "minutes", Budget.MostMinutes),
            Requests = Number(source, map, "requests", Budget.Most),
            Bytes = Size(source, map),
            Tokens = Number(source, map, "tokens", Budget.Most),
        };
        return limits == new Budget() ? null : new BudgetManifest(limits, bottle.KeyAt("budget"));
    }

    private static long? Number(ManifestSource source, MapReader map, string key, long most)
    {
        if (map.Node(key) is not { } node || Scalars.LongNumber(source, node, $"'{key}'") is not { } number)
            return null;
        if (number >= 1 && number <= most)
            return number;
        source.Report(ManifestErrors.LimitOutOfRange(node.Where, key, number.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"a whole number from 1 to {most}")));
        return null;
    }

    private static long? Size(ManifestSource source, MapReader map)
    {
        if (map.Text("bytes") is not { } text)
            return null;
        if (ByteSize.TryParse(text.Value, out var bytes) && bytes is >= 1 and <= Budget.Most)
            return bytes;
        source.Report(ManifestErrors.LimitOutOfRange(text.Where, "bytes", text.Value, "a whole number with KB, MB, GB or TB: '5GB'"));
        return null;
    }
}

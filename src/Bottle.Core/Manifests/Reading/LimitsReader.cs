using System.Globalization;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Manifests.Reading;

/// <summary>Reads <c>limits</c> (SPEC A13).</summary>
internal static class LimitsReader
{
    private const int MebibytesInGibibyte = 1024;
    private const int MostGibibytes = 4096;

    private static readonly string[] Keys = ["memory", "cpus", "pids", "disk", "minutes"];

    public static LimitsManifest? Read(ManifestSource source, MapReader bottle)
    {
        if (bottle.Node("limits") is not { } node || MapReader.Open(source, node, "'limits'", Keys) is not { } map)
            return null;
        return new LimitsManifest
        {
            MemoryMiB = Size(source, map, "memory", least: 256),
            Cpus = Number(source, map, "cpus", 1, 1024),
            Pids = Number(source, map, "pids", 64, 1_000_000),
            DiskMiB = Size(source, map, "disk", least: 64),
            Minutes = Number(source, map, "minutes", 1, 100_000),
            Where = bottle.KeyAt("limits"),
        };
    }

    private static int? Number(ManifestSource source, MapReader map, string key, int least, int most)
    {
        if (map.Node(key) is not { } node || Scalars.Number(source, node, $"'{key}'") is not { } number)
            return null;
        if (number >= least && number <= most)
            return number;
        source.Report(ManifestErrors.LimitOutOfRange(node.Where, key, number.ToString(CultureInfo.InvariantCulture), $"a whole number from {least} to {most}"));
        return null;
    }

    // As the engine and memory chips count: 1 GB is 1024 MB here.
    private static int? Size(ManifestSource source, MapReader map, string key, int least)
    {
        if (map.Text(key) is not { } text)
            return null;
        var factor = text.Value.EndsWith("GB", StringComparison.Ordinal) ? MebibytesInGibibyte : text.Value.EndsWith("MB", StringComparison.Ordinal) ? 1 : 0;
        if (factor > 0 && int.TryParse(text.Value[..^2], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= MostGibibytes * MebibytesInGibibyte / factor && count * factor >= least)
            return count * factor;
        source.Report(ManifestErrors.LimitOutOfRange(text.Where, key, text.Value, $"a whole number with MB or GB, from {least}MB to {MostGibibytes}GB"));
        return null;
    }
}

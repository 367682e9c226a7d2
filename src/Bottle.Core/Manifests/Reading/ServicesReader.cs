using System.Globalization;
using Bottle.Core.Diagnostics.Catalogue;

namespace Bottle.Core.Manifests.Reading;

/// <summary>Reads <c>services</c> (SPEC A10). What would reach out of the bottle, a mount, a port, a network, has no key.</summary>
internal static class ServicesReader
{
    /// <summary>The most services of a bottle: its network has fourteen addresses.</summary>
    public const int Most = 6;

    private const string Example = "image: postgres@sha256:…";
    private const int MostRetries = 1000;
    private const int DefaultInterval = 1000;
    private const int DefaultTimeout = 3000;
    private const int DefaultRetries = 60;

    private static readonly string[] Keys = ["image", "environment", "healthcheck"];
    private static readonly string[] HealthKeys = ["test", "interval", "timeout", "retries"];
    private static readonly string[] Tests = ["CMD", "CMD-SHELL"];
    private static readonly string[] Taken = ["agent", "egress", "pipelock", "git-gate", "supervise", "localhost"];

    public static List<ServiceManifest> Read(ManifestSource source, MapReader bottle)
    {
        var services = new List<ServiceManifest>();
        if (bottle.Node("services") is not { } node || node is YamlUnusable)
            return services;
        if (node is not YamlMap map)
        {
            source.Report(ManifestErrors.WrongType(node.Where, "'services'", $"a mapping of names to services, as in '{{db: {{{Example}}}}}'", Scalars.Describe(node)));
            return services;
        }
        foreach (var entry in map.Entries)
            if (IsName(source, entry) && ReadOne(source, entry) is { } service)
                services.Add(service);
        if (map.Entries.Count > Most)
            source.Report(ManifestErrors.TooManyServices(map.Entries[Most].Where, map.Entries.Count, Most));
        return services;
    }

    private static bool IsName(ManifestSource source, YamlEntry entry)
    {
        var isTaken = Taken.Contains(entry.Key) || entry.Key.StartsWith("upstream-", StringComparison.Ordinal) || entry.Key.StartsWith("pipelock-", StringComparison.Ordinal);
        if (!ManifestName.IsValid(entry.Key))
            source.Report(ManifestErrors.BadName(entry.Where, "a service", entry.Key));
        else if (isTaken)
            source.Report(ManifestErrors.ServiceNameTaken(entry.Where, entry.Key));
        else
            return true;
        return false;
    }

    private static ServiceManifest? ReadOne(ManifestSource source, YamlEntry entry)
    {
        if (MapReader.Open(source, entry.Value, $"service '{entry.Key}'", Keys) is not { } map)
            return null;
        var image = map.RequiredText("image", Example);
        if (image is not null && !ImageName.IsValid(image.Value))
            source.Report(ManifestErrors.BadImage(image.Where, image.Value));
        var environment = EnvironmentReader.Read(source, map.Node("environment"));
        var healthcheck = map.Node("healthcheck") is { } health ? ReadHealthcheck(source, health) : null;
        return image is null ? null : new ServiceManifest { Name = new Located<string>(entry.Key, entry.Where), Image = image, Environment = environment, Healthcheck = healthcheck };
    }

    private static HealthcheckManifest? ReadHealthcheck(ManifestSource source, YamlNode node)
    {
        if (MapReader.Open(source, node, "'healthcheck'", HealthKeys) is not { } map)
            return null;
        if (!map.Has("test"))
            source.Report(ManifestErrors.MissingKey(node.Where, "'healthcheck'", "test", "test: [CMD, pg_isready]"));
        var test = map.Texts("test");
        if (test is { Count: < 2 } or [_, ..] && !Tests.Contains(test[0].Value))
            source.Report(ManifestErrors.BadHealthTest(map.KeyAt("test")));
        var interval = Duration(source, map, "interval") ?? DefaultInterval;
        var timeout = Duration(source, map, "timeout") ?? DefaultTimeout;
        var retries = map.Node("retries") is { } count ? Scalars.Number(source, count, "'retries'") ?? DefaultRetries : DefaultRetries;
        if (retries is < 1 or > MostRetries)
            source.Report(ManifestErrors.LimitOutOfRange(map.KeyAt("retries"), "retries", retries.ToString(CultureInfo.InvariantCulture), $"a whole number from 1 to {MostRetries}"));
        return test is { Count: >= 2 } ? new HealthcheckManifest([.. test.Select(item => item.Value)], interval, timeout, retries, node.Where) : null;
    }

    private static int? Duration(ManifestSource source, MapReader map, string key)
    {
        if (map.Text(key) is not { } text)
            return null;
        var (unit, milliseconds) = text.Value.EndsWith("ms", StringComparison.Ordinal) ? (2, 1) : text.Value.EndsWith('s') ? (1, 1000) : text.Value.EndsWith('m') ? (1, 60_000) : (0, 0);
        if (unit > 0 && int.TryParse(text.Value[..^unit], NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= 3600 && count * milliseconds is >= 100 and <= 600_000)
            return count * milliseconds;
        source.Report(ManifestErrors.LimitOutOfRange(text.Where, key, text.Value, "a time from 100ms to 10m, such as 1s"));
        return null;
    }
}

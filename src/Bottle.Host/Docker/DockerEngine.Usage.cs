using System.Globalization;
using System.Text.Json.Serialization;
using Bottle.Host.Processes;

namespace Bottle.Host.Docker;

/// <summary>What a container uses now.</summary>
/// <param name="Name">The container's name.</param>
/// <param name="Memory">Bytes of memory, without what the kernel could give back at once; null when the engine does not say.</param>
/// <param name="Processor">Per cent of one processor; null when the engine does not say.</param>
public sealed record ContainerUsage(string Name, long? Memory, double? Processor);

/// <summary>What a container was made of.</summary>
/// <param name="Service">The service; empty when it is not labelled.</param>
/// <param name="Image">The image as it was asked for.</param>
/// <param name="ImageId">The image's id (<c>sha256:…</c>): its content.</param>
public sealed record ContainerImage(string Service, string Image, string ImageId);

/// <content>What containers use, and what they were made of.</content>
public sealed partial class DockerEngine
{
    private const string UsageFormat = """{"name":{{json .Name}},"memory":{{json .MemUsage}},"processor":{{json .CPUPerc}}}""";
    private const string MadeOfFormat = """{"service":{{json (index .Config.Labels "bottle.service")}},"image":{{json .Config.Image}},"imageId":{{json .Image}}}""";

    private static readonly (string Unit, double Factor)[] MemoryUnits =
        [("KiB", 1024), ("MiB", 1024 * 1024), ("GiB", 1024d * 1024 * 1024), ("TiB", 1024d * 1024 * 1024 * 1024), ("kB", 1e3), ("MB", 1e6), ("GB", 1e9), ("B", 1)];

    /// <summary>What containers use; takes the engine a second or two. Those that do not run are left out.</summary>
    public async Task<IReadOnlyList<ContainerUsage>> UsageAsync(IReadOnlyList<string> containers, CancellationToken cancellationToken = default)
    {
        if (containers.Count == 0)
            return [];
        // One of them that has gone meanwhile makes the command fail, and the others' lines are there nevertheless.
        var result = await runner.RunAsync(Docker(["stats", "--no-stream", "--no-trunc", "--format", UsageFormat, .. containers]), cancellationToken).ConfigureAwait(false);
        return [.. Lines(result.Output).Select(line => Parse(line, UsageJson.Default.UsageLine)).Select(line => new ContainerUsage(line.Name, Memory(line.Memory), Processor(line.Processor)))];
    }

    /// <summary>What containers were made of, running or not; those that are gone are left out.</summary>
    public async Task<IReadOnlyList<ContainerImage>> MadeOfAsync(IReadOnlyList<string> containers, CancellationToken cancellationToken = default) =>
        containers.Count == 0 ? [] : await InspectAsync(["inspect", "--type", "container", "--format", MadeOfFormat, .. containers], UsageJson.Default.ContainerImage, cancellationToken).ConfigureAwait(false);

    /// <summary>Gives a word for every start, end and change of health of a home's containers, as the engine tells it; returns when the engine goes away.</summary>
    public Task WatchAsync(string homeHash, Action onChange, CancellationToken cancellationToken) => runner.RunAsync(
        Docker(["events", "--filter", "type=container", .. Events.SelectMany(e => new[] { "--filter", $"event={e}" }), .. Filters(OwnLabels(homeHash, null)), "--format", "{{.Action}}"]) with
        {
            OnLine = (_, _) => onChange(),
            OutputLimit = 0,
        }, cancellationToken);

    private static readonly string[] Events = ["start", "die", "destroy", "health_status"];

    // As docker writes it for people: "33.2MiB / 256MiB".
    internal static long? Memory(string text)
    {
        var used = text.Split('/')[0].Trim();
        var (unit, factor) = MemoryUnits.FirstOrDefault(known => used.EndsWith(known.Unit, StringComparison.Ordinal));
        return unit is not null && double.TryParse(used[..^unit.Length], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? (long)(number * factor) : null;
    }

    private static double? Processor(string text) =>
        double.TryParse(text.TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) ? percent : null;

    internal sealed record UsageLine(string Name, string Memory, string Processor);
}

/// <summary>Reads what the templates above write.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DockerEngine.UsageLine))]
[JsonSerializable(typeof(ContainerImage))]
internal sealed partial class UsageJson : JsonSerializerContext;

using System.Buffers.Binary;
using System.Collections;
using System.Globalization;
using System.Net;
using Bottle.Core.Manifests;
using Bottle.Core.Planning;
using Bottle.Host.Docker;
using Bottle.Host.State;

namespace Bottle.Host.Secrets;

/// <summary>Reads from the host what planning needs (<see cref="HostFacts"/>), once. Images are filled in by who resolves them.</summary>
/// <param name="home">The home.</param>
/// <param name="environment">The operator's environment (<see cref="OperatorEnvironment"/>).</param>
/// <param name="baseDirectory">What the paths of manifests, as people see them, are relative to.</param>
public sealed class HostProbe(BottleHome home, IReadOnlyDictionary<string, string> environment, string baseDirectory)
{
    /// <summary>The subnets of the engine's networks, where they have been asked for already.</summary>
    public Task<IReadOnlyList<IPNetwork>>? EngineSubnets { get; init; }

    /// <summary>The environment of this process.</summary>
    public static IReadOnlyDictionary<string, string> OperatorEnvironment()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            environment[(string)variable.Key] = (string?)variable.Value ?? "";
        return environment;
    }

    /// <summary>
    /// The facts for one run. Without an engine (Plan, Render) it counts as rootful and only host routes are taken subnets. <paramref name="secrets"/> are those of the manifests in use.
    /// </summary>
    public async Task<HostFacts> ProbeAsync(string identity, IEnumerable<Located<SecretRef>> secrets, DockerEngine? engine = null, EngineInfo? info = null, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<string> networks = engine is null ? [] : [.. (await (EngineSubnets ?? engine.NetworkSubnetsAsync(cancellationToken)).ConfigureAwait(false)).Select(network => network.ToString())];
        return new HostFacts
        {
            Uid = NativeFile.UserId,
            Gid = NativeFile.GroupId,
            Rootless = info?.Rootless ?? false,
            Cpus = info?.Cpus ?? Environment.ProcessorCount,
            TimeZone = Variable("TZ") ?? SystemTimeZone(),
            Language = Variable("LANG"),
            Terminal = Variable("TERM"),
            Variables = environment.Keys.Where(name => environment[name].Length > 0).ToHashSet(StringComparer.Ordinal),
            ReadableFiles = secrets.Where(s => s.Value is SecretRef.File file && SecretFiles.CanRead(SecretFiles.FullPath(file.Path, s.Where.File, baseDirectory)))
                .Select(s => ((SecretRef.File)s.Value).Path).ToHashSet(StringComparer.Ordinal),
            HomeHash = home.Hash,
            TokensDirectory = new TokenDirectory(home, identity).FullPath,
            TakenSubnets = [.. HostRoutes().Concat(networks).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        };
    }

    private string? Variable(string name) => environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    private static string? SystemTimeZone()
    {
        const string zones = "/zoneinfo/";
        if (File.Exists("/etc/timezone") && File.ReadAllText("/etc/timezone").Trim() is { Length: > 0 } name)
            return name;
        var target = new FileInfo("/etc/localtime").LinkTarget ?? "";
        var start = target.IndexOf(zones, StringComparison.Ordinal);
        return start < 0 ? null : target[(start + zones.Length)..];
    }

    private static IEnumerable<string> HostRoutes() => File.Exists("/proc/net/route") ? HostRoutes(File.ReadLines("/proc/net/route")) : [];

    /// <summary>The destinations of <c>/proc/net/route</c> as CIDR, without the default route, which takes no network.</summary>
    internal static IEnumerable<string> HostRoutes(IEnumerable<string> table)
    {
        foreach (var line in table.Skip(1))
        {
            if (line.Split('\t', StringSplitOptions.TrimEntries) is { Length: > 7 } fields && Number(fields[1]) is { } destination && Number(fields[7]) is { } mask && mask != 0)
                yield return string.Create(CultureInfo.InvariantCulture, $"{destination >> 24}.{destination >> 16 & 255}.{destination >> 8 & 255}.{destination & 255}/{uint.PopCount(mask)}");
        }
    }

    // The kernel prints an address as a number of the machine's own byte order.
    private static uint? Number(string hex) =>
        !uint.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? null : BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(number) : number;
}

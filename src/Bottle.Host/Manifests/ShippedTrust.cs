using System.Text;
using System.Text.Json;

namespace Bottle.Host.Manifests;

/// <summary>
/// The manifests that ship with Bottle: <c>bottles/trusted.json</c> holds each agent's hash. It is as trustworthy as the code beside it, so it counts only for the <c>bottles</c> folder of the repository that runs
/// (the folder of <c>bottle.cake</c>), and says nothing about any other.
/// </summary>
public sealed class ShippedTrust
{
    /// <summary>The list's name in the bottles folder.</summary>
    public const string FileName = "trusted.json";

    private readonly string _bottles;
    private readonly Dictionary<string, string> _hashes;

    private ShippedTrust(string bottles, Dictionary<string, string> hashes) => (_bottles, _hashes) = (bottles, hashes);

    /// <summary>Reads the list in <paramref name="bottles"/>, the full path of Bottle's own bottles folder; null when there is none, or it is damaged: then nothing counts as shipped.</summary>
    public static ShippedTrust? Load(string bottles)
    {
        var path = Path.Combine(bottles, FileName);
        if (!File.Exists(path))
            return null;
        try
        {
            using var json = JsonDocument.Parse(BoundedFile.Read(path, 1024 * 1024));
            return new ShippedTrust(bottles, json.RootElement.GetProperty("agents").EnumerateObject().ToDictionary(agent => agent.Name, agent => agent.Value.GetString() ?? "", StringComparer.Ordinal));
        }
        catch (Exception damaged) when (damaged is JsonException or KeyNotFoundException or InvalidOperationException or IOException)
        {
            return null;
        }
    }

    /// <summary>The list as it should be for what lies in <paramref name="bottles"/> now, for the repository's own task and test.</summary>
    /// <exception cref="Core.Diagnostics.BottleException">A manifest there is broken.</exception>
    public static string Generate(string bottles)
    {
        var store = new ManifestStore([bottles], bottles, userSkills: Path.Combine(bottles, "skills"));
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("v", 1);
            json.WriteStartObject("agents");
            foreach (var agent in store.ListAgents())
                json.WriteString(agent.Name, TrustContent.Read(store.Load(agent.Name), bottles).Hash);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    /// <summary>Whether these manifests lie in Bottle's own folder and are unchanged.</summary>
    internal bool Trusts(LoadedManifests loaded, string hash) =>
        loaded.Files.All(file => TrustStore.IsBelow(file.FullPath, _bottles)) && _hashes.TryGetValue(loaded.Agent.Name, out var known) && known == hash;
}
